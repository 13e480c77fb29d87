import { imageLabels } from './build.ts'
import type { DockerEngine } from './engine.ts'
import type { NodeImageStore } from './node-store.ts'
import type { ImagePart } from './parts.ts'

export interface PruneOptions {
  part: ImagePart
  docker: Pick<DockerEngine, 'labelled' | 'remove'>
  store: NodeImageStore
  /** Ids that stay: the current image, and those that pods of the cluster name. */
  keep: ReadonlySet<string>
  signal?: AbortSignal
}

/** Ids that were removed, and ids that were to go but are in use. */
export interface Pruned {
  removed: string[]
  inUse: string[]
}

/**
 * Removes images of a part from the engine and from the node, except those to keep and those that containers use.
 * Only what is ours goes: in the engine by our label, on the node by our repository names or by the id of what was ours in the engine.
 */
export async function pruneImages({ part, docker, store, keep, signal }: PruneOptions): Promise<Pruned> {
  const inEngine = await docker.labelled({ [imageLabels.part]: part.name }, signal)
  const onNode = await store.list(signal)
  const used = await store.usage(signal)
  const ours = new Set([...inEngine.map(({ id }) => id), ...onNode.filter(({ refs }) => refs.some((ref) => isOurs(ref, part))).map(({ id }) => id)])
  const going = [...ours].filter((id) => !keep.has(id))
  const inUse = new Set(going.filter((id) => used.has(id)))
  const free = going.filter((id) => !inUse.has(id))

  const there = new Set(onNode.map(({ id }) => id))
  await store.remove(
    free.filter((id) => there.has(id)),
    signal,
  )
  for (const image of inEngine.filter(({ id }) => free.includes(id))) {
    // By name first: an image with several names does not go by its id.
    for (const name of image.refs.length === 0 ? [image.id] : image.refs) if (!(await docker.remove(name, signal))) inUse.add(image.id)
  }
  return { removed: free.filter((id) => !inUse.has(id)), inUse: [...inUse] }
}

function isOurs(reference: string, part: ImagePart): boolean {
  return part.repositories.includes(reference.replace(/:[^:/]+$/, ''))
}
