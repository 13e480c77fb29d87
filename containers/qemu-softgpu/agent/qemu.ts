import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, readFileSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { LocoError } from '../../../src/base/error.ts'
import type { Logger } from '../../../src/base/logger.ts'
import type { Accelerator } from './config.ts'

/** Last words of QEMU that are kept for the report. */
const keptLines = 20
/** Milliseconds that QEMU has to flush and end before it is killed; the pod's grace period is longer. */
const patience = 2000

/**
 * How KVM stands in this pod. `slow`: the device is there without hardware virtualisation behind it (`kvm_pvm`); whatever a guest does outside user mode,
 * all of a BIOS and of Windows 98's real mode, then runs in the kernel's instruction emulator, many times slower than QEMU's own (4.0 s against 0.24 s
 * from start to boot sector, measured with QEMU 7.2).
 */
export type Kvm = 'usable' | 'slow' | 'unusable'

/** `cpuinfo`: the text of /proc/cpuinfo. */
export function judgeKvm(opens: boolean, cpuinfo: string): Kvm {
  if (!opens) return 'unusable'
  return /^flags\s*:.*\b(?:vmx|svm)\b/m.test(cpuinfo) ? 'usable' : 'slow'
}

/** How KVM stands here. */
export function findKvm(device = '/dev/kvm'): Kvm {
  try {
    accessSync(device, constants.R_OK | constants.W_OK)
    return judgeKvm(true, readFileSync('/proc/cpuinfo', 'latin1'))
  } catch {
    return 'unusable'
  }
}

/** Which accelerators QEMU is told to try, in this order. @throws LOCO-AGT-005 when KVM alone is wanted and cannot be had. */
export function acceleratorsFor(wanted: Accelerator, kvm: Kvm): ('kvm' | 'tcg')[] {
  if (wanted === 'tcg') return ['tcg']
  if (wanted === 'auto') return kvm === 'usable' ? ['kvm', 'tcg'] : ['tcg']
  if (kvm !== 'unusable') return ['kvm']
  throw new LocoError('LOCO-AGT-005', {
    what: 'KVM was demanded (QEMU_ACCEL=kvm), but /dev/kvm cannot be opened in this pod.',
    fix: ['Set emulator.kvm.enabled to true, so that the pod gets the device.', 'Or set emulator.accel to auto, which falls back to emulation.'],
  })
}

/** Why QEMU ended, from its last words. */
export function endOfQemu(code: number | null, signal: NodeJS.Signals | null, words: readonly string[]): LocoError {
  if (words.some((line) => line.includes('Failed to get "write" lock'))) {
    return new LocoError('LOCO-AGT-009', {
      what: 'The overlay is open for writing in another QEMU.',
      why: 'Two machines on one disk would destroy it, so QEMU refuses.',
      fix: ['Wait: Kubernetes tries again, and the pod that is being replaced ends.', 'If it stays, look for a second pod with the same claim.'],
      evidence: words,
    })
  }
  return new LocoError('LOCO-AGT-003', {
    what: signal === null ? `QEMU ended by itself with exit code ${code}.` : `QEMU was ended by signal ${signal}.`,
    why: words.at(-1) ?? (signal === 'SIGKILL' ? 'The node may have run out of memory for this pod.' : 'It said nothing.'),
    fix: ['Look at the log of the pod: loco logs.', 'If it was killed, give the pod more memory or the guest less (emulator.memoryMiB).'],
    evidence: words,
  })
}

/** The QEMU process. Its words go to the log line by line. */
export class Qemu {
  readonly startedAt = Date.now()
  /** Resolves with the reason when QEMU ends, asked or not. */
  readonly ended: Promise<LocoError>
  readonly #child: ChildProcess
  #running = true

  /** `sockets` are removed first: what a killed QEMU left behind keeps nobody from listening. */
  constructor(binary: string, args: readonly string[], sockets: readonly string[], log: Logger) {
    for (const socket of sockets) rmSync(socket, { force: true })
    const words: string[] = []
    this.#child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream === null) continue
      createInterface({ input: stream }).on('line', (line) => {
        words.push(line)
        if (words.length > keptLines) words.shift()
        log.warn('QEMU says something.', { words: line })
      })
    }
    this.ended = new Promise((resolve) => {
      this.#child.on('error', (error) => {
        this.#running = false
        resolve(
          new LocoError('LOCO-AGT-002', {
            what: `QEMU (${binary}) cannot be started.`,
            why: error.message,
            fix: ['Build the emulator image again: loco rebuild emulator.'],
            cause: error,
          }),
        )
      })
      this.#child.on('close', (code, signal) => {
        this.#running = false
        resolve(endOfQemu(code, signal, words))
      })
    })
  }

  /** Null when it is not running. */
  get pid(): number | null {
    return this.#running ? (this.#child.pid ?? null) : null
  }

  /** Asks QEMU to write out its disk and end (it does on SIGTERM, guest or no guest); kills it when that takes too long. */
  async stop(): Promise<void> {
    if (!this.#running) return
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), patience)
    await this.ended
    clearTimeout(timer)
  }
}
