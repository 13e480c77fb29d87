import * as vscode from 'vscode'
import type { Finding } from '../../contracts/fleet.ts'
import type { EmulatorRef } from '../emulator-ref.ts'
import type { FleetId } from '../fleets.ts'
import { emulatorUri } from './emulator-uri.ts'
import type { Row, RowSubject } from './row.ts'

const collapsible = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
}

/** A row in the hands of VS Code. One object for each id, for as long as the row is there: VS Code knows rows by it. */
export class FleetItem extends vscode.TreeItem implements RowSubject {
  row: Row
  /** Ids of the rows below it, once VS Code asked for them. */
  shown: readonly string[] | undefined
  declare context?: string
  declare fleet?: FleetId
  declare ref?: EmulatorRef
  declare container?: string
  declare finding?: Finding
  declare name?: string

  constructor(row: Row) {
    super(row.label, collapsible[row.children])
    this.id = row.id
    this.row = row
    if (row.kind === 'emulator' && row.ref !== undefined) {
      this.resourceUri = emulatorUri(row.ref)
      this.command = { command: 'loco.openScreen', title: '', arguments: [row.ref] }
    }
    this.show(row)
  }

  /** Takes over what the row says now. */
  show(row: Row): void {
    this.row = row
    this.label = row.label
    this.contextValue = row.contextValue
    this.accessibilityInformation = { label: row.spoken }
    const { description, icon, tooltip, context, fleet, ref, container, finding, name } = row
    // Left out where it says nothing: VS Code takes `description: true` and an absent tooltip as wishes of their own.
    Object.assign(this, { description, tooltip, context, fleet, ref, container, finding, name })
    this.iconPath = new vscode.ThemeIcon(icon.id, icon.color === undefined ? undefined : new vscode.ThemeColor(icon.color))
  }
}
