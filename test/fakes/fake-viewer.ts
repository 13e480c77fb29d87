import type { ScreenSession } from '../../src/screen/session.ts'
import { NovncReader } from './novnc-reader.ts'

const pixelFormat = Buffer.from('0000000020180001' + '00ff00ff00ff' + '000810' + '000000', 'hex')
/** What noVNC 1.7 asks for, in its order. */
export const novncEncodings = [
  1,
  50,
  7,
  -260,
  16,
  21,
  5,
  2,
  6,
  0,
  -26,
  -254,
  -223,
  -224,
  -258,
  -261,
  -308,
  -309,
  -312,
  -313,
  -307,
  0xc0a1e5ce | 0,
  -316,
  0x574d5664,
  -239,
]

/** The viewer's encodings as the message that asks for them. */
export function encodingsMessage(encodings: readonly number[]): Buffer {
  const message = Buffer.alloc(4 + encodings.length * 4)
  message.writeUInt8(2)
  message.writeUInt16BE(encodings.length, 2)
  for (const [n, number] of encodings.entries()) message.writeInt32BE(number, 4 + n * 4)
  return message
}

export function requestMessage(incremental: boolean, width: number, height: number): Buffer {
  const message = Buffer.alloc(10)
  message.writeUInt8(3)
  message.writeUInt8(incremental ? 1 : 0, 1)
  message.writeUInt16BE(width, 6)
  message.writeUInt16BE(height, 8)
  return message
}

/** A key as noVNC sends it: place (XT scan code) and keysym. */
export function keyMessage(down: boolean, keysym: number, scancode: number): Buffer {
  const message = Buffer.alloc(12)
  message.writeUInt8(255)
  message.writeUInt16BE(down ? 1 : 0, 2)
  message.writeUInt32BE(keysym, 4)
  message.writeUInt32BE(scancode, 8)
  return message
}

export function pointerMessage(mask: number, x: number, y: number): Buffer {
  const message = Buffer.alloc(6)
  message.writeUInt8(5)
  message.writeUInt8(mask, 1)
  message.writeUInt16BE(x, 2)
  message.writeUInt16BE(y, 4)
  return message
}

function fenceAnswer(number: number): Buffer {
  const message = Buffer.alloc(13)
  message.writeUInt8(248)
  message.writeUInt32BE(1, 4)
  message.writeUInt8(4, 8)
  message.writeUInt32BE(number, 9)
  return message
}

export interface FakeViewerOptions {
  encodings?: readonly number[]
  /** Takes what comes and says so; true unless the test wants a page that hangs. */
  acknowledges?: boolean
}

/** A page without a browser: greets as noVNC does, draws with noVNC's decoders, answers fences, acknowledges. One RFB client for each connection. */
export class FakeViewer {
  readonly #session: ScreenSession
  readonly #encodings: readonly number[]
  acknowledges: boolean
  connection = 0
  bytes = 0
  pieces = 0
  largest = 0
  reader: NovncReader | undefined
  /** What the reader threw: a stream that noVNC would not have understood. */
  fault: unknown
  /** Called when an update is drawn. */
  drawn: () => void = () => {}
  #stage: 'version' | 'security' | 'result' | 'init' | 'messages' = 'version'
  #kept = Buffer.alloc(0)
  /** Pieces are read in the order they came, though making a reader takes time. */
  #reading: Promise<void> = Promise.resolve()

  constructor(session: ScreenSession, { encodings = novncEncodings, acknowledges = true }: FakeViewerOptions = {}) {
    this.#session = session
    this.#encodings = encodings
    this.acknowledges = acknowledges
    session.opened((connection) => {
      this.connection = connection
      this.#stage = 'version'
      this.#kept = Buffer.alloc(0)
      this.reader = undefined
    })
    session.output((piece) => {
      const { connection } = this
      this.bytes += piece.length
      this.pieces += 1
      this.largest = Math.max(this.largest, piece.length)
      this.#reading = this.#reading
        .then(() => this.#read(connection, piece))
        .catch((error: unknown) => {
          this.fault ??= error
        })
    })
  }

  send(message: Uint8Array): void {
    this.#session.input(this.connection, message)
  }

  async #read(connection: number, piece: Uint8Array): Promise<void> {
    if (connection !== this.connection) return
    if (this.#stage === 'messages') this.#draw(piece)
    else await this.#greet(piece)
    if (this.acknowledges) this.#session.acknowledge(connection, piece.length)
  }

  #draw(piece: Uint8Array): void {
    const { reader } = this
    if (reader === undefined) return
    const before = reader.updates
    reader.feed(piece)
    for (const number of reader.fences.splice(0)) this.send(fenceAnswer(number))
    if (reader.updates > before) this.drawn()
  }

  async #greet(piece: Uint8Array): Promise<void> {
    this.#kept = Buffer.concat([this.#kept, piece])
    const taken = (count: number): Buffer | undefined => {
      if (this.#kept.length < count) return undefined
      const bytes = this.#kept.subarray(0, count)
      this.#kept = this.#kept.subarray(count)
      return bytes
    }
    if (this.#stage === 'version' && taken(12)) {
      this.#stage = 'security'
      this.send(Buffer.from('RFB 003.008\n'))
    }
    if (this.#stage === 'security' && taken(2)) {
      this.#stage = 'result'
      this.send(Buffer.of(1))
    }
    if (this.#stage === 'result' && taken(4)) {
      this.#stage = 'init'
      this.send(Buffer.of(1))
    }
    if (this.#stage !== 'init' || this.#kept.length < 24 || this.#kept.length < 24 + this.#kept.readUInt32BE(20)) return
    const init = taken(24 + this.#kept.readUInt32BE(20))!
    const [width, height] = [init.readUInt16BE(0), init.readUInt16BE(2)]
    this.reader = await NovncReader.make(width, height)
    this.#stage = 'messages'
    this.send(pixelFormat)
    this.send(encodingsMessage(this.#encodings))
    this.send(requestMessage(false, width, height))
    this.#draw(this.#kept)
  }
}
