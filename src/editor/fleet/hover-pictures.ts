import { createHash } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import type { Emulator } from '../../fleet/emulator.ts'
import { type FleetSession, fleetKey } from '../fleets.ts'
import { isShowable } from './png.ts'

/** Milliseconds after which a hover comes without a picture rather than later. */
const patience = 2_000

/** A picture on disk and when it was taken (ISO). */
export interface Picture {
  readonly file: string
  readonly at: string
}

/**
 * What emulators have on their screens, for hovers. As files, because Markdown of more than 100,000 characters is cut by VS Code, and a picture of a desktop
 * has more; one file for each emulator, under another name for each other picture, because a picture of the same name is not loaded again.
 */
export class HoverPictures implements Disposable {
  readonly #folder: string
  readonly #log: Logger
  readonly #files = new Map<string, string>()
  #made: Promise<void> | undefined

  constructor(options: { folder: string; log: Logger }) {
    this.#folder = options.folder
    this.#log = options.log
  }

  /** The picture of an emulator as it is now; undefined when there is none to be had soon. */
  async of(session: FleetSession, { id, pod }: Emulator, signal: AbortSignal): Promise<Picture | undefined> {
    if (pod === null || session.store.freshness.state !== 'live') return undefined
    try {
      const { AgentClient } = await import('../../fleet/agent-client.ts')
      const late = AbortSignal.any([signal, AbortSignal.timeout(patience)])
      const png = await new AgentClient(session.client, session.id.namespace, pod).screen(late)
      return isShowable(png) ? { file: await this.#keep(`${fleetKey(session.id)}/${id}`, png), at: new Date().toISOString() } : undefined
    } catch (error) {
      this.#log.debug('no picture for a hover', { emulator: id, error: error instanceof Error ? error.message : String(error) })
      return undefined
    }
  }

  dispose(): void {
    if (this.#made !== undefined) void rm(this.#folder, { recursive: true, force: true }).catch(() => {})
  }

  async #keep(emulator: string, png: Buffer): Promise<string> {
    // What an earlier window left is of no use to anybody.
    this.#made ??= rm(this.#folder, { recursive: true, force: true }).then(async () => void (await mkdir(this.#folder, { recursive: true })))
    await this.#made
    const name = createHash('sha256').update(emulator).update(png).digest('hex').slice(0, 24)
    const file = join(this.#folder, `${name}.png`)
    const before = this.#files.get(emulator)
    if (before === file) return file
    await writeFile(file, png, { mode: 0o600 })
    this.#files.set(emulator, file)
    if (before !== undefined) await rm(before, { force: true })
    return file
  }
}
