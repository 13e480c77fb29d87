/** What a parser wants next: bytes to look at, bytes that only go by (`pass` says whether anybody gets them), not to pass on what it looked at, to tell. */
export type Demand<Told> = { take: number } | { skip: number; pass: boolean } | { drop: true } | { tell: Told }

/** A parser of a byte stream, written as if it could wait for bytes. It gets the bytes that it asked to take, and nothing useful else. */
export type Parser<Told, Result = void> = Generator<Demand<Told>, Result, DataView>

const nothing = new DataView(new ArrayBuffer(0))
const none = new Uint8Array(0)

/** Wants `count` bytes in one piece, to look at. They are kept until all have come: keep `count` small. */
export const take = (count: number): { take: number } => ({ take: count })
/** Wants `count` bytes to pass, in whatever pieces they come. */
export const skip = (count: number): { skip: number; pass: boolean } => ({ skip: count, pass: true })
/** Wants `count` bytes to go nowhere. */
export const ignore = (count: number): { skip: number; pass: boolean } => ({ skip: count, pass: false })
/** Right after a `take`: the bytes that were looked at go nowhere. */
export const drop: { drop: true } = { drop: true }
/** Tells the owner of the stream something, in its place between the bytes. */
export const tell = <Told>(what: Told): { tell: Told } => ({ tell: what })

export interface ParsingHandlers<Told> {
  /** Bytes that the parser has accepted, in order, each once. They are views: copy what you keep. */
  passed?(bytes: Uint8Array): void
  told?(what: Told): void
}

/** Runs a parser over pieces that come as they like. Bytes to look at pass only after the parser has accepted them: what it throws on goes nowhere. */
export class Parsing<Told> {
  readonly #parser: Parser<Told, unknown>
  readonly #handlers: ParsingHandlers<Told>
  #demand: Demand<Told> | undefined
  /** Bytes of a `take` that is not complete. */
  #kept = new Uint8Array(0)
  #have = 0
  /** The piece that is being read, and those that came meanwhile. */
  readonly #pieces: Uint8Array[] = []

  constructor(parser: Parser<Told, unknown>, handlers: ParsingHandlers<Told> = {}) {
    this.#parser = parser
    this.#handlers = handlers
    this.#advance(nothing)
  }

  /** Takes the next piece. Returns what is left over when the parser has ended. @throws what the parser throws; feed nothing afterwards. */
  feed(piece: Uint8Array): Uint8Array {
    this.#pieces.push(piece)
    // Who is told something may write an answer, whose answer may be here at once: it waits its turn.
    if (this.#pieces.length > 1) return none
    let left: Uint8Array = none
    for (let next = this.#pieces[0]; next !== undefined; next = this.#pieces[0]) {
      const rest = this.#consume(next)
      if (rest.length > 0) left = left.length === 0 ? rest : Buffer.concat([left, rest])
      this.#pieces.shift()
    }
    return left
  }

  #consume(piece: Uint8Array): Uint8Array {
    let at = 0
    while (at < piece.length && this.#demand !== undefined) at += 'skip' in this.#demand ? this.#pass(this.#demand, piece, at) : this.#look(piece, at)
    return piece.subarray(at)
  }

  #pass(demand: { skip: number; pass: boolean }, piece: Uint8Array, at: number): number {
    const count = Math.min(demand.skip, piece.length - at)
    if (demand.pass) this.#handlers.passed?.(piece.subarray(at, at + count))
    demand.skip -= count
    if (demand.skip === 0) this.#advance(nothing)
    return count
  }

  #look(piece: Uint8Array, at: number): number {
    const wanted = (this.#demand as { take: number }).take
    if (this.#have === 0 && piece.length - at >= wanted) {
      this.#accept(piece.subarray(at, at + wanted))
      return wanted
    }
    if (this.#have === 0) this.#kept = new Uint8Array(wanted)
    const count = Math.min(wanted - this.#have, piece.length - at)
    this.#kept.set(piece.subarray(at, at + count), this.#have)
    this.#have += count
    if (this.#have === wanted) {
      this.#have = 0
      this.#accept(this.#kept)
    }
    return count
  }

  #accept(bytes: Uint8Array): void {
    this.#advance(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), bytes)
  }

  /** Resumes the parser, passes what it has accepted by going on, and tells what it tells, until it wants bytes. */
  #advance(view: DataView, looked?: Uint8Array): void {
    let next = this.#parser.next(view)
    const dropped = next.done !== true && 'drop' in next.value
    if (looked !== undefined && !dropped) this.#handlers.passed?.(looked)
    while (next.done !== true && !wantsBytes(next.value)) {
      if ('tell' in next.value) this.#handlers.told?.(next.value.tell)
      next = this.#parser.next(nothing)
    }
    this.#demand = next.done === true ? undefined : { ...next.value }
  }
}

/** Nothing to wait for is no wish for bytes: it would hold what was told next back until more comes. */
const wantsBytes = <Told>(demand: Demand<Told>): boolean => ('take' in demand ? demand.take > 0 : 'skip' in demand ? demand.skip > 0 : false)
