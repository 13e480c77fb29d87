import { type FSWatcher, watch } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Disposable } from '../base/disposable.ts'
import { Emitter, type Event } from '../base/emitter.ts'
import { kubeconfigFiles } from './kubeconfig-files.ts'

/** Tells when one of the kubeconfig files is written, replaced, made or removed. */
export class KubeconfigWatch implements Disposable {
  readonly #files: readonly string[]
  readonly #settle: number
  readonly #changes = new Emitter<void>()
  #watchers: FSWatcher[] = []
  #timer: NodeJS.Timeout | undefined
  #seen = ''
  #ended = false
  /** Resolves when changes are noticed from now on. */
  readonly ready: Promise<void>

  /** `settle`: milliseconds of rest after which a change counts (150), because tools write several files, or one in several pieces. */
  constructor(options: Parameters<typeof kubeconfigFiles>[0] & { settle?: number }) {
    this.#settle = options.settle ?? 150
    this.#files = kubeconfigFiles(options).map((file) => file.path)
    this.ready = this.#look(false)
  }

  get changes(): Event<void> {
    return this.#changes.event
  }

  dispose(): void {
    this.#ended = true
    clearTimeout(this.#timer)
    this.#changes.dispose()
    this.#unwatch()
  }

  /** Watches anew and compares: after a replacement the old watchers may look at what is no longer there. */
  async #look(tell: boolean): Promise<void> {
    const folders = new Set((await Promise.all(this.#files.map(foldersOf))).flat())
    if (this.#ended) return
    this.#unwatch()
    for (const folder of folders) this.#watch(folder)
    const before = this.#seen
    this.#seen = (await Promise.all(this.#files.map(fingerprint))).join('\n')
    if (tell && !this.#ended && this.#seen !== before) this.#changes.fire()
  }

  #watch(folder: string): void {
    try {
      // Folders, not files: an editor or kubectl replaces the file, and a watched file that is replaced is never heard of again.
      const watcher = watch(folder, { persistent: false }, () => this.#touched())
      watcher.on('error', () => this.#touched())
      this.#watchers.push(watcher)
    } catch {
      // The folder went away between looking and watching; its parent tells when it is back.
    }
  }

  #touched(): void {
    clearTimeout(this.#timer)
    if (!this.#ended) this.#timer = setTimeout(() => void this.#look(true), this.#settle)
  }

  #unwatch(): void {
    for (const watcher of this.#watchers.splice(0)) watcher.close()
  }
}

/** The folder of a file, and of what it links to; where that does not exist yet, the nearest one above that does. */
async function foldersOf(file: string): Promise<string[]> {
  const target = await realpath(file).catch(() => file)
  return Promise.all([...new Set([dirname(file), dirname(target)])].map(nearest))
}

async function nearest(folder: string): Promise<string> {
  const exists = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  )
  return exists || folder === dirname(folder) ? folder : nearest(dirname(folder))
}

async function fingerprint(file: string): Promise<string> {
  return stat(file).then(
    (found) => `${found.ino} ${found.size} ${found.mtimeMs}`,
    () => 'absent',
  )
}
