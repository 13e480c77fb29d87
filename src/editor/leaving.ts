import { type Disposable, disposable, Scope } from '../base/disposable.ts'

/**
 * The end of the editor host: first what must be brought to an end elsewhere, then everything of ours. VS Code waits for it, five seconds at most;
 * what is in its own list of subscriptions it disposes at once, and that would cut the way to where the work has to be done.
 */
export class Leaving {
  /** What is disposed last. */
  readonly scope = new Scope()
  readonly #work = new Set<{ end: () => Promise<unknown> }>()

  /** Has `end` called when the window goes; until the result is disposed. */
  add(end: () => Promise<unknown>): Disposable {
    const entry = { end }
    this.#work.add(entry)
    return disposable(() => this.#work.delete(entry))
  }

  async leave(): Promise<void> {
    await Promise.allSettled([...this.#work].map(({ end }) => end()))
    this.scope.dispose()
  }
}
