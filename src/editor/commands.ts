import * as vscode from 'vscode'
import { OperationTasks } from './operation-tasks.ts'
import { taskOperations } from './task-operations.ts'

/** Registers a command for each operation. A command always exists and says why when it cannot run. */
export function registerCommands(tasks: OperationTasks): vscode.Disposable[] {
  return taskOperations.map((operation) =>
    vscode.commands.registerCommand(`loco.${operation}`, async () => {
      if (!vscode.workspace.isTrusted) {
        await vscode.window.showWarningMessage(vscode.l10n.t('Loco Cluster starts no programs in a workspace that is not trusted.'))
        return
      }
      await vscode.tasks.executeTask(tasks.task({ type: OperationTasks.type, operation }))
    }),
  )
}
