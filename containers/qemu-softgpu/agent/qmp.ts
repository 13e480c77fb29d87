import { createConnection, type Socket } from 'node:net'
import { Backoff } from '../../../src/base/backoff.ts'
import type { Disposable } from '../../../src/base/disposable.ts'
import { Emitter } from '../../../src/base/emitter.ts'
import { LocoError } from '../../../src/base/error.ts'

export interface QmpEvent {
  event: string
  data: Record<string, unknown>
}

/** The commands the agent uses, with what QEMU returns (qapi/*.json of QEMU 7.2); those that return nothing useful are `unknown`. */
export interface QmpCommands {
  'query-status': { status: string; running: boolean }
  'query-kvm': { enabled: boolean; present: boolean }
  'query-version': { qemu: { major: number; minor: number; micro: number } }
  'query-blockstats': { stats?: { rd_operations: number; wr_operations: number; rd_bytes: number; wr_bytes: number } }[]
  screendump: unknown
  'input-send-event': unknown
  /** For what QMP has no command of its own; returns the text that the monitor would print. */
  'human-monitor-command': string
  system_reset: unknown
  cont: unknown
}
export type QmpCommand = keyof QmpCommands

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** More than any answer of the commands above; what exceeds it is not QMP. */
const maximumLine = 1 << 20

/**
 * A client of one QMP socket. It connects, negotiates and, as long as it is not disposed, connects again when the socket breaks.
 * Commands are answered in the order they were sent; one that takes too long is given up, and its late answer ignored (by id).
 */
export class Qmp implements Disposable {
  readonly events = new Emitter<QmpEvent>()
  /** True after each successful negotiation, false after each loss. */
  readonly connections = new Emitter<boolean>()
  /** Called with the seconds that each answered command took. */
  readonly timings = new Emitter<{ command: string; seconds: number }>()
  readonly #path: string
  // QEMU makes its socket some tens of milliseconds after it started: the first picture waits for this.
  readonly #backoff = new Backoff({ first: 10, cap: 500 })
  readonly #waiting = new Map<number, Waiting>()
  #socket: Socket | undefined
  #retry: NodeJS.Timeout | undefined
  #ready = false
  #nextId = 1
  #disposed = false

  constructor(path: string) {
    this.#path = path
  }

  get connected(): boolean {
    return this.#ready
  }

  start(): void {
    if (this.#disposed || this.#socket !== undefined) return
    const socket = createConnection(this.#path)
    this.#socket = socket
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (piece: string) => {
      const lines = (text + piece).split('\n')
      text = lines.pop() ?? ''
      if (text.length > maximumLine) socket.destroy()
      for (const line of lines) if (line.trim() !== '') this.#take(line)
    })
    socket.on('error', () => {})
    socket.on('close', () => this.#lost())
  }

  /**
   * Runs a command.
   * @throws LOCO-AGT-015 when not connected, when `timeout` milliseconds pass, and with QEMU's words when it refuses.
   */
  execute<C extends QmpCommand>(command: C, args: Record<string, unknown> = {}, timeout = 2000): Promise<QmpCommands[C]> {
    if (!this.#ready) return Promise.reject(refused(command, 'its control socket is not connected'))
    return this.#send(command, args, timeout) as Promise<QmpCommands[C]>
  }

  dispose(): void {
    this.#disposed = true
    clearTimeout(this.#retry)
    this.#socket?.destroy()
    this.events.dispose()
    this.timings.dispose()
  }

  async #send(command: string, args: Record<string, unknown>, timeout: number): Promise<unknown> {
    const id = this.#nextId++
    const started = performance.now()
    let timer: NodeJS.Timeout | undefined
    try {
      const answer = await new Promise((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject })
        timer = setTimeout(() => reject(refused(command, `it did not answer within ${timeout} ms`)), timeout)
        this.#socket?.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`)
      })
      this.timings.fire({ command, seconds: (performance.now() - started) / 1000 })
      return answer
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(id)
    }
  }

  #take(line: string): void {
    const message = parse(line)
    if (message === undefined) this.#socket?.destroy()
    else if ('QMP' in message) void this.#negotiate()
    else if (typeof message['event'] === 'string') this.events.fire({ event: message['event'], data: asRecord(message['data']) })
    else {
      const waiting = this.#waiting.get(Number(message['id']))
      if ('error' in message) waiting?.reject(refused('', String(asRecord(message['error'])['desc'])))
      else waiting?.resolve(message['return'])
    }
  }

  async #negotiate(): Promise<void> {
    try {
      await this.#send('qmp_capabilities', {}, 5000)
      this.#ready = true
      this.#backoff.reset()
      this.connections.fire(true)
    } catch {
      this.#socket?.destroy()
    }
  }

  #lost(): void {
    const was = this.#ready
    this.#ready = false
    this.#socket = undefined
    for (const waiting of this.#waiting.values()) waiting.reject(refused('', 'its control socket broke'))
    if (this.#disposed) return
    if (was) this.connections.fire(false)
    this.#retry = setTimeout(() => this.start(), this.#backoff.next())
  }
}

function refused(command: string, why: string): LocoError {
  return new LocoError('LOCO-AGT-015', {
    what: command === '' ? 'QEMU did not carry out a command.' : `QEMU did not carry out ${command}.`,
    why: `It says: ${why}.`,
    fix: ['Try again; if it repeats, delete the pod.'],
  })
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
