import { existsSync } from 'node:fs'
import { delimiter } from 'node:path'
import { t } from '@vscode/l10n'
import type { RenderedFor } from '../../../chart/helm.ts'
import { newestRecord, type ReleaseRecord } from '../../../chart/release-record.ts'
import { kindByNodes } from '../../../cluster/facts/kind-by-nodes.ts'
import { withSignal } from '../../../kube/client.ts'
import { asKubeError } from '../../../kube/errors.ts'
import { kubeconfigFiles } from '../../../kube/kubeconfig-files.ts'
import { sandboxPaths } from '../../../sandbox/paths.ts'
import type { ClusterFacts } from '../../../values/types.ts'
import type { FleetId, FleetSession } from '../../fleets.ts'

/** What a preview is compared with, and what helm has to be told of the cluster. */
export interface Deployed {
  readonly fleet: FleetId
  readonly record: ReleaseRecord | undefined
  readonly kind: ClusterFacts['kind']
  readonly rendered: Omit<RenderedFor, 'upgrade'>
}

interface GroupList {
  groups?: { versions?: { groupVersion: string }[] }[]
}

/** Reads what is deployed. @throws coded error of src/kube when the account may not read it, or the cluster cannot be asked */
export async function readDeployed(session: FleetSession, signal: AbortSignal): Promise<Deployed> {
  try {
    return await read(session, signal)
  } catch (error) {
    throw asKubeError(error, t`Could not read what is deployed of the release ${session.id.release} in namespace ${session.id.namespace}.`)
  }
}

async function read({ client, id }: FleetSession, signal: AbortSignal): Promise<Deployed> {
  const [record, version, groups, nodes] = await Promise.all([
    newestRecord(client, id, signal),
    client.version(signal),
    client.json<GroupList>('/apis', signal),
    // Who may not list nodes cannot know the kind; then no overlay of a kind is laid.
    client.core.listNode({}, withSignal(signal)).catch(() => undefined),
  ])
  const apiVersions = (groups.groups ?? []).flatMap(({ versions }) => (versions ?? []).map(({ groupVersion }) => groupVersion))
  return { fleet: id, record, kind: kindByNodes(nodes?.items ?? []), rendered: { kubeVersion: version.gitVersion, apiVersions } }
}

/** Every kubeconfig file that this window reads, as `$KUBECONFIG` names them: those of the environment and the settings, then the sandbox's. */
export function kubeconfigList(env: NodeJS.ProcessEnv, extraFiles: readonly string[]): string {
  const files = kubeconfigFiles({ env, extraFiles: [...extraFiles, sandboxPaths(env).kubeconfig] })
  return files
    .filter(({ path }) => existsSync(path))
    .map(({ path }) => path)
    .join(delimiter)
}
