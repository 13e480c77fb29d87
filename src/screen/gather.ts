/** Bytes of one piece at most: enough to make messages few, little enough to keep a page responsive. */
export const pieceSize = 64 * 1024

/** Gathers the small parts that arrive together into pieces, each a copy of its own. What was added leaves before the event loop waits again. */
export class Gather {
  readonly #emit: (piece: Uint8Array<ArrayBuffer>) => void
  #parts: Uint8Array[] = []
  #size = 0
  #soon: NodeJS.Immediate | undefined

  constructor(emit: (piece: Uint8Array<ArrayBuffer>) => void) {
    this.#emit = emit
  }

  /** `bytes` must stay as they are until they leave, which is at once or in this turn of the event loop. */
  add(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + pieceSize - this.#size)
      this.#parts.push(part)
      this.#size += part.length
      at += part.length
      if (this.#size === pieceSize) this.flush()
    }
    if (this.#size > 0) this.#soon ??= setImmediate(() => this.flush())
  }

  flush(): void {
    clearImmediate(this.#soon)
    this.#soon = undefined
    if (this.#size === 0) return
    const piece = new Uint8Array(this.#size)
    let at = 0
    for (const part of this.#parts) {
      piece.set(part, at)
      at += part.length
    }
    this.#parts = []
    this.#size = 0
    this.#emit(piece)
  }

  /** Forgets what has not left. */
  dispose(): void {
    clearImmediate(this.#soon)
    this.#parts = []
    this.#size = 0
  }
}
