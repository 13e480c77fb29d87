import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { type Disposable, Scope } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import { watchJournals } from '../../operations/journal-watch.ts'
import type { BookEntry } from '../../operations/operations-book.ts'
import { changedRows, type OperationRow, operationRows } from './rows.ts'

/** An element of the tree: the same object for the same row, whatever the row shows. */
export interface OperationElement {
  readonly id: string
  /** The operation that it belongs to: what commands take. */
  readonly operation: string
}

export interface OperationsViewOptions {
  /** Folder of the journals. */
  root: string
  read: () => Promise<readonly BookEntry[]>
  /** Called with what was read, whenever it was. */
  seen: (entries: readonly BookEntry[]) => void
  log: Logger
}

/** View "Operations": what runs and what ran, from the journals. They are read and watched only while the view can be seen. */
export class OperationsView implements vscode.TreeDataProvider<OperationElement>, Disposable {
  readonly #options: OperationsViewOptions
  readonly #changes = new vscode.EventEmitter<OperationElement[] | undefined>()
  readonly onDidChangeTreeData = this.#changes.event
  readonly #scope = new Scope()
  readonly #elements = new Map<string, OperationElement>()
  readonly #byId = new Map<string, OperationRow>()
  /** Whether a row was open when it was first seen: later it is the person who decides. */
  readonly #opened = new Map<string, boolean>()
  #rows: readonly OperationRow[] | undefined
  #watch: Disposable | undefined
  #first: Promise<void> | undefined

  constructor(options: OperationsViewOptions) {
    this.#options = options
    const view = this.#scope.add(vscode.window.createTreeView('loco.operations', { treeDataProvider: this, showCollapseAll: true }))
    this.#scope.add(view.onDidChangeVisibility(({ visible }) => this.#show(visible)))
    this.#scope.add({ dispose: () => this.#show(false) })
    this.#show(view.visible)
  }

  /** Looks again now; for changes that this window knows of itself. Does nothing while nobody looks. */
  refresh(): void {
    if (this.#watch !== undefined) void this.#read()
  }

  async getChildren(element?: OperationElement): Promise<OperationElement[]> {
    if (element !== undefined) return this.#elementsOf(this.#byId.get(element.id)?.children ?? [])
    if (this.#rows === undefined) await this.#read()
    return this.#elementsOf(this.#rows ?? [])
  }

  getTreeItem({ id }: OperationElement): vscode.TreeItem {
    const row = this.#byId.get(id)
    if (row === undefined) return new vscode.TreeItem('')
    const item = new vscode.TreeItem(row.label, this.#collapsible(row))
    item.id = id
    item.description = row.description
    item.tooltip = row.tooltip
    item.contextValue = row.contextValue
    item.iconPath = new vscode.ThemeIcon(row.icon, row.colour === undefined ? undefined : new vscode.ThemeColor(row.colour))
    item.accessibilityInformation = { label: row.spoken }
    if (row.code !== undefined) item.command = { command: 'loco.explainCode', title: t('Explain Code'), arguments: [row.code] }
    return item
  }

  getParent({ id }: OperationElement): OperationElement | undefined {
    const parent = [...this.#byId.values()].find(({ children }) => children.some((child) => child.id === id))
    return parent && this.#elements.get(parent.id)
  }

  dispose(): void {
    this.#scope.dispose()
    this.#changes.dispose()
  }

  #show(visible: boolean): void {
    if (!visible) {
      this.#watch?.dispose()
      this.#watch = undefined
    } else if (this.#watch === undefined) {
      this.#watch = watchJournals(this.#options.root, () => void this.#read())
      if (this.#rows !== undefined) void this.#read()
    }
  }

  /** One reading at a time; what changes meanwhile is seen by the next. */
  #read(): Promise<void> {
    this.#first ??= this.#readNow().finally(() => {
      this.#first = undefined
    })
    return this.#first
  }

  async #readNow(): Promise<void> {
    try {
      const entries = await this.#options.read()
      this.#take(operationRows(entries, writeTime))
      this.#options.seen(entries)
    } catch (error) {
      this.#options.log.warn('the journals could not be read', { error: String(error) })
    }
  }

  #take(rows: readonly OperationRow[]): void {
    const before = this.#rows
    this.#rows = rows
    this.#byId.clear()
    const index = (row: OperationRow): void => {
      this.#byId.set(row.id, row)
      row.children.forEach(index)
    }
    rows.forEach(index)
    for (const id of this.#elements.keys()) if (!this.#byId.has(id)) this.#elements.delete(id)
    if (before === undefined) return // the first reading answers VS Code's own question
    const changed = changedRows(before, rows)
    if (changed === undefined) this.#changes.fire(undefined)
    else if (changed.length > 0) this.#changes.fire(changed.flatMap((id) => this.#elements.get(id) ?? []))
  }

  #elementsOf(rows: readonly OperationRow[]): OperationElement[] {
    return rows.map(({ id, operation }) => {
      const known = this.#elements.get(id) ?? { id, operation }
      this.#elements.set(id, known)
      return known
    })
  }

  #collapsible({ id, open, children }: OperationRow): vscode.TreeItemCollapsibleState {
    if (children.length === 0) return vscode.TreeItemCollapsibleState.None
    if (!this.#opened.has(id)) this.#opened.set(id, open)
    return this.#opened.get(id) === true ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed
  }
}

/** Made when it is first needed: making one takes long. */
let format: Intl.DateTimeFormat | undefined

/** A time as people of this language write it. It is that of the beginning and never changes, so that nothing refreshes because of it. */
function writeTime(time: Date): string {
  format ??= new Intl.DateTimeFormat(vscode.env.language, { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' })
  return format.format(time)
}
