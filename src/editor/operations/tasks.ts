import * as vscode from 'vscode'
import type { OperationKind } from '../../contracts/operation.ts'
import { operationKinds } from './task-options.ts'
import { operationName } from './title.ts'

const type = 'loco'

export interface TaskRequest {
  definition: vscode.TaskDefinition
  /** Where relative paths of the task start; undefined without a folder. */
  folder: vscode.WorkspaceFolder | undefined
}

/** Tasks of type `loco`: the three operations as they are, and those that tasks.json describes. */
export class OperationTasks implements vscode.TaskProvider {
  readonly #terminal: (request: TaskRequest) => vscode.Pseudoterminal

  /** `terminal`: makes the terminal in which a task runs. */
  constructor(terminal: (request: TaskRequest) => vscode.Pseudoterminal) {
    this.#terminal = terminal
  }

  register(): vscode.Disposable {
    return vscode.tasks.registerTaskProvider(type, this)
  }

  provideTasks(): vscode.Task[] {
    return operationKinds.map((operation) => this.#task({ type, operation }, operationName(operation), vscode.TaskScope.Workspace))
  }

  /** VS Code compares by identity: the resolved task must carry the definition it was asked for. What is wrong in it is told when it runs. */
  resolveTask(task: vscode.Task): vscode.Task {
    return this.#task(task.definition, task.name, task.scope ?? vscode.TaskScope.Workspace)
  }

  /** Runs an operation as a task; resolves when it has begun. `terminal` overrides how it is shown and run. */
  async run(operation: OperationKind, name: string, definition: Readonly<Record<string, unknown>>, terminal?: () => vscode.Pseudoterminal): Promise<void> {
    await vscode.tasks.executeTask(this.#task({ type, operation, ...definition }, name, vscode.TaskScope.Workspace, terminal))
  }

  #task(definition: vscode.TaskDefinition, name: string, scope: NonNullable<vscode.Task['scope']>, terminal?: () => vscode.Pseudoterminal): vscode.Task {
    const folder = typeof scope === 'object' ? scope : vscode.workspace.workspaceFolders?.[0]
    // VS Code gives the definition once more with its variables filled in.
    const execution = new vscode.CustomExecution(async (resolved) => terminal?.() ?? this.#terminal({ definition: resolved, folder }))
    // An empty list of problem matchers, not none: for none VS Code would ask which to use each time.
    const task = new vscode.Task(definition, scope, name, 'Loco', execution, [])
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, panel: vscode.TaskPanelKind.Dedicated, echo: false, clear: true }
    return task
  }
}
