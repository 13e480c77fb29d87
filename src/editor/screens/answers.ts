/** Milliseconds that a page gets to answer. */
const patience = 5_000

/** Questions to a page and their answers. A page that does not answer (emptied, closed, busy) gives `undefined` after a while. */
export class Answers<T> {
  readonly #open = new Map<number, (answer: T | undefined) => void>()
  #last = 0

  /** Asks with a number of its own. */
  ask(put: (request: number) => void): Promise<T | undefined> {
    this.#last += 1
    const request = this.#last
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.answer(request, undefined), patience)
      this.#open.set(request, (answer) => {
        clearTimeout(timer)
        resolve(answer)
      })
      put(request)
    })
  }

  answer(request: number, answer: T | undefined): void {
    this.#open.get(request)?.(answer)
    this.#open.delete(request)
  }

  /** Nobody will answer any more. */
  end(): void {
    for (const request of [...this.#open.keys()]) this.answer(request, undefined)
  }
}
