import type { Duplex } from 'node:stream'
import { t } from '@vscode/l10n'
import { Backoff } from '../base/backoff.ts'
import { type Clock, systemClock } from '../base/clock.ts'
import type { LocoCode } from '../base/codes.ts'
import { type Disposable, Scope } from '../base/disposable.ts'
import { Emitter, type Event } from '../base/emitter.ts'
import type { LocoError } from '../base/error.ts'
import { type Logger, silentLogger } from '../base/logger.ts'
import { attempt } from './attempt.ts'
import { isHopeless } from './hopeless.ts'
import type { Measured } from './meter.ts'
import { defaultPacing, type Pacing, type ScreenPace } from './pacing.ts'
import type { Relay } from './relay.ts'

/** Where the screen of one emulator is now. */
export interface ScreenSource {
  /** Name of the pod that has it; undefined while there is none. */
  readonly pod: string | undefined
  /** Why there is no pod, or what is known to stand in the way. */
  readonly reason: { sentence: string; code?: LocoCode } | undefined
  /** Fires when one of them may have changed. */
  readonly changes: Event<void>
  dispose?(): void
}

/** What a screen is doing. `sentence` is for a person. */
export type ScreenState =
  /** It comes back by itself: no pod, pod not ready, cluster away. */
  | { phase: 'waiting'; sentence: string; code?: LocoCode }
  | { phase: 'connecting'; sentence: string }
  | { phase: 'live' }
  /** Hidden for long: the connection was given up on purpose, and comes back when the screen is shown. */
  | { phase: 'paused'; sentence: string }
  /** Waiting does not help; tried again when told to, or when the pod changes. */
  | { phase: 'refused'; sentence: string; code: LocoCode }

export interface ScreenSessionOptions {
  source: ScreenSource
  /** Opens the way to the screen port of a pod. */
  connect(pod: string, signal: AbortSignal): Promise<Duplex>
  clock?: Clock
  log?: Logger
  pacing?: Partial<Pacing>
}

/** One viewer of one emulator. It follows the emulator from pod to pod and over outages, one connection after the other, and says how it stands. */
export class ScreenSession implements Disposable {
  readonly #options: ScreenSessionOptions
  readonly #clock: Clock
  readonly #log: Logger
  readonly #scope = new Scope()
  readonly #end = new AbortController()
  readonly #stateChanges = this.#scope.add(new Emitter<ScreenState>())
  readonly #opened = this.#scope.add(new Emitter<number>())
  readonly #output = this.#scope.add(new Emitter<Uint8Array<ArrayBuffer>>())
  readonly #backoff = new Backoff({ first: 250, cap: 5000 })
  #state: ScreenState = { phase: 'connecting', sentence: t('The screen is being opened.') }
  #pacing: Pacing
  #pace: ScreenPace = 'visible'
  #driver = false
  #connection = 0
  #relay: Relay | undefined
  /** Of the connection that is made or stands: aborted when another one is wanted, or none. */
  #attempt = new AbortController()
  #wake: () => void = () => {}
  #hiding: AbortController | undefined
  /** The pod that refused, which is left in peace. */
  #refusedBy: string | undefined
  /** The pod whose screen does not come: who waits for it wants to read why, not that it is tried again. */
  #failing: string | undefined
  /** What the source said when it was last looked at. */
  #seen: { pod: string | undefined; reason: string | undefined }

