import * as vscode from 'vscode'
import { registerCommands } from './commands.ts'
import { FleetView } from './fleet-view.ts'
import { OperationTasks } from './operation-tasks.ts'

/** Builds everything the editor host consists of. Nothing is started: no cluster is asked before a task runs. */
export function compose(extensionPath: string): vscode.Disposable {
  const tasks = new OperationTasks(extensionPath)
  return vscode.Disposable.from(
    vscode.tasks.registerTaskProvider(OperationTasks.type, tasks),
    vscode.window.registerTreeDataProvider('loco.fleet', new FleetView()),
    ...registerCommands(tasks),
  )
}
