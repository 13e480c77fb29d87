import { access, constants } from 'node:fs/promises'
import type { Disposable } from '../../base/disposable.ts'
import { Emitter, type Event } from '../../base/emitter.ts'
import { asLocoError, type LocoError } from '../../base/error.ts'
import type { Kubeconfig } from '../../kube/kubeconfig.ts'
import { KubeconfigWatch } from '../../kube/kubeconfig-watch.ts'

export interface KubeconfigSourceOptions {
  env: NodeJS.ProcessEnv
  /** Files to read after those of the person. */
  extraFiles: readonly string[]
  /** The kubeconfig of a sandbox on this machine, which is passed over where this user may not read it. */
  sandboxFile?: string
}

/** The kubeconfig files as they are now. They are watched and never written. */
export class KubeconfigSource implements Disposable {
  readonly #options: KubeconfigSourceOptions
  readonly #changes = new Emitter<void>()
  readonly #watch: KubeconfigWatch
  #current: Kubeconfig | undefined
  #error: LocoError | undefined
  #reading: Promise<void> | undefined
  #again = false
  #ended = false

  constructor(options: KubeconfigSourceOptions) {
    this.#options = options
    const { env, extraFiles, sandboxFile } = options
    this.#watch = new KubeconfigWatch({ env, extraFiles: [...extraFiles, ...(sandboxFile === undefined ? [] : [sandboxFile])] })
    this.#watch.changes(() => void this.read())
  }

  /** Fires after the files were read again. */
  get changes(): Event<void> {
    return this.#changes.event
  }

  /** What was read last and could be used; kept while the files are broken. */
  get current(): Kubeconfig | undefined {
    return this.#current
  }

  /** Why nothing can be used at the moment (LOCO-KUB-001 to -003). */
  get error(): LocoError | undefined {
    return this.#error
  }

  /** Reads the files; resolves when they have been read as they are now. */
  read(): Promise<void> {
    this.#again = true
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  dispose(): void {
    this.#ended = true
    this.#changes.dispose()
    this.#watch.dispose()
  }

  async #readAll(): Promise<void> {
    await this.#watch.ready
    while (this.#again && !this.#ended) {
      this.#again = false
      await this.#readOnce()
      if (!this.#ended) this.#changes.fire()
    }
  }

  async #readOnce(): Promise<void> {
    const { env, extraFiles, sandboxFile } = this.#options
    const { loadKubeconfig } = await import('../../kube/kubeconfig.ts')
    const readable = sandboxFile !== undefined && (await mayRead(sandboxFile))
    try {
      this.#current = await loadKubeconfig({ env, extraFiles: readable ? [...extraFiles, sandboxFile] : extraFiles })
      this.#error = undefined
    } catch (error) {
      this.#error = asLocoError(error)
      // A file that is gone is a decision; one that is broken may be half written, and what stands goes on standing.
      if (this.#error.code === 'LOCO-KUB-001') this.#current = undefined
    }
  }
}

async function mayRead(file: string): Promise<boolean> {
  return access(file, constants.R_OK).then(
    () => true,
    () => false,
  )
}
