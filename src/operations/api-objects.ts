import { t } from '@vscode/l10n'
import type { RenderedObject } from '../chart/manifest.ts'
import type { KubeClient } from '../kube/client.ts'
import { asKubeError, statusOf } from '../kube/errors.ts'

/** A kind of object as the cluster offers it. */
export interface ApiResource {
  apiVersion: string
  kind: string
  /** Name of the collection, `statefulsets`. */
  resource: string
  namespaced: boolean
  verbs: readonly string[]
}

/** An object as the server sends it. */
export interface ApiObject {
  apiVersion?: string
  kind?: string
  metadata?: {
    name?: string
    uid?: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
    resourceVersion?: string
    ownerReferences?: { kind: string; name: string }[]
    finalizers?: string[]
    deletionTimestamp?: string
  }
  [field: string]: unknown
}

/** Objects of any kind, by what the cluster itself says it offers. For the few places that cannot know beforehand which kinds there are. */
export class ApiObjects {
  readonly #client: KubeClient
  readonly #known = new Map<string, Promise<ApiResource[]>>()

  constructor(client: KubeClient) {
    this.#client = client
  }

  /** Kinds of one group and version; empty when the cluster does not offer it. @throws coded error */
  kinds(apiVersion: string): Promise<ApiResource[]> {
    const known = this.#known.get(apiVersion) ?? this.#ask(apiVersion)
    this.#known.set(apiVersion, known)
    known.catch(() => this.#known.delete(apiVersion))
    return known
  }

  /** Every kind that lives in namespaces and can be listed, each once in the version that the cluster prefers. */
  async namespacedKinds(): Promise<ApiResource[]> {
    const { groups = [] } = await this.#json<{ groups?: { preferredVersion?: { groupVersion: string } }[] }>(
      '/apis',
      t('Could not list the kinds of the cluster.'),
    )
    const versions = ['v1', ...groups.flatMap(({ preferredVersion }) => (preferredVersion === undefined ? [] : [preferredVersion.groupVersion]))]
    const kinds = await Promise.all(versions.map((version) => this.kinds(version)))
    return kinds.flat().filter(({ namespaced, verbs }) => namespaced && verbs.includes('list') && verbs.includes('delete'))
  }

  /** Objects of a kind in a namespace. @throws coded error, LOCO-KUB-011 when this account may not list them */
  async list({ apiVersion, resource, kind }: ApiResource, namespace: string, labelSelector?: string): Promise<ApiObject[]> {
    const query = labelSelector === undefined ? '' : `?${new URLSearchParams({ labelSelector })}`
    const path = `${root(apiVersion)}/namespaces/${namespace}/${resource}${query}`
    const { items = [] } = await this.#json<{ items?: ApiObject[] }>(path, t`Could not list the ${resource} of namespace ${namespace}.`)
    return items.map((item) => ({ apiVersion, kind, ...item }))
  }

  /** The object that a rendered one is in the cluster; undefined when it is not there. */
  async read(object: RenderedObject, namespace: string): Promise<ApiObject | undefined> {
    const path = await this.#pathOf(object, namespace)
    try {
      return await this.#client.json<ApiObject>(path)
    } catch (error) {
      if (statusOf(error) === 404) return undefined
      throw asKubeError(error, t`Could not read ${object.kind} ${object.metadata.name}.`)
    }
  }

  /**
   * What the server would store if this object were applied: checked, defaulted and admitted, but not stored.
   * @throws coded error: the object is refused
   */
  dryApply(object: RenderedObject, namespace: string): Promise<ApiObject> {
    return this.#patch(object, namespace, { dryRun: 'All' }, t`Could not try ${object.kind} ${object.metadata.name} in the cluster.`)
  }

  /** Makes the object, or makes it so, in the name of Helm. @throws coded error */
  apply(object: RenderedObject, namespace: string): Promise<ApiObject> {
    return this.#patch(object, namespace, {}, t`Could not make ${object.kind} ${object.metadata.name}.`)
  }

  async #patch(object: RenderedObject, namespace: string, more: Record<string, string>, failed: string): Promise<ApiObject> {
    const query = new URLSearchParams({ ...more, fieldManager: 'helm', force: 'true' })
    try {
      const response = await this.#client.transport.openOk({
        path: `${await this.#pathOf(object, namespace)}?${query}`,
        method: 'PATCH',
        headers: { 'Content-Type': 'application/apply-patch+yaml', Accept: 'application/json' },
        body: JSON.stringify(object),
        signal: AbortSignal.timeout(30_000),
      })
      return JSON.parse(await bodyOf(response)) as ApiObject
    } catch (error) {
      throw asKubeError(error, failed)
    }
  }

  /** Deletes exactly this object: one of the same name that was made since stays. One that is gone already is fine. @throws coded error */
  async delete(object: { apiVersion: string; kind: string; resource: string; name: string; uid: string }, namespace: string): Promise<void> {
    const path = `${root(object.apiVersion)}/namespaces/${namespace}/${object.resource}/${object.name}`
    await deleteExactly(this.#client, path, { uid: object.uid }, t`Could not delete ${object.kind} ${object.name}.`)
  }

  async #pathOf(object: RenderedObject, namespace: string): Promise<string> {
    const found = (await this.kinds(object.apiVersion)).find(({ kind }) => kind === object.kind)
    if (found === undefined)
      throw asKubeError(
        new Error(t`There is no kind ${object.kind} in ${object.apiVersion}.`),
        t`Could not find the kind of ${object.kind} ${object.metadata.name}.`,
      )
    const scope = found.namespaced ? `/namespaces/${object.metadata.namespace ?? namespace}` : ''
    return `${root(object.apiVersion)}${scope}/${found.resource}/${object.metadata.name}`
  }

  async #ask(apiVersion: string): Promise<ApiResource[]> {
    const { resources = [] } = await this.#json<{ resources?: { name: string; kind: string; namespaced: boolean; verbs?: string[] }[] }>(
      root(apiVersion),
      t`Could not list the kinds of ${apiVersion}.`,
    )
    return resources
      .filter(({ name }) => !name.includes('/'))
      .map(({ name, kind, namespaced, verbs = [] }) => ({ apiVersion, kind, resource: name, namespaced, verbs }))
  }

  async #json<T>(path: string, failed: string): Promise<T> {
    try {
      return await this.#client.json<T>(path)
    } catch (error) {
      throw asKubeError(error, failed)
    }
  }
}

/**
 * Deletes the object at a path if it still is the one that was seen. One that is gone, or was replaced by another, is not an error: the one meant is gone.
 * @throws coded error
 */
export async function deleteExactly(
  client: KubeClient,
  path: string,
  seen: { uid?: string | undefined; resourceVersion?: string | undefined },
  failed: string,
  timeout = 30_000,
): Promise<void> {
  const body = JSON.stringify({ propagationPolicy: 'Background', preconditions: seen })
  try {
    const response = await client.transport.openOk({
      path,
      method: 'DELETE',
      // Node sends a body with DELETE without saying how long it is, and the server then takes it for the next request.
      headers: { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)), Accept: 'application/json' },
      body,
      signal: AbortSignal.timeout(timeout),
    })
    response.resume()
  } catch (error) {
    const status = statusOf(error)
    if (status !== 404 && status !== 409) throw asKubeError(error, failed)
  }
}

const root = (apiVersion: string): string => (apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`)

async function bodyOf(response: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of response) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}
