import { type Duplex, duplexPair } from 'node:stream'

/** A rectangle's head. */
export function rectangle(x: number, y: number, width: number, height: number, encoding: number, data: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(12)
  for (const [n, value] of [x, y, width, height].entries()) head.writeUInt16BE(value, n * 2)
  head.writeInt32BE(encoding, 8)
  return Buffer.concat([head, data])
}

/** An update of rectangles; `count` when it lies about them. */
export function update(rectangles: readonly Buffer[], count = rectangles.length): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt16BE(count, 2)
  return Buffer.concat([head, ...rectangles])
}

export function serverInit(width: number, height: number, name = 'fake'): Buffer {
  const message = Buffer.alloc(24)
  message.writeUInt16BE(width, 0)
  message.writeUInt16BE(height, 2)
  Buffer.from('2018000100ff00ff00ff100800', 'hex').copy(message, 4)
  message.writeUInt32BE(name.length, 20)
  return Buffer.concat([message, Buffer.from(name)])
}

/** QEMU's message that it has the clipboard's extension. */
export const clipboardCaps = Buffer.from('03000000fffffff81b00000100000000', 'hex')
/** Raw pixels, all of one colour. */
export const rawPixels = (width: number, height: number, value = 0x7f): Buffer => Buffer.alloc(width * height * 4, value)

export interface FakeVncOptions {
  width?: number
  height?: number
  greeting?: string
  /** Security types, or the words with which to turn away. */
  security?: readonly number[] | string
  /** Answers of requests: by default one raw rectangle of the whole picture for a whole one, nothing else. */
  onRequest?(server: FakeVncServer, incremental: boolean): void
}

/** A VNC server that can be made to do what QEMU never would. It reads what the viewer sends and keeps it, message by message. */
export class FakeVncServer {
  /** The viewer's end of the connection. */
  readonly client: Duplex
  readonly end: Duplex
  readonly requests: { incremental: boolean; at: number }[] = []
  readonly messages: Buffer[] = []
  encodings: number[] = []
  readonly width: number
  readonly height: number
  readonly #options: FakeVncOptions
  #bytes = Buffer.alloc(0)
  #stage: 'version' | 'security' | 'init' | 'messages' = 'version'

  constructor(options: FakeVncOptions = {}) {
    ;[this.client, this.end] = duplexPair()
    this.#options = options
    this.width = options.width ?? 64
    this.height = options.height ?? 48
    this.end.on('data', (piece: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, piece])
      while (this.#step()) {}
    })
    this.end.on('error', () => {})
    this.end.write(options.greeting ?? 'RFB 003.008\n')
  }

  /** The viewer's side has closed the connection. */
  get closed(): boolean {
    return this.client.destroyed
  }

  send(...messages: readonly Uint8Array[]): void {
    this.end.write(Buffer.concat(messages))
  }

  /** The whole picture, raw. */
  sendPicture(value = 0x7f): void {
    this.send(update([rectangle(0, 0, this.width, this.height, 0, rawPixels(this.width, this.height, value))]))
  }

  #take(count: number): Buffer | undefined {
    if (this.#bytes.length < count) return undefined
    const bytes = this.#bytes.subarray(0, count)
    this.#bytes = this.#bytes.subarray(count)
    return bytes
  }

  #step(): boolean {
    switch (this.#stage) {
      case 'version':
        return this.#take(12) !== undefined && this.#offerSecurity()
      case 'security':
        if (this.#take(1) === undefined) return false
        this.#stage = 'init'
        this.end.write(Buffer.alloc(4))
        return true
      case 'init':
        if (this.#take(1) === undefined) return false
        this.#stage = 'messages'
        this.end.write(serverInit(this.width, this.height))
        return true
      case 'messages':
        return this.#message()
    }
  }

  #offerSecurity(): boolean {
    const security = this.#options.security ?? [1]
    this.#stage = 'security'
    if (typeof security !== 'string') this.end.write(Buffer.of(security.length, ...security))
    else {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(security.length)
      this.end.write(Buffer.concat([Buffer.of(0), length, Buffer.from(security)]))
    }
    return true
  }

  #message(): boolean {
    const type = this.#bytes[0]
    if (type === undefined || this.#bytes.length < 4) return false
    const lengths: Record<number, () => number> = {
      0: () => 20,
      2: () => 4 + this.#bytes.readUInt16BE(2) * 4,
      3: () => 10,
      4: () => 8,
      5: () => 6,
      6: () => (this.#bytes.length < 8 ? 8 : 8 + Math.abs(this.#bytes.readInt32BE(4))),
      255: () => 12,
    }
    const length = lengths[type]
    if (length === undefined) throw new Error(`The relay sent a message of type ${type}, which QEMU does not know.`)
    const message = this.#take(length())
    if (message === undefined) return false
    this.messages.push(message)
    if (type === 2) this.#encodings(message)
    if (type === 3) this.#request(message)
    return true
  }

  #encodings(message: Buffer): void {
    this.encodings = Array.from({ length: message.readUInt16BE(2) }, (_, n) => message.readInt32BE(4 + n * 4))
    this.send(clipboardCaps)
  }

  #request(message: Buffer): void {
    const incremental = message.readUInt8(1) === 1
    this.requests.push({ incremental, at: performance.now() })
    if (this.#options.onRequest) this.#options.onRequest(this, incremental)
    // A probe is answered as QEMU does: with the size, at once.
    else if (!incremental && message.readUInt16BE(6) === 1)
      this.send(update([rectangle(0, 0, this.width, this.height, -308, Buffer.from('01000000'.padEnd(40, '0'), 'hex'))]))
    else if (!incremental) this.sendPicture()
  }
}
