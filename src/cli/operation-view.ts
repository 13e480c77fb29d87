import type { OperationEvent } from '../contracts/operation.ts'
import type { EventSink } from '../operations/events.ts'
import { OperationText } from '../operations/operation-text.ts'
import { paintFor } from '../operations/paint.ts'
import { ProgressLine } from '../operations/progress-line.ts'
import type { Output } from './options.ts'
import type { Terminal } from './terminal.ts'

/** Shows an operation from its events: lines on stdout and a live line on stderr for a person, one JSON object a line for a program. */
export class OperationView implements EventSink {
  readonly #terminal: Terminal
  readonly #output: Output
  readonly #text: OperationText

  constructor(terminal: Terminal, output: Output, verbose = (terminal.env['LOCO_DEBUG'] ?? '') !== '') {
    this.#terminal = terminal
    this.#output = output
    this.#text = new OperationText({
      write: (text) => void terminal.stdout.write(text),
      line: new ProgressLine(terminal),
      paint: paintFor(terminal.interactive, terminal.env),
      verbose,
    })
  }

  emit(event: OperationEvent): void {
    if (this.#output === 'json') this.#terminal.stdout.write(`${JSON.stringify(event)}\n`)
    else this.#text.emit(event)
  }
}
