import type { Disposable } from '../../base/disposable.ts'
import { Emitter, type Event } from '../../base/emitter.ts'
import type { Logger } from '../../base/logger.ts'
import type { ClusterFacts } from '../../values/types.ts'
import type { FleetId, FleetSession } from '../fleets.ts'

export interface LiveFactsDeps {
  /** The fleet that values would go to, while it is connected. */
  session(): FleetSession | undefined
  /** Reads everything anew. */
  read(session: FleetSession, signal: AbortSignal): Promise<ClusterFacts>
  log: Logger
  now?(): number
  /** Milliseconds for which facts count as fresh (10,000): a person who types asks many times. */
  fresh?: number
}

/**
 * What the connected cluster knows, for rules and completion. It is asked when somebody asks here and what is known is old; the answer is given at once, and
 * `changes` tells when a newer one says something else. Nothing is connected for it.
 */
export class LiveFacts implements Disposable {
  readonly #deps: LiveFactsDeps
  readonly #changes = new Emitter<void>()
  readonly #end = new AbortController()
  readonly #fresh: number
  #again: NodeJS.Timeout | undefined
  #known: { of: FleetSession; facts: ClusterFacts; text: string } | undefined
  #asked: { of: FleetSession; at: number } | undefined

  constructor(deps: LiveFactsDeps) {
    this.#deps = deps
    this.#fresh = deps.fresh ?? 10_000
  }

  /** Fires when the facts are other ones. */
  get changes(): Event<void> {
    return this.#changes.event
  }

  /** What is known now; undefined without a connected fleet, and until its cluster has answered. */
  get current(): ClusterFacts | undefined {
    const session = this.#deps.session()
    if (session === undefined) return undefined
    const { now = Date.now } = this.#deps
    if (this.#asked?.of !== session || now() - this.#asked.at > this.#fresh) void this.#ask(session, now())
    return this.#known?.of === session ? this.#known.facts : undefined
  }

  /** The fleet of `current`. */
  get fleet(): FleetId | undefined {
    return this.#deps.session()?.id
  }

  /** Something in the cluster changed: what is known is asked for again as soon as it is old. */
  clusterChanged(): void {
    if (this.#again !== undefined || this.#end.signal.aborted) return
    const { now = Date.now } = this.#deps
    const asked = this.#asked
    this.#again = setTimeout(
      () => {
        this.#again = undefined
        // Not left to `current`: a timer and a clock differ by a millisecond, and what it takes for fresh would stay unread.
        const session = this.#deps.session()
        if (session !== undefined && this.#asked === asked) void this.#ask(session, now())
      },
      Math.max(0, this.#fresh - (now() - (asked?.at ?? 0))),
    )
  }

  /** Fleets came or went: those who have facts of one that is gone are told. */
  fleetsChanged(): void {
    if (this.#known !== undefined && this.#known.of !== this.#deps.session()) {
      this.#known = undefined
      this.#changes.fire()
    } else void this.current
  }

  dispose(): void {
    clearTimeout(this.#again)
    this.#end.abort()
    this.#changes.dispose()
  }

  async #ask(session: FleetSession, at: number): Promise<void> {
    this.#asked = { of: session, at }
    try {
      const facts = await this.#deps.read(session, this.#end.signal)
      if (this.#end.signal.aborted || this.#deps.session() !== session) return
      const text = JSON.stringify(facts, (_key, value: unknown) => (value instanceof Map ? [...value] : value))
      if (this.#known?.of === session && this.#known.text === text) return
      this.#known = { of: session, facts, text }
      this.#changes.fire()
    } catch (error) {
      // The Fleet view says that the cluster does not answer; what was known of it stays until it does again.
      if (!this.#end.signal.aborted) this.#deps.log.debug('the cluster told nothing for values files', { error: String(error) })
    }
  }
}
