import type { V1Pod } from '@kubernetes/client-node'
import type { Clock } from '../base/clock.ts'
import type { Disposable } from '../base/disposable.ts'
import type { Helm } from '../chart/helm.ts'
import type { RenderedObject } from '../chart/manifest.ts'
import type { NodeFolders } from '../cluster/node-folders.ts'
import type { AgentHealth } from '../contracts/agent.ts'
import type { StatusDocument } from '../contracts/fleet.ts'
import type { Target } from '../contracts/operation.ts'
import type { BuiltImage } from '../images/build.ts'
import type { ImageListener } from '../images/progress.ts'
import type { Transfer } from '../images/transfer.ts'
import type { ClusterFacts as ValuesFacts } from '../values/types.ts'

/* What the three operations need of the world, no more: the real ones are made in compose.ts, tests hand in fakes. */

/** Names of an object, and whose it is. */
export interface ObjectFacts {
  apiVersion: string
  kind: string
  /** Name of its collection in the API, `statefulsets`. */
  resource: string
  name: string
  uid: string
  labels: Readonly<Record<string, string>>
  /** True when another object owns it and takes it along. */
  owned: boolean
  /** Why it stays though it was deleted; empty for objects that nobody deleted. */
  finalizers: readonly string[]
  deleted: boolean
}

export interface NamespaceFacts {
  uid: string
  /** We made it: it carries our mark. */
  ours: boolean
  terminating: boolean
  /** What keeps a terminating namespace, in the cluster's words. */
  remaining: readonly string[]
}

export interface PodFacts {
  name: string
  uid: string
  ordinal: number
  /** Reference in its spec. */
  image: string
  /** Id of the image that runs, as the node reports it; undefined until a container was made. */
  imageId: string | undefined
  /** Hash of the StatefulSet's revision it was made from. */
  revision: string | undefined
  ready: boolean
  terminating: boolean
}

export interface ClaimFacts {
  name: string
  uid: string
  /** As asked for: `10Gi`. */
  size: string
  /** Name of its volume; undefined while unbound. */
  volume: string | undefined
  /** The volume's reclaim policy is Delete: its data goes with the claim. */
  deletesData: boolean
  /** The StatefulSet owns it: it would go with the StatefulSet. */
  owned: boolean
  finalizers: readonly string[]
}

/** A volume that the chart made on a folder of a node. */
export interface OwnVolume {
  name: string
  uid: string
  /** The folder on the node. */
  folder: string
  /** The claim it is for. */
  claim: string
  /** It holds the disk of an emulator; else what all share. */
  disk: boolean
  /** Its claim is gone, and no other one can take it. */
  released: boolean
}

/** One fleet's namespace in a cluster, read and changed now. Methods throw coded errors of src/kube. */
export interface ClusterWork {
  proveTarget(target: Target): Promise<void>
  namespace(): Promise<NamespaceFacts | undefined>
  createNamespace(): Promise<void>
  deleteNamespace(uid: string): Promise<void>
  /** A namespace of ours for work on the node, which lets in pods with folders of it; and its end. One that is somebody else's is left as it is. */
  openNodeNamespace(name: string): Promise<void>
  closeNodeNamespace(name: string): Promise<void>
  /** Everything in the namespace that one would miss; undefined when not every kind may be listed. */
  contents(): Promise<ObjectFacts[] | undefined>
  /** Objects that carry the labels of the release, claims and pods aside. */
  releaseObjects(): Promise<ObjectFacts[]>
  deleteObject(object: ObjectFacts): Promise<void>
  /** What the rules about values may ask of the cluster. */
  facts(): Promise<ValuesFacts>
  /** Does any node offer this device? */
  offers(resource: string): Promise<boolean>
  /** Has the server check and default each object as it would be stored, admission included. @returns names of those that are missing or differ from it */
  drift(objects: readonly RenderedObject[]): Promise<string[]>
  /** Pods of the fleet, by ordinal. */
  pods(): Promise<PodFacts[]>
  /** Revision that new pods of the fleet are made from; undefined without a StatefulSet. */
  revision(): Promise<string | undefined>
  deletePod(pod: PodFacts): Promise<void>
  claims(): Promise<ClaimFacts[]>
  /** Names of these volumes that still exist. */
  volumes(names: readonly string[]): Promise<string[]>
  /** Volumes that the chart of this release made on folders of the node; none for an account that may not see volumes. */
  ownVolumes(): Promise<OwnVolume[]>
  /** Lets a claim of the same name take a released volume again; its data stays. */
  freeVolume(volume: OwnVolume): Promise<void>
  deleteVolume(volume: OwnVolume): Promise<void>
  deleteClaim(claim: ClaimFacts): Promise<void>
  /** Labels `kubernetes.io/hostname` of the nodes. */
  hostnames(): Promise<string[]>
  /** Makes or changes these objects as Helm would; those that are so already stay as they are. */
  apply(objects: readonly RenderedObject[]): Promise<void>
  /** Tells the StatefulSet to have no pods. One that is not there has none. */
  scaleToZero(): Promise<void>
  /** Runs a pod to its end and takes it away; one of that name that is left from before is taken away first. @throws LOCO-OPS-021 when time is up */
  runPod(pod: V1Pod, options: { timeout: number; signal: AbortSignal; clock: Clock }): Promise<{ succeeded: boolean; words: string[] }>
  /** Sees to it that claims outlive the StatefulSet, whatever the values said. */
  keepClaims(): Promise<void>
}

