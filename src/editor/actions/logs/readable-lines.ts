/** Bytes of a line that are held until its end comes; what is longer passes as it is. */
const longest = 64 * 1024
const newline = 0x0a
const brace = 0x7b

/** Fields that every line of one pod has alike. */
const same = new Set(['timestamp', 'level', 'message', 'service', 'pod', 'instance'])
const colours: Readonly<Record<string, string>> = { error: '31', warn: '33', debug: '90' }

/**
 * Lines of the agent, JSON objects for machines, as a person reads them: time, level, message, and what else they say. Every other line passes as it is,
 * byte for byte. The whole log, opened as a document, stays as it was written.
 */
export class ReadableLines {
  readonly #time: (ms: number) => string
  #held: Buffer[] = []
  #size = 0
  #inLine = false

  constructor(time: (ms: number) => string) {
    this.#time = time
  }

  take(piece: Buffer): Buffer {
    const parts: Buffer[] = []
    for (let at = 0; at < piece.length; ) {
      const end = piece.indexOf(newline, at)
      const next = end === -1 ? piece.length : end + 1
      this.#takeLine(piece.subarray(at, next), end !== -1, parts)
      at = next
    }
    return Buffer.concat(parts)
  }

  #takeLine(text: Buffer, ends: boolean, parts: Buffer[]): void {
    const holds = this.#size > 0 || (!this.#inLine && text[0] === brace)
    this.#inLine = !ends
    if (!holds) return void parts.push(text)
    this.#held.push(text)
    this.#size += text.length
    if (!ends && this.#size <= longest) return
    const line = Buffer.concat(this.#held)
    this.#held = []
    this.#size = 0
    parts.push(ends ? (this.#readable(line) ?? line) : line)
  }

  #readable(line: Buffer): Buffer | undefined {
    const entry = parse(line.toString('utf8'))
    if (entry === undefined) return undefined
    const { timestamp, level, message } = entry
    const ms = Date.parse(timestamp)
    const rest = Object.entries(entry).filter(([name]) => !same.has(name))
    const words = rest.map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join('')
    const time = Number.isNaN(ms) ? timestamp : this.#time(ms)
    return Buffer.from(`\u001b[90m${time}\u001b[0m \u001b[${colours[level] ?? '0'}m${level.padEnd(5)} ${message}\u001b[0m\u001b[90m${words}\u001b[0m\n`)
  }
}

function parse(line: string): { timestamp: string; level: string; message: string } | undefined {
  try {
    const { timestamp, level, message, ...rest } = JSON.parse(line) as Record<string, unknown>
    if (typeof timestamp !== 'string' || typeof level !== 'string' || typeof message !== 'string') return undefined
    return { timestamp, level, message, ...rest }
  } catch {
    return undefined
  }
}
