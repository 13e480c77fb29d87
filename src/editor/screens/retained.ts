/** Hidden pages that are kept in memory, so that they are there at once when they are shown again. */
const limit = 3

/** Which hidden pages live on: the ones that were hidden last. The others are emptied, and drawn anew when they are shown. */
export class Retained<T> {
  readonly #empty: (page: T) => void
  readonly #limit: number
  /** The one hidden longest comes first. */
  readonly #hidden = new Set<T>()

  constructor(empty: (page: T) => void, most = limit) {
    this.#empty = empty
    this.#limit = most
  }

  hid(page: T): void {
    this.#hidden.delete(page)
    this.#hidden.add(page)
    for (const oldest of [...this.#hidden].slice(0, Math.max(0, this.#hidden.size - this.#limit))) {
      this.#hidden.delete(oldest)
      this.#empty(oldest)
    }
  }

  /** Shown again, or closed. */
  forget(page: T): void {
    this.#hidden.delete(page)
  }
}
