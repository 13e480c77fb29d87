import type { IncomingMessage } from 'node:http'
import { t } from '@vscode/l10n'
import { Backoff } from '../base/backoff.ts'
import { type Clock, systemClock } from '../base/clock.ts'
import type { Disposable } from '../base/disposable.ts'
import { Emitter, type Event } from '../base/emitter.ts'
import { LocoError } from '../base/error.ts'
import { type Logger, silentLogger } from '../base/logger.ts'
import type { KubeClient } from './client.ts'
import { ApiAnswerError, asKubeError, isUnreachable, type StatusBody, statusBody } from './errors.ts'
import { LineSplitter } from './lines.ts'
import type { Watched } from './wire.ts'

export type ReflectorChange<T> = { type: 'added'; object: T } | { type: 'modified'; object: T; previous: T } | { type: 'deleted'; object: T }

export interface ReflectorState {
  /**
   * `connecting`: not yet seen; `live`; `stale`: the connection is lost and being renewed, `items` are as of `since`;
   * `denied`: the account may not list or watch; `offline`: no server can be reached.
   */
  state: 'connecting' | 'live' | 'stale' | 'denied' | 'offline'
  /** ISO time; for `stale` and `offline` the time up to which `items` are known to be true. */
  since: string
  /** Why it is not live. */
  error?: LocoError
}

/** All in milliseconds. */
export interface ReflectorTimings {
  /** Quiet for this long, the server is asked whether it lives … */
  probeAfter: number
  /** … and must answer within this time. Together: how fast a dead server is noticed. */
  probeTimeout: number
  /** Quiet for this long, the watch is made anew though the server lives: bookmarks come each minute, so the connection itself is dead. */
  silence: number
  /** First and longest delay between tries. */
  retryFirst: number
  retryCap: number
  /** Delay between tries while denied. */
  retryDenied: number
  /** A watch that ends sooner counts as a failed try, so that a server that hangs up at once is not asked without pause. */
  shortWatch: number
}

const defaultTimings: ReflectorTimings = {
  probeAfter: 2500,
  probeTimeout: 2000,
  silence: 90_000,
  retryFirst: 200,
  retryCap: 4000,
  retryDenied: 30_000,
  shortWatch: 1000,
}

export interface ReflectorOptions {
  client: KubeClient
  /** Collection without query, e.g. `/api/v1/namespaces/loco/pods`. */
  path: string
  labelSelector?: string
  fieldSelector?: string
  log?: Logger
  clock?: Clock
  timings?: Partial<ReflectorTimings>
}

const pageSize = 500
/** etcd holds objects of up to 1.5 MiB; JSON of the largest stays far below this. */
const longestLine = 16 * 1024 * 1024
const watchHeadTimeout = 10_000

/**
 * Keeps a copy of one collection of the cluster: lists it, watches it, resumes where it was, lists again when the server has forgotten, and says how
 * fresh the copy is. Listeners hear true differences only (by UID and resource version), all of one piece of the stream in one array.
 * Never throws and never gives up; `state` tells. Why not the library's informer: it takes no bookmarks, stops on errors, and says nothing of freshness.
 */
export class Reflector<T extends Watched> implements Disposable {
  readonly #options: ReflectorOptions
  readonly #timings: ReflectorTimings
  readonly #clock: Clock
  readonly #log: Logger
  readonly #backoff: Backoff
  readonly #end = new AbortController()
  readonly #items = new Map<string, T>()
  readonly #changes = new Emitter<ReflectorChange<T>[]>()
  readonly #stateChanges = new Emitter<ReflectorState>()
  #state: ReflectorState
  /** Resource version from which the next watch goes on; undefined when a list is needed. */
  #version: string | undefined
  /** When the watch of this round was accepted. */
  #opened: number | undefined
  #started = false

  constructor(options: ReflectorOptions) {
    this.#options = options
    this.#timings = { ...defaultTimings, ...options.timings }
    this.#clock = options.clock ?? systemClock
    this.#log = options.log ?? silentLogger
    this.#backoff = new Backoff({ first: this.#timings.retryFirst, cap: this.#timings.retryCap })
    this.#state = { state: 'connecting', since: this.#now() }
  }

  /** What is known, by UID. While not `live` it is as of `state.since`. */
  get items(): ReadonlyMap<string, T> {
    return this.#items
  }

  get state(): ReflectorState {
    return this.#state
  }

  get changes(): Event<ReflectorChange<T>[]> {
    return this.#changes.event
  }

