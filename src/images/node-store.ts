import type { Readable } from 'node:stream'

/** An image on a node. */
export interface NodeImage {
  /** `sha256:…` of its configuration: what a Docker engine calls the id of the image. */
  id: string
  /** Names with tags, as a person writes them. */
  refs: string[]
}

/**
 * The images of a node, as its container runtime keeps them. Each provider of `src/cluster` has its own.
 * Methods throw coded errors (LOCO-BLD-030 to -035), and the signal's reason when aborted.
 */
export interface NodeImageStore {
  /** Everything that is there. */
  list(signal?: AbortSignal): Promise<NodeImage[]>
  /** Id that a name leads to; undefined when the node has no such name. */
  id(reference: string, signal?: AbortSignal): Promise<string | undefined>
  /** Is there an image of that name or id? */
  has(referenceOrId: string, signal?: AbortSignal): Promise<boolean>
  /** Takes an archive as `docker save` writes it, with all names in it. Resolves when everything is unpacked and visible. */
  put(archive: Readable, signal?: AbortSignal): Promise<void>
  /** Gives an image (by name or id) more names; names that another image had move over. */
  tag(referenceOrId: string, references: readonly string[], signal?: AbortSignal): Promise<void>
  /** Takes names away, or with an id everything that names that image. Names that are not there are fine. */
  remove(referencesOrIds: readonly string[], signal?: AbortSignal): Promise<void>
  /** Ids of the images that containers on the node use now. */
  usage(signal?: AbortSignal): Promise<Set<string>>
}
