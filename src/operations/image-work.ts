import { type BuiltImage, buildImage, findImage, type ImagePlan, planImage } from '../images/build.ts'
import type { DockerEngine } from '../images/engine.ts'
import type { NodeImageStore } from '../images/node-store.ts'
import type { ImagePart } from '../images/parts.ts'
import type { ImageListener } from '../images/progress.ts'
import { pruneImages } from '../images/prune.ts'
import { missingNames, type Transfer, transferImage } from '../images/transfer.ts'
import type { ImageWork } from './ports.ts'

/** Where the build of the emulators' image writes the checksum of the disk inside (containers/qemu-softgpu/Dockerfile). */
const baseSha256File = '/opt/builtin-images/win98.qcow2.builtin.sha256'

/** One part's image in a Docker engine and on a node. What goes into it is read once, so that every step of an operation speaks of the same content. */
export class EngineImageWork implements ImageWork {
  readonly #part: ImagePart
  readonly #docker: DockerEngine
  readonly #store: NodeImageStore
  #plan: Promise<ImagePlan> | undefined

  constructor(part: ImagePart, docker: DockerEngine, store: NodeImageStore) {
    this.#part = part
    this.#docker = docker
    this.#store = store
  }

  engineVersion(signal: AbortSignal): Promise<string> {
    return this.#docker.version(signal)
  }

  async ref(listener: ImageListener, signal: AbortSignal): Promise<string> {
    return (await this.#planned(listener, signal)).ref
  }

  async built(listener: ImageListener, signal: AbortSignal): Promise<BuiltImage | undefined> {
    return findImage(await this.#planned(listener, signal), this.#docker, signal)
  }

  async build(listener: ImageListener, signal: AbortSignal): Promise<BuiltImage> {
    return buildImage(await this.#planned(listener, signal), { docker: this.#docker, signal, ...listener })
  }

  async onNode(image: BuiltImage, signal: AbortSignal): Promise<boolean> {
    return missingNames(await this.#store.list(signal), image).length === 0
  }

  transfer(image: BuiltImage, listener: ImageListener, signal: AbortSignal): Promise<Transfer> {
    return transferImage({ image, docker: this.#docker, store: this.#store, signal, ...listener })
  }

  async baseSha256(image: BuiltImage, signal: AbortSignal): Promise<string | undefined> {
    const file = await this.#docker.readFile(image.id, baseSha256File, signal)
    return /^[0-9a-f]{64}/.exec(file?.toString('latin1') ?? '')?.[0]
  }

  async prune(image: BuiltImage, signal: AbortSignal): Promise<number> {
    const { removed } = await pruneImages({ part: this.#part, docker: this.#docker, store: this.#store, keep: new Set([image.id]), signal })
    return removed.length
  }

  #planned(listener: ImageListener, signal: AbortSignal): Promise<ImagePlan> {
    this.#plan ??= planImage({ part: this.#part, docker: this.#docker, signal, ...listener })
    return this.#plan
  }
}
