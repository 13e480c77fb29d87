import { accessSync, constants } from 'node:fs'
import { loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { LocoError } from '../../../src/base/error.ts'
import type { Logger } from '../../../src/base/logger.ts'
import type { AgentHealth } from '../../../src/contracts/agent.ts'
import { type ArtChoice, readChoice } from './art.ts'
import { Camera } from './camera.ts'
import type { Config } from './config.ts'
import { healthDocument, probeStatus } from './health.ts'
import { errorFields } from './log.ts'
import { Metrics } from './metrics.ts'
import { type Disk, prepareDisk, proveBase } from './overlay.ts'
import { acceleratorsFor, findKvm, Qemu } from './qemu.ts'
import { qemuArgs } from './qemu-args.ts'
import { Qmp } from './qmp.ts'
import { AgentServer } from './server.ts'
import { Typist } from './typist.ts'
import { CpuMeter, usageOf } from './usage.ts'
import { Watcher } from './watcher.ts'

/** Milliseconds until a QEMU that never answered is given up; a busy node needs seconds. */
const patienceWithStart = 60_000

/** One emulator: disk, QEMU, the eyes on it and the HTTP rim, started and ended in this order and its reverse. */
export class Emulator {
  readonly #config: Config
  readonly #log: Logger
  readonly #startedAt = Date.now()
  readonly #sockets: { control: string; probe: string }
  readonly #control: Qmp
  readonly #probe: Qmp
  readonly #camera: Camera
  readonly #watcher: Watcher
  readonly #typist: Typist
  readonly #server: AgentServer
  readonly #metrics = new Metrics()
  readonly #cpu = new CpuMeter()
  readonly #ending = new AbortController()
  #art: ArtChoice | undefined
  #disk: Disk | undefined
  #qemu: Qemu | undefined

  constructor(config: Config, log: Logger) {
    this.#config = config
    this.#log = log
    this.#sockets = { control: join(config.runDir, 'qmp-control.sock'), probe: join(config.runDir, 'qmp-probe.sock') }
    this.#control = new Qmp(this.#sockets.control)
    this.#probe = new Qmp(this.#sockets.probe)
    this.#camera = new Camera(this.#probe, writable(config.pictureDir) ? config.pictureDir : config.runDir)
    this.#watcher = new Watcher({ control: this.#control, probe: this.#probe, camera: this.#camera, log, frozenAfter: config.frozenAfter })
    this.#typist = new Typist(this.#control)
    this.#server = new AgentServer({
      health: () => this.#health(),
      probe: (which) => probeStatus(which, this.#watcher.judgement, this.#watcher.record, this.#ending.signal.aborted),
      metricsPage: () => this.#metricsPage(),
      screen: () => this.#camera.png(),
      type: (chords, signal) => this.#typist.type(chords, signal),
      reset: () => this.#reset(),
      watched: () => this.#watcher.watched(),
      changes: this.#watcher.changes.event,
      metrics: this.#metrics,
      log,
    })
    for (const qmp of [this.#control, this.#probe]) qmp.timings.event(({ command, seconds }) => this.#metrics.qmpSeconds.observe({ command }, seconds))
  }

  /** Runs until `signal` is aborted. @throws `LocoError` when the machine cannot be started, or ended by itself. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      await this.#server.listen(this.#config.healthPort)
      const kvm = findKvm()
      const accel = acceleratorsFor(this.#config.qemu.accel, kvm)
      this.#art = await readChoice(this.#config.runDir)
      this.#disk = await prepareDisk(this.#config, this.#art, this.#log)
      if (signal.aborted) return
      const { binary, memory, cpu, smp } = this.#config.qemu
      const { id, ordinal, vncPort } = this.#config
      const args = qemuArgs({ id, ordinal, memory, cpu, smp, accel, overlay: this.#disk.overlay, vncPort, sockets: this.#sockets })
      this.#qemu = new Qemu(binary, args, Object.values(this.#sockets), this.#log)
      this.#log.info('QEMU was started.', { memoryMiB: memory, accel: accel.join(' or '), kvm })
      this.#watcher.start()
      this.#control.start()
      this.#probe.start()
      this.#whenPictured(() => void this.#proveBase())
      await this.#untilOver(this.#qemu, signal)
    } finally {
      this.#ending.abort()
      await this.#qemu?.stop()
      this.#watcher.dispose()
      this.#control.dispose()
      this.#probe.dispose()
      this.#server.dispose()
    }
  }

  async #untilOver(qemu: Qemu, signal: AbortSignal): Promise<void> {
    let late: NodeJS.Timeout | undefined
    const error = await Promise.race([
      qemu.ended,
      new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true })),
      new Promise<LocoError>((resolve) => {
        late = setTimeout(() => {
          if (this.#watcher.record.status === null) resolve(tooLate())
        }, patienceWithStart)
      }),
    ])
    clearTimeout(late)
    if (error !== undefined) throw error
  }

  #whenPictured(act: () => void): void {
    const subscription = this.#watcher.changes.event(() => {
      if (this.#watcher.record.firstPictureAt === null) return
      subscription.dispose()
      act()
    })
  }

  async #proveBase(): Promise<void> {
    if (this.#disk === undefined || this.#disk.sha256 !== null) return
    try {
      const sha256 = await proveBase(this.#disk, this.#ending.signal)
      this.#disk = { ...this.#disk, sha256 }
      this.#log.info('The checksum of the base disk is known now.', { base: this.#disk.base.path, sha256 })
    } catch (error) {
      if (!this.#ending.signal.aborted) this.#log.warn('The checksum of the base disk could not be computed.', errorFields(error))
    }
  }

  /** A machine that was stopped (switched off, paused, full disk) would stay so after a reset alone. */
  async #reset(): Promise<void> {
    const { running } = await this.#control.execute('query-status')
    await this.#control.execute('system_reset')
    if (!running) await this.#control.execute('cont')
    this.#watcher.lookSoon()
  }

  #health(): AgentHealth {
    const now = Date.now()
    const { judgement, since, record, accel, qemuVersion } = this.#watcher
    const pid = this.#qemu?.pid ?? null
    const usage = pid === null ? undefined : usageOf(pid)
    return healthDocument({
      now,
      agentStartedAt: this.#startedAt,
      qemuStartedAt: this.#qemu?.startedAt ?? null,
      config: this.#config,
      art: this.#art,
      disk: this.#disk,
      judgement,
      since,
      record,
      accel,
      qemuVersion,
      qemu: { pid, cpuPercent: this.#cpu.percent(now, usage), resident: usage?.resident ?? null },
      machine: { memory: totalmem(), load: loadavg()[0] ?? 0 },
    })
  }

  #metricsPage(): string {
    const { judgement, record, vncClients, disk } = this.#watcher
    const pid = this.#qemu?.pid ?? null
    return this.#metrics.page({
      instance: this.#config.id,
      version: this.#config.version,
      stage: judgement.stage,
      verdict: judgement.verdict,
      ready: probeStatus('ready', judgement, record, this.#ending.signal.aborted) === 200,
      resets: record.resets,
      pictureChanges: record.pictureChanges,
      vncClients,
      disk,
      qemu: pid === null ? undefined : usageOf(pid),
      agent: usageOf(process.pid) ?? { cpuSeconds: process.cpuUsage().user / 1e6, resident: process.memoryUsage.rss() },
      agentStartedAt: this.#startedAt,
    })
  }
}

function tooLate(): LocoError {
  return new LocoError('LOCO-AGT-004', {
    what: `QEMU did not answer on its control socket within ${patienceWithStart / 1000} s after its start.`,
    why: 'The node is overloaded, or the storage below the volume hangs.',
    fix: ['Look at the load of the node and at the volume; Kubernetes starts the container again.'],
  })
}

function writable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}