  constructor(options: ScreenSessionOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#log = options.log ?? silentLogger
    this.#pacing = { ...defaultPacing, ...options.pacing }
    const { source } = options
    this.#seen = { pod: source.pod, reason: source.reason?.sentence }
    this.#scope.add(source.changes(() => this.#sourceChanged()))
    // Not at once: who made the session listens first.
    setImmediate(() => void this.#run().catch((error: unknown) => this.#log.error('A screen session ended that should not have.', { error: String(error) })))
  }

  get state(): ScreenState {
    return this.#state
  }

  get stateChanges(): Event<ScreenState> {
    return this.#stateChanges.event
  }

  /** A new connection begins, with its number: a new viewer with a fresh greeting is needed. All output after it belongs to it. */
  get opened(): Event<number> {
    return this.#opened.event
  }

  /** Bytes for the viewer of the current connection: copies of their own, at most 64 KiB each. */
  get output(): Event<Uint8Array<ArrayBuffer>> {
    return this.#output.event
  }

  /** The viewer has taken so many bytes of `output`. */
  acknowledge(connection: number, bytes: number): void {
    if (connection === this.#connection) this.#relay?.acknowledge(bytes)
  }

  /** What the viewer sends. */
  input(connection: number, bytes: Uint8Array): void {
    if (connection === this.#connection) this.#relay?.input(bytes)
  }

  /** How the screen is looked at. Hidden ones get nothing, and give up their connection after a while. */
  setPace(pace: ScreenPace): void {
    if (pace === this.#pace) return
    const shown = this.#pace === 'hidden'
    this.#pace = pace
    this.#relay?.setPace(pace)
    this.#hiding?.abort()
    this.#hiding = undefined
    if (pace === 'hidden') this.#giveUpLater()
    else if (shown) this.#wake()
  }

  /** Whether this viewer drives: keys and pointer of others go nowhere, and only the driver keeps the server awake. */
  setDriver(driver: boolean): void {
    this.#driver = driver
    this.#relay?.setDriver(driver)
  }

  setPacing(pacing: Partial<Pacing>): void {
    this.#pacing = { ...this.#pacing, ...pacing }
    this.#relay?.setPacing(this.#pacing)
  }

  /** Begins anew, now: after a refusal, and whenever somebody asks for it. */
  reconnect(): void {
    this.#refusedBy = undefined
    this.#failing = undefined
    this.#backoff.reset()
    this.#restart()
  }

  /** What the viewer gets, measured over the last seconds; nothing while there is no connection. */
  meter(): Measured {
    return this.#relay?.measured() ?? { fps: 0, kbps: 0, delayMs: null }
  }

  dispose(): void {
    if (this.#end.signal.aborted) return
    this.#end.abort()
    this.#hiding?.abort()
    this.#restart()
    this.#scope.dispose()
    this.#options.source.dispose?.()
  }

  #sourceChanged(): void {
    const { pod, reason } = this.#options.source
    const before = this.#seen
    this.#seen = { pod, reason: reason?.sentence }
    if (pod === before.pod && reason?.sentence === before.reason) return
    if (pod === before.pod) {
      // What is known of it changed: a good moment to try again.
      if (this.#relay === undefined) this.#wake()
    } else {
      this.reconnect()
    }
  }

  #restart(): void {
    this.#attempt.abort()
    this.#wake()
  }

  #giveUpLater(): void {
    const hiding = new AbortController()
    this.#hiding = hiding
    this.#clock.sleep(this.#pacing.disconnectAfterMs, hiding.signal).then(
      () => this.#restart(),
      () => {},
    )
  }

  async #run(): Promise<void> {
    while (!this.#end.signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      const pod = this.#wanted()
      if (pod === undefined) {
        await woken
        continue
      }
      const error = await this.#attend(pod)
      if (error === undefined) continue
      this.#log.info('The connection to a screen ended.', { pod, code: error.code, evidence: error.evidence })
      this.#tell(error, pod)
      if (this.#refusedBy === undefined) await this.#pause(woken)
    }
  }

  /** The pod to connect to now; undefined, with the reason as the state, when there is nothing to do but wait. */
  #wanted(): string | undefined {
    const { pod, reason } = this.#options.source
    if (this.#pace === 'hidden') {
      this.#set({ phase: 'paused', sentence: t('The connection was given up while the screen was hidden. It comes back when the screen is shown.') })
      return undefined
    }
    if (pod === undefined) {
      this.#set({ phase: 'waiting', sentence: reason?.sentence ?? t('The emulator has no pod at the moment.'), code: reason?.code ?? 'LOCO-SCR-001' })
      return undefined
    }
    return pod === this.#refusedBy ? undefined : pod
  }

  /** One connection. Returns why it ended; undefined when it was ended from here. */
  async #attend(pod: string): Promise<LocoError | undefined> {
    this.#attempt = new AbortController()
    if (this.#failing !== pod) this.#set({ phase: 'connecting', sentence: t('Connecting to the screen of pod {0}.', pod) })
    const error = await attempt(
      {
        connect: (signal) => this.#options.connect(pod, signal),
        clock: this.#clock,
        relayOptions: () => ({
          pacing: this.#pacing,
          pace: this.#pace,
          driver: this.#driver,
          output: (piece) => this.#output.fire(piece),
          pictured: () => this.#pictured(),
        }),
        opened: (relay) => this.#open(relay),
      },
      this.#attempt.signal,
    )
    this.#relay = undefined
    return error
  }

  #open(relay: Relay): void {
    this.#relay = relay
    this.#connection += 1
    this.#opened.fire(this.#connection)
  }

  #pictured(): void {
    this.#backoff.reset()
    this.#failing = undefined
    this.#set({ phase: 'live' })
  }

  #tell(error: LocoError, pod: string): void {
    const { code, message } = error
    this.#failing = pod
    if (isHopeless(code)) {
      this.#refusedBy = pod
      this.#set({ phase: 'refused', sentence: message, code })
      return
    }
    // What is known of the cluster says more than how a stream felt it.
    const { reason } = this.#options.source
    this.#set({ phase: 'waiting', sentence: reason?.sentence ?? message, code: reason === undefined ? code : (reason.code ?? code) })
  }

  /** The time until the next try, or until something speaks for trying at once. */
  async #pause(woken: Promise<void>): Promise<void> {
    const over = new AbortController()
    const time = this.#clock.sleep(this.#backoff.next(), over.signal).catch(() => {})
    await Promise.race([time, woken])
    over.abort()
  }

  #set(state: ScreenState): void {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return
    this.#state = state
    this.#stateChanges.fire(state)
  }
}
