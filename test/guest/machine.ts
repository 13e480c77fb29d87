import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parsePpm } from '../../containers/qemu-softgpu/agent/picture.ts'
import { Qmp } from '../../containers/qemu-softgpu/agent/qmp.ts'
import { packageRoot } from '../../src/base/package-root.ts'
import { waitFor } from '../../src/base/wait.ts'
import { type Picture, readStrip, type Strip } from './strip.ts'

export type Accelerator = 'tcg' | 'kvm'

/** Milliseconds: many times what a busy two-core machine was seen to need. */
const patience = 20_000

/** The program's version line, or undefined when this machine does not have it. */
export function versionOf(program: string, option: string): string | undefined {
  try {
    return execFileSync(program, [option], { encoding: 'utf8' }).split('\n', 1)[0]
  } catch {
    return undefined
  }
}

/** A new folder with `demo.img`, built from the sources, and room for sockets and overlays. */
export function workshop(): { folder: string; image: string; dispose(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'loco-guest-'))
  const image = join(folder, 'demo.img')
  buildGuest(image)
  return { folder, image, dispose: () => rmSync(folder, { recursive: true, force: true }) }
}

export function buildGuest(image: string): void {
  execFileSync('nasm', ['-f', 'bin', '-o', image, 'main.asm'], { cwd: join(packageRoot(), 'containers', 'qemu-softgpu', 'guest') })
}

/** An empty disk over the image, as every emulator has one. */
export function makeOverlay(image: string, overlay: string): void {
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', image, overlay])
}

export interface MachineOptions {
  folder: string
  /** The first IDE disk, as options of QEMU's -drive. */
  drive: string
  instance?: string
  accel?: Accelerator
  /** More arguments for QEMU. */
  extra?: readonly string[]
}

/** One real QEMU that runs the demo guest. */
export class Machine {
  readonly startedAt = performance.now()
  readonly #qemu: ChildProcess
  readonly #qmp: Qmp
  readonly #shot: string
  readonly #ended: Promise<unknown>
  readonly #end = new AbortController()
  #stderr = ''

  private constructor({ folder, drive, instance, accel = 'tcg', extra = [] }: MachineOptions) {
    const socket = join(folder, 'qmp')
    this.#shot = join(folder, 'screen.ppm')
    this.#qemu = spawn(
      'qemu-system-x86_64',
      [
        ...['-nodefaults', '-no-user-config', '-M', 'pc', '-accel', accel, '-m', '32', '-vga', 'std', '-display', 'none'],
        ...['-drive', `if=ide,${drive}`, '-qmp', `unix:${socket},server=on,wait=off`],
        ...(instance === undefined ? [] : ['-fw_cfg', `name=opt/org.loco-cluster/instance,string=${instance}`]),
        ...extra,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    this.#qemu.stderr?.on('data', (piece: Buffer) => {
      this.#stderr += piece.toString()
    })
    this.#ended = once(this.#qemu, 'close').then(() => this.#end.abort(new Error(`QEMU ended. ${this.#stderr}`)))
    this.#qmp = new Qmp(socket)
    this.#qmp.start()
  }

  /** Starts QEMU; ready when its control socket answers. */
  static async start(options: MachineOptions): Promise<Machine> {
    const machine = new Machine(options)
    try {
      await machine.until(() => machine.#qmp.connected, 'QEMU does not answer')
      return machine
    } catch (error) {
      await machine.stop()
      throw error
    }
  }

  get pid(): number | undefined {
    return this.#qemu.pid
  }

  /** The screen as it is now. */
  async picture(): Promise<Picture> {
    await this.#qmp.execute('screendump', { filename: this.#shot, format: 'ppm' }, patience)
    const pixels = parsePpm(readFileSync(this.#shot))
    if (pixels === undefined) throw new Error('QEMU wrote no picture')
    return { width: pixels.width, height: pixels.height, rgb: pixels.pixels }
  }

  async strip(): Promise<Strip | undefined> {
    return readStrip(await this.picture())
  }

  /** The first strip for which `holds` is true. */
  untilStrip(what: string, holds: (strip: Strip) => boolean = () => true): Promise<Strip> {
    return this.until(async () => {
      const strip = await this.strip()
      return strip !== undefined && holds(strip) ? strip : undefined
    }, what)
  }

  until<T>(look: () => Promise<T | undefined | false> | T | undefined | false, what: string): Promise<T> {
    const late = (last: unknown): Error => new Error(`${what} within ${patience / 1000} s. ${this.#stderr}`, { cause: last })
    return waitFor(look, late, { timeout: patience, interval: 20, signal: this.#end.signal })
  }

  /** Presses the keys of a chord (QKeyCode names) one after the other, and lets go in the opposite order. */
  async press(...chord: string[]): Promise<void> {
    const event = (name: string, down: boolean): object => ({ type: 'key', data: { down, key: { type: 'qcode', data: name } } })
    await this.#qmp.execute('input-send-event', { events: chord.map((name) => event(name, true)) })
    await this.#qmp.execute('input-send-event', { events: chord.toReversed().map((name) => event(name, false)) })
  }

  async moveMouse(dx: number, dy: number): Promise<void> {
    const axis = (name: string, value: number): object => ({ type: 'rel', data: { axis: name, value } })
    await this.#qmp.execute('input-send-event', { events: [axis('x', dx), axis('y', dy)] })
  }

  async mouseButton(button: 'left' | 'right' | 'middle', down: boolean): Promise<void> {
    await this.#qmp.execute('input-send-event', { events: [{ type: 'btn', data: { button, down } }] })
  }

  async blockWrites(): Promise<number> {
    const [disk] = await this.#qmp.execute('query-blockstats')
    return disk?.stats?.wr_operations ?? 0
  }

  /** Ends QEMU: with SIGTERM it closes its disk first, with SIGKILL it does not. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    this.#qmp.dispose()
    this.#qemu.kill(signal)
    const hard = setTimeout(() => this.#qemu.kill('SIGKILL'), 5000)
    await this.#ended
    clearTimeout(hard)
  }
}
