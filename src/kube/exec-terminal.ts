import { Duplex } from 'node:stream'
import { t } from '@vscode/l10n'
import type WebSocket from 'ws'
import { frame, openChannels, podPath, readChannel } from './channel-socket.ts'
import type { KubeClient } from './client.ts'
import { asKubeError, parseMapping, type StatusBody } from './errors.ts'
import { broken, exitOf, notStarted } from './exec.ts'

/** Characters that the terminal of a person shows. */
export interface TerminalSize {
  columns: number
  rows: number
}

export interface TerminalRequest {
  namespace: string
  pod: string
  container: string
  /** Program and arguments; no shell takes them apart. */
  command: readonly string[]
  size: TerminalSize
  signal?: AbortSignal
}

/** A program with a terminal in a container: what it prints is read, what a person types is written. Destroying it closes the stream. */
export interface ExecTerminal extends Duplex {
  /** Exit code of the program; known when the stream has ended without error. */
  readonly exit: number | undefined
  resize(size: TerminalSize): void
}

const stdinChannel = 0
const stdoutChannel = 1
const stderrChannel = 2
const statusChannel = 3
const resizeChannel = 4
/** Version 5 of the protocol: closes the channel whose number follows. */
const closeChannel = 255
/** A paste is sent in pieces, because the server reads a message whole before it passes it on. */
const pieceSize = 32 * 1024

/**
 * Starts a program with a terminal in a container. Back-pressure holds both ways. The stream ends when the program does; it is destroyed with a
 * `LocoError` when the program could not be started (LOCO-KUB-042) or the stream broke (-041).
 * @throws coded error when the stream cannot be opened
 */
export async function openExecTerminal(client: KubeClient, request: TerminalRequest): Promise<ExecTerminal> {
  const { namespace, pod, container, command, signal } = request
  const query = new URLSearchParams({ container, stdin: 'true', stdout: 'true', tty: 'true' })
  for (const word of command) query.append('command', word)
  try {
    return new ChannelTerminal(await openChannels(client, podPath(namespace, pod, 'exec', query), signal), request)
  } catch (error) {
    throw asKubeError(error, t`Could not open a terminal in container ${container} of pod ${namespace}/${pod}.`)
  }
}

class ChannelTerminal extends Duplex implements ExecTerminal {
  readonly #socket: WebSocket
  readonly #request: TerminalRequest
  #status: StatusBody | undefined
  #exit: number | undefined

  constructor(socket: WebSocket, request: TerminalRequest) {
    super({ allowHalfOpen: true })
    this.#socket = socket
    this.#request = request
    socket.on('message', (message) => this.#receive(message))
    socket.on('error', (error) => this.destroy(broken(request, error.message)))
    socket.on('close', (code) => this.#closed(code))
    // An error that comes while nobody listens yet must not end the process; `errored` keeps it.
    this.on('error', () => {})
    this.resize(request.size)
    // Not at once: who awaits this stream attaches its own listeners first.
    setImmediate(() => socket.resume())
  }

  get exit(): number | undefined {
    return this.#exit
  }

  resize({ columns, rows }: TerminalSize): void {
    if (this.#socket.readyState === this.#socket.OPEN)
      this.#socket.send(frame(resizeChannel, Buffer.from(JSON.stringify({ Width: columns, Height: rows }))), () => {})
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const piece = chunk.subarray(0, pieceSize)
    this.#socket.send(frame(stdinChannel, piece), (error) => {
      if (error) done(broken(this.#request, error.message))
      else if (piece.length < chunk.length) this._write(chunk.subarray(pieceSize), 'buffer' as BufferEncoding, done)
      else done()
    })
  }

  /** The end of what is typed. Version 4 of the protocol cannot say it; there only closing everything does. */
  override _final(done: (error?: Error | null) => void): void {
    if (this.#socket.protocol.startsWith('v5') && this.#socket.readyState === this.#socket.OPEN) {
      this.#socket.send(frame(closeChannel, Buffer.of(stdinChannel)), () => done())
    } else done()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // A paused socket would never see the other side's farewell.
    this.#socket.resume()
    if (error) this.#socket.terminate()
    else this.#socket.close(1000)
    done(error)
  }

  #receive(message: WebSocket.RawData): void {
    const received = readChannel(message)
    if (received === undefined || this.destroyed) return
    const { channel, data } = received
    // A Status without its usual `kind`.
    if (channel === statusChannel) this.#status = parseMapping(data.toString('utf8')) ?? this.#status
    if ((channel === stdoutChannel || channel === stderrChannel) && data.length > 0 && !this.push(data)) this.#socket.pause()
  }

  #closed(code: number): void {
    if (this.destroyed) return
    if (this.#status === undefined) return void this.destroy(broken(this.#request, t`The WebSocket closed with code ${code} before the program ended.`))
    this.#exit = exitOf(this.#status)
    if (this.#exit === undefined) return void this.destroy(notStarted(this.#request, this.#status))
    this.push(null)
  }
}
