import { t } from '@vscode/l10n'
/** What a progress line is drawn on: stderr of a terminal, or the terminal of a task. */
export interface LineScreen {
  readonly stderr: { write(text: string): unknown }
  /** True when a person watches. */
  readonly interactive: boolean
  /** Columns of the person's screen. */
  columns(): number
}

export interface Progress {
  sentence: string
  done?: number
  total?: number
  /** Seconds left, where measured. */
  left?: number
}

/** How far something is: things are counted, bytes are told in percent. */
export function countText(done: number, total: number): string {
  return total < 10_000 ? `[${done}/${total}]` : `[${Math.floor((done / total) * 100)} %]`
}

/** Progress of long work: one line that is rewritten while a person watches, else one plain line whenever the sentence changes. */
export class ProgressLine {
  readonly #screen: LineScreen
  #shown = ''
  #sentence = ''

  constructor(screen: LineScreen) {
    this.#screen = screen
  }

  show(progress: Progress): void {
    const { sentence, done, total, left } = progress
    if (!this.#screen.interactive) {
      if (sentence !== this.#sentence) this.#screen.stderr.write(`${sentence}\n`)
      this.#sentence = sentence
      return
    }
    const count = done === undefined || total === undefined ? '' : ` ${countText(done, total)}`
    const rest = left === undefined ? '' : `, ${left < 90 ? t`about ${Math.max(1, Math.round(left))} s left` : t`about ${Math.round(left / 60)} min left`}`
    const text = `${sentence}${count}${rest}`
    const width = Math.max(20, this.#screen.columns() - 1)
    const fitting = text.length > width ? `${text.slice(0, width - 1)}…` : text
    if (fitting === this.#shown) return
    this.#screen.stderr.write(`\r\u001b[2K${fitting}`)
    this.#shown = fitting
  }

  /** Writes a line that stays, above the one that is rewritten. */
  log(line: string): void {
    this.end()
    this.#screen.stderr.write(`${line}\n`)
  }

  /** Removes the rewritten line; what follows starts at the left edge. */
  end(): void {
    if (this.#shown !== '') this.#screen.stderr.write('\r\u001b[2K')
    this.#shown = ''
  }
}
