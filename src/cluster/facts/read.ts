import { t } from '@vscode/l10n'
import { effectiveValues, newestRecord } from '../../chart/release-record.ts'
import { emulatorName } from '../../contracts/names.ts'
import { type KubeClient, withSignal } from '../../kube/client.ts'
import { asKubeError, statusOf } from '../../kube/errors.ts'
import type { ClusterFacts, DeployedFacts } from '../../values/types.ts'
import { kindByNodes } from './kind-by-nodes.ts'
import { claimFacts, namespaceFacts, nodeFacts, nodePortsOf, storageClassFacts } from './objects.ts'

/** Where the values would go to. */
export interface FactsRequest {
  readonly namespace: string
  readonly release: string
  readonly signal?: AbortSignal | undefined
}

interface SnapshotClassList {
  items: { metadata: { name: string }; driver: string }[]
}

/**
 * Everything that the rules about values may ask of a cluster, read now and all at once. What the account may not read is undefined.
 * @throws coded error of src/kube when the cluster cannot be asked at all
 */
export async function readClusterFacts(client: KubeClient, { namespace, release, signal }: FactsRequest): Promise<ClusterFacts> {
  const { core, storage } = client
  const options = withSignal(signal)
  try {
    const [nodes, classes, snapshotClasses, claims, namespaces, services, deployed] = await Promise.all([
      unlessDenied(core.listNode({}, options)),
      unlessDenied(storage.listStorageClass({}, options)),
      unlessDenied(snapshotClassesOf(client, signal)),
      unlessDenied(core.listNamespacedPersistentVolumeClaim({ namespace }, options)),
      unlessDenied(core.listNamespace({}, options)),
      unlessDenied(core.listServiceForAllNamespaces({}, options)),
      unlessDenied(deployedFacts(client, { namespace, release, signal })),
    ])
    return {
      context: client.context,
      kind: kindByNodes(nodes?.items ?? []),
      nodes: nodes?.items.map(nodeFacts),
      storageClasses: classes?.items.map(storageClassFacts),
      snapshotClasses,
      claims: claims?.items.map(claimFacts),
      namespaces: namespaces?.items.map(namespaceFacts),
      nodePorts: services && nodePortsOf(services.items),
      namespace,
      release,
      deployed,
    }
  } catch (error) {
    throw asKubeError(error, t`Could not ask the cluster of ${client.context} what values could use.`)
  }
}

/** A cluster that has never heard of snapshots has no classes for them. */
async function snapshotClassesOf(client: KubeClient, signal: AbortSignal | undefined): Promise<ClusterFacts['snapshotClasses']> {
  try {
    const { items } = await client.json<SnapshotClassList>('/apis/snapshot.storage.k8s.io/v1/volumesnapshotclasses', signal)
    return items.map(({ metadata, driver }) => ({ name: metadata.name, driver }))
  } catch (error) {
    if (statusOf(error) === 404) return []
    throw error
  }
}

async function deployedFacts(client: KubeClient, { namespace, release, signal }: FactsRequest): Promise<DeployedFacts | undefined> {
  const record = await newestRecord(client, { namespace, release }, signal)
  if (record === undefined) return undefined
  return { revision: record.revision, values: effectiveValues(record), emulators: await emulatorsOf(client, { namespace, release, signal }) }
}

async function emulatorsOf({ apps }: KubeClient, { namespace, release, signal }: FactsRequest): Promise<number> {
  try {
    const { status } = await apps.readNamespacedStatefulSet({ namespace, name: emulatorName(release) }, withSignal(signal))
    return status?.replicas ?? 0
  } catch (error) {
    if (statusOf(error) === 404) return 0
    throw error
  }
}

async function unlessDenied<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (statusOf(error) === 403) return undefined
    throw error
  }
}
