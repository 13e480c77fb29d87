import type { Writable } from 'node:stream'

/** Bytes that may wait for a server that does not take them: more than a person types in the time in which a silent server is given up. */
const mostWaiting = 256 * 1024

export interface UpstreamHandlers {
  /** The server takes what is written again. */
  drained(): void
  /** More waits than may. */
  overflow(): void
}

/** The way to the server. While it does not take what is written, movements of the pointer give way to the newest one, and nothing grows without end. */
export class Upstream {
  readonly #stream: Writable
  readonly #handlers: UpstreamHandlers
  #waiting: Buffer[] = []
  #size = 0
  #movement: Buffer | undefined

  constructor(stream: Writable, handlers: UpstreamHandlers) {
    this.#stream = stream
    this.#handlers = handlers
    stream.on('drain', () => {
      this.#drain()
      handlers.drained()
    })
  }

  get blocked(): boolean {
    return this.#stream.writableNeedDrain
  }

  write(...messages: Buffer[]): void {
    const wanted = this.#movement === undefined ? messages : [this.#movement, ...messages]
    this.#movement = undefined
    this.#waiting.push(...wanted)
    this.#size += wanted.reduce((sum, { length }) => sum + length, 0)
    if (!this.blocked) this.#drain()
    else if (this.#size > mostWaiting) this.#handlers.overflow()
  }

  /** A movement of the pointer: only the newest one matters. */
  move(message: Buffer): void {
    if (this.blocked) this.#movement = message
    else this.write(message)
  }

  #drain(): void {
    const bytes = Buffer.concat(this.#movement === undefined ? this.#waiting : [...this.#waiting, this.#movement])
    this.#waiting = []
    this.#movement = undefined
    this.#size = 0
    // In one piece: each write is a message of its own on the way through the cluster.
    if (bytes.length > 0 && this.#stream.writable) this.#stream.write(bytes)
  }
}
