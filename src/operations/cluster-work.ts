import type { V1PersistentVolumeClaim, V1Pod } from '@kubernetes/client-node'
import { t } from '@vscode/l10n'
import type { RenderedObject } from '../chart/manifest.ts'
import { readClusterFacts } from '../cluster/facts/read.ts'
import { assertSameTarget } from '../cluster/same-target.ts'
import { emulatorName, emulatorSelector, ordinalOf } from '../contracts/names.ts'
import type { Target } from '../contracts/operation.ts'
import { asPatch, type KubeClient } from '../kube/client.ts'
import { asKubeError, statusOf } from '../kube/errors.ts'
import type { ClusterFacts as ValuesFacts } from '../values/types.ts'
import { type ApiObject, ApiObjects, type ApiResource, deleteExactly } from './api-objects.ts'
import { isOurNamespace, namespaceLabels, releaseSelector } from './fleet-labels.ts'
import { leaseName } from './lease.ts'
import type { ClaimFacts, ClusterWork, NamespaceFacts, ObjectFacts, PodFacts } from './ports.ts'
import { sameObject } from './same-object.ts'

/** Kinds that a release of our chart may consist of; what of them carries its labels is its own. Pods and claims are read by methods of their own. */
const releaseKinds: readonly [string, readonly string[]][] = [
  ['v1', ['Service', 'ServiceAccount', 'ConfigMap', 'Secret']],
  ['apps/v1', ['StatefulSet', 'Deployment', 'DaemonSet']],
  ['batch/v1', ['Job', 'CronJob']],
  ['networking.k8s.io/v1', ['NetworkPolicy', 'Ingress']],
  ['rbac.authorization.k8s.io/v1', ['Role', 'RoleBinding']],
  ['policy/v1', ['PodDisruptionBudget']],
]

/** The real cluster behind `ClusterWork`, for one release in one namespace. */
export class KubeClusterWork implements ClusterWork {
  readonly #client: KubeClient
  readonly #objects: ApiObjects
  readonly #namespace: string
  readonly #release: string

  constructor(client: KubeClient, fleet: { namespace: string; release: string }) {
    this.#client = client
    this.#objects = new ApiObjects(client)
    this.#namespace = fleet.namespace
    this.#release = fleet.release
  }

