const newline = 0x0a

/** Cuts a stream of bytes into lines of text. Pieces may split lines and characters anywhere; empty lines are left out. */
export class LineSplitter {
  readonly #limit: number
  #rest: Buffer[] = []
  #size = 0

  /** `limit`: bytes that no line may exceed, so that a broken peer cannot fill the memory. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** The lines that `piece` completes. @throws RangeError for a line longer than the limit */
  push(piece: Buffer): string[] {
    const lines: string[] = []
    let start = 0
    for (let end = piece.indexOf(newline); end !== -1; end = piece.indexOf(newline, start)) {
      this.#keep(piece.subarray(start, end))
      const line = Buffer.concat(this.#rest).toString('utf8').trim()
      if (line !== '') lines.push(line)
      this.#rest = []
      this.#size = 0
      start = end + 1
    }
    if (start < piece.length) this.#keep(piece.subarray(start))
    return lines
  }

  #keep(bytes: Buffer): void {
    this.#size += bytes.length
    if (this.#size > this.#limit) throw new RangeError(`A line is longer than ${this.#limit} bytes.`)
    this.#rest.push(bytes)
  }
}
