import { createHash, randomUUID } from 'node:crypto'
import * as vscode from 'vscode'
import type { Logger } from '../../base/logger.ts'
import type { EmulatorRef } from '../emulator-ref.ts'
import { fleetKey } from '../fleets.ts'

/** Pictures that are kept; the oldest go first. */
const most = 64

/** The last known picture of each screen, in a folder of the extension: there at once when a tab opens, long before the cluster has answered. */
export class LastPictures {
  readonly #folder: vscode.Uri
  readonly #log: Logger

  constructor(folder: vscode.Uri, log: Logger) {
    this.#folder = folder
    this.#log = log
  }

  /** The picture as PNG; undefined when there is none. */
  async read(ref: EmulatorRef): Promise<Uint8Array<ArrayBuffer> | undefined> {
    try {
      return new Uint8Array(await vscode.workspace.fs.readFile(this.#file(ref)))
    } catch {
      return undefined // Never seen; the stream brings one.
    }
  }

  /** Keeps a picture. That it cannot be kept hurts nobody now. */
  async write(ref: EmulatorRef, png: Uint8Array): Promise<void> {
    const whole = vscode.Uri.joinPath(this.#folder, `${randomUUID()}.tmp`)
    try {
      await vscode.workspace.fs.writeFile(whole, png)
      // Another window may read it, or write its own.
      await vscode.workspace.fs.rename(whole, this.#file(ref), { overwrite: true })
      await this.#prune()
    } catch (error) {
      this.#log.debug('A last picture could not be kept.', { emulator: ref.emulator, error: String(error) })
    }
  }

  #file({ fleet, emulator }: EmulatorRef): vscode.Uri {
    const name = createHash('sha256')
      .update(`${fleetKey(fleet)}/${emulator}`)
      .digest('hex')
      .slice(0, 32)
    return vscode.Uri.joinPath(this.#folder, `${name}.png`)
  }

  async #prune(): Promise<void> {
    const files = (await vscode.workspace.fs.readDirectory(this.#folder)).map(([name]) => vscode.Uri.joinPath(this.#folder, name))
    if (files.length <= most) return
    const dated = await Promise.all(files.map(async (file) => ({ file, at: (await vscode.workspace.fs.stat(file)).mtime })))
    const oldest = dated.toSorted((one, other) => one.at - other.at).slice(0, files.length - most)
    await Promise.all(oldest.map(({ file }) => vscode.workspace.fs.delete(file)))
  }
}