  proveTarget(target: Target): Promise<void> {
    return assertSameTarget(this.#client, target)
  }

  async namespace(): Promise<NamespaceFacts | undefined> {
    const found = await this.#unlessAbsent(this.#client.core.readNamespace({ name: this.#namespace }), t`Could not read the namespace ${this.#namespace}.`)
    if (found === undefined) return undefined
    const { metadata = {}, status = {} } = found
    const said = (status.conditions ?? []).filter((condition) => condition.status === 'True' && condition.message !== undefined)
    return {
      uid: metadata.uid ?? '',
      ours: isOurNamespace(metadata.labels ?? {}),
      terminating: metadata.deletionTimestamp !== undefined,
      remaining: metadata.deletionTimestamp === undefined ? [] : said.map(({ message }) => message ?? ''),
    }
  }

  async createNamespace(): Promise<void> {
    try {
      await this.#client.core.createNamespace({ body: { metadata: { name: this.#namespace, labels: { ...namespaceLabels } } } })
    } catch (error) {
      if (statusOf(error) !== 409) throw asKubeError(error, t`Could not make the namespace ${this.#namespace}.`)
    }
  }

  async deleteNamespace(uid: string): Promise<void> {
    await deleteExactly(this.#client, `/api/v1/namespaces/${this.#namespace}`, { uid }, t`Could not delete the namespace ${this.#namespace}.`)
  }

  async contents(): Promise<ObjectFacts[] | undefined> {
    try {
      const kinds = await this.#objects.namespacedKinds()
      const lists = await Promise.all(kinds.map(async (kind) => (await this.#objects.list(kind, this.#namespace)).map((object) => factsOf(object, kind))))
      return lists.flat().filter((object) => !object.owned && !belongsToNamespace(object, this.#release))
    } catch (error) {
      const known = asKubeError(error, t`Could not see what is in the namespace ${this.#namespace}.`)
      if (known.code === 'LOCO-KUB-011') return undefined
      throw known
    }
  }

  async releaseObjects(): Promise<ObjectFacts[]> {
    const wanted = await Promise.all(
      releaseKinds.map(async ([apiVersion, names]) => (await this.#objects.kinds(apiVersion)).filter(({ kind }) => names.includes(kind))),
    )
    const selector = releaseSelector(this.#release)
    const lists = await Promise.all(
      wanted.flat().map(async (kind) => (await this.#objects.list(kind, this.#namespace, selector)).map((object) => factsOf(object, kind))),
    )
    return lists.flat()
  }

  deleteObject(object: ObjectFacts): Promise<void> {
    return this.#objects.delete(object, this.#namespace)
  }

  facts(): Promise<ValuesFacts> {
    return readClusterFacts(this.#client, { namespace: this.#namespace, release: this.#release })
  }

  async offers(resource: string): Promise<boolean> {
    try {
      const { items } = await this.#client.core.listNode({})
      return items.some(({ status }) => Number(status?.allocatable?.[resource] ?? 0) > 0)
    } catch (error) {
      const known = asKubeError(error, t('Could not list the nodes of the cluster.'))
      // Who may not see the nodes cannot know what they offer: the slower way works everywhere.
      if (known.code === 'LOCO-KUB-011') return false
      throw known
    }
  }

  async drift(objects: readonly RenderedObject[]): Promise<string[]> {
    const compared = await Promise.all(
      objects.map(async (object) => {
        const wanted = await this.#objects.dryApply(this.#asHelmStores(object), this.#namespace)
        const live = await this.#objects.read(object, this.#namespace)
        return live !== undefined && live.metadata?.deletionTimestamp === undefined && sameObject(live, wanted)
          ? []
          : [`${object.kind}/${object.metadata.name}`]
      }),
    )
    return compared.flat()
  }

  async pods(): Promise<PodFacts[]> {
    const { items } = await this.#ask(
      this.#client.core.listNamespacedPod({ namespace: this.#namespace, labelSelector: emulatorSelector(this.#release) }),
      t`Could not list the pods of namespace ${this.#namespace}.`,
    )
    return items.flatMap(podFacts).sort((a, b) => a.ordinal - b.ordinal)
  }

  async revision(): Promise<string | undefined> {
    const found = await this.#unlessAbsent(
      this.#client.apps.readNamespacedStatefulSet({ namespace: this.#namespace, name: emulatorName(this.#release) }),
      t`Could not read the StatefulSet of release ${this.#release}.`,
    )
    return found?.status?.updateRevision
  }

  deletePod({ name, uid }: PodFacts): Promise<void> {
    return this.#objects.delete({ apiVersion: 'v1', kind: 'Pod', resource: 'pods', name, uid }, this.#namespace)
  }

  async claims(): Promise<ClaimFacts[]> {
    const { items } = await this.#ask(
      this.#client.core.listNamespacedPersistentVolumeClaim({ namespace: this.#namespace, labelSelector: emulatorSelector(this.#release) }),
      t`Could not list the claims of namespace ${this.#namespace}.`,
    )
    return Promise.all(items.map(async (claim) => claimFacts(claim, await this.#reclaims(claim.spec?.volumeName))))
  }

  async volumes(names: readonly string[]): Promise<string[]> {
    const found = await Promise.all(
      names.map((name) => this.#unlessAbsent(this.#client.core.readPersistentVolume({ name }), t`Could not read the volume ${name}.`)),
    )
    return found.flatMap((volume) => (volume?.metadata?.name === undefined ? [] : [volume.metadata.name]))
  }

  deleteClaim({ name, uid }: ClaimFacts): Promise<void> {
    return this.#objects.delete({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', resource: 'persistentvolumeclaims', name, uid }, this.#namespace)
  }

  async keepClaims(): Promise<void> {
    const call = this.#client.apps.patchNamespacedStatefulSet(
      {
        namespace: this.#namespace,
        name: emulatorName(this.#release),
        body: { spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' } } },
      },
      asPatch('merge'),
    )
    await this.#unlessAbsent(call, t`Could not make the claims of release ${this.#release} outlive it.`)
  }

  /** Does the volume go when its claim goes? A volume that cannot be read counts as one that does: nothing may look safer than it is. */
  async #reclaims(volume: string | undefined): Promise<boolean> {
    if (volume === undefined || volume === '') return true
    try {
      return (await this.#client.core.readPersistentVolume({ name: volume })).spec?.persistentVolumeReclaimPolicy !== 'Retain'
    } catch {
      return true
    }
  }

  /** Helm adds these when it stores an object. */
  #asHelmStores(object: RenderedObject): RenderedObject {
    const { labels, annotations } = object.metadata
    return {
      ...object,
      metadata: {
        ...object.metadata,
        labels: { ...labels, 'app.kubernetes.io/managed-by': 'Helm' },
        annotations: { ...annotations, 'meta.helm.sh/release-name': this.#release, 'meta.helm.sh/release-namespace': this.#namespace },
      },
    }
  }

  async #ask<T>(call: Promise<T>, failed: string): Promise<T> {
    try {
      return await call
    } catch (error) {
      throw asKubeError(error, failed)
    }
  }

  async #unlessAbsent<T>(call: Promise<T>, failed: string): Promise<T | undefined> {
    try {
      return await call
    } catch (error) {
      if (statusOf(error) === 404) return undefined
      throw asKubeError(error, failed)
    }
  }
}

function podFacts(pod: V1Pod): PodFacts[] {
  const { metadata = {}, spec, status } = pod
  const ordinal = ordinalOf(metadata.name ?? '')
  if (metadata.name === undefined || metadata.uid === undefined || ordinal === undefined) return []
  const running = status?.containerStatuses?.find(({ name }) => name === 'emulator') ?? status?.containerStatuses?.[0]
  return [
    {
      name: metadata.name,
      uid: metadata.uid,
      ordinal,
      image: spec?.containers[0]?.image ?? '',
      imageId: idIn(running?.imageID),
      revision: metadata.labels?.['controller-revision-hash'],
      ready: status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false,
      terminating: metadata.deletionTimestamp !== undefined,
    },
  ]
}

/** The digest in what a node reports as image id: `sha256:…`, or a reference that ends with it. */
function idIn(reported: string | undefined): string | undefined {
  return /sha256:[0-9a-f]{64}$/.exec(reported ?? '')?.[0]
}

function claimFacts({ metadata = {}, spec }: V1PersistentVolumeClaim, deletesData: boolean): ClaimFacts {
  return {
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    size: spec?.resources?.requests?.['storage'] ?? t('no size'),
    volume: spec?.volumeName,
    deletesData,
    owned: (metadata.ownerReferences ?? []).length > 0,
    finalizers: metadata.deletionTimestamp === undefined ? [] : (metadata.finalizers ?? []),
  }
}

function factsOf({ metadata = {} }: ApiObject, { apiVersion, kind, resource }: ApiResource): ObjectFacts {
  return {
    apiVersion,
    kind,
    resource,
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    labels: metadata.labels ?? {},
    owned: (metadata.ownerReferences ?? []).length > 0,
    deleted: metadata.deletionTimestamp !== undefined,
    finalizers: metadata.deletionTimestamp === undefined ? [] : (metadata.finalizers ?? []),
  }
}

/** What every namespace has or what only keeps book, and nobody would miss. */
function belongsToNamespace({ kind, name, labels }: ObjectFacts, release: string): boolean {
  if (kind === 'Event' || kind === 'Endpoints' || kind === 'EndpointSlice' || kind === 'ControllerRevision' || kind === 'PodMetrics') return true
  if (kind === 'ServiceAccount') return name === 'default'
  if (kind === 'ConfigMap') return name === 'kube-root-ca.crt'
  if (kind === 'Lease') return name === leaseName
  return kind === 'Secret' && labels['owner'] === 'helm' && labels['name'] === release
}
