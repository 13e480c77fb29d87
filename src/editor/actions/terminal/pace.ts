import { setTimeout as sleep } from 'node:timers/promises'

/** Bytes that a terminal takes at once, and milliseconds of rest after them: about 8 MiB a second, which keeps the editor responsive. */
const burst = 256 * 1024
const rest = 30

/**
 * Holds a writer back. VS Code takes whatever an extension writes to a terminal and never says that it is too much: a container that prints without end
 * would fill the memory of the window.
 */
export class Pace {
  #spent = 0

  /** Counts what was written; resolves when more may be. */
  async spend(bytes: number): Promise<void> {
    this.#spent += bytes
    if (this.#spent < burst) return
    this.#spent = 0
    await sleep(rest)
  }
}
