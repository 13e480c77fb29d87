import type { V1PersistentVolume, V1PersistentVolumeClaim, V1Pod } from '@kubernetes/client-node'
import { t } from '@vscode/l10n'
import type { Clock } from '../base/clock.ts'
import { LocoError } from '../base/error.ts'
import { waitFor } from '../base/wait.ts'
import type { RenderedObject } from '../chart/manifest.ts'
import { readClusterFacts } from '../cluster/facts/read.ts'
import { assertSameTarget } from '../cluster/same-target.ts'
import { emulatorName, emulatorSelector, labels, ordinalOf } from '../contracts/names.ts'
import type { Target } from '../contracts/operation.ts'
import { asPatch, type KubeClient } from '../kube/client.ts'
import { asKubeError, statusOf } from '../kube/errors.ts'
import type { ClusterFacts as ValuesFacts } from '../values/types.ts'
import { type ApiObject, ApiObjects, type ApiResource, deleteExactly } from './api-objects.ts'
import { isOurNamespace, namespaceLabels, nodeNamespaceLabels, releaseSelector } from './fleet-labels.ts'
import { leaseName } from './lease.ts'
import type { ClaimFacts, ClusterWork, NamespaceFacts, ObjectFacts, OwnVolume, PodFacts } from './ports.ts'
import { sameObject } from './same-object.ts'

