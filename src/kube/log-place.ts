const newline = 0x0a
const space = 0x20
/** A time of RFC 3339 has at most 35 characters; what is longer is text. */
const longestTime = 40

/**
 * Where a reader is in a log that comes with the time before each line: takes the times off, and after a break leaves out the lines that were read before,
 * so that nothing comes twice and nothing is lost. Pieces may split lines anywhere; no line is ever held.
 */
export class LogPlace {
  /** Time of the last line that came whole: where to go on after a break. */
  #since: string | undefined
  /** The time of the line that comes now, as far as it came. */
  #head: Buffer[] = []
  #headSize = 0
  #state: 'head' | 'text' | 'known' = 'head'
  #time: string | undefined
  /** Lines up to this one were read before the break. */
  #threshold: TimeKey | undefined

  get since(): string | undefined {
    return this.#since
  }

  /** The text in a piece of the log that is new, without times. */
  take(piece: Buffer): Buffer {
    const parts: Buffer[] = []
    for (let at = 0; at < piece.length; ) {
      if (this.#state === 'head') {
        at = this.#takeHead(piece, at, parts)
        continue
      }
      const end = piece.indexOf(newline, at)
      const next = end === -1 ? piece.length : end + 1
      if (this.#state === 'text') parts.push(piece.subarray(at, next))
      if (end !== -1) this.#endLine()
      at = next
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
  }

  /** The stream broke or ended, and another one will go on from `since`. @returns true when it did so in the middle of a line, which then comes again whole */
  pause(): boolean {
    const torn = this.#state === 'text'
    this.#head = []
    this.#headSize = 0
    this.#state = 'head'
    this.#threshold = this.#since === undefined ? undefined : timeKey(this.#since)
    return torn
  }

  #takeHead(piece: Buffer, at: number, parts: Buffer[]): number {
    const rest = piece.subarray(at, at + longestTime - this.#headSize)
    const end = rest.findIndex((byte) => byte === space || byte === newline)
    const taken = end === -1 ? rest : rest.subarray(0, end)
    this.#head.push(taken)
    this.#headSize += taken.length
    if (end === -1 && this.#headSize < longestTime) return at + taken.length
    const head = Buffer.concat(this.#head)
    this.#head = []
    this.#headSize = 0
    const key = end === -1 || rest[end] === newline ? undefined : timeKey(head.toString('latin1'))
    if (key === undefined) {
      // No time, so it is text: better a line twice than one lost.
      this.#time = undefined
      this.#state = 'text'
      parts.push(head)
      return at + taken.length
    }
    this.#time = head.toString('latin1')
    this.#state = this.#threshold !== undefined && !later(key, this.#threshold) ? 'known' : 'text'
    return at + taken.length + 1
  }

  #endLine(): void {
    if (this.#state === 'text') {
      this.#threshold = undefined
      this.#since = this.#time ?? this.#since
    }
    this.#state = 'head'
  }
}

/** Milliseconds, and what stands behind them, as nanoseconds: times of the kubelet are finer than `Date`. */
type TimeKey = readonly [ms: number, nanos: number]

function timeKey(text: string): TimeKey | undefined {
  const ms = Date.parse(text)
  if (Number.isNaN(ms) || !/^\d{4}-\d\d-\d\dT/.test(text)) return undefined
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? ''
  return [ms, Number(fraction.slice(3, 9).padEnd(6, '0'))]
}

const later = (a: TimeKey, b: TimeKey): boolean => a[0] > b[0] || (a[0] === b[0] && a[1] > b[1])
