import type { Look } from './camera.ts'
import type { Signals } from './verdict.ts'

/** Seconds after an answered key until a machine that still stands still is asked again. */
const askAgainAnswered = 60
/** Seconds after an unanswered one. */
const askAgainUnanswered = 3
/** A guest is asked at most this often in a row: what did not answer twice is frozen, and is left in peace. */
const mostAsked = 2
/** A blinking text cursor alternates between two pictures for ever, also when the machine hangs: pictures seen lately are no news. */
const remembered = 4
/** Seconds after a reset in which the picture from before it still stands on the screen: the graphics card shows it until the guest sets a mode. */
const afterglow = 2

/**
 * What was seen of the guest, from which the verdict is judged. No I/O and no clock of its own: each call says when (milliseconds).
 * A picture is news when it is none of the last few.
 */
export class GuestRecord {
  /** QMP run state as last told; null before the first answer. */
  status: string | null = null
  look: Look | undefined
  /** Milliseconds; null when it did not happen. */
  firstPictureAt: number | null = null
  pictureChangedAt: number | null = null
  resets = 0
  pictureChanges = 0
  #startedAt: number
  #answeredAt: number
  #pictured = false
  #blankSince: number | undefined
  #aliveAt: number
  #askedAt = Number.NEGATIVE_INFINITY
  #unanswered = 0
  #recent: string[] = []
  #hashBeforeReset: string | undefined
  #diskOperations: number | undefined
  readonly #frozenAfter: number

  /** `frozenAfter`: seconds without any sign of life before the guest is asked. */
  constructor(now: number, frozenAfter: number) {
    this.#startedAt = now
    this.#answeredAt = now
    this.#aliveAt = now
    this.#frozenAfter = frozenAfter
  }

  /** True as long as the screen has shown a picture since the start or the last reset. */
  get pictured(): boolean {
    return this.#pictured
  }

  sawStatus(now: number, status: string): void {
    this.#answeredAt = now
    // A machine that was paused could not show life: its time to do so begins again.
    if (status !== this.status) this.#sawLife(now)
    this.status = status
  }

  sawScreen(now: number, look: Look): void {
    const left = look.hash === this.#hashBeforeReset && seconds(now, this.#startedAt) < afterglow
    this.look = look
    if (left) return
    this.#blankSince = look.blank === undefined ? undefined : (this.#blankSince ?? now)
    if (look.blank === undefined) {
      this.#pictured = true
      this.firstPictureAt ??= now
    }
    if (this.#recent.includes(look.hash)) return
    this.#recent = [look.hash, ...this.#recent].slice(0, remembered)
    this.pictureChangedAt = now
    this.pictureChanges += 1
    this.#sawLife(now)
  }

  /** `operations`: reads and writes since QEMU started. */
  sawDisk(now: number, operations: number): void {
    if (operations !== this.#diskOperations) this.#sawLife(now)
    this.#diskOperations = operations
  }

  sawReset(now: number): void {
    this.resets += 1
    this.#startedAt = now
    this.#hashBeforeReset = this.look?.hash
    this.#pictured = false
    this.#blankSince = undefined
    this.#recent = []
    this.#sawLife(now)
  }

  /** The outcome of a harmless key. */
  sawKey(now: number, answered: boolean): void {
    this.#askedAt = now
    this.#unanswered = answered ? 0 : this.#unanswered + 1
  }

  /** True when nothing but a key can tell whether the guest lives. */
  mustAsk(now: number): boolean {
    if (this.status !== 'running' || this.#unanswered >= mostAsked || seconds(now, this.#aliveAt) < this.#frozenAfter) return false
    return seconds(now, this.#askedAt) >= (this.#unanswered > 0 ? askAgainUnanswered : askAgainAnswered)
  }

  signals(now: number): Signals {
    const silent = seconds(now, this.#answeredAt)
    return {
      status: this.status,
      silent,
      age: seconds(now, this.#startedAt),
      pictured: this.#pictured,
      blank: this.look?.blank ?? null,
      blankFor: this.#blankSince === undefined ? 0 : seconds(now, this.#blankSince),
      unanswered: this.#unanswered,
      moving: seconds(now, this.#aliveAt) < this.#frozenAfter,
    }
  }

  #sawLife(now: number): void {
    this.#aliveAt = now
    this.#unanswered = 0
    this.#askedAt = Number.NEGATIVE_INFINITY
  }
}

const seconds = (now: number, then: number): number => (now - then) / 1000
