import type * as vscode from 'vscode'
import { Emitter } from '../../base/emitter.ts'
import type { OperationEvent } from '../../contracts/operation.ts'
import type { EventSink } from '../../operations/events.ts'
import { type OperationState, stepsEnded, unread, withEvent } from '../../operations/operation-state.ts'
import { OperationText } from '../../operations/operation-text.ts'
import { inColour } from '../../operations/paint.ts'
import { ProgressLine } from '../../operations/progress-line.ts'

/** What a terminal shows and how it is told to stop. */
export interface TerminalWork {
  /** Begins when the terminal is there. @returns the exit code */
  run(screen: TaskScreen): Promise<number>
  /** Ctrl-C. */
  interrupt(): void
  /** The terminal was taken away while the work was going on: by a person, or with its window. */
  closed(): void | Promise<void>
}

/** The screen of a task: an operation as the terminal command shows it, and sentences of ours between. */
export interface TaskScreen extends EventSink {
  /** A line that stays. */
  say(text: string): void
  /** A line of bad news that stays. */
  complain(text: string): void
}

const ctrlC = '\u0003'

/** A terminal of the editor whose program is work of this extension. */
export class TaskTerminal implements vscode.Pseudoterminal {
  readonly #writes = new Emitter<string>()
  readonly #closes = new Emitter<number>()
  readonly onDidWrite = this.#writes.event
  readonly onDidClose = this.#closes.event
  readonly #work: TerminalWork
  #columns = 80
  #over = false

  constructor(work: TerminalWork) {
    this.#work = work
  }

  /** Nothing may be written before VS Code calls this. */
  open(size: vscode.TerminalDimensions | undefined): void {
    this.#columns = size?.columns ?? this.#columns
    void this.#run()
  }

  close(): void {
    if (!this.#over) void this.#work.closed()
    this.#over = true
  }

  handleInput(data: string): void {
    if (data.includes(ctrlC) && !this.#over) this.#work.interrupt()
  }

  setDimensions({ columns }: vscode.TerminalDimensions): void {
    this.#columns = columns
  }

  async #run(): Promise<void> {
    const screen = this.#screen()
    let exit = 1
    try {
      exit = await this.#work.run(screen)
    } finally {
      screen.end()
      if (!this.#over) this.#closes.fire(exit)
      this.#over = true
    }
  }

  #screen(): TaskScreen & { end(): void } {
    // A terminal of the editor goes down a line at \n and to its beginning at \r only.
    const write = (text: string): void => {
      if (!this.#over) this.#writes.fire(text.replace(/\r?\n/g, '\r\n'))
    }
    const line = new ProgressLine({ interactive: true, stderr: { write }, columns: () => this.#columns })
    const text = new OperationText({ write, line, paint: inColour, verbose: false })
    const tab = new TabProgress(write)
    const stay = (shown: string): void => {
      line.end()
      write(`${shown}\n`)
    }
    return {
      emit: (event) => {
        text.emit(event)
        tab.emit(event)
      },
      say: stay,
      complain: (sentence) => stay(inColour('red', sentence)),
      end: () => {
        line.end()
        tab.end()
      },
    }
  }
}

/** Progress on the tab of the terminal (OSC 9;4: 1 = percent, 2 = error, 0 = none). */
class TabProgress {
  readonly #write: (text: string) => void
  #state: OperationState = unread('')

  constructor(write: (text: string) => void) {
    this.#write = write
  }

  emit(event: OperationEvent): void {
    this.#state = withEvent(this.#state, event)
    if (event.kind !== 'step-start' && event.kind !== 'step-end') return
    const { ended, total } = stepsEnded(this.#state)
    if (total > 0) this.#write(`\u001b]9;4;1;${Math.round((ended / total) * 100)}\u0007`)
  }

  end(): void {
    this.#write('\u001b]9;4;0;0\u0007')
  }
}
