import { join } from 'node:path'
import * as vscode from 'vscode'
import { type Disposable, Scope } from '../../base/disposable.ts'
import type { BookEntry, OperationsBook } from '../../operations/operations-book.ts'
import type { OperationOptions } from '../../operations/options.ts'
import { stateRoot } from '../../operations/state-folder.ts'
import type { Services } from '../services.ts'
import { settings } from '../settings.ts'
import { FollowedOperations } from './followed.ts'
import { followHost, sessionHost } from './hosts.ts'
import { OperationCommands } from './operation-commands.ts'
import { ValuesProblems } from './problems.ts'
import { OperationProcess } from './process.ts'
import { processEnv } from './process-env.ts'
import { ReportPages } from './report-pages.ts'
import { OperationSession } from './session.ts'
import { StartedHere } from './started-here.ts'
import { optionsOf, type TaskDefaults } from './task-options.ts'
import { TaskTerminal } from './task-terminal.ts'
import { OperationTasks } from './tasks.ts'
import { OperationsView } from './view.ts'

/** Operations in the editor: commands, task type, view, report pages, problems. Nothing runs here; journals are read only to take up what this workspace began. */
export function registerOperations(services: Services): Disposable {
  const scope = new Scope()
  const { context, log } = services
  const root = stateRoot(process.env)
  const read = bookReader(root)
  const here = new StartedHere(context.workspaceState)
  const program = new OperationProcess({
    cli: join(context.extensionPath, 'dist', 'cli.cjs'),
    root,
    env: () => processEnv(process.env, { kubeconfig: settings.kubeconfig(), helmPath: settings.helmPath(), language: vscode.env.language }),
  })
  const problems = scope.add(new ValuesProblems(root))
  const reports = scope.add(new ReportPages(root, read))
  const view = scope.add(new OperationsView({ root, read, seen: (entries) => void problems.take(entries), log }))
  const over = async (id: string): Promise<void> => {
    await here.remove(id)
    view.refresh()
    await problems.take(await read())
  }
  const followed = scope.add(new FollowedOperations(followHost({ services, root, over: (id) => void over(id) })))
  const host = sessionHost({ services, process: program, followed, here, began: () => view.refresh() })
  const terminal = (options: () => OperationOptions): TaskTerminal => new TaskTerminal(new OperationSession(host, options))
  const tasks = new OperationTasks(({ definition, folder }) => terminal(() => optionsOf(definition, defaultsFor(folder))))
  scope.add(tasks.register())
  new OperationCommands({ services, root, read, terminal, tasks, followed, reports }).register()
  void rejoin(here, read, followed)
  return scope
}

/** Reads the journals; what does it is loaded when it is first needed. */
function bookReader(root: string): () => Promise<readonly BookEntry[]> {
  let book: Promise<OperationsBook> | undefined
  return async () => {
    book ??= import('../../operations/operations-book.ts').then(({ OperationsBook }) => new OperationsBook(root))
    return (await book).read()
  }
}

/** Takes up the operations that this workspace began before its window was reloaded, or closed and opened again. */
async function rejoin(here: StartedHere, read: () => Promise<readonly BookEntry[]>, followed: FollowedOperations): Promise<void> {
  const ids = here.ids()
  if (ids.length === 0) return
  const running = new Set((await read()).flatMap(({ id, standing }) => (standing === 'running' ? [id] : [])))
  for (const id of ids) {
    if (running.has(id)) followed.follow(id)
    else await here.remove(id)
  }
}

function defaultsFor(folder: vscode.WorkspaceFolder | undefined): TaskDefaults {
  return {
    cluster: settings.cluster(),
    namespace: settings.namespace(folder?.uri),
    release: settings.release(folder?.uri),
    values: settings.values(folder?.uri),
    folder: folder?.uri.scheme === 'file' ? folder.uri.fsPath : undefined,
  }
}
