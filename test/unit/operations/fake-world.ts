import type { Clock } from '../../../src/base/clock.ts'
import { LocoError } from '../../../src/base/error.ts'
import type { ChartRequest } from '../../../src/chart/helm.ts'
import type { RenderedObject } from '../../../src/chart/manifest.ts'
import type { PlannedRelease, ReleaseState } from '../../../src/chart/release.ts'
import type { NodeFolders } from '../../../src/cluster/node-folders.ts'
import type { EmulatorStatus, Finding } from '../../../src/contracts/fleet.ts'
import { emulatorName, labels, partOf, podName } from '../../../src/contracts/names.ts'
import type { ReportEvent, Target } from '../../../src/contracts/operation.ts'
import type { BuiltImage } from '../../../src/images/build.ts'
import type {
  ClaimFacts,
  ClusterWork,
  FleetView,
  HelmWork,
  Hold,
  ImageWork,
  NamespaceFacts,
  ObjectFacts,
  OwnVolume,
  Place,
  PodFacts,
  Site,
} from '../../../src/operations/ports.ts'
import { runOperation, type StepList } from '../../../src/operations/runner.ts'
import { RecordingSink, target } from './given.ts'

const imageId = (letter: string): string => `sha256:${letter.repeat(64)}`

/** What an agent says that does not start over another base disk. */
const refusal: Finding = { code: 'LOCO-AGT-007', title: 'T', cause: 'The base disk is another one.', evidence: [], fix: [], severity: 'fatal' }

/** A world in memory in which the three operations can run: a fake cluster, a fake Helm, a fake engine. Tests turn its knobs; `done` tells what was changed in it. */
export class FakeWorld implements Place {
  target: Target = { ...target, clusterUid: null }
  readonly why = 'A test says so.'
  /** Everything that changed the world, in order. */
  readonly done: string[] = []

  /** Time that passes only by sleeping. */
  readonly clock: Clock = fakeClock()

  /** Knobs. */
  runs = true
  content = 'a'
  namespaceFacts: NamespaceFacts | undefined
  foreign: ObjectFacts[] = []
  heldBySomebody = false
  engine: string | Error = '20.10'
  helmBroken: Error | undefined
  offersKvm = true
  /** Findings of the emulator that runs this image. */
  sick = new Map<string, Finding>()
  retention: 'Retain' | 'Delete' = 'Retain'
  persistent = true
  /** Names of objects that never go, with the finalizer that keeps them. */
  stuck = new Map<string, string>()
  volumesStay = false
  nodes = ['node-a']
  copies: 'work' | 'fail' = 'work'
  /** Folders of the node, where Bootstrap can make them; and what the chart wants of them. */
  folders: NodeFolders | undefined
  folderVolumes: RenderedObject[] = []
  /** Checksum of the disk inside the image of a content; where nothing is set, all have the same. */
  bases = new Map<string, string>()

  /** State. */
  engineImages = new Set<string>()
  nodeImages = new Set<string>()
  release: ReleaseState | undefined
  objects = new Map<string, ObjectFacts>()
  podList: PodFacts[] = []
  claimList: ClaimFacts[] = []
  ownVolumes: OwnVolume[] = []
  requests: ChartRequest[] = []
  /** Over which base disk each ordinal's overlay lies. */
  overlays = new Map<number, string>()
  #uid = 0

  async reach(): Promise<Site | undefined> {
    return this.runs ? this.#site() : undefined
  }

  async start(): Promise<Site> {
    this.done.push('start')
    this.runs = true
    return this.#site()
  }

  /** Runs an operation in this world. */
  async run(list: StepList, over: { signal?: AbortSignal } = {}): Promise<{ report: ReportEvent; sink: RecordingSink }> {
    const sink = new RecordingSink()
    const never = new AbortController().signal
    const report = await runOperation({
      id: '20261125-000000-000-test',
      operation: 'bootstrap',
      target: this.target,
      losses: [],
      sinks: [sink],
      signal: never,
      force: never,
      proveTarget: async () => {},
      ...over,
      ...list,
    })
    return { report, sink }
  }

