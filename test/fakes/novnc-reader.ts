import { join } from 'node:path'
import { packageRoot } from '../../src/base/package-root.ts'
import type { Picture } from '../guest/strip.ts'

/** noVNC's receive queue and decoders, as far as they are used here; its package has no types. */
interface Queue {
  attach(channel: object): void
  init(): void
  on(event: string, handler: () => void): void
  rQlen(): number
  rQshift8(): number
  rQshift16(): number
  rQshift32(): number
  rQskipBytes(count: number): void
  rQwait(what: string, count: number, back?: number): boolean
}
interface Decoder {
  decodeRect(x: number, y: number, width: number, height: number, queue: Queue, display: Display, depth: number): boolean
}

const core = join(packageRoot(), 'node_modules/@novnc/novnc/core')
const decoders: [encoding: number, file: string][] = [
  [0, 'raw'],
  [1, 'copyrect'],
  [2, 'rre'],
  [5, 'hextile'],
  [6, 'zlib'],
  [7, 'tight'],
  [16, 'zrle'],
  [-260, 'tightpng'],
]

async function load<T>(file: string): Promise<new () => T> {
  // noVNC looks for the browser's console when it is loaded.
  Object.assign(globalThis, { window: globalThis })
  return ((await import(join(core, file))) as { default: new () => T }).default
}

/** What noVNC's decoders draw on, kept as pixels. */
class Display {
  width = 0
  height = 0
  rgb = new Uint8Array(0)

  resize(width: number, height: number): void {
    Object.assign(this, { width, height, rgb: new Uint8Array(width * height * 3) })
  }

  fillRect(x: number, y: number, width: number, height: number, colour: ArrayLike<number>): void {
    // Clipped as a canvas does: a part of a rectangle may say any size.
    const wide = Math.min(width, this.width - x)
    this.#rows(x, y, Math.min(height, this.height - y), (to) => {
      for (let n = 0; n < wide; n++) this.#pixel(to + n * 3, colour, 0)
    })
  }

  blitImage(x: number, y: number, width: number, height: number, pixels: Uint8Array, offset: number): void {
    this.#rows(x, y, height, (to, row) => {
      for (let n = 0; n < width; n++) this.#pixel(to + n * 3, pixels, offset + (row * width + n) * 4)
    })
  }

  copyImage(oldX: number, oldY: number, x: number, y: number, width: number, height: number): void {
    const before = this.rgb.slice()
    this.#rows(x, y, height, (to, row) => {
      const from = ((oldY + row) * this.width + oldX) * 3
      this.rgb.set(before.subarray(from, from + width * 3), to)
    })
  }

  /** JPEG and PNG: their place is enough here. */
  imageRect(): void {}

  #rows(x: number, y: number, height: number, draw: (to: number, row: number) => void): void {
    for (let row = 0; row < height; row++) draw(((y + row) * this.width + x) * 3, row)
  }

  #pixel(to: number, from: ArrayLike<number>, at: number): void {
    this.rgb[to] = from[at] ?? 0
    this.rgb[to + 1] = from[at + 1] ?? 0
    this.rgb[to + 2] = from[at + 2] ?? 0
  }
}

/** Follows the messages of a server with noVNC's own queue and decoders: an opinion on where they end that is not ours, and the picture that a viewer sees. */
export class NovncReader {
  readonly display = new Display()
  updates = 0
  readonly fences: number[] = []
  offers = 0
  readonly #queue: Queue
  readonly #decoders: Map<number, Decoder>
  readonly #channel = {
    send() {},
    close() {},
    binaryType: '',
    onerror: null,
    onmessage: null as unknown,
    onopen: null,
    onclose: null,
    protocol: '',
    readyState: 1,
  }
  #rectangles = 0
  #head: { x: number; y: number; width: number; height: number; encoding: number } | undefined

  private constructor(queue: Queue, known: Map<number, Decoder>) {
    this.#queue = queue
    this.#decoders = known
    queue.attach(this.#channel)
    queue.on('message', () => {
      while (queue.rQlen() > 0 && this.#message()) {}
    })
  }

  /** A reader that begins after the greeting, with a picture of this size. */
  static async make(width: number, height: number): Promise<NovncReader> {
    const known = new Map<number, Decoder>()
    for (const [encoding, file] of decoders) known.set(encoding, new (await load<Decoder>(`decoders/${file}.js`))())
    const reader = new NovncReader(new (await load<Queue>('websock.js'))(), known)
    reader.display.resize(width, height)
    return reader
  }

  get picture(): Picture {
    return this.display
  }

  /** True when all that came is read: the last byte ended a message. */
  get atBorder(): boolean {
    return this.#queue.rQlen() === 0 && this.#rectangles === 0
  }

  feed(bytes: Uint8Array): void {
    ;(this.#channel.onmessage as (event: { data: Uint8Array }) => void)({ data: bytes })
  }

  /** One message as `_normalMsg` of noVNC reads it; false when more bytes are needed. */
  #message(): boolean {
    const queue = this.#queue
    const type = this.#rectangles > 0 ? 0 : queue.rQshift8()
    switch (type) {
      case 0:
        return this.#update()
      case 2:
        return true
      case 150:
        this.offers += 1
        return true
      case 248:
        if (queue.rQwait('fence', 12, 1)) return false
        queue.rQskipBytes(8)
        this.fences.push(queue.rQshift32())
        return true
      default:
        throw new Error(`a message of type ${type}`)
    }
  }

  #update(): boolean {
    const queue = this.#queue
    if (this.#rectangles === 0) {
      if (queue.rQwait('update', 3, 1)) return false
      queue.rQskipBytes(1)
      this.#rectangles = queue.rQshift16()
    }
    while (this.#rectangles > 0) {
      if (this.#head === undefined) {
        if (queue.rQwait('rectangle', 12)) return false
        const [x, y, width, height] = [queue.rQshift16(), queue.rQshift16(), queue.rQshift16(), queue.rQshift16()]
        this.#head = { x, y, width, height, encoding: queue.rQshift32() | 0 }
      }
      if (!this.#rectangle(this.#head)) return false
      this.#rectangles -= 1
      this.#head = undefined
    }
    this.updates += 1
    return true
  }

  #rectangle({ x, y, width, height, encoding }: { x: number; y: number; width: number; height: number; encoding: number }): boolean {
    const queue = this.#queue
    const pass = (count: number): boolean => {
      if (queue.rQwait('data', count)) return false
      queue.rQskipBytes(count)
      return true
    }
    switch (encoding) {
      case -224:
        this.#rectangles = 1
        return true
      case -223:
        this.display.resize(width, height)
        return true
      case -308: {
        if (queue.rQwait('screens', 4)) return false
        const screens = (queue as unknown as { rQpeek8(): number }).rQpeek8()
        if (!pass(4 + screens * 16)) return false
        if (width !== this.display.width || height !== this.display.height) this.display.resize(width, height)
        return true
      }
      case -239:
        return pass(width * height * 4 + Math.ceil(width / 8) * height)
      case -258:
        return true
      case -261:
        return pass(1)
      case -307: {
        if (queue.rQwait('name', 4)) return false
        const length = (queue as unknown as { rQpeekBytes(count: number): Uint8Array }).rQpeekBytes(4)
        return pass(4 + new DataView(length.buffer, length.byteOffset).getUint32(0))
      }
      default: {
        const decoder = this.#decoders.get(encoding)
        if (decoder === undefined) throw new Error(`encoding ${encoding}`)
        return decoder.decodeRect(x, y, width, height, queue, this.display, 24)
      }
    }
  }
}
