import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Bytes of one line of a fake log without its time, the line end included. */
const lineLength = 100
const start = Date.parse('2026-11-25T00:00:00.000Z')

/** A container that wrote `lines` lines, one a millisecond, and then writes nothing more: answered as a kubelet does, with tail, times and following. */
export class FakeLog {
  readonly #lines: number

  constructor(lines: number) {
    this.#lines = lines
  }

  /** Bytes of the whole log as `loco` would fetch it. */
  get bytes(): number {
    return this.#lines * lineLength
  }

  async answer(query: URLSearchParams, response: ServerResponse): Promise<void> {
    const tail = Number(query.get('tailLines') ?? this.#lines)
    const timed = query.get('timestamps') === 'true'
    response.writeHead(200, { 'Content-Type': 'text/plain' })
    response.flushHeaders()
    const text = Readable.from(this.#pieces(Math.max(0, this.#lines - tail), timed))
    await pipeline(text, response, { end: query.get('follow') !== 'true' }).catch(() => {}) // whoever read it went away
  }

  *#pieces(from: number, timed: boolean): Generator<string> {
    for (let line = from; line < this.#lines; line += 500) {
      let piece = ''
      for (let i = line; i < Math.min(line + 500, this.#lines); i += 1) {
        const words = `line ${i} of ${this.#lines} `
        piece += `${timed ? `${new Date(start + i).toISOString()} ` : ''}${words.padEnd(lineLength - 1, '.')}\n`
      }
      yield piece
    }
  }
}
