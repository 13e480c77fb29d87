import { Transform } from 'node:stream'
import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import type { BuiltImage } from './build.ts'
import type { DockerEngine } from './engine.ts'
import type { NodeImage, NodeImageStore } from './node-store.ts'
import type { ImageListener, ImageProgress } from './progress.ts'

export interface TransferOptions extends ImageListener {
  image: Pick<BuiltImage, 'id' | 'refs' | 'bytes'>
  docker: Pick<DockerEngine, 'save'>
  store: NodeImageStore
  signal?: AbortSignal
}

export interface Transfer {
  /** `present`: nothing to do. `named`: the node had the image and got names. `sent`: one archive went over. */
  how: 'present' | 'named' | 'sent'
  /** Bytes of the archive that went over. */
  bytes: number
  seconds: number
}

/** Names of `refs` that do not lead to `id` on the node. Pure. */
export function missingNames(images: readonly NodeImage[], { id, refs }: { id: string; refs: readonly string[] }): string[] {
  const there = new Set(images.filter((image) => image.id === id).flatMap((image) => image.refs))
  return refs.filter((ref) => !there.has(ref))
}

/**
 * Sees to it that every name leads to this image on the node, with the least that does it: nothing, names, or one archive of all names, each layer once.
 * Then looks again: the id on the node is the id that was built, or it is an error.
 * @throws LOCO-BLD-030 to -035; the signal's reason when aborted (the node then has the image whole or not at all)
 */
export async function transferImage(options: TransferOptions): Promise<Transfer> {
  const { image, store, signal, progress } = options
  const start = performance.now()
  const seconds = (): number => (performance.now() - start) / 1000
  const images = await store.list(signal)
  const missing = missingNames(images, image)
  if (missing.length === 0) return { how: 'present', bytes: 0, seconds: seconds() }
  if (images.some(({ id }) => id === image.id)) {
    progress?.({ sentence: t`Naming the image on the node, which has it already (names: ${missing.length})` })
    await store.tag(image.id, missing, signal)
    await prove(options)
    return { how: 'named', bytes: 0, seconds: seconds() }
  }
  const bytes = await send(options)
  await prove(options)
  return { how: 'sent', bytes, seconds: seconds() }
}

/** Milliseconds between two words of progress, and before an estimate is worth telling. */
const pace = 1000
const warmUp = 2000

async function send({ image, docker, store, signal, progress }: TransferOptions): Promise<number> {
  progress?.({ sentence: t('Reading the image from the Docker engine') })
  const archive = await openArchive(docker, image.refs, signal)
  const start = performance.now()
  let bytes = 0
  let told = start
  const counter = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length
      const now = performance.now()
      if (now - told > pace) {
        told = now
        progress?.(sending(bytes, image.bytes, now - start))
      }
      done(null, chunk)
    },
    flush(done) {
      progress?.({ sentence: t('Unpacking the image on the node') })
      done()
    },
  })
  archive.once('error', (error) => counter.destroy(error))
  archive.pipe(counter)
  try {
    await store.put(counter, signal)
    return bytes
  } finally {
    archive.destroy()
    counter.destroy()
  }
}

/** The archive holds the layers as they are, so the size of the image is about its length. */
function sending(bytes: number, imageBytes: number, elapsed: number): ImageProgress {
  const total = Math.max(imageBytes, bytes)
  const left = Math.ceil(((total - bytes) / bytes) * (elapsed / 1000))
  return { sentence: t('Sending the image to the node'), done: bytes, total, ...(elapsed > warmUp && { left }) }
}

async function openArchive(docker: TransferOptions['docker'], refs: readonly string[], signal: AbortSignal | undefined): ReturnType<DockerEngine['save']> {
  try {
    return await docker.save(refs, signal)
  } catch (error) {
    if (error instanceof LocoError && error.evidence.some((words) => /no such image|does not exist/i.test(words))) {
      throw new LocoError('LOCO-BLD-034', {
        what: t`The image ${refs[0] ?? ''} is not in the Docker engine any more.`,
        fix: [t('Run the command again: it builds what is missing.')],
        evidence: error.evidence,
        cause: error,
      })
    }
    throw error
  }
}

/** Loading is believed only after looking: runtimes are known to keep the old image under the same name and say nothing. */
async function prove({ image, store, signal }: TransferOptions): Promise<void> {
  const images = await store.list(signal)
  const [wrong] = missingNames(images, image)
  if (wrong === undefined) return
  const other = images.find(({ refs }) => refs.includes(wrong))
  throw new LocoError('LOCO-BLD-032', {
    what: t`On the node ${wrong} is not the image that was built.`,
    why: other === undefined ? t('The node has nothing of that name.') : t`The name leads to ${other.id} there, and ${image.id} was built.`,
    fix: [t('Run the command again.')],
  })
}
