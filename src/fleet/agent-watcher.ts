import { Backoff } from '../base/backoff.ts'
import { type Clock, systemClock } from '../base/clock.ts'
import type { Disposable } from '../base/disposable.ts'
import { asLocoError, type LocoError } from '../base/error.ts'
import type { AgentHealth } from '../contracts/agent.ts'
import type { AgentClient } from './agent-client.ts'
import type { AgentSight } from './emulator.ts'

/** All in milliseconds. */
export interface AgentTimings {
  /** First and longest pause between two tries. */
  retryFirst: number
  retryCap: number
  /** A stream that says nothing for this long is checked with a question of its own: a dead node closes no connection. */
  quiet: number
  /** Pause between two questions to an agent that has no stream. */
  poll: number
}

const defaultTimings: AgentTimings = { retryFirst: 150, retryCap: 3_000, quiet: 15_000, poll: 2_000 }

export interface AgentWatcherOptions {
  agent: Pick<AgentClient, 'health' | 'events'>
  /** Called whenever something else is known. */
  changed: (sight: AgentSight) => void
  clock?: Clock
  timings?: Partial<AgentTimings>
}

/** Follows the agent of one pod for as long as its container runs: by its stream of changes, by questions where it has none. Never throws, never gives up. */
export class AgentWatcher implements Disposable {
  readonly #agent: AgentWatcherOptions['agent']
  readonly #changed: (sight: AgentSight) => void
  readonly #clock: Clock
  readonly #timings: AgentTimings
  readonly #backoff: Backoff
  readonly #end = new AbortController()
  #sight: AgentSight = { state: 'connecting' }
  #hasStream = true
  #pause = new AbortController()
  #started = false

  constructor(options: AgentWatcherOptions) {
    this.#agent = options.agent
    this.#changed = options.changed
    this.#clock = options.clock ?? systemClock
    this.#timings = { ...defaultTimings, ...options.timings }
    this.#backoff = new Backoff({ first: this.#timings.retryFirst, cap: this.#timings.retryCap })
  }

  get sight(): AgentSight {
    return this.#sight
  }

  start(): void {
    if (this.#started || this.#end.signal.aborted) return
    this.#started = true
    void this.#run()
  }

  /** Tries at once if it waits to try again. */
  retry(): void {
    this.#backoff.reset()
    this.#pause.abort()
  }

  dispose(): void {
    this.#end.abort()
  }

  async #run(): Promise<void> {
    const { signal } = this.#end
    while (!signal.aborted) {
      let pause: number | undefined
      try {
        if (this.#hasStream) await this.#follow()
        else {
          this.#heard(await this.#agent.health(signal))
          pause = this.#timings.poll
        }
      } catch (error) {
        if (signal.aborted) return
        const lost = asLocoError(error)
        // An agent that lives and has no stream is asked instead.
        if (this.#hasStream && lost.code === 'LOCO-AGT-011') this.#hasStream = false
        else this.#lost(lost)
      }
      this.#pause = new AbortController()
      await this.#clock.sleep(pause ?? this.#backoff.next(), AbortSignal.any([signal, this.#pause.signal])).catch(() => {})
    }
  }

  /** Follows the stream until it ends or is found dead. */
  async #follow(): Promise<void> {
    const end = new AbortController()
    const signal = AbortSignal.any([this.#end.signal, end.signal])
    let timer: NodeJS.Timeout | undefined
    const arm = (): void => {
      clearTimeout(timer)
      timer = setTimeout(check, this.#timings.quiet)
    }
    const check = (): void => {
      this.#agent.health(signal).then(
        (health) => {
          this.#heard(health)
          if (!signal.aborted) arm()
        },
        (error: unknown) => end.abort(error),
      )
    }
    arm()
    try {
      for await (const health of this.#agent.events(signal, arm)) this.#heard(health)
    } catch (error) {
      throw end.signal.aborted ? end.signal.reason : error
    } finally {
      clearTimeout(timer)
      end.abort()
    }
  }

  #heard(health: AgentHealth): void {
    this.#backoff.reset()
    this.#become({ state: 'answers', health })
  }

  #lost(error: LocoError): void {
    if (error.code === 'LOCO-FLT-002') {
      this.#become({ state: 'nonsense', error })
      return
    }
    const { sight } = this
    const last = sight.state === 'answers' ? sight.health : sight.state === 'silent' ? sight.last : undefined
    const since = sight.state === 'silent' ? sight.since : this.#clock.now()
    this.#become({ state: 'silent', since, error, ...(last !== undefined && { last }) })
  }

  #become(sight: AgentSight): void {
    if (this.#end.signal.aborted) return
    this.#sight = sight
    this.#changed(sight)
  }
}
