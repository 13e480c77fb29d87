import { labels, partOf } from '../../contracts/names.ts'

/** A fleet in one cluster. */
export interface FoundFleet {
  readonly namespace: string
  readonly release: string
}

/** The least that tells of a fleet: a StatefulSet or a pod of its emulators. */
export interface Labelled {
  metadata?: { name?: string; namespace?: string; uid?: string; resourceVersion?: string; labels?: Record<string, string> }
}

/** Selector for the emulators of all releases. */
export const anyEmulator = `${labels.component}=emulator,${labels.partOf}=${partOf}`

/** The fleets that these objects belong to, each once, by namespace and release. */
export function fleetsOf(objects: Iterable<Labelled>): FoundFleet[] {
  const found = new Map<string, FoundFleet>()
  for (const { metadata } of objects) {
    const { namespace } = metadata ?? {}
    const release = metadata?.labels?.[labels.instance]
    if (namespace !== undefined && release !== undefined) found.set(`${namespace}/${release}`, { namespace, release })
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, fleet]) => fleet)
}
