import type { RenderedObject } from '../chart/manifest.ts'

type Values = Readonly<Record<string, unknown>>

/** The tag in an image reference without a digest. */
export const tagOf = (ref: string): string => ref.slice(ref.lastIndexOf(':') + 1)

/**
 * Values of a Bootstrap, in the order in which they are laid over each other: what is found out about the cluster, the person's files, the person's options.
 * A person who names another image or tag in a file means it. Where the disks lie stays as it is until somebody says otherwise.
 */
export function bootstrapValues(o: {
  /** Overlay of the chart for this kind of cluster, if there is one. */
  overlay: string | undefined
  /** Name of the image that was put on the node; undefined where a registry has it. */
  imageRef: string | undefined
  kvm: boolean
  /** Who makes folders of the node: Bootstrap itself, or the hook of the chart in this namespace; undefined leaves it to the values. */
  folders: 'bootstrap' | { hookNamespace: string } | undefined
  /** Values with which the release is installed now; undefined when there is none. */
  installed: Values | undefined
  files: readonly string[]
  storage: string | undefined
  replicas: number | undefined
}): (string | Values)[] {
  const found = {
    emulator: { kvm: { enabled: o.kvm }, ...(o.imageRef !== undefined && { tag: tagOf(o.imageRef) }) },
    ...(o.folders !== undefined && { storage: { hostPath: o.folders === 'bootstrap' ? { createdBy: 'bootstrap' } : o.folders } }),
  }
  const asked = { ...(o.replicas !== undefined && { replicas: o.replicas }), ...(o.storage !== undefined && { storage: { strategy: o.storage } }) }
  const stays = storagePlace(o.installed)
  return [
    ...(o.overlay === undefined ? [] : [o.overlay]),
    found,
    ...(stays === undefined ? [] : [stays]),
    ...o.files,
    ...(Object.keys(asked).length === 0 ? [] : [asked]),
  ]
}

/** What a release says of the place of its disks: claims and volumes cannot change, so it is no default's to decide anew. */
function storagePlace(installed: Values | undefined): Values | undefined {
  const { strategy, persistentVolume, hostPath } = (installed?.['storage'] ?? {}) as Record<string, Values | string | undefined>
  const { sharedDirectory, node } = typeof hostPath === 'object' ? hostPath : {}
  const folder = { ...(sharedDirectory !== undefined && { sharedDirectory }), ...(node !== undefined && { node }) }
  const place = {
    ...(strategy !== undefined && { strategy }),
    ...(persistentVolume !== undefined && { persistentVolume }),
    ...(Object.keys(folder).length > 0 && { hostPath: folder }),
  }
  return Object.keys(place).length === 0 ? undefined : { storage: place }
}

/** The overlay of the chart in a folder that Bootstrap lays under the person's files on a kind of cluster; undefined where it lays none. */
export const overlayFor = (chart: string, kind: string): string | undefined => (kind === 'native' ? `${chart}/values-native.yaml` : undefined)

/** What a Bootstrap had found out when it made a release: what the next one finds too, as long as neither image nor node is another. */
export function foundValues(installed: Values): Values {
  const { tag, kvm } = mapAt(installed, 'emulator')
  const { createdBy, hookNamespace } = mapAt(mapAt(installed, 'storage'), 'hostPath')
  const given = (values: Values): Values => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
  return {
    emulator: given({ tag, kvm }),
    storage: { hostPath: given({ createdBy, hookNamespace }) },
  }
}

const mapAt = (values: Values, key: string): Values => (values[key] ?? {}) as Values

/** Values of a Rebuild: what the release was installed with, the new tag, and the choice about a changed base disk where one was made. */
export function rebuildValues(installed: Values, imageRef: string, env: Readonly<Record<string, string>> = {}): Values[] {
  return [installed, { emulator: { tag: tagOf(imageRef), ...(Object.keys(env).length > 0 && { env }) } }]
}

/** Namespaces of hooks that run outside the namespace of the release. */
export function hookNamespaces(objects: readonly RenderedObject[], namespace: string): string[] {
  const elsewhere = objects.flatMap(({ metadata }) =>
    metadata.annotations?.['helm.sh/hook'] !== undefined && metadata.namespace !== undefined && metadata.namespace !== namespace ? [metadata.namespace] : [],
  )
  return [...new Set(elsewhere)]
}

/** How many emulators a set of rendered objects makes: the replicas of the StatefulSet of that name. */
export function replicasIn(objects: readonly RenderedObject[], statefulSet: string): number {
  const found = objects.find((object) => object.kind === 'StatefulSet' && object.metadata.name === statefulSet)
  const replicas = found?.spec?.['replicas']
  return typeof replicas === 'number' ? replicas : 0
}

/** Ordinals 0, 1, 2 … of so many emulators. */
export const ordinalsOf = (replicas: number): number[] => Array.from({ length: replicas }, (_, ordinal) => ordinal)
