import type { OperationEvent } from '../contracts/operation.ts'
import type { EventSink } from '../operations/events.ts'
import { operationLines, progressText, type Tone } from '../operations/text.ts'
import type { Output } from './options.ts'
import { ProgressLine } from './progress-line.ts'
import type { Terminal } from './terminal.ts'
import { type Colour, paintFor } from './text.ts'

const colours: Record<Tone, Colour | undefined> = { plain: undefined, strong: 'bold', good: 'green', warn: 'yellow', bad: 'red', faint: 'grey' }

/** Draws an operation from its events: lines on stdout and a live line on stderr for a person, one JSON object a line for a program. */
export class OperationView implements EventSink {
  readonly #terminal: Terminal
  readonly #output: Output
  /** Whether what builders and Helm print is shown line by line; the journal has it in any case. */
  readonly #verbose: boolean
  readonly #line: ProgressLine

  constructor(terminal: Terminal, output: Output, verbose = (terminal.env['LOCO_DEBUG'] ?? '') !== '') {
    this.#terminal = terminal
    this.#output = output
    this.#verbose = verbose
    this.#line = new ProgressLine(terminal)
  }

  emit(event: OperationEvent): void {
    if (this.#output === 'json') {
      this.#terminal.stdout.write(`${JSON.stringify(event)}\n`)
      return
    }
    if (event.kind === 'step-log' && !this.#verbose) return
    const paint = paintFor(this.#terminal.interactive, this.#terminal.env)
    const lines = operationLines(event)
    if (lines.length > 0) this.#line.end()
    for (const { tone, text } of lines) {
      const colour = colours[tone]
      this.#terminal.stdout.write(`${colour === undefined ? text : paint(colour, text)}\n`)
    }
    const progress = progressText(event)
    if (progress !== undefined) this.#line.show(progress)
  }
}
