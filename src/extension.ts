import type * as vscode from 'vscode'
import { compose } from './editor/compose.ts'

/** VS Code calls this once, when a command or task of ours is first used. */
export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(compose(context.extensionPath))
}
