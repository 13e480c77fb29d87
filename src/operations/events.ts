import type { OperationEvent } from '../contracts/operation.ts'

/** Takes the events of an operation, in order. Everything a person sees of it is drawn from these. Must not throw. */
export interface EventSink {
  emit(event: OperationEvent): void
}

type Unstamped<T> = T extends OperationEvent ? Omit<T, 't' | 'op'> : never

/** Gives each event its time and operation and hands it to every sink; after `close` nothing passes (a report is the last event). */
export class EventStream {
  readonly #op: string
  readonly #now: () => number
  readonly #sinks: readonly EventSink[]
  #closed = false

  constructor(op: string, sinks: readonly EventSink[], now: () => number) {
    this.#op = op
    this.#sinks = sinks
    this.#now = now
  }

  /** @returns the event as it was sent */
  emit<T extends Unstamped<OperationEvent>>(event: T): T & { t: string; op: string } {
    const stamped = { t: new Date(this.#now()).toISOString(), op: this.#op, ...event }
    if (!this.#closed) for (const sink of this.#sinks) sink.emit(stamped as unknown as OperationEvent)
    return stamped
  }

  close(): void {
    this.#closed = true
  }
}
