import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { type Disposable, Scope } from '../base/disposable.ts'
import type { Tell } from './tell.ts'

/** Registers commands. A command always exists; it says why when it cannot run, and its errors are told, not thrown at VS Code. */
export class Commands implements Disposable {
  readonly #tell: Tell
  readonly #scope = new Scope()

  constructor(tell: Tell) {
    this.#tell = tell
  }

  /** `name` as in package.json, without `loco.`. Runs only in a trusted workspace, unless `untrusted` says that it does no harm there. */
  register(name: string, run: (...args: unknown[]) => unknown, { untrusted = false }: { untrusted?: boolean } = {}): void {
    const command = vscode.commands.registerCommand(`loco.${name}`, async (...args: unknown[]) => {
      if (!untrusted && !vscode.workspace.isTrusted) {
        await vscode.window.showWarningMessage(t('Loco Cluster asks no cluster and starts no program in a workspace that is not trusted.'))
        return undefined
      }
      try {
        return await run(...args)
      } catch (error) {
        void this.#tell.error(error)
        return undefined
      }
    })
    this.#scope.add(command)
  }

  dispose(): void {
    this.#scope.dispose()
  }
}
