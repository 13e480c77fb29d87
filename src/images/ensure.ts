import { buildImage, type ImageOptions, planImage } from './build.ts'
import type { NodeImageStore } from './node-store.ts'
import type { ImageListener } from './progress.ts'
import { transferImage } from './transfer.ts'

export interface EnsuredImage {
  id: string
  hash: string
  /** The main name with the content tag; what the chart deploys. */
  ref: string
  /** False when the engine had it already. */
  built: boolean
  /** Bytes that went to the node; 0 when it had the image. */
  transferredBytes: number
  seconds: number
}

/** Build and transfer in one go, each only as far as needed; unchanged content costs neither. @throws what planImage, buildImage and transferImage throw */
export async function ensureImage(options: ImageOptions & ImageListener & { store: NodeImageStore }): Promise<EnsuredImage> {
  const start = performance.now()
  const plan = await planImage(options)
  const image = await buildImage(plan, options)
  const { bytes } = await transferImage({ ...options, image })
  return { id: image.id, hash: image.hash, ref: image.ref, built: image.built, transferredBytes: bytes, seconds: (performance.now() - start) / 1000 }
}
