import * as vscode from 'vscode'
import { type Disposable, Scope } from '../../base/disposable.ts'
import { FleetItem } from './fleet-item.ts'
import type { Row } from './row.ts'
import { childRows, rootRows, type TreeInput } from './tree-model.ts'

/** Milliseconds in which changes are gathered into one look at the rows. */
const gather = 100
/**
 * Milliseconds between two refreshes of a row that has emulators below it, for its own words. A refresh makes VS Code forget the rows below until it has
 * asked for them again, and what is clicked in that moment reaches its command without its row.
 */
const calm = 2_000
/**
 * Milliseconds for which a hover that was made is shown again as it is. VS Code asks for a new one only after the row was refreshed, which closes a hover
 * that is open: so it is done when hardly anybody reads any more.
 */
const hoverLife = 30_000
/** Milliseconds for which the first question of VS Code may stay open. An answer that was empty is asked for again only half a second later. */
const firstAnswer = 1_000

export interface FleetTreeOptions {
  /** What the rows are made of, as it is now. */
  input: () => TreeInput
  /** Makes the hover of an emulator's row. */
  hover: (row: Row, token: vscode.CancellationToken) => Promise<vscode.MarkdownString | undefined>
  /** Resolves when there is something to show, or it is known that there is nothing. */
  known: () => Promise<void>
}

/**
 * The rows of the Fleet view for VS Code. It hears of single rows that say something else, never of the whole tree, and of nothing while it does not look.
 * Rows keep their object, so that selection, focus and open menus stay where they are.
 */
export class FleetTree implements vscode.TreeDataProvider<FleetItem>, Disposable {
  readonly #options: FleetTreeOptions
  readonly #scope = new Scope()
  readonly #changes = this.#scope.add(new vscode.EventEmitter<FleetItem[] | undefined>())
  readonly onDidChangeTreeData = this.#changes.event
  readonly #items = new Map<string, FleetItem>()
  #roots: readonly string[] | undefined
  /** VS Code was told that there are other roots, and has not asked for them yet: telling it again would put it off. */
  #told = false
  #visible = false
  #first: Promise<unknown> | undefined
  #timer: NodeJS.Timeout | undefined
  /** Rows with others below them whose words changed, and when VS Code may be told. */
  readonly #waiting = new Set<FleetItem>()
  #calmUntil = 0
  #calmTimer: NodeJS.Timeout | undefined

  constructor(options: FleetTreeOptions) {
    this.#options = options
  }

  getTreeItem(item: FleetItem): FleetItem {
    return item
  }

  async getChildren(item?: FleetItem): Promise<FleetItem[]> {
    this.#first ??= Promise.race([this.#options.known(), new Promise((resolve) => setTimeout(resolve, firstAnswer).unref())])
    await this.#first
    const rows = this.#rowsBelow(item)
    const ids = rows.map(({ id }) => id)
    this.#forget(item === undefined ? this.#roots : item.shown, ids)
    if (item === undefined) {
      this.#roots = ids
      this.#told = false
    } else item.shown = ids
    return rows.map((row) => this.#take(row))
  }

  async resolveTreeItem(given: vscode.TreeItem, item: FleetItem, token: vscode.CancellationToken): Promise<vscode.TreeItem> {
    // Not put into the item itself: one that has a hover is never asked for another.
    const resolved = new vscode.TreeItem(given.label ?? item.row.label)
    if (given.command !== undefined) resolved.command = given.command
    resolved.tooltip = await this.#options.hover(item.row, token)
    setTimeout(() => {
      if (this.#visible && this.#items.get(item.row.id) === item) this.#changes.fire([item])
    }, hoverLife).unref()
    return resolved
  }

  setVisible(visible: boolean): void {
    this.#visible = visible
    this.#told = false
    if (visible) this.#look()
  }

  /** Something may be different. */
  touch(): void {
    if (this.#visible && !this.#scope.ended) this.#timer ??= setTimeout(() => this.#look(), gather)
  }

  dispose(): void {
    clearTimeout(this.#timer)
    clearTimeout(this.#calmTimer)
    this.#scope.dispose()
  }

  #look(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (!this.#visible || this.#roots === undefined || this.#told) return
    const changed: FleetItem[] = []
    this.#told = this.#compare(undefined, this.#roots, changed)
    if (this.#told) {
      this.#changes.fire(undefined)
      return
    }
    changed.push(...this.#calmed())
    if (changed.length > 0) this.#changes.fire(changed)
  }

  /** Rows that waited, once they may be told; else looks again when that is. */
  #calmed(): FleetItem[] {
    const now = Date.now()
    clearTimeout(this.#calmTimer)
    if (this.#waiting.size === 0) return []
    if (now < this.#calmUntil) {
      this.#calmTimer = setTimeout(() => this.#look(), this.#calmUntil - now)
      return []
    }
    this.#calmUntil = now + calm
    const waited = [...this.#waiting].filter((item) => this.#items.get(item.row.id) === item)
    this.#waiting.clear()
    return waited
  }

  /** Finds the rows that say something else; true when other rows are there than VS Code knows. */
  #compare(parent: FleetItem | undefined, known: readonly string[], changed: FleetItem[]): boolean {
    const rows = this.#rowsBelow(parent)
    if (rows.length !== known.length || rows.some(({ id }, index) => id !== known[index])) return true
    for (const row of rows) {
      const item = this.#take(row, changed)
      if (item.shown !== undefined && this.#compare(item, item.shown, changed) && changed.at(-1) !== item) changed.push(item)
    }
    return false
  }

  #rowsBelow(item: FleetItem | undefined): Row[] {
    const input = this.#options.input()
    return item === undefined ? rootRows(input) : childRows(item.row, input)
  }

  #take(row: Row, changed?: FleetItem[]): FleetItem {
    const known = this.#items.get(row.id)
    if (known === undefined) {
      const item = new FleetItem(row)
      this.#items.set(row.id, item)
      return item
    }
    if (!sameRow(known.row, row)) {
      known.show(row)
      if (changed !== undefined && (row.kind === 'fleet' || row.kind === 'connection')) this.#waiting.add(known)
      else changed?.push(known)
    }
    return known
  }

  /** Lets go of rows that are no longer there, and of all below them. */
  #forget(before: readonly string[] | undefined, now: readonly string[]): void {
    const kept = new Set(now)
    for (const id of before ?? []) {
      if (kept.has(id)) continue
      this.#forget(this.#items.get(id)?.shown, [])
      this.#items.delete(id)
    }
  }
}

function sameRow(a: Row, b: Row): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
