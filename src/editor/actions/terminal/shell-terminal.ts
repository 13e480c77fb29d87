import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { asLocoError } from '../../../base/error.ts'
import type { ExecTerminal, TerminalSize } from '../../../kube/exec-terminal.ts'
import { Pace } from './pace.ts'
import { safeText } from './safe-text.ts'

/** Opens a shell for a terminal of this size. */
export type OpenShell = (size: TerminalSize, signal: AbortSignal) => Promise<ExecTerminal>

const usualSize: TerminalSize = { columns: 80, rows: 24 }
const enter = '\r'

/**
 * A shell in a pod as a terminal of the editor. When it ends, by itself or because the pod went, the terminal says so and stays: Enter opens a new shell,
 * in the pod that stands for the emulator then. A shell that ends well closes its terminal. Closing the terminal closes the stream.
 */
export class ShellTerminal implements vscode.Pseudoterminal {
  readonly #write = new vscode.EventEmitter<string>()
  readonly #close = new vscode.EventEmitter<number>()
  readonly #openShell: OpenShell
  #end = new AbortController()
  #size = usualSize
  #shell: ExecTerminal | undefined
  /** Typed before the shell was there. */
  #ahead = ''
  #state: 'opening' | 'open' | 'ended' = 'opening'

  constructor(openShell: OpenShell) {
    this.#openShell = openShell
  }

  readonly onDidWrite = this.#write.event
  readonly onDidClose = this.#close.event

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    if (dimensions !== undefined) this.setDimensions(dimensions)
    void this.#run()
  }

  setDimensions({ columns, rows }: vscode.TerminalDimensions): void {
    this.#size = { columns, rows }
    this.#shell?.resize(this.#size)
  }

  handleInput(data: string): void {
    if (this.#state === 'open') this.#shell?.write(data)
    else if (this.#state === 'opening') this.#ahead += data
    else if (data.includes(enter)) void this.#run()
  }

  close(): void {
    this.#end.abort()
    this.#shell?.destroy()
    this.#write.dispose()
    this.#close.dispose()
  }

  async #run(): Promise<void> {
    this.#state = 'opening'
    this.#end = new AbortController()
    const { signal } = this.#end
    try {
      const shell = await this.#openShell(this.#size, signal)
      this.#shell = shell
      this.#state = 'open'
      if (this.#ahead !== '') shell.write(this.#ahead)
      this.#ahead = ''
      shell.resize(this.#size) // it may have changed meanwhile
      await this.#show(shell)
      if (shell.exit === 0) return this.#close.fire(0)
      this.#note(t`The shell ended with code ${shell.exit ?? 0}.`)
    } catch (thrown) {
      if (signal.aborted) return
      const { message, code, fix } = asLocoError(thrown)
      this.#note(`${message} (${code})`)
      for (const line of fix) this.#note(`  ${line}`)
    }
    this.#shell = undefined
    this.#ahead = ''
    this.#state = 'ended'
    this.#note(t('Press Enter to open a new shell.'))
  }

  async #show(shell: ExecTerminal): Promise<void> {
    const decoder = new TextDecoder('utf-8')
    const pace = new Pace()
    for await (const bytes of shell as AsyncIterable<Buffer>) {
      this.#write.fire(decoder.decode(bytes, { stream: true }))
      await pace.spend(bytes.length)
    }
  }

  #note(sentence: string): void {
    this.#write.fire(`\r\n\u001b[0;3;36m${safeText(sentence)}\u001b[0m`)
    if (this.#state === 'ended') this.#write.fire('\r\n')
  }
}
