/** Milliseconds for which the failure of a login program is the answer to who asks next. */
const failureMemory = 5_000

/**
 * Lets requests log in one after the other where a program does it: the first one's token serves the others, and a program that fails is not started again by
 * each of the dozen watches that retry at the same time.
 */
export class LoginTurns {
  readonly #now: () => number
  #last: Promise<unknown> = Promise.resolve()
  #failure: { at: number; error: unknown } | undefined

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** @throws what `login` throws, or threw a moment ago */
  take(login: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(async () => {
      if (this.#failure !== undefined && this.#now() - this.#failure.at < failureMemory) throw this.#failure.error
      try {
        await login()
        this.#failure = undefined
      } catch (error) {
        this.#failure = { at: this.#now(), error }
        throw error
      }
    })
    this.#last = turn.catch(() => {})
    return turn
  }
}
