import type { Pacing, ScreenPace } from './pacing.ts'

/** What to send to the server now: ask for all of the picture, for what changed, wake its look at the screen, or ask something that it must answer. */
export type Wish = 'whole' | 'ask' | 'wake' | 'probe'

/** Milliseconds, measured with QEMU 7.2 and a guest of 30 frames a second (test/bench/screen). */
const times = {
  /** Between two asks at full speed: two for each look of QEMU at its screen, so that one is always there, whatever the distance. */
  ask: 15,
  /** From what woke QEMU last to the next wake while something moves. */
  wake: 20,
  /** The same while nothing moves, and how long after the last movement that begins. */
  idleWake: 100,
  idleAfter: 1000,
  /** Between two probes, with and without the focus. */
  probe: 2000,
  visibleProbe: 5000,
  /** A probe without an answer for so long, and nothing else heard either: the way to the server is dead. */
  stalled: 10_000,
} as const

/** From this rate on QEMU's own look at the screen is what limits: then it is asked ahead. */
const fullRate = 30
/** Asks that may be ahead of the picture; enough for 120 ms of distance. */
const mostAhead = 8
/** Updates that may wait to be drawn. A page that is slower than the machine would show the answer to a key after all of them. */
const mostUndrawn = 3

/**
 * Decides when to ask a server for more, from what it was told. No I/O and no timer: `due` says what to send now, `next` when to look again.
 *
 * QEMU remembers that it was asked, not how often, and forgets it when an update begins. So what counts is the asks since the last update began:
 * at full speed there are always some ahead, which hides the distance; while nothing changes they stop by themselves.
 */
export class Pump {
  /** Only who drives keeps the server awake (see `wake` in rfb/messages.ts); for a first picture everybody wakes it once. */
  driver = false
  /** The server knows the message that wakes. */
  canWake = false
  /** What came and is not drawn yet: bytes, and updates. */
  behind = { bytes: 0, updates: 0 }
  pacing: Pacing
  #pace: ScreenPace = 'visible'
  #whole = false
  #begun = false
  /** Asks since the last update began. */
  #ahead = 0
  #askedAt = Number.NEGATIVE_INFINITY
  /** When the server's look at the screen was last known to be quick: an update, a wake, a key. */
  #awakeAt = Number.NEGATIVE_INFINITY
  #movedAt = Number.NEGATIVE_INFINITY
  #probedAt = Number.NEGATIVE_INFINITY
  #probeOpen = false
  #heardAt = Number.NEGATIVE_INFINITY
  /** Bytes of an update, smoothed. */
  #usual = 0

  constructor(pacing: Pacing) {
    this.pacing = pacing
  }

  get pace(): ScreenPace {
    return this.#pace
  }

  setPace(pace: ScreenPace): void {
    this.#pace = pace
    // What was asked of the server before may be answered late, when somebody looks again.
    if (pace === 'hidden') this.#probeOpen = false
  }

  /** The viewer is ready for a picture and has none. Nothing is sent before. */
  begin(): void {
    this.#begun = true
    this.#whole = true
  }

  /** The viewer may have missed something: all of the picture is wanted again. */
  wantWhole(): void {
    this.#whole = true
  }

  /** A key or the pointer went to the server, which wakes it. */
  input(now: number): void {
    this.#awakeAt = now
    this.#movedAt = now
  }

  /** Bytes came from the server. */
  heard(now: number): void {
    this.#heardAt = now
  }

  /** An update begins: what was asked is used up. */
  updating(now: number): void {
    this.#ahead = 0
    this.#awakeAt = now
  }

  /** An update of so many bytes is complete; `moved` when it showed something new. */
  updated(now: number, bytes: number, moved: boolean): void {
    if (!moved) return
    this.#movedAt = now
    this.#usual += (bytes - this.#usual) / 4
  }

  /** The server answered what it must answer. Returns the milliseconds that took, the first time. */
  answered(now: number): number | undefined {
    if (!this.#probeOpen) return undefined
    this.#probeOpen = false
    return Math.max(0, now - this.#probedAt)
  }

  /** True when the server must have answered by now and has said nothing at all. */
  stalled(now: number): boolean {
    return this.#probeOpen && now >= this.#stalledAt()
  }

  /** What to send now; counted as sent. */
  due(now: number): Wish[] {
    if (!this.#active) return []
    if (this.#whole) {
      this.#whole = false
      this.#asked(now)
      this.#probed(now)
      this.#awakeAt = now
      return this.canWake ? ['whole', 'wake'] : ['whole']
    }
    const wishes: Wish[] = []
    if (this.#askAt() <= now) {
      this.#asked(now)
      wishes.push('ask')
    }
    if (this.#wakeAt() <= now) {
      this.#awakeAt = now
      wishes.push('wake')
    }
    if (this.#probeAt() <= now) {
      this.#probed(now)
      wishes.push('probe')
    }
    return wishes
  }

  /** When `due` may have something, if nothing happens before; infinite when never. */
  next(): number {
    if (!this.#active) return Number.POSITIVE_INFINITY
    if (this.#whole) return 0
    return Math.min(this.#askAt(), this.#wakeAt(), this.#probeOpen ? this.#stalledAt() : this.#probeAt())
  }

  get #active(): boolean {
    return this.#begun && this.#pace !== 'hidden'
  }

  get #rate(): number {
    return this.#pace === 'focused' ? this.pacing.focusedRate : this.pacing.visibleRate
  }

  #askAt(): number {
    const { bytes, updates } = this.behind
    if (bytes > this.pacing.byteBudget || updates >= mostUndrawn || this.#ahead >= this.#allowedAhead()) return Number.POSITIVE_INFINITY
    return this.#askedAt + (this.#rate < fullRate ? 1000 / this.#rate : times.ask)
  }

  /** Heavy pictures get few asks ahead: each may become an update that is in the way of the answer to the next key. */
  #allowedAhead(): number {
    return Math.max(1, Math.min(mostAhead, Math.floor(this.pacing.byteBudget / Math.max(1, this.#usual))))
  }

  #wakeAt(): number {
    if (!this.driver || !this.canWake) return Number.POSITIVE_INFINITY
    if (this.#pace === 'visible') return this.#awakeAt + 1000 / this.#rate
    const moves = this.#awakeAt - this.#movedAt < times.idleAfter
    return this.#awakeAt + (moves ? times.wake : times.idleWake)
  }

  #probeAt(): number {
    if (this.#probeOpen) return Number.POSITIVE_INFINITY
    return this.#probedAt + (this.#pace === 'focused' ? times.probe : times.visibleProbe)
  }

  #stalledAt(): number {
    return Math.max(this.#probedAt, this.#heardAt) + times.stalled
  }

  #asked(now: number): void {
    this.#ahead += 1
    this.#askedAt = now
  }

  #probed(now: number): void {
    this.#probedAt = now
    this.#probeOpen = true
  }
}
