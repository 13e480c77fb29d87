import type { RenderedObject } from '../chart/manifest.ts'

type Values = Readonly<Record<string, unknown>>

/** The tag in an image reference without a digest. */
export const tagOf = (ref: string): string => ref.slice(ref.lastIndexOf(':') + 1)

/**
 * Values of a Bootstrap, in the order in which they are laid over each other: what is found out about the cluster, the person's files, the person's options.
 * A person who names another image or tag in a file means it.
 */
export function bootstrapValues(o: {
  /** Overlay of the chart for this kind of cluster, if there is one. */
  overlay: string | undefined
  /** Name of the image that was put on the node; undefined where a registry has it. */
  imageRef: string | undefined
  kvm: boolean
  files: readonly string[]
  storage: string | undefined
  replicas: number | undefined
}): (string | Values)[] {
  const found = { emulator: { kvm: { enabled: o.kvm }, ...(o.imageRef !== undefined && { tag: tagOf(o.imageRef) }) } }
  const asked = { ...(o.replicas !== undefined && { replicas: o.replicas }), ...(o.storage !== undefined && { storage: { strategy: o.storage } }) }
  return [...(o.overlay === undefined ? [] : [o.overlay]), found, ...o.files, ...(Object.keys(asked).length === 0 ? [] : [asked])]
}

/** What a Bootstrap had found out when it made a release: what the next one finds too, as long as neither image nor node is another. */
export function foundValues(installed: Values): Values {
  const { tag, kvm } = (installed['emulator'] ?? {}) as { tag?: unknown; kvm?: { enabled?: unknown } }
  return {
    emulator: {
      ...(tag !== undefined && { tag }),
      ...(kvm?.enabled !== undefined && { kvm: { enabled: kvm.enabled } }),
    },
  }
}

/** Values of a Rebuild: what the release was installed with, and the new tag. */
export function rebuildValues(installed: Values, imageRef: string): Values[] {
  return [installed, { emulator: { tag: tagOf(imageRef) } }]
}

/** How many emulators a set of rendered objects makes: the replicas of the StatefulSet of that name. */
export function replicasIn(objects: readonly RenderedObject[], statefulSet: string): number {
  const found = objects.find((object) => object.kind === 'StatefulSet' && object.metadata.name === statefulSet)
  const replicas = found?.spec?.['replicas']
  return typeof replicas === 'number' ? replicas : 0
}

/** Ordinals 0, 1, 2 … of so many emulators. */
export const ordinalsOf = (replicas: number): number[] => Array.from({ length: replicas }, (_, ordinal) => ordinal)
