import type { Disposable } from '../../../base/disposable.ts'
import { Emitter, type Event } from '../../../base/emitter.ts'

/** What the last run gave; `running` while a newer one is under way. */
export interface LiveState<T> {
  readonly value: T | undefined
  readonly error: unknown
  readonly running: boolean
}

/**
 * A result that follows its input: asked anew when the input rests, with the run before it cancelled. Readers keep the last good value, and learn of an error
 * beside it.
 */
export class Live<T> implements Disposable {
  readonly #run: (signal: AbortSignal) => Promise<T>
  readonly #pause: number
  readonly #changes = new Emitter<void>()
  #state: LiveState<T> = { value: undefined, error: undefined, running: false }
  #timer: NodeJS.Timeout | undefined
  #running: AbortController | undefined
  readonly #waiting: (() => void)[] = []

  /** `pause`: milliseconds that the input has to rest. */
  constructor(run: (signal: AbortSignal) => Promise<T>, pause: number) {
    this.#run = run
    this.#pause = pause
  }

  /** Fires when the state is another one. */
  get changes(): Event<void> {
    return this.#changes.event
  }

  get state(): LiveState<T> {
    return this.#state
  }

  /** The input changed. */
  touch(): void {
    this.#running?.abort()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.now(), this.#pause)
  }

  /** Runs at once, without the pause. Resolves when this run, or those that take its place, are done. */
  now(): Promise<LiveState<T>> {
    clearTimeout(this.#timer)
    this.#running?.abort()
    const stop = new AbortController()
    this.#running = stop
    this.#become({ ...this.#state, running: true })
    void this.#once(stop)
    return new Promise((resolve) => this.#waiting.push(() => resolve(this.#state)))
  }

  dispose(): void {
    clearTimeout(this.#timer)
    this.#running?.abort()
    this.#changes.dispose()
    this.#wake()
  }

  async #once(stop: AbortController): Promise<void> {
    try {
      const value = await this.#run(stop.signal)
      if (!stop.signal.aborted) this.#become({ value, error: undefined, running: false })
    } catch (error) {
      if (!stop.signal.aborted) this.#become({ value: this.#state.value, error, running: false })
    }
  }

  #become(state: LiveState<T>): void {
    this.#state = state
    this.#changes.fire()
    if (!state.running) this.#wake()
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
