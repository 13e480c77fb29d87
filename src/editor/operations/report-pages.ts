import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { type Disposable, Scope } from '../../base/disposable.ts'
import type { PlanEvent } from '../../contracts/operation.ts'
import { watchJournals } from '../../operations/journal-watch.ts'
import type { BookEntry } from '../../operations/operations-book.ts'
import { type DocumentSource, ReadOnlyDocuments } from '../actions/read-only-documents.ts'
import { plain, reportMarkdown } from './report-markdown.ts'

const scheme = 'loco-report'

/**
 * The address of the report of an operation: its id, and a name for the tab. It holds nothing that changes, so that an editor that was left open finds it again.
 */
function uriOf(id: string, plan: PlanEvent | undefined): vscode.Uri {
  const name = plan === undefined ? 'report' : `${plan.operation} ${plan.target.namespace}`
  return vscode.Uri.from({ scheme, path: `/${id}/${name}.md` })
}
const idOf = ({ path }: vscode.Uri): string => path.split('/')[1] ?? ''

/**
 * Reports as documents that can only be read, and that a preview finds again after a reload of the window. A page of an operation that runs follows it while
 * it is open.
 */
export class ReportPages implements DocumentSource, Disposable {
  readonly #root: string
  readonly #read: () => Promise<readonly BookEntry[]>
  readonly #changes = new vscode.EventEmitter<vscode.Uri>()
  readonly #scope = new Scope()
  readonly #following = new Map<string, Disposable>()

  constructor(root: string, read: () => Promise<readonly BookEntry[]>) {
    this.#root = root
    this.#read = read
    this.#scope.add(this.#changes)
    this.#scope.add({
      dispose: () => {
        for (const id of this.#following.keys()) this.#unfollow(id)
      },
    })
    this.#scope.add(ReadOnlyDocuments.register(scheme, this))
    this.#scope.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => uri.scheme === scheme && this.#unfollow(idOf(uri))))
  }

  readonly changes = this.#changes.event

  /** Opens the report of an operation, drawn where the editor can draw Markdown. */
  async open(id: string): Promise<void> {
    const entry = (await this.#read()).find((one) => one.id === id)
    const uri = uriOf(id, entry?.state.plan)
    try {
      await vscode.commands.executeCommand('markdown.showPreview', uri)
    } catch {
      await vscode.window.showTextDocument(uri, { preview: true }) // the built-in extension for Markdown is switched off
    }
  }

  async text(uri: vscode.Uri): Promise<string> {
    const id = idOf(uri)
    const entry = (await this.#read()).find((one) => one.id === id)
    if (entry?.standing === 'running') this.#follow(id, uri)
    else this.#unfollow(id)
    return entry === undefined ? `# ${plain(t`There is no operation ${id}.`)}\n` : reportMarkdown(entry)
  }

  dispose(): void {
    this.#scope.dispose()
  }

  #follow(id: string, uri: vscode.Uri): void {
    if (!this.#following.has(id))
      this.#following.set(
        id,
        watchJournals(this.#root, () => this.#changes.fire(uri)),
      )
  }

  #unfollow(id: string): void {
    this.#following.get(id)?.dispose()
    this.#following.delete(id)
  }
}
