import { ValuesDocument } from './document.ts'
import type { Edit } from './types.ts'

/** A part of the new text: a slice of the old one, or something new. */
type Piece = { readonly start: number; readonly end: number } | { readonly text: string }

/** Several changes of one file, each made in the text that the one before left, told at last as edits of the text of the beginning. */
export class Rewrite {
  readonly #first: ValuesDocument
  #now: ValuesDocument
  #pieces: Piece[]

  constructor(document: ValuesDocument) {
    this.#first = document
    this.#now = document
    this.#pieces = [{ start: 0, end: document.text.length }]
  }

  /** The document as it would be now: what the next change refers to. */
  get document(): ValuesDocument {
    return this.#now
  }

  /** Makes edits that belong to `document` as it is now and do not overlap. */
  apply(...edits: readonly Edit[]): void {
    if (edits.length === 0) return
    let text = this.#now.text
    for (const { range, newText } of [...edits].sort((one, other) => other.range.start - one.range.start || other.range.end - one.range.end)) {
      this.#pieces = [...sliced(this.#pieces, 0, range.start), { text: newText }, ...sliced(this.#pieces, range.end, text.length)]
      text = text.slice(0, range.start) + newText + text.slice(range.end)
    }
    this.#now = ValuesDocument.parse(this.#now.file, text)
  }

  /** All changes as edits of the first text, in order, none of which overlap. */
  edits(): Edit[] {
    const { file, text } = this.#first
    const edits: Edit[] = []
    let at = 0
    let added = ''
    const close = (end: number): void => {
      if (text.slice(at, end) !== added) edits.push({ file, range: { start: at, end }, newText: added })
      added = ''
    }
    for (const piece of this.#pieces) {
      if ('text' in piece) {
        added += piece.text
        continue
      }
      close(piece.start)
      at = piece.end
    }
    close(text.length)
    return edits
  }
}

/** The pieces between two offsets of the text that they make. */
function sliced(pieces: readonly Piece[], from: number, to: number): Piece[] {
  const found: Piece[] = []
  let at = 0
  for (const piece of pieces) {
    const length = 'text' in piece ? piece.text.length : piece.end - piece.start
    const start = Math.max(from - at, 0)
    const end = Math.min(to - at, length)
    if (start < end) found.push('text' in piece ? { text: piece.text.slice(start, end) } : { start: piece.start + start, end: piece.start + end })
    at += length
  }
  return found
}
