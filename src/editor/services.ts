import type * as vscode from 'vscode'
import type { Logger } from '../base/logger.ts'
import type { Commands } from './commands.ts'
import type { Confirm } from './confirm.ts'
import type { Fleets } from './fleets.ts'
import type { Leaving } from './leaving.ts'
import type { Tell } from './tell.ts'

/** What every part of the editor host may use. */
export interface Services {
  readonly context: vscode.ExtensionContext
  readonly log: Logger
  readonly channel: vscode.LogOutputChannel
  readonly tell: Tell
  readonly commands: Commands
  /** Asks the person, or the test that stands in for one. */
  readonly confirm: Confirm
  readonly fleets: Fleets
  /** What must end elsewhere before the window goes. */
  readonly leaving: Leaving
}
