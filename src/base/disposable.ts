/** Something that holds a resource until told to let go. `dispose` may be called twice; the second call does nothing. */
export interface Disposable {
  dispose(): void
}

/** Makes a `Disposable` of a function and sees to it that it runs once. */
export function disposable(release: () => void): Disposable {
  let released = false
  return {
    dispose() {
      if (released) return
      released = true
      release()
    },
  }
}

/** A scope: what is added is disposed with it, in reverse order. What is added after the end is disposed at once. */
export class Scope implements Disposable {
  #held: Disposable[] = []
  #ended = false

  add<T extends Disposable>(item: T): T {
    if (this.#ended) item.dispose()
    else this.#held.push(item)
    return item
  }

  get ended(): boolean {
    return this.#ended
  }

  dispose(): void {
    this.#ended = true
    for (const item of this.#held.splice(0).reverse()) item.dispose()
  }
}
