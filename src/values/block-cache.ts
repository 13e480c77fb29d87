/** Readings of texts, kept while they are asked for: the least lately used go first. One for all documents, so that a changed document finds what its last text had. */
export class BlockCache<T> {
  readonly #kept = new Map<string, T>()
  readonly #most: number
  #characters = 0

  /** `most`: characters of text that are kept. */
  constructor(most: number) {
    this.#most = most
  }

  get(text: string, read: (text: string) => T): T {
    const known = this.#kept.get(text)
    const value = known ?? read(text)
    if (known === undefined) this.#characters += text.length
    else this.#kept.delete(text)
    this.#kept.set(text, value)
    for (const oldest of this.#kept.keys()) {
      if (this.#characters <= this.#most) break
      this.#kept.delete(oldest)
      this.#characters -= oldest.length
    }
    return value
  }
}