/** Keeps others from changing the namespace (lease.ts). */
export interface Hold {
  acquire(signal: AbortSignal): Promise<void>
  release(): Promise<void>
}

/** The fleet as it is seen. */
export interface FleetView extends Disposable {
  status(): StatusDocument
  /** Calls the listener whenever an emulator changed. */
  onChange(listener: () => void): Disposable
}

/** The image of the emulators: in the engine that builds, and on the node. Each method does only what is missing. */
export interface ImageWork {
  engineVersion(signal: AbortSignal): Promise<string>
  /** The name that the chart is to use; its tag is the hash of the content. Known without building. */
  ref(listener: ImageListener, signal: AbortSignal): Promise<string>
  built(listener: ImageListener, signal: AbortSignal): Promise<BuiltImage | undefined>
  build(listener: ImageListener, signal: AbortSignal): Promise<BuiltImage>
  /** True when every name leads to this image on the node. */
  onNode(image: BuiltImage, signal: AbortSignal): Promise<boolean>
  transfer(image: BuiltImage, listener: ImageListener, signal: AbortSignal): Promise<Transfer>
  /** Checksum of the disk inside the image, which is the base of its machines; undefined when the image does not tell it. */
  baseSha256(image: BuiltImage, signal: AbortSignal): Promise<string | undefined>
  /** Removes images of ours that nobody uses, except this one. @returns how many */
  prune(image: BuiltImage, signal: AbortSignal): Promise<number>
}

export type HelmWork = Pick<Helm, 'version' | 'lint' | 'render' | 'dryRun' | 'upgrade' | 'uninstall' | 'release' | 'heal'>

/** A cluster that answers, with what one works on it with. */
export interface Site {
  target: Target
  cluster: ClusterWork
  helm: HelmWork
  hold: Hold
  /** Undefined where images cannot be put on the nodes: they come from a registry. */
  images: ImageWork | undefined
  /** Folders of the node; undefined where they cannot be made from here. */
  folders: NodeFolders | undefined
  /** Begins to watch the fleet. */
  watch(): FleetView
  /** The picture that an emulator shows, as PNG. */
  screen(pod: string, signal: AbortSignal): Promise<Buffer>
  /** The disk of an emulator, as its agent tells it. */
  disk(pod: string, signal: AbortSignal): Promise<AgentHealth['disk']>
}

/** The cluster of an operation: it may have to be started first. */
export interface Place {
  /** As planned; the UID of a cluster that does not exist yet is null. */
  readonly target: Target
  /** Why this cluster was chosen, one sentence. */
  readonly why: string
  /** The site if the cluster answers now; undefined while it has yet to be started. */
  reach(signal: AbortSignal): Promise<Site | undefined>
  /** Starts the cluster. Only a sandbox can be started. */
  start(listener: ImageListener, signal: AbortSignal): Promise<Site>
}
