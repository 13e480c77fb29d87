import { type Disposable, disposable } from '../../base/disposable.ts'
import { asLocoError, type LocoError } from '../../base/error.ts'
import type { OperationEvent, PlanEvent, ReportEvent } from '../../contracts/operation.ts'
import type { EventSink } from '../../operations/events.ts'

export interface FollowHost {
  /** Events of an operation from its beginning to its report. @throws LOCO-OPS-011 when its process is gone without one; the signal's reason */
  events(id: string, signal: AbortSignal): AsyncIterable<OperationEvent>
  /** Shows progress until `end`; `cancel` is the person's wish. */
  progress(plan: PlanEvent, cancel: () => void): EventSink & { end(): void }
  requestCancel(id: string): Promise<void>
  ended(id: string, report: ReportEvent): void
  lost(id: string, error: LocoError): void
}

/** An operation that this window follows. Whoever attaches gets all its events from the first. */
export class Followed {
  readonly id: string
  /** Its report. Rejects when there will be none. */
  readonly report: Promise<ReportEvent>
  readonly #host: FollowHost
  readonly #events: OperationEvent[] = []
  readonly #sinks = new Set<EventSink>()

  constructor(id: string, host: FollowHost, signal: AbortSignal) {
    this.id = id
    this.#host = host
    this.report = this.#follow(signal)
    this.report.catch(() => {}) // told by the host; nobody has to attach
  }

  attach(sink: EventSink): Disposable {
    for (const event of this.#events) sink.emit(event)
    this.#sinks.add(sink)
    return disposable(() => this.#sinks.delete(sink))
  }

  /** Asks it to stop at its next safe point; asked again, at once. */
  cancel(): void {
    void this.#host.requestCancel(this.id).catch(() => {}) // it has ended meanwhile, which is what was wished for
  }

  async #follow(signal: AbortSignal): Promise<ReportEvent> {
    let progress: (EventSink & { end(): void }) | undefined
    try {
      for await (const event of this.#host.events(this.id, signal)) {
        this.#events.push(event)
        if (event.kind === 'plan') progress = this.#host.progress(event, () => this.cancel())
        progress?.emit(event)
        for (const sink of this.#sinks) sink.emit(event)
        if (event.kind !== 'report') continue
        progress?.end()
        this.#host.ended(this.id, event)
        return event
      }
      throw new Error('A journal that is followed ends with its report or with an error.')
    } catch (thrown) {
      if (!signal.aborted) this.#host.lost(this.id, asLocoError(thrown))
      throw thrown
    } finally {
      progress?.end()
    }
  }
}

/** The operations that this window follows, each once: one notification, any number of terminals. Letting go stops none of them. */
export class FollowedOperations implements Disposable {
  readonly #host: FollowHost
  readonly #running = new Map<string, Followed>()
  readonly #end = new AbortController()

  constructor(host: FollowHost) {
    this.#host = host
  }

  follow(id: string): Followed {
    const known = this.#running.get(id)
    if (known !== undefined) return known
    const followed = new Followed(id, this.#host, this.#end.signal)
    this.#running.set(id, followed)
    void followed.report.catch(() => {}).finally(() => this.#running.delete(id))
    return followed
  }

  dispose(): void {
    this.#end.abort(new DOMException('The window ends.', 'AbortError'))
  }
}
