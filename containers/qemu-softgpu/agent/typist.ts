import { type Clock, systemClock } from '../../../src/base/clock.ts'
import { type Chord, chordEvents } from './keyboard.ts'
import type { Qmp } from './qmp.ts'

/** Milliseconds a key is held, and between two keys: the keyboard controller holds 16 bytes, and a BIOS under emulation takes its time. */
const pace = { held: 15, between: 15 }

/** Types for one person at a time: what comes meanwhile waits, so that two texts never mix. */
export class Typist {
  readonly #qmp: Qmp
  readonly #clock: Clock
  #queue: Promise<unknown> = Promise.resolve()

  constructor(qmp: Qmp, clock: Clock = systemClock) {
    this.#qmp = qmp
    this.#clock = clock
  }

  /** Types the chords and resolves when the last key is up. Aborted, it stops between two chords, with no key held. @throws LOCO-AGT-015. */
  type(chords: readonly Chord[], signal?: AbortSignal): Promise<void> {
    const work = this.#queue.then(() => this.#type(chords, signal))
    this.#queue = work.catch(() => {})
    return work
  }

  async #type(chords: readonly Chord[], signal?: AbortSignal): Promise<void> {
    for (const chord of chords) {
      signal?.throwIfAborted()
      const { down, up } = chordEvents(chord)
      await this.#qmp.execute('input-send-event', { events: down })
      await this.#clock.sleep(pace.held)
      await this.#qmp.execute('input-send-event', { events: up })
      await this.#clock.sleep(pace.between)
    }
  }
}
