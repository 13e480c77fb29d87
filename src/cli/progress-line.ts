import type { Terminal } from './terminal.ts'

export interface Progress {
  sentence: string
  done?: number
  total?: number
  /** Seconds left, where measured. */
  left?: number
}

/** Progress on stderr: one line that is rewritten while a person watches, else one plain line whenever the sentence changes. */
export class ProgressLine {
  readonly #terminal: Terminal
  #shown = ''
  #sentence = ''

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  show(progress: Progress): void {
    const { sentence, done, total, left } = progress
    if (!this.#terminal.interactive) {
      if (sentence !== this.#sentence) this.#terminal.stderr.write(`${sentence}\n`)
      this.#sentence = sentence
      return
    }
    const count = done === undefined || total === undefined ? '' : ` [${done}/${total}]`
    const rest = left === undefined ? '' : `, about ${left < 90 ? `${Math.max(1, Math.round(left))} s` : `${Math.round(left / 60)} min`} left`
    const text = `${sentence}${count}${rest}`
    const width = Math.max(20, this.#terminal.columns() - 1)
    const fitting = text.length > width ? `${text.slice(0, width - 1)}…` : text
    if (fitting === this.#shown) return
    this.#terminal.stderr.write(`\r\u001b[2K${fitting}`)
    this.#shown = fitting
  }

  /** Writes a line that stays, above the one that is rewritten. */
  log(line: string): void {
    this.end()
    this.#terminal.stderr.write(`${line}\n`)
  }

  /** Removes the rewritten line; what follows starts at the left edge. */
  end(): void {
    if (this.#shown !== '') this.#terminal.stderr.write('\r\u001b[2K')
    this.#shown = ''
  }
}
