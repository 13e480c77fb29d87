import type { OperationEvent } from '../contracts/operation.ts'
import type { EventSink } from './events.ts'
import type { Colour, Paint } from './paint.ts'
import type { ProgressLine } from './progress-line.ts'
import { operationLines, progressText, type Tone } from './text.ts'

const colours: Record<Tone, Colour | undefined> = { plain: undefined, strong: 'bold', good: 'green', warn: 'yellow', bad: 'red', faint: 'grey' }

export interface TextScreen {
  /** Writes lines that stay, each with its end. */
  write: (text: string) => void
  /** The line that is rewritten while something lasts. */
  line: ProgressLine
  paint: Paint
  /** Whether what builders and Helm print is shown line by line; the journal has it in any case. */
  verbose: boolean
}

/** An operation as text for a person, drawn from its events. The terminal and the task terminal of the editor show the same. */
export class OperationText implements EventSink {
  readonly #screen: TextScreen

  constructor(screen: TextScreen) {
    this.#screen = screen
  }

  emit(event: OperationEvent): void {
    const { write, line, paint, verbose } = this.#screen
    if (event.kind === 'step-log' && !verbose) return
    const lines = operationLines(event)
    if (lines.length > 0) line.end()
    for (const { tone, text } of lines) {
      const colour = colours[tone]
      const shown = printable(text)
      write(`${colour === undefined ? shown : paint(colour, shown)}\n`)
    }
    const progress = progressText(event)
    if (progress !== undefined) line.show({ ...progress, sentence: printable(progress.sentence) })
  }
}

/** Text without control characters: words of a cluster, of a builder or of a guest must not steer the terminal that shows them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const printable = (text: string): string => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
