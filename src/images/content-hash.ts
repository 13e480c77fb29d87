import { createHash } from 'node:crypto'
import type { ContextFile } from './context.ts'

export interface HashInputs {
  files: readonly ContextFile[]
  buildArgs: Readonly<Record<string, string>>
  /** Reference in the Dockerfile → id of that image in the engine that builds. */
  baseImages: Readonly<Record<string, string>>
}

/**
 * SHA-256 (hex) over all that decides what an image becomes: files with paths, bytes and kinds, build arguments, and the ids of the base images.
 * Left out, because it changes no byte of the image: times, owners, the umask, the order of things, where the checkout lies, the version, proxies.
 * The ids of base images are in, so that a newer base gives a new image; they also carry the architecture. Two machines with the same base images agree.
 */
export function contentHash({ files, buildArgs, baseImages }: HashInputs): string {
  const hash = createHash('sha256')
  // Every field goes in with its length: no two lists of fields can run into the same bytes.
  const put = (field: string | Buffer): void => {
    const bytes = typeof field === 'string' ? Buffer.from(field) : field
    hash.update(`${bytes.length}:`).update(bytes)
  }
  put('loco-content-hash/1')
  for (const { path, kind, content } of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) for (const field of ['file', path, kind, content]) put(field)
  for (const [kind, map] of Object.entries({ argument: buildArgs, base: baseImages })) {
    for (const [name, value] of Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1))) for (const field of [kind, name, value]) put(field)
  }
  return hash.digest('hex')
}

/** The tag that names a content: `c-` and the first 12 digits of its hash. */
export function contentTag(hash: string): string {
  return `c-${hash.slice(0, 12)}`
}
