import type { V1ResourceAttributes } from '@kubernetes/client-node'
import { t } from '@vscode/l10n'
import type { KubeClient } from './client.ts'
import { asKubeError } from './errors.ts'

/** What one may want to do: `{ verb: 'create', resource: 'pods', subresource: 'portforward', namespace: 'loco' }`. `group` is empty for core. */
export type AccessAttribute = Pick<V1ResourceAttributes, 'verb' | 'group' | 'resource' | 'subresource' | 'namespace' | 'name'>

export interface AccessReview {
  attribute: AccessAttribute
  allowed: boolean
  /** The words of the authorizer; often empty. */
  reason: string
}

/** Milliseconds for which an answer counts: long enough for one plan and its views, short enough that a new right is seen soon. */
const memory = 30_000
const remembered = new WeakMap<KubeClient, Map<string, { at: number; review: Promise<AccessReview> }>>()

/**
 * Asks the cluster what this account may do, in the order of `attributes`. Answers count for 30 s per client; failures are not kept.
 * @throws coded error when the cluster cannot be asked
 */
export function reviewAccess(client: KubeClient, attributes: readonly AccessAttribute[], now: () => number = Date.now): Promise<AccessReview[]> {
  const known = remembered.get(client) ?? new Map<string, { at: number; review: Promise<AccessReview> }>()
  remembered.set(client, known)
  return Promise.all(
    attributes.map((attribute) => {
      const { verb, group, resource, subresource, namespace, name } = attribute
      const key = JSON.stringify([verb, group, resource, subresource, namespace, name])
      const entry = known.get(key)
      if (entry !== undefined && now() - entry.at < memory) return entry.review
      const review = ask(client, attribute)
      known.set(key, { at: now(), review })
      review.catch(() => {
        if (known.get(key)?.review === review) known.delete(key)
      })
      return review
    }),
  )
}

/** Takes no signal: who asks second shares the answer, and must not lose it because the first one left. The client's time-out ends it. */
async function ask(client: KubeClient, attribute: AccessAttribute): Promise<AccessReview> {
  try {
    const answer = await client.authorization.createSelfSubjectAccessReview({
      body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: attribute } },
    })
    return { attribute, allowed: answer.status?.allowed ?? false, reason: answer.status?.reason ?? '' }
  } catch (error) {
    throw asKubeError(error, t`Could not ask the cluster whether this account may ${attribute.verb ?? ''} ${attribute.resource ?? ''}.`)
  }
}

/** The one-line command that shows a person the same answer. */
export function canICommand({ verb, group, resource, subresource, namespace, name }: AccessAttribute): string {
  const kind = `${resource}${group ? `.${group}` : ''}${name ? `/${name}` : ''}`
  return `kubectl auth can-i ${verb} ${kind}${subresource ? ` --subresource=${subresource}` : ''}${namespace ? ` -n ${namespace}` : ''}`
}
