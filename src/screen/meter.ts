/** What a viewer gets, measured over the last seconds. */
export interface Measured {
  /** Updates of the picture a second. */
  fps: number
  /** KB a second from the server. */
  kbps: number
  /** Milliseconds from a request until its answer is drawn, without the time that the guest takes; null when not measured lately. */
  delayMs: number | null
}

const step = 250
const steps = 12
/** Milliseconds after which a measured time says nothing of now. */
const stale = 15_000

/** Counts over a window of three seconds that moves in steps. */
class Counter {
  readonly #buckets = new Array<number>(steps).fill(0)
  #at = 0

  add(now: number, count: number): void {
    this.#move(now)
    this.#buckets[this.#at % steps] = (this.#buckets[this.#at % steps] ?? 0) + count
  }

  /** A second, over the steps that are complete; `since` is when counting began. */
  rate(now: number, since: number): number {
    this.#move(now)
    const current = this.#buckets[this.#at % steps] ?? 0
    const total = this.#buckets.reduce((sum, count) => sum + count, 0) - current
    const complete = Math.min((steps - 1) * step, Math.max(step, this.#at * step - since))
    return (total * 1000) / complete
  }

  #move(now: number): void {
    const at = Math.floor(now / step)
    // After a long pause every bucket is old; a clock that was set back starts the window anew.
    if (at - this.#at >= steps || at < this.#at) this.#buckets.fill(0)
    else for (let n = this.#at + 1; n <= at; n++) this.#buckets[n % steps] = 0
    this.#at = at
  }
}

/** Measures one connection. */
export class Meter {
  readonly #since: number
  readonly #frames = new Counter()
  readonly #bytes = new Counter()
  #wayAndBack: { ms: number; at: number } | undefined
  #drawing: { ms: number; at: number } | undefined

  constructor(now: number) {
    this.#since = now
  }

  received(now: number, bytes: number): void {
    this.#bytes.add(now, bytes)
  }

  frame(now: number): void {
    this.#frames.add(now, 1)
  }

  /** The server answered what it must answer at once. */
  answered(now: number, ms: number): void {
    this.#wayAndBack = { ms, at: now }
  }

  /** The viewer has drawn, so long after the bytes were handed to it. */
  drawn(now: number, ms: number): void {
    const before = this.#drawing === undefined || now - this.#drawing.at > stale ? ms : this.#drawing.ms
    this.#drawing = { ms: before + (ms - before) / 8, at: now }
  }

  read(now: number): Measured {
    const fresh = [this.#wayAndBack, this.#drawing].filter((one) => one !== undefined && now - one.at <= stale)
    const delayMs = this.#wayAndBack === undefined || !fresh.includes(this.#wayAndBack) ? null : fresh.reduce((sum, one) => sum + (one?.ms ?? 0), 0)
    return { fps: this.#frames.rate(now, this.#since), kbps: this.#bytes.rate(now, this.#since) / 1000, delayMs }
  }
}
