/** So many failures within so many milliseconds are one too many. */
const most = 3
const within = 60_000

/** Says when trying again has no point: a machine whose pictures no viewer can draw would be tried for ever. */
export class FailureCount {
  readonly #now: () => number
  #times: number[] = []

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** Counts one; true while another try is due. */
  more(): boolean {
    const now = this.#now()
    this.#times = [...this.#times.filter((time) => now - time < within), now]
    return this.#times.length < most
  }

  reset(): void {
    this.#times = []
  }
}
