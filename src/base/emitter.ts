import { type Disposable, disposable } from './disposable.ts'

/** Subscribes a listener; disposing the result ends the subscription. */
export type Event<T> = (listener: (value: T) => void) => Disposable

/** One sender, any number of listeners, called in the order they came. A listener that throws does not keep the others from hearing. */
export class Emitter<T> implements Disposable {
  #listeners = new Set<{ call: (value: T) => void }>()

  readonly event: Event<T> = (call) => {
    const entry = { call }
    this.#listeners.add(entry)
    return disposable(() => this.#listeners.delete(entry))
  }

  fire(value: T): void {
    const errors: unknown[] = []
    for (const { call } of [...this.#listeners]) {
      try {
        call(value)
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors[0]
  }

  dispose(): void {
    this.#listeners.clear()
  }
}