  newUid(): string {
    this.#uid += 1
    return `uid-${this.#uid}`
  }

  get #rendered(): RenderedObject[] {
    const name = emulatorName('loco')
    const replicas = this.#value('replicas') ?? 3
    const tag = (this.#value('emulator') as { tag?: string } | undefined)?.tag
    const securityContext = { allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' } }
    const template = { spec: { containers: [{ name: 'emulator', image: `compose-emulator-0:${tag}`, securityContext }] } }
    return [
      { apiVersion: 'v1', kind: 'Service', metadata: { name } },
      { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name }, spec: { replicas, template } },
      ...this.folderVolumes,
    ]
  }

  /** A value of the newest request, as laid over by later layers. */
  #value(key: string): unknown {
    let value: unknown
    for (const layer of this.requests.at(-1)?.values ?? []) if (typeof layer !== 'string' && key in layer) value = layer[key]
    return value
  }

  #planned(request: ChartRequest): PlannedRelease {
    this.requests.push(request)
    const objects = this.#rendered
    return { exists: this.release !== undefined, manifest: JSON.stringify(objects), objects }
  }

  #site(): Site {
    return {
      target: { ...this.target, clusterUid: 'uid-1' },
      cluster: this.#cluster(),
      helm: this.#helm(),
      hold: this.#hold(),
      images: this.#images(),
      folders: this.folders,
      watch: () => this.#view(),
      screen: async () => Buffer.from('\u0089PNG a picture', 'latin1'),
      disk: async (pod) => {
        const found = this.podList.find(({ name }) => name === pod)
        const common = { source: 'builtin', base: '/base', overlay: '/overlay', persistent: this.persistent, art: null } as const
        return { ...common, baseSha256: this.overlays.get(found?.ordinal ?? -1) ?? null }
      },
    }
  }

  #hold(): Hold {
    return {
      acquire: async () => {
        if (this.heldBySomebody) throw new LocoError('LOCO-OPS-002', { what: 'Somebody else works here.' })
      },
      release: async () => {},
    }
  }

  #images(): ImageWork {
    const image = (): BuiltImage => ({
      id: imageId(this.content),
      hash: this.content,
      ref: `compose-emulator-0:c-${this.content}`,
      refs: [`compose-emulator-0:c-${this.content}`],
      bytes: 1,
      built: false,
    })
    return {
      engineVersion: async () => {
        if (this.engine instanceof Error) throw this.engine
        return this.engine
      },
      ref: async () => image().ref,
      built: async () => (this.engineImages.has(this.content) ? image() : undefined),
      build: async () => {
        this.done.push(`build ${this.content}`)
        this.engineImages.add(this.content)
        return { ...image(), built: true }
      },
      onNode: async () => this.nodeImages.has(this.content),
      transfer: async () => {
        this.done.push(`transfer ${this.content}`)
        this.nodeImages.add(this.content)
        return { how: 'sent', bytes: 1024, seconds: 1 }
      },
      baseSha256: async () => this.baseOf(this.content),
      prune: async () => 0,
    }
  }

  #helm(): HelmWork {
    return {
      version: async () => {
        if (this.helmBroken !== undefined) throw this.helmBroken
        return { major: 4, minor: 0, patch: 0 }
      },
      lint: async () => [],
      render: async (request) => this.#planned(request).objects,
      dryRun: async (request) => this.#planned(request),
      release: async () => this.release,
      heal: async () => ({ way: 'none' }),
      upgrade: async (request) => {
        const planned = this.#planned(request)
        const revision = (this.release?.revision ?? 0) + 1
        this.done.push(`upgrade ${revision}`)
        const values = Object.assign({}, ...(request.values ?? []).filter((layer) => typeof layer !== 'string')) as Record<string, unknown>
        this.release = {
          ...planned,
          values,
          name: 'loco',
          namespace: 'loco',
          revision,
          status: 'deployed',
          updated: '',
          chart: 'loco-0.1.0',
          appVersion: '0.1.0',
          description: '',
        }
        for (const object of planned.objects) this.objects.set(object.kind, this.#facts(object))
        const replicas = planned.objects[1]?.spec?.['replicas'] as number
        for (let ordinal = 0; ordinal < replicas; ordinal += 1) this.makePod(ordinal)
        return this.release
      },
      uninstall: async () => {
        this.done.push('uninstall')
        const had = this.release !== undefined
        this.release = undefined
        for (const [kind, object] of this.objects) this.#remove(kind, object)
        this.podList = []
        if (this.retention === 'Delete') this.claimList = []
        return had
      },
    }
  }

  #remove(kind: string, object: ObjectFacts): void {
    const finalizer = this.stuck.get(kind)
    if (finalizer === undefined) this.objects.delete(kind)
    else this.objects.set(kind, { ...object, deleted: true, finalizers: [finalizer] })
  }

  #facts({ apiVersion, kind, metadata }: RenderedObject): ObjectFacts {
    const found = { [labels.partOf]: partOf, [labels.instance]: 'loco' }
    return { apiVersion, kind, resource: '', name: metadata.name, uid: this.newUid(), labels: found, owned: false, finalizers: [], deleted: false }
  }

  /** Of the StatefulSet: the letter of its image, and whether its environment says more. */
  #revision(): string | undefined {
    const template = this.release?.objects[1]?.spec?.['template'] as { spec: { containers: { image: string }[] } } | undefined
    const letter = template?.spec.containers[0]?.image.slice(-1)
    return letter && `${letter}${this.#baseChoice() === undefined ? '' : '+'}`
  }

  #baseChoice(): string | undefined {
    const { env } = (this.release?.values['emulator'] ?? {}) as { env?: Record<string, string> }
    return env?.['LOCO_BASE_CHANGED']
  }

  baseOf(content: string): string {
    return this.bases.get(content) ?? '0'.repeat(64)
  }

  /** As the agent does: an overlay over another base is used only when the values say so. @returns whether the machine starts */
  #startsOver(base: string, ordinal: number): boolean {
    const choice = this.#baseChoice()
    const mine = this.persistent ? (this.overlays.get(ordinal) ?? base) : base
    if (mine !== base && choice !== 'fresh' && choice !== `fresh:${base}`) return false
    this.overlays.set(ordinal, base)
    return true
  }

  /** What the StatefulSet controller does for an ordinal that has no pod. */
  makePod(ordinal: number): void {
    if (this.podList.some((pod) => pod.ordinal === ordinal)) return
    const wanted = this.release?.objects[1]?.spec?.['template'] as { spec: { containers: { image: string }[] } }
    const image = wanted.spec.containers[0]?.image ?? ''
    const letter = image.slice(-1)
    const pod = { name: podName('loco', ordinal), uid: this.newUid(), ordinal, image, imageId: imageId(letter), revision: this.#revision(), terminating: false }
    const starts = this.#startsOver(this.baseOf(letter), ordinal)
    this.podList.push({ ...pod, ready: starts && !this.sick.has(letter) })
    const name = `disk-${podName('loco', ordinal)}`
    if (!this.persistent || this.claimList.some((claim) => claim.name === name)) return
    this.claimList.push({
      name,
      uid: this.newUid(),
      size: '10Gi',
      volume: `pv-${ordinal}`,
      deletesData: !this.volumesStay,
      owned: this.retention === 'Delete',
      finalizers: [],
    })
  }

  #view(): FleetView {
    const listeners = new Set<() => void>()
    const status = (pod: PodFacts): EmulatorStatus => {
      const finding = this.sick.get(pod.revision?.slice(0, 1) ?? '') ?? (pod.ready ? undefined : refusal)
      const id = `instance-${pod.ordinal}`
      const common = { id, ordinal: pod.ordinal, pod: pod.name, since: '', findings: finding === undefined ? [] : [finding] }
      return finding === undefined
        ? { ...common, verdict: 'healthy', stage: 'P2', sentence: 'It shows a picture.' }
        : { ...common, verdict: 'unhealthy', stage: null, sentence: finding.cause }
    }
    return {
      status: () => ({
        schema: 'loco.status/1',
        context: '',
        namespace: 'loco',
        release: 'loco',
        freshness: { state: 'live', since: '' },
        emulators: this.podList.map(status),
      }),
      onChange: (listener) => {
        listeners.add(listener)
        return { dispose: () => listeners.delete(listener) }
      },
      dispose: () => {},
    }
  }

  #cluster(): ClusterWork {
    return {
      proveTarget: async () => {},
      namespace: async () => this.namespaceFacts,
      createNamespace: async () => {
        this.done.push('create namespace')
        this.namespaceFacts = { uid: this.newUid(), ours: true, terminating: false, remaining: [] }
      },
      deleteNamespace: async () => {
        this.done.push('delete namespace')
        this.namespaceFacts = undefined
      },
      openNodeNamespace: async (name) => void this.done.push(`open ${name}`),
      closeNodeNamespace: async (name) => void this.done.push(`close ${name}`),
      contents: async () => [
        ...this.foreign,
        ...this.objects.values(),
        ...this.claimList.map(
          (claim): ObjectFacts => ({ ...this.#facts({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: claim.name } }) }),
        ),
      ],
      releaseObjects: async () => [...this.objects.values()],
      deleteObject: async (object) => {
        this.done.push(`delete ${object.kind}`)
        this.#remove(object.kind, object)
      },
      facts: async () => ({
        ...{ context: 'fake', kind: 'unknown', namespace: 'loco', release: 'loco', deployed: undefined, nodePorts: undefined, namespaces: undefined },
        ...{ nodes: undefined, storageClasses: undefined, snapshotClasses: undefined, claims: undefined },
      }),
      offers: async () => this.offersKvm,
      drift: async (objects) => objects.filter((object) => !this.objects.has(object.kind)).map((object) => `${object.kind}/${object.metadata.name}`),
      pods: async () => this.podList.map((pod) => ({ ...pod })),
      revision: async () => this.#revision(),
      deletePod: async (pod) => {
        this.done.push(`delete pod ${pod.ordinal}`)
        this.podList = this.podList.filter((one) => one.uid !== pod.uid)
        this.makePod(pod.ordinal)
      },
      claims: async () => [...this.claimList],
      volumes: async (names) => (this.volumesStay ? [...names] : []),
      ownVolumes: async () => [...this.ownVolumes],
      freeVolume: async (volume) => {
        this.done.push(`free ${volume.name}`)
        this.ownVolumes = this.ownVolumes.map((one) => (one.name === volume.name ? { ...one, released: false } : one))
      },
      deleteVolume: async (volume) => {
        this.done.push(`delete volume ${volume.name}`)
        this.ownVolumes = this.ownVolumes.filter((one) => one.name !== volume.name)
      },
      deleteClaim: async (claim) => {
        this.done.push(`delete claim ${claim.name}`)
        const finalizer = this.stuck.get(claim.name)
        if (finalizer === undefined) this.claimList = this.claimList.filter((one) => one.name !== claim.name)
        else this.claimList = this.claimList.map((one) => (one.name === claim.name ? { ...one, finalizers: [finalizer] } : one))
      },
      hostnames: async () => this.nodes,
      apply: async (objects) => {
        for (const { kind, metadata } of objects) {
          this.done.push(`apply ${kind} ${metadata.name}`)
          if (kind !== 'PersistentVolumeClaim' || this.claimList.some(({ name }) => name === metadata.name)) continue
          this.claimList.push({ name: metadata.name, uid: this.newUid(), size: '10Gi', volume: undefined, deletesData: false, owned: false, finalizers: [] })
        }
      },
      scaleToZero: async () => {
        this.done.push('scale to zero')
        this.podList = []
      },
      runPod: async (pod) => {
        this.done.push(`run ${pod.metadata?.name}`)
        const succeeded = this.copies !== 'fail'
        return { succeeded, words: [succeeded ? 'copied 2 files, 7 bytes' : 'No space left on device'] }
      },
      keepClaims: async () => {
        this.done.push('keep claims')
        this.retention = 'Retain'
        this.claimList = this.claimList.map((claim) => ({ ...claim, owned: false }))
      },
    }
  }
}

function fakeClock(): Clock {
  let now = 0
  return {
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      now += ms
    },
  }
}
