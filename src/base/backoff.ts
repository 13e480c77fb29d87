export interface BackoffOptions {
  /** Milliseconds before the first retry. */
  first: number
  /** Milliseconds that no delay exceeds. */
  cap: number
  /** 0 to 1, where in the jitter range the delay falls; default `Math.random`. */
  random?: () => number
}

/** Capped exponential back-off with jitter: each delay lies between half and all of `first × 2ⁿ`. `reset` after a success. */
export class Backoff {
  #tries = 0
  readonly #options: BackoffOptions

  constructor(options: BackoffOptions) {
    this.#options = options
  }

  /** Milliseconds to wait before the next try. */
  next(): number {
    const { first, cap, random = Math.random } = this.#options
    const full = Math.min(cap, first * 2 ** this.#tries)
    this.#tries += 1
    return full / 2 + (full / 2) * random()
  }

  reset(): void {
    this.#tries = 0
  }
}
