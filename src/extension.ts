import * as l10n from '@vscode/l10n'
import * as vscode from 'vscode'
import { compose } from './editor/compose.ts'
import { Leaving } from './editor/leaving.ts'
import type { LocoApi } from './editor/loco-api.ts'

const leaving = new Leaving()

/** VS Code calls this once, when a view, command, task or tab of ours is first used. Nothing is read or asked before that part is really used. */
export function activate(context: vscode.ExtensionContext): LocoApi {
  if (vscode.l10n.bundle !== undefined) l10n.config({ contents: vscode.l10n.bundle })
  return compose(context, leaving)
}

/** VS Code calls this before the window goes. */
export function deactivate(): Promise<void> {
  return leaving.leave()
}
