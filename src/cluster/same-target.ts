import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import type { Target } from '../contracts/operation.ts'

/** As much of `KubeClient` as the comparison needs. */
export interface ClusterIdentity {
  readonly context: string
  readonly server: string
  clusterUid(signal?: AbortSignal): Promise<string>
}

const otherThanPlanned = {
  context: () => t('The cluster is not the one that was planned for: its context is another.'),
  server: () => t('The cluster is not the one that was planned for: its server is another.'),
  identity: () => t('The cluster is not the one that was planned for: its identity is another.'),
}

/**
 * Proves, asking the cluster now, that a client still leads where the plan was made: same context, same address, same UID of kube-system.
 * @throws LOCO-ENV-014 when it does not; coded errors of src/kube when the cluster cannot be asked
 */
export async function assertSameTarget(client: ClusterIdentity, target: Target, signal?: AbortSignal): Promise<void> {
  const seen = { context: client.context, server: client.server, identity: await client.clusterUid(signal) }
  const planned = { context: target.context, server: target.server, identity: target.clusterUid }
  for (const name of ['context', 'server', 'identity'] as const) {
    if (seen[name] === planned[name]) continue
    throw new LocoError('LOCO-ENV-014', {
      what: otherThanPlanned[name](),
      why:
        planned[name] === null
          ? t`A cluster was planned that did not exist yet, now it is ${seen[name]}.`
          : t`Planned was ${planned[name]}, now it is ${seen[name]}.`,
      fix: [t('Nothing was changed there. Run the command again to plan for the cluster as it is.')],
    })
  }
}
