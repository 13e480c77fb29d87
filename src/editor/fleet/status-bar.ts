import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import type { Disposable } from '../../base/disposable.ts'
import type { ConnectionView } from '../connection/state.ts'
import { hoverCommands } from './markdown.ts'
import { type Summary, statusText, statusTooltip } from './summary.ts'
import type { TimeWords } from './words.ts'

const icons = { good: '$(vm-active)', warning: '$(warning)', error: '$(error)' }
const backgrounds = { good: undefined, warning: 'statusBarItem.warningBackground', error: 'statusBarItem.errorBackground' }

/** The health of all fleets in the status bar. A click shows the view. */
export class FleetStatusBar implements Disposable {
  readonly #item = vscode.window.createStatusBarItem('fleet', vscode.StatusBarAlignment.Left, 10)

  constructor() {
    this.#item.name = t('Loco Cluster: Fleet')
    this.#item.command = 'loco.fleet.focus'
  }

  show(summary: Summary | undefined, connections: readonly ConnectionView[], time: TimeWords): void {
    const text = summary && statusText(summary)
    if (summary === undefined || text === undefined) {
      this.#item.hide()
      return
    }
    const background = backgrounds[summary.severity]
    this.#item.text = `${summary.blind ? '$(question)' : icons[summary.severity]} ${text}`
    this.#item.backgroundColor = background === undefined ? undefined : new vscode.ThemeColor(background)
    this.#item.tooltip = trusted(statusTooltip(connections, time))
    this.#item.accessibilityInformation = { label: t`Fleet: ${text}`, role: 'button' }
    this.#item.show()
  }

  dispose(): void {
    this.#item.dispose()
  }
}

/** Markdown of ours whose links may run our commands, and no others. */
export function trusted(text: string): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(text)
  markdown.isTrusted = { enabledCommands: hoverCommands }
  return markdown
}
