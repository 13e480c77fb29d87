import type { KeyEvent } from '../../src/contracts/screen.ts'

/** Milliseconds from one key event to the next: QEMU passes on one in 10 ms and drops what no longer fits its queue. */
const pace = 10

/** Types for a person: one key event after the other, in an order that nothing gets between. */
export class Typist {
  readonly #send: (key: KeyEvent) => void
  readonly #changed: (typing: boolean) => void
  readonly #queue: KeyEvent[] = []
  readonly #down = new Map<string, KeyEvent>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(send: (key: KeyEvent) => void, changed: (typing: boolean) => void) {
    this.#send = send
    this.#changed = changed
  }

  type(keys: readonly KeyEvent[]): void {
    if (keys.length === 0) return
    this.#queue.push(...keys)
    if (this.#timer !== undefined) return
    this.#changed(true)
    this.#next()
  }

  /** Leaves the rest untyped; no key stays down. */
  stop(): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#queue.length = 0
    for (const key of [...this.#down.values()]) this.#press({ ...key, down: false })
    this.#end()
  }

  #next(): void {
    const key = this.#queue.shift()
    if (key === undefined) return void this.#end()
    this.#press(key)
    this.#timer = setTimeout(() => this.#next(), pace)
  }

  #press(key: KeyEvent): void {
    const id = `${key.code} ${key.keysym}`
    if (key.down) this.#down.set(id, key)
    else this.#down.delete(id)
    this.#send(key)
  }

  #end(): void {
    this.#timer = undefined
    this.#changed(false)
  }
}
