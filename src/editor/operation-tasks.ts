import { join } from 'node:path'
import * as vscode from 'vscode'
import { type TaskOperation, taskOperations } from './task-operations.ts'

interface LocoTaskDefinition extends vscode.TaskDefinition {
  operation: TaskOperation
  args?: string[]
}

/** Tasks of type `loco`: each runs the terminal command `loco` in its own process, which owns the operation (ARCHITECTURE.md). */
export class OperationTasks implements vscode.TaskProvider {
  static readonly type = 'loco'
  readonly #cli: string

  constructor(extensionPath: string) {
    this.#cli = join(extensionPath, 'dist', 'cli.cjs')
  }

  provideTasks(): vscode.Task[] {
    return taskOperations.map((operation) => this.task({ type: OperationTasks.type, operation }))
  }

  resolveTask(task: vscode.Task): vscode.Task | undefined {
    const definition = task.definition as LocoTaskDefinition
    // VS Code compares by identity: the resolved task must carry the definition it was asked for.
    return taskOperations.includes(definition.operation) ? this.task(definition) : undefined
  }

  task(definition: LocoTaskDefinition): vscode.Task {
    const args = [this.#cli, definition.operation, ...(definition.args ?? [])]
    // The extension host's own program is Electron in a desktop editor; with this variable it is plain Node.
    const execution = new vscode.ProcessExecution(process.execPath, args, { env: { ELECTRON_RUN_AS_NODE: '1' } })
    const name = definition.operation.charAt(0).toUpperCase() + definition.operation.slice(1)
    return new vscode.Task(definition, vscode.TaskScope.Workspace, name, 'Loco', execution)
  }
}
