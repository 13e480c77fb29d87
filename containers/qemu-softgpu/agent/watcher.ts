import { type Clock, systemClock } from '../../../src/base/clock.ts'
import { type Disposable, Scope } from '../../../src/base/disposable.ts'
import { Emitter } from '../../../src/base/emitter.ts'
import { LocoError } from '../../../src/base/error.ts'
import type { Logger } from '../../../src/base/logger.ts'
import type { Camera } from './camera.ts'
import { GuestRecord } from './guest.ts'
import { answersKey } from './key-probe.ts'
import type { Qmp, QmpEvent } from './qmp.ts'
import { type Judgement, judgeGuest } from './verdict.ts'

/** Milliseconds between two looks: until the first picture, while something is wrong or somebody watches, and else. */
const pace = { first: 100, close: 1000, idle: 5000 }
/** Milliseconds that one who watches counts as watching, unless it says so again. */
const interest = 15_000
/** Milliseconds a QMP answer may take before the look is given up. */
const patience = 2000

/** Events of QEMU that change what we say, and so are followed by a look at once. */
const telling = new Set(['STOP', 'RESUME', 'RESET', 'SHUTDOWN', 'POWERDOWN', 'GUEST_PANICKED', 'BLOCK_IO_ERROR', 'SUSPEND', 'WAKEUP'])

export interface DiskCounters {
  reads: number
  writes: number
  readBytes: number
  writtenBytes: number
}

/** Looks at the guest again and again and keeps the verdict. One look at a time; the record is the only state. */
export class Watcher implements Disposable {
  /** Fires when the verdict, its sentence or something else of the health document changed (not for each new picture). */
  readonly changes = new Emitter<void>()
  readonly record: GuestRecord
  judgement: Judgement
  /** Milliseconds. */
  since: number
  accel: 'kvm' | 'tcg' | null = null
  qemuVersion: string | null = null
  vncClients = 0
  disk: DiskCounters = { reads: 0, writes: 0, readBytes: 0, writtenBytes: 0 }
  readonly #control: Qmp
  readonly #probe: Qmp
  readonly #camera: Camera
  readonly #log: Logger
  readonly #clock: Clock
  readonly #scope = new Scope()
  #watchedUntil = 0
  #wake: (() => void) | undefined
  #last = ''

  constructor(parts: { control: Qmp; probe: Qmp; camera: Camera; log: Logger; frozenAfter: number; clock?: Clock }) {
    this.#control = parts.control
    this.#probe = parts.probe
    this.#camera = parts.camera
    this.#log = parts.log
    this.#clock = parts.clock ?? systemClock
    this.since = this.#clock.now()
    this.record = new GuestRecord(this.since, parts.frozenAfter)
    this.judgement = judgeGuest(this.record.signals(this.since))
  }

  start(): void {
    this.#scope.add(this.#control.events.event((event) => this.#took(event)))
    this.#scope.add(this.#probe.connections.event((connected) => void (connected && this.#wake?.())))
    void this.#run()
  }

  /** Somebody watches: look once a second for a while. */
  watched(): void {
    this.#watchedUntil = this.#clock.now() + interest
  }

  /** The next look happens now. */
  lookSoon(): void {
    this.#wake?.()
  }

  dispose(): void {
    this.#scope.dispose()
    this.#wake?.()
    this.changes.dispose()
  }

  async #run(): Promise<void> {
    while (!this.#scope.ended) {
      try {
        if (this.#probe.connected) await this.#lookOnce()
      } catch (error) {
        // One failed look is no news: the record knows since when QEMU is silent, and the verdict says it.
        this.#log.debug('A look at the guest failed.', { error: error instanceof Error ? error.message : String(error) })
        if (!(error instanceof LocoError)) this.#log.error('A look at the guest failed for a reason of our own.', { error: String(error) })
      }
      this.#judge()
      await this.#pause()
    }
  }

  async #lookOnce(): Promise<void> {
    const { record } = this
    const { status } = await this.#probe.execute('query-status', {}, patience)
    record.sawStatus(this.#clock.now(), status)
    if (this.qemuVersion === null) await this.#learn()
    const blocks = await this.#probe.execute('query-blockstats', {}, patience)
    const stats = blocks[0]?.stats
    if (stats !== undefined) {
      this.disk = { reads: stats.rd_operations, writes: stats.wr_operations, readBytes: stats.rd_bytes, writtenBytes: stats.wr_bytes }
      record.sawDisk(this.#clock.now(), stats.rd_operations + stats.wr_operations)
    }
    const look = await this.#camera.look()
    if (look !== undefined) record.sawScreen(this.#clock.now(), look)
    if (record.mustAsk(this.#clock.now())) {
      const answered = await answersKey(this.#probe)
      record.sawKey(this.#clock.now(), answered)
      this.#log.debug('The guest stood still and was asked by a key.', { answered })
    }
  }

  async #learn(): Promise<void> {
    const { enabled } = await this.#probe.execute('query-kvm', {}, patience)
    const { qemu } = await this.#probe.execute('query-version', {}, patience)
    this.accel = enabled ? 'kvm' : 'tcg'
    this.qemuVersion = `${qemu.major}.${qemu.minor}.${qemu.micro}`
    if (enabled) this.#log.info('The machine runs with KVM.', { qemu: this.qemuVersion })
    else this.#log.warn('The machine runs by emulation (TCG), without KVM.', { qemu: this.qemuVersion })
  }

  #took({ event, data }: QmpEvent): void {
    if (event === 'VNC_INITIALIZED') this.vncClients += 1
    if (event === 'VNC_DISCONNECTED') this.vncClients = Math.max(0, this.vncClients - 1)
    if (!telling.has(event)) return
    this.#log.info('QEMU reports an event of the machine.', { event, data })
    if (event === 'RESET') this.record.sawReset(this.#clock.now())
    this.#wake?.()
  }

  #judge(): void {
    const now = this.#clock.now()
    const next = judgeGuest(this.record.signals(now))
    const was = this.judgement
    if (next.verdict !== was.verdict || next.stage !== was.stage || next.code !== was.code) {
      this.since = now
      const level = next.verdict === 'unhealthy' || next.verdict === 'degraded' ? 'warn' : 'info'
      this.#log[level](next.sentence, { verdict: next.verdict, stage: next.stage, ...(next.code === null ? {} : { code: next.code }) })
    }
    this.judgement = next
    const { record } = this
    const told = [next.verdict, next.stage, next.sentence, next.code, record.status, record.resets, record.look?.blank, record.firstPictureAt, this.accel].join(
      '|',
    )
    if (told === this.#last) return
    this.#last = told
    this.changes.fire()
  }

  /** Milliseconds until the next look; idle only when all is well and nobody watches. */
  #delay(): number {
    if (!this.record.pictured && this.judgement.verdict === 'starting') return pace.first
    return this.judgement.verdict === 'healthy' && this.#clock.now() >= this.#watchedUntil ? pace.idle : pace.close
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#delay())
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
