import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { asLocoError, type LocoError } from '../base/error.ts'

/** Tells a person that something failed, with its code and what to do. The same words are not told twice while a notification of them stands. */
export class Tell {
  readonly #channel: vscode.LogOutputChannel
  readonly #standing = new Set<string>()

  constructor(channel: vscode.LogOutputChannel) {
    this.#channel = channel
  }

  /** Shows an error: what and why in the notification; fix and evidence in the output. A cancelled call (LOCO-USE-002) is not an error. */
  async error(thrown: unknown): Promise<void> {
    const error = asLocoError(thrown)
    if (error.code === 'LOCO-USE-002') return
    const message = `${error.message} (${error.code})`
    this.#channel.error(message)
    for (const line of [...error.fix, ...error.evidence]) this.#channel.info(`  ${line}`)
    if (this.#standing.has(message)) return
    this.#standing.add(message)
    try {
      await this.#offer(error, message)
    } finally {
      this.#standing.delete(message)
    }
  }

  async #offer(error: LocoError, message: string): Promise<void> {
    const [copyFix, explain, output] = [t('Copy Fix'), t('Explain'), t('Show Output')]
    const chosen = await vscode.window.showErrorMessage(message, ...(error.fix.length > 0 ? [copyFix] : []), explain, output)
    if (chosen === copyFix) await vscode.env.clipboard.writeText(error.fix.join('\n'))
    if (chosen === explain) await vscode.commands.executeCommand('loco.explainCode', error.code)
    if (chosen === output) this.#channel.show()
  }
}
