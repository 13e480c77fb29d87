import type { Clock } from '../base/clock.ts'
import type { Disposable } from '../base/disposable.ts'

/** Rings once, at the earliest of the times it was set to since it last rang. */
export class Alarm implements Disposable {
  readonly #clock: Clock
  readonly #ring: () => void
  #set: { at: number; stop: AbortController } | undefined

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock
    this.#ring = ring
  }

  /** Milliseconds since the epoch; infinite = not at all. */
  setNoLaterThan(at: number): void {
    if (at === Number.POSITIVE_INFINITY || (this.#set !== undefined && this.#set.at <= at)) return
    this.#set?.stop.abort()
    const set = { at, stop: new AbortController() }
    this.#set = set
    this.#clock.sleep(Math.max(1, at - this.#clock.now()), set.stop.signal).then(
      () => {
        this.#set = undefined
        this.#ring()
      },
      () => {},
    )
  }

  dispose(): void {
    this.#set?.stop.abort()
    this.#set = undefined
  }
}
