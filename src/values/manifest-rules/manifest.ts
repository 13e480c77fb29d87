import type { V1Container, V1PersistentVolumeClaimSpec, V1PersistentVolumeSpec, V1PodSpec, V1Volume, V1VolumeMount } from '@kubernetes/client-node'
import { nameOf, type RenderedObject } from '../../chart/manifest.ts'
import { podSpecOf } from '../../chart/pod-security.ts'
import { labels } from '../../contracts/names.ts'

/** What a chart renders, sorted by what the rules ask of. */
export interface Manifest {
  /** Where it goes. */
  readonly release: string
  readonly namespace: string
  readonly objects: readonly RenderedObject[]
  readonly pods: readonly PodTemplate[]
  readonly claims: readonly Claim[]
  readonly volumes: readonly PersistentVolume[]
}

/** The pods that one object makes. */
export interface PodTemplate {
  /** `StatefulSet/loco-loco-emulator`. */
  readonly object: string
  readonly spec: V1PodSpec
  /** How many there are at once. */
  readonly replicas: number
  /** Names of the volumes that claim templates give. */
  readonly templates: readonly string[]
  /** True for a pod in which a machine runs. */
  readonly emulator: boolean
  /** Containers and init containers. */
  readonly containers: readonly V1Container[]
}

/** A claim, or the template of claims. */
export interface Claim {
  readonly object: string
  readonly name: string
  readonly spec: V1PersistentVolumeClaimSpec
  /** For a template: the name of its StatefulSet. */
  readonly set: string | undefined
}

export interface PersistentVolume {
  readonly object: string
  readonly name: string
  readonly spec: V1PersistentVolumeSpec
}

/** Sorts rendered objects. `release` and `namespace` are those that it was rendered for. */
export function readManifest(objects: readonly RenderedObject[], release: string, namespace: string): Manifest {
  return {
    release,
    namespace,
    objects,
    pods: objects.flatMap(podTemplate),
    claims: objects.flatMap(claimsOf),
    volumes: objects.flatMap((object) =>
      object.kind === 'PersistentVolume' ? [{ object: nameOf(object), name: object.metadata.name, spec: (object.spec ?? {}) as V1PersistentVolumeSpec }] : [],
    ),
  }
}

interface SetSpec {
  readonly replicas?: number
  readonly parallelism?: number
  readonly template?: { readonly metadata?: { readonly labels?: Record<string, string> } }
  readonly volumeClaimTemplates?: readonly { readonly metadata?: { readonly name?: string }; readonly spec?: V1PersistentVolumeClaimSpec }[]
}

function podTemplate(object: RenderedObject): PodTemplate[] {
  const spec = podSpecOf(object)
  if (spec === undefined) return []
  const set = (object.spec ?? {}) as SetSpec
  const own = object.kind === 'Pod' ? object.metadata.labels : set.template?.metadata?.labels
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])]
  return [
    {
      object: nameOf(object),
      spec,
      replicas: object.kind === 'Pod' ? 1 : (set.replicas ?? set.parallelism ?? 1),
      templates: (set.volumeClaimTemplates ?? []).flatMap(({ metadata }) => metadata?.name ?? []),
      emulator: own?.[labels.component] === 'emulator',
      containers,
    },
  ]
}

function claimsOf(object: RenderedObject): Claim[] {
  const { name } = object.metadata
  if (object.kind === 'PersistentVolumeClaim')
    return [{ object: nameOf(object), name, spec: (object.spec ?? {}) as V1PersistentVolumeClaimSpec, set: undefined }]
  return (((object.spec ?? {}) as SetSpec).volumeClaimTemplates ?? []).map(({ metadata, spec }) => ({
    object: nameOf(object),
    name: metadata?.name ?? '',
    spec: spec ?? {},
    set: name,
  }))
}

/** A mount of a pod with its container and volume; a volume of a claim template has none. */
export interface Mounted {
  readonly container: V1Container
  readonly mount: V1VolumeMount
  readonly volume: V1Volume | undefined
}

export function mountsOf(pod: PodTemplate): Mounted[] {
  return pod.containers.flatMap((container) =>
    (container.volumeMounts ?? []).map((mount) => ({ container, mount, volume: pod.spec.volumes?.find(({ name }) => name === mount.name) })),
  )
}

/** True when nothing can be written through a mount. */
export const isReadOnly = ({ mount, volume }: Mounted): boolean => mount.readOnly === true || volume?.persistentVolumeClaim?.readOnly === true

/** True when a container does not run as root. */
export function isNonRoot({ spec }: PodTemplate, container: V1Container): boolean {
  const user = container.securityContext?.runAsUser ?? spec.securityContext?.runAsUser
  return user === undefined ? (container.securityContext?.runAsNonRoot ?? spec.securityContext?.runAsNonRoot) === true : user !== 0
}

/** The text of an environment variable. */
export const envOf = (container: V1Container, name: string): string | undefined => container.env?.find((one) => one.name === name)?.value