/** Kinds that a release of our chart may consist of; what of them carries its labels is its own. Pods and claims of disks are read by methods of their own. */
const releaseKinds: readonly [string, readonly string[]][] = [
  ['v1', ['Service', 'ServiceAccount', 'ConfigMap', 'Secret', 'PersistentVolumeClaim']],
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

  async openNodeNamespace(name: string): Promise<void> {
    const refused = await waitFor(
      () => this.#tryNodeNamespace(name),
      () => new LocoError('LOCO-OPS-022', { what: t`The namespace ${name} is being deleted and does not go.`, fix: [`kubectl get namespace ${name} -o yaml`] }),
      { timeout: 60_000, interval: 250 },
    )
    if (refused !== 'open') throw refused
  }

  /** `undefined` while that of an earlier run is still going. */
  async #tryNodeNamespace(name: string): Promise<'open' | LocoError | undefined> {
    try {
      await this.#client.core.createNamespace({ body: { metadata: { name, labels: { ...nodeNamespaceLabels } } } })
      return 'open'
    } catch (error) {
      if (statusOf(error) !== 409) return asKubeError(error, t`Could not make the namespace ${name}.`)
      const found = await this.#unlessAbsent(this.#client.core.readNamespace({ name }), t`Could not read the namespace ${name}.`)
      return found === undefined || found.metadata?.deletionTimestamp !== undefined ? undefined : 'open'
    }
  }

  async closeNodeNamespace(name: string): Promise<void> {
    const found = await this.#unlessAbsent(this.#client.core.readNamespace({ name }), t`Could not read the namespace ${name}.`)
    if (!isOurNamespace(found?.metadata?.labels ?? {})) return
    await deleteExactly(this.#client, `/api/v1/namespaces/${name}`, { uid: found?.metadata?.uid }, t`Could not delete the namespace ${name}.`)
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
    // Claims of disks are the emulators', and outlive the release.
    return lists.flat().filter(({ kind, labels: found }) => kind !== 'PersistentVolumeClaim' || found[labels.component] !== 'emulator')
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

  async ownVolumes(): Promise<OwnVolume[]> {
    const labelSelector = `${releaseSelector(this.#release)},${labels.namespace}=${this.#namespace}`
    const { items } = await this.#client.core.listPersistentVolume({ labelSelector }).catch((error: unknown) => {
      const known = asKubeError(error, t('Could not list the volumes of the cluster.'))
      // Who may not see volumes can have made none.
      if (known.code === 'LOCO-KUB-011') return { items: [] }
      throw known
    })
    return items.flatMap((volume) => ownVolume(volume, emulatorName(this.#release)))
  }

  async freeVolume({ name }: OwnVolume): Promise<void> {
    const body = { spec: { claimRef: { uid: null, resourceVersion: null } } }
    const call = this.#client.core.patchPersistentVolume({ name, body }, asPatch('merge'))
    await this.#unlessAbsent(call, t`Could not make the volume ${name} free for its claim.`)
  }

  async deleteVolume({ name, uid }: OwnVolume): Promise<void> {
    await deleteExactly(this.#client, `/api/v1/persistentvolumes/${name}`, { uid }, t`Could not delete the volume ${name}.`)
  }

  async hostnames(): Promise<string[]> {
    const { items } = await this.#ask(this.#client.core.listNode({}), t('Could not list the nodes of the cluster.'))
    return items.map(({ metadata }) => metadata?.labels?.['kubernetes.io/hostname'] ?? metadata?.name ?? '')
  }

  async apply(objects: readonly RenderedObject[]): Promise<void> {
    // What a StatefulSet makes of its templates belongs to no release of Helm; what the release makes does.
    for (const object of objects) await this.#objects.apply(object.kind === 'PersistentVolumeClaim' ? object : this.#asHelmStores(object), this.#namespace)
  }

  async scaleToZero(): Promise<void> {
    const name = emulatorName(this.#release)
    const call = this.#client.apps.patchNamespacedStatefulSetScale({ namespace: this.#namespace, name, body: { spec: { replicas: 0 } } }, asPatch('merge'))
    await this.#unlessAbsent(call, t`Could not switch the emulators of release ${this.#release} off.`)
  }

  async runPod(
    pod: V1Pod,
    { timeout, signal, clock }: { timeout: number; signal: AbortSignal; clock: Clock },
  ): Promise<{ succeeded: boolean; words: string[] }> {
    const name = pod.metadata?.name ?? ''
    await this.#removePod(name, clock)
    await this.#ask(this.#client.core.createNamespacedPod({ namespace: this.#namespace, body: pod }), t`Could not make the pod ${name}.`)
    try {
      return await waitFor(
        async () => ended(await this.#client.core.readNamespacedPod({ namespace: this.#namespace, name })),
        (cause) =>
          new LocoError('LOCO-OPS-021', {
            what: t`The pod ${name} did not come to its end in time.`,
            fix: [`kubectl -n ${this.#namespace} describe pod ${name}`],
            cause,
          }),
        { timeout, interval: 300, signal, clock },
      )
    } finally {
      await this.#removePod(name, clock)
    }
  }

  async #removePod(name: string, clock: Clock): Promise<void> {
    const gone = async (): Promise<boolean> => {
      const found = await this.#unlessAbsent(this.#client.core.readNamespacedPod({ namespace: this.#namespace, name }), t`Could not read the pod ${name}.`)
      if (found?.metadata?.uid === undefined) return true
      await deleteExactly(this.#client, `/api/v1/namespaces/${this.#namespace}/pods/${name}`, { uid: found.metadata.uid }, t`Could not delete the pod ${name}.`)
      return false
    }
    await waitFor(
      gone,
      (cause) => new LocoError('LOCO-OPS-022', { what: t`The pod ${name} was deleted and does not go.`, fix: [`kubectl get pod ${name} -o yaml`], cause }),
      {
        timeout: 60_000,
        clock,
      },
    )
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

/** How a pod ended, with the last words of its container; undefined while it has not. */
function ended({ status = {} }: V1Pod): { succeeded: boolean; words: string[] } | undefined {
  if (status.phase !== 'Succeeded' && status.phase !== 'Failed') return undefined
  const said = status.containerStatuses?.[0]?.state?.terminated?.message ?? status.message ?? ''
  return { succeeded: status.phase === 'Succeeded', words: said.split('\n').filter((line) => line.trim() !== '') }
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

function ownVolume({ metadata = {}, spec, status }: V1PersistentVolume, emulators: string): OwnVolume[] {
  const { name, uid } = metadata
  const folder = spec?.hostPath?.path
  const claim = spec?.claimRef?.name
  if (name === undefined || uid === undefined || folder === undefined || claim === undefined) return []
  const disk = ordinalOf(claim) !== undefined && claim.includes(`-${emulators}-`)
  return [{ name, uid, folder, claim, disk, released: status?.phase === 'Released' }]
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
