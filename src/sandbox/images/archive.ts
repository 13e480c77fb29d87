import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { pack } from 'tar-stream'
import type { Arch } from '../binaries/catalogue.ts'

/** An uncompressed tar file with the content of one image layer. */
export interface Layer {
  path: string
  sha256: string
}

export interface ImageSpec {
  /** Reference with tag. */
  tag: string
  arch: Arch
  layers: readonly Layer[]
  /** The `config` of the image: Cmd, Entrypoint, Env, User … */
  config: Readonly<Record<string, unknown>>
}

export async function layerOf(path: string): Promise<Layer> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return { path, sha256: hash.digest('hex') }
}

/** The two documents of an image archive (docker save, format 1.2), which Docker and containerd both read. */
export function imageDocuments({ tag, arch, layers, config }: ImageSpec): { manifest: unknown; image: unknown } {
  const image = {
    architecture: arch,
    os: 'linux',
    // Fixed, so that the same content is the same image.
    created: '1970-01-01T00:00:00Z',
    config,
    rootfs: { type: 'layers', diff_ids: layers.map(({ sha256 }) => `sha256:${sha256}`) },
  }
  return { manifest: [{ Config: 'config.json', RepoTags: [tag], Layers: layers.map((_, index) => `layer-${index}.tar`) }], image }
}

/** Writes an image archive. */
export async function writeImage(spec: ImageSpec, path: string): Promise<void> {
  const { manifest, image } = imageDocuments(spec)
  const archive = pack()
  const written = pipeline(archive, createWriteStream(path))
  for (const [index, layer] of spec.layers.entries()) {
    const entry = archive.entry({ name: `layer-${index}.tar`, size: (await stat(layer.path)).size })
    await pipeline(createReadStream(layer.path), entry)
  }
  archive.entry({ name: 'config.json' }, JSON.stringify(image))
  archive.entry({ name: 'manifest.json' }, JSON.stringify(manifest))
  archive.finalize()
  await written
}
