/** Work on the same thing one after another, on different things at once. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Runs `task` when all that was given before for any of the keys is done. */
  take<T>(keys: readonly string[], task: () => Promise<T>): Promise<T> {
    const mine = Promise.all(keys.map((key) => this.#last.get(key))).then(task)
    const ended = mine.then(
      () => undefined,
      () => undefined,
    )
    for (const key of keys) this.#last.set(key, ended)
    void ended.then(() => {
      for (const key of keys) if (this.#last.get(key) === ended) this.#last.delete(key)
    })
    return mine
  }
}
