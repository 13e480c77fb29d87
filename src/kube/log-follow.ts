import type { Readable } from 'node:stream'
import { t } from '@vscode/l10n'
import { Backoff } from '../base/backoff.ts'
import { type Clock, systemClock } from '../base/clock.ts'
import type { Event } from '../base/emitter.ts'
import { asLocoError, LocoError } from '../base/error.ts'
import { asKubeError } from './errors.ts'
import { LogPlace } from './log-place.ts'
import type { LogRequest } from './logs.ts'

/** One life of a container: in which pod, and how often it was started there before. */
export interface ContainerLife {
  /** UID of the pod. */
  readonly pod: string
  readonly run: number
  readonly state: 'running' | 'ended'
}

/** What is known of the container at the moment. */
export interface LogSight {
  /** The newest life that has a log; undefined while there is none. */
  readonly life: ContainerLife | undefined
  /** What is waited for while nothing can be read, one sentence for a person. */
  readonly waiting: string
  /** Why the cluster cannot be seen; undefined while it can. */
  readonly blind: LocoError | undefined
}

/** Where a log is read from; it may move to another client while it is followed. */
export interface LogSource {
  look(): LogSight
  /** Fires when `look` may say something else. */
  readonly changes: Event<void>
  /** @throws coded errors of `streamLogs` */
  open(request: Pick<LogRequest, 'follow' | 'tailLines' | 'sinceTime' | 'timestamps' | 'signal'>): Promise<Readable>
}

export type LogPart =
  | { readonly kind: 'text'; readonly bytes: Buffer }
  /** Nothing to read; the sentence says what is waited for. */
  | { readonly kind: 'waiting'; readonly sentence: string }
  /** Another life begins. */
  | { readonly kind: 'started'; readonly life: ContainerLife; readonly newPod: boolean }
  /** The way to the log broke. Told once until it is `back`; what is written meanwhile comes then. */
  | { readonly kind: 'lost'; readonly error: LocoError }
  | { readonly kind: 'back' }

export interface FollowOptions {
  source: LogSource
  /** Lines of what was written before that come first. */
  tailLines: number
  signal: AbortSignal
  clock?: Clock
}

/** Milliseconds until an answer must have begun. */
const openTimeout = 15_000
/** Milliseconds in which the cluster usually tells that a container has ended after its log has. */
const farewell = 3_000

/**
 * What a container writes, for as long as it is wanted: over its restarts, other pods of the same name and outages of the cluster, without a line twice or lost
 * as far as the node still keeps them. Ends only with the signal, whose reason it throws.
 */
export async function* followLog({ source, tailLines, signal, clock = systemClock }: FollowOptions): AsyncGenerator<LogPart, never, void> {
  const backoff = new Backoff({ first: 300, cap: 5_000 })
  let place = new LogPlace()
  let life: ContainerLife | undefined
  let over = false
  let lost: string | undefined
  let told = ''
  for (;;) {
    signal.throwIfAborted()
    const sight = source.look()
    if (sight.life === undefined || (over && sameLife(sight.life, life))) {
      if (told !== sight.waiting) yield { kind: 'waiting', sentence: sight.waiting }
      told = sight.waiting
      await changed(source, signal, clock)
      continue
    }
    if (life !== undefined && !sameLife(sight.life, life)) {
      const newPod = sight.life.pod !== life.pod
      yield { kind: 'started', life: sight.life, newPod }
      // Another node, another clock: times say nothing about what was read before.
      if (newPod) place = new LogPlace()
    }
    life = sight.life
    over = false
    told = ''
    let problem: unknown
    try {
      for await (const bytes of read({ source, place, tailLines, signal })) {
        if (lost !== undefined) yield { kind: 'back' }
        lost = undefined
        backoff.reset()
        if (bytes.length > 0) yield { kind: 'text', bytes }
      }
    } catch (thrown) {
      signal.throwIfAborted()
      problem = thrown
    }
    if (place.pause()) yield { kind: 'text', bytes: Buffer.from('\n') }
    if (problem === undefined) {
      const now = source.look().life
      over = sameLife(life, now) && now?.state === 'ended'
      // The log has ended before the cluster says so of the container.
      if (sameLife(life, now) && now?.state === 'running') await changed(source, signal, clock, farewell)
    } else {
      const error = asLocoError(problem)
      if (lost !== error.code) yield { kind: 'lost', error }
      lost = error.code
      await changed(source, signal, clock, backoff.next())
    }
  }
}

/** One stream of the log from where the reader is. Its first piece is empty and says that the way is there. */
async function* read(o: { source: LogSource; place: LogPlace; tailLines: number; signal: AbortSignal }): AsyncGenerator<Buffer> {
  const { source, place, tailLines, signal } = o
  const end = new AbortController()
  const late = setTimeout(() => end.abort(new DOMException('The log did not begin in time.', 'TimeoutError')), openTimeout)
  const sawBefore = source.look().blind === undefined
  // A connection to a server that is gone may stay silent for ever; a log may too, so only the watch can tell.
  const watch = source.changes(() => {
    const { blind } = source.look()
    if (blind !== undefined && sawBefore) end.abort(blind)
  })
  const { since } = place
  try {
    const stream = await source.open({
      follow: true,
      timestamps: true,
      signal: AbortSignal.any([signal, end.signal]),
      ...(since === undefined ? { tailLines } : { sinceTime: since }),
    })
    clearTimeout(late)
    yield Buffer.alloc(0)
    for await (const piece of stream as AsyncIterable<Buffer>) yield place.take(piece)
  } catch (error) {
    throw end.signal.reason instanceof LocoError ? end.signal.reason : asKubeError(error, t('The log broke off.'))
  } finally {
    clearTimeout(late)
    watch.dispose()
    end.abort()
  }
}

/** Resolves when the source says something else than now, or after `limit` milliseconds. @throws the signal's reason */
async function changed(source: LogSource, signal: AbortSignal, clock: Clock, limit = 2 ** 31 - 1): Promise<void> {
  const before = JSON.stringify(keyOf(source.look()))
  const other = new AbortController()
  const watch = source.changes(() => {
    if (JSON.stringify(keyOf(source.look())) !== before) other.abort()
  })
  try {
    await clock.sleep(limit, AbortSignal.any([signal, other.signal]))
  } catch {
    signal.throwIfAborted()
  } finally {
    watch.dispose()
  }
}

const keyOf = ({ life, waiting, blind }: LogSight): unknown => [life, waiting, blind?.code]

const sameLife = (a: ContainerLife, b: ContainerLife | undefined): boolean => a.pod === b?.pod && a.run === b.run