  get stateChanges(): Event<ReflectorState> {
    return this.#stateChanges.event
  }

  start(): void {
    if (this.#started || this.#end.signal.aborted) return
    this.#started = true
    void this.#run()
  }

  dispose(): void {
    this.#changes.dispose()
    this.#stateChanges.dispose()
    this.#end.abort()
  }

  async #run(): Promise<void> {
    const { signal } = this.#end
    while (!signal.aborted) {
      this.#opened = undefined
      let pause: number | undefined
      try {
        // A connection into nothing can take long to fail; a probe says soon whether there is a server again.
        if (this.#state.state === 'stale' || this.#state.state === 'offline') await this.#options.client.probe(this.#timings.probeTimeout)
        if (this.#version === undefined) await this.#list()
        await this.#watch()
        if (this.#lasted()) pause = 0
      } catch (error) {
        if (signal.aborted) return
        if (isExpired(error)) this.#version = undefined
        else if (this.#failed(error) === 'denied') pause = this.#timings.retryDenied
      }
      if (this.#lasted()) this.#backoff.reset()
      await this.#clock.sleep(pause ?? this.#backoff.next(), signal).catch(() => {})
    }
  }

  /** Whether the watch of this round was a good one, so that the next loss is a new one. */
  #lasted(): boolean {
    return this.#opened !== undefined && this.#clock.now() - this.#opened >= this.#timings.shortWatch
  }

  /** Says what is wrong; returns the state that followed. */
  #failed(cause: unknown): ReflectorState['state'] {
    const error = asKubeError(cause, t`Could not watch ${this.#options.path}.`)
    this.#log.debug('watch failed', { path: this.#options.path, code: error.code, evidence: error.evidence })
    if (error.code === 'LOCO-KUB-010' || error.code === 'LOCO-KUB-011') this.#become('denied', error)
    // The first loss may be a hiccup, so it is only "stale"; a second try that reaches nobody is "offline".
    else this.#become(isUnreachable(error) && this.#state.state !== 'live' ? 'offline' : 'stale', error)
    return this.#state.state
  }

  async #list(): Promise<void> {
    const seen = new Map<string, T>()
    let version = ''
    let next = ''
    do {
      const page = await this.#options.client.json<{ metadata?: { resourceVersion?: string; continue?: string }; items?: T[] }>(
        this.#url({ limit: String(pageSize), ...(next !== '' && { continue: next }) }),
        this.#end.signal,
      )
      for (const item of page.items ?? []) seen.set(uidOf(item), item)
      version = page.metadata?.resourceVersion ?? ''
      next = page.metadata?.continue ?? ''
    } while (next !== '')
    const changes: ReflectorChange<T>[] = []
    for (const [uid, object] of this.#items) if (!seen.has(uid)) this.#remove(object, changes)
    for (const object of seen.values()) this.#keep(object, changes)
    this.#version = version
    this.#tell(changes)
  }

  /** Follows the collection until the server ends the watch in good order. */
  async #watch(): Promise<void> {
    const timeoutSeconds = String(240 + Math.floor(Math.random() * 60))
    const path = this.#url({ watch: 'true', allowWatchBookmarks: 'true', resourceVersion: this.#version ?? '', timeoutSeconds })
    const response = await this.#open(path)
    this.#opened = this.#clock.now()
    this.#become('live')
    const guard = this.#guard(response)
    try {
      const splitter = new LineSplitter(longestLine)
      for await (const piece of response as AsyncIterable<Buffer>) {
        guard.heard()
        this.#take(splitter.push(piece))
      }
    } finally {
      guard.dispose()
    }
  }

  async #open(path: string): Promise<IncomingMessage> {
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(lateError(t('The watch was not answered in time.'))), watchHeadTimeout)
    try {
      return await this.#options.client.transport.openOk({
        path,
        headers: { Accept: 'application/json' },
        signal: AbortSignal.any([this.#end.signal, late.signal]),
      })
    } finally {
      clearTimeout(timer)
    }
  }

  /** Ends a watch that is quiet because nobody is there any more. `heard` is to be told of each sign of life. */
  #guard(response: IncomingMessage): Disposable & { heard(): void } {
    const { probeAfter, probeTimeout, silence } = this.#timings
    let last = this.#clock.now()
    let ended = false
    let timer: NodeJS.Timeout
    const rest = (): number => last + probeAfter - this.#clock.now()
    const arm = (delay: number): void => {
      if (!ended) timer = setTimeout(check, delay)
    }
    const check = (): void => {
      if (rest() > 0) arm(rest())
      else if (this.#clock.now() - last >= silence) response.destroy(lateError(t('The watch fell silent.')))
      else
        this.#options.client.probe(probeTimeout).then(
          () => arm(probeAfter),
          (error: Error) => response.destroy(error),
        )
    }
    arm(probeAfter)
    return {
      heard: () => {
        last = this.#clock.now()
      },
      dispose: () => {
        ended = true
        clearTimeout(timer)
      },
    }
  }

  #take(lines: readonly string[]): void {
    const changes: ReflectorChange<T>[] = []
    try {
      for (const line of lines) this.#apply(parseEvent(line), changes)
    } finally {
      this.#tell(changes)
    }
  }

  #apply({ type, object }: { type: string; object: Watched & StatusBody }, changes: ReflectorChange<T>[]): void {
    if (type === 'ERROR') throw new ApiAnswerError(object.code ?? 500, object)
    const item = object as Watched as T
    this.#version = item.metadata?.resourceVersion ?? this.#version
    if (type === 'ADDED' || type === 'MODIFIED') this.#keep(item, changes)
    else if (type === 'DELETED') this.#remove(item, changes)
  }

  #keep(object: T, changes: ReflectorChange<T>[]): void {
    const uid = uidOf(object)
    const previous = this.#items.get(uid)
    if (previous !== undefined && previous.metadata?.resourceVersion === object.metadata?.resourceVersion) return
    this.#items.set(uid, object)
    changes.push(previous === undefined ? { type: 'added', object } : { type: 'modified', object, previous })
  }

  #remove(object: T, changes: ReflectorChange<T>[]): void {
    if (this.#items.delete(uidOf(object))) changes.push({ type: 'deleted', object })
  }

  #become(state: ReflectorState['state'], error?: LocoError): void {
    const before = this.#state
    if (before.state === state && before.error?.code === error?.code) return
    const sameLoss = (before.state === 'stale' || before.state === 'offline') && (state === 'stale' || state === 'offline')
    this.#state = { state, since: before.state === state || sameLoss ? before.since : this.#now(), ...(error && { error }) }
    this.#fire(this.#stateChanges, this.#state)
  }

  #tell(changes: ReflectorChange<T>[]): void {
    if (changes.length > 0) this.#fire(this.#changes, changes)
  }

  /** A listener that throws is its own problem: the copy of the cluster goes on. */
  #fire<V>(emitter: Emitter<V>, value: V): void {
    try {
      emitter.fire(value)
    } catch (error) {
      this.#log.error('a listener of a reflector failed', { path: this.#options.path, error: error instanceof Error ? error.message : String(error) })
    }
  }

  #url(query: Record<string, string>): string {
    const { path, labelSelector, fieldSelector } = this.#options
    return `${path}?${new URLSearchParams({ ...query, ...(labelSelector && { labelSelector }), ...(fieldSelector && { fieldSelector }) })}`
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString()
  }
}

