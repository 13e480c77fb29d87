import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import * as v from 'valibot'
import { packageRoot } from '../../src/base/package-root.ts'
import { waitFor } from '../../src/base/wait.ts'
import { type AgentHealth, agentHealth } from '../../src/contracts/agent.ts'
import { readStrip, type Strip } from '../guest/strip.ts'

/** Milliseconds: many times what a busy two-core machine was seen to need. */
const patience = 30_000

/** Folders as the pod has them. */
export class Pod {
  readonly folder = mkdtempSync(join(tmpdir(), 'loco-agent-'))
  readonly images = join(this.folder, 'images')
  readonly run = join(this.folder, 'run')
  readonly builtin = join(this.folder, 'builtin.qcow2')
  readonly terminationLog = join(this.folder, 'termination-log')

  constructor() {
    mkdirSync(this.images)
    mkdirSync(this.run)
    writeFileSync(this.terminationLog, '')
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
}

/** A real agent with a real QEMU, without a container. */
export class AgentProcess {
  readonly port: number
  readonly vncPort: number
  readonly ended: Promise<Ended>
  readonly lines: Record<string, unknown>[] = []
  readonly #child: ChildProcess

  private constructor(pod: Pod, port: number, vncPort: number, env: NodeJS.ProcessEnv) {
    this.port = port
    this.vncPort = vncPort
    this.#child = spawn(process.execPath, [join(packageRoot(), 'containers/qemu-softgpu/agent/main.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        POD_NAME: 'loco-loco-emulator-3',
        LOCO_IMAGES_DIR: pod.images,
        LOCO_RUN_DIR: pod.run,
        LOCO_PICTURE_DIR: pod.run,
        LOCO_BUILTIN_DISK: pod.builtin,
        LOCO_TERMINATION_LOG: pod.terminationLog,
        HEALTH_PORT: String(port),
        VNC_PORT: String(vncPort),
        QEMU_MEMORY: '32',
        LOG_LEVEL: 'debug',
        ...env,
      },
    })
    let text = ''
    this.#child.stdout?.on('data', (piece: Buffer) => {
      const lines = (text + piece.toString()).split('\n')
      text = lines.pop() ?? ''
      // Every line must be JSON: one that is not throws here and fails the test.
      for (const line of lines) this.lines.push(JSON.parse(line))
    })
    this.ended = once(this.#child, 'close').then(([code, signal]) => ({ code, signal }) as Ended)
  }

  static async start(pod: Pod, env: NodeJS.ProcessEnv = {}): Promise<AgentProcess> {
    return new AgentProcess(pod, await freePort(1024), await freePort(5950), env)
  }

  fetch(path: string, init: RequestInit & { host?: string } = {}): Promise<Response> {
    return fetch(`http://${init.host ?? '127.0.0.1'}:${this.port}${path}`, { ...init, signal: AbortSignal.timeout(20_000) })
  }

  async health(): Promise<AgentHealth> {
    return v.parse(agentHealth, await (await this.fetch('/health')).json())
  }

  /** The first health document for which `holds` is true. */
  untilHealth(what: string, holds: (health: AgentHealth) => boolean): Promise<AgentHealth> {
    let last: AgentHealth | undefined
    return this.#until(
      async () => {
        last = await this.health()
        return holds(last) ? last : undefined
      },
      () => `${what}; last: ${JSON.stringify(last?.guest)} ${JSON.stringify(last?.picture)} ${JSON.stringify(last?.qemu)}`,
    )
  }

  untilReady(): Promise<boolean> {
    return this.#until(
      async () => (await this.fetch('/ready')).status === 200,
      () => `ready; ${JSON.stringify(this.lines.at(-1))}`,
    )
  }

  untilStrip(what: string, holds: (strip: Strip) => boolean): Promise<Strip> {
    return this.#until(
      async () => {
        const strip = await this.strip()
        return strip !== undefined && holds(strip) ? strip : undefined
      },
      () => what,
    )
  }

  async strip(): Promise<Strip | undefined> {
    const response = await this.fetch('/screen.png')
    const png = PNG.sync.read(Buffer.from(await response.arrayBuffer()))
    const rgb = new Uint8Array(png.width * png.height * 3)
    for (let pixel = 0; pixel < png.width * png.height; pixel += 1) rgb.set(png.data.subarray(pixel * 4, pixel * 4 + 3), pixel * 3)
    return readStrip({ width: png.width, height: png.height, rgb })
  }

  untilLine(what: string, holds: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    return this.#until(
      () => this.lines.find(holds),
      () => what,
    )
  }

  async keys(...keys: string[]): Promise<void> {
    const response = await this.post('/input/keys', { keys })
    if (response.status !== 200) throw new Error(await response.text())
  }

  post(path: string, body: unknown, host?: string): Promise<Response> {
    return this.fetch(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), ...(host === undefined ? {} : { host }) })
  }

  async stop(): Promise<Ended> {
    this.#child.kill('SIGTERM')
    const hard = setTimeout(() => this.#child.kill('SIGKILL'), 10_000)
    const ended = await this.ended
    clearTimeout(hard)
    return ended
  }

  #until<T>(look: () => Promise<T | undefined | false> | T | undefined | false, what: () => string): Promise<T> {
    return waitFor(look, (last) => new Error(`Not within ${patience / 1000} s: ${what()}`, { cause: last }), { timeout: patience, interval: 50 })
  }
}

/** An address of this machine that is not its loopback, as another pod would use it. */
export function otherAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flat()
    .find((address) => address !== undefined && !address.internal && address.family === 'IPv4')?.address
}

export const alive = (pid: string | null): boolean => pid !== null && existsSync(`/proc/${pid}`)

async function freePort(from: number): Promise<number> {
  for (let port = from === 1024 ? 0 : from + Math.floor(Math.random() * 40_000); ; port += 1) {
    const server = createServer()
    const got = await new Promise<number | undefined>((resolve) => {
      server.once('error', () => resolve(undefined))
      server.listen(port, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
    })
    server.close()
    if (got !== undefined) return got
  }
}
