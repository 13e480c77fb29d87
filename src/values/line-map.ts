import type { TextRange } from './types.ts'

/** A place as people and compilers count it: line and column from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** From `start` up to, and without, `end`. */
export interface Span {
  readonly start: Position
  readonly end: Position
}

/** The lines of one text: places as offsets, and the other way round. Lines end with LF or CRLF. */
export class LineMap {
  readonly #text: string
  readonly #starts: readonly number[]

  constructor(text: string) {
    this.#text = text
    this.#starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)]
  }

  get count(): number {
    return this.#starts.length
  }

  /** The place of an offset; the end of the text for one that lies behind it. */
  at(offset: number): Position {
    const wanted = Math.max(0, Math.min(offset, this.#text.length))
    const line = this.#lineOf(wanted)
    return { line: line + 1, column: wanted - (this.#starts[line] ?? 0) + 1 }
  }

  span({ start, end }: TextRange): Span {
    return { start: this.at(start), end: this.at(end) }
  }

  /** The text of a line, without its end. */
  text(line: number): string {
    const start = this.#starts[line - 1] ?? this.#text.length
    return this.#text.slice(start, this.#starts[line] ?? this.#text.length).replace(/\r?\n$/, '')
  }

  /** The offset of a place; undefined for one that the text does not have. */
  offset({ line, column }: Position): number | undefined {
    const start = this.#starts[line - 1]
    return start === undefined || column < 1 || column > this.text(line).length + 1 ? undefined : start + column - 1
  }

  #lineOf(offset: number): number {
    let [low, high] = [0, this.#starts.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.#starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }
}