/** The server no longer keeps our version, or never had it because another cluster now answers at its address: list again. */
function isExpired(error: unknown): boolean {
  if (!(error instanceof ApiAnswerError)) return false
  const causes = statusBody(error.body)?.details?.causes ?? []
  return error.status === 410 || causes.some((cause) => cause.reason === 'ResourceVersionTooLarge')
}

/** Told as a time-out by `asKubeError`. */
function lateError(message: string): Error {
  return Object.assign(new Error(message), { name: 'TimeoutError' })
}

function parseEvent(line: string): { type: string; object: Watched & StatusBody } {
  try {
    const event = JSON.parse(line) as { type?: string; object?: Watched & StatusBody } | null
    if (typeof event?.type === 'string' && typeof event.object === 'object' && event.object !== null) return { type: event.type, object: event.object }
  } catch {
    // told below, with the line
  }
  throw nonsense(t('What it sent on a watch is no event.'), line.slice(0, 200))
}

function uidOf(object: Watched): string {
  const uid = object.metadata?.uid
  if (uid === undefined) throw nonsense(t('It sent an object without a UID.'), JSON.stringify(object).slice(0, 200))
  return uid
}

function nonsense(why: string, evidence: string): LocoError {
  return new LocoError('LOCO-KUB-019', {
    what: t('The server does not speak the Kubernetes API.'),
    why,
    fix: [t('Check the server address in the kubeconfig: kubectl config view --minify')],
    evidence: [evidence],
  })
}
