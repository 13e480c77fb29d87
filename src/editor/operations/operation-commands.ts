import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import type { OperationKind } from '../../contracts/operation.ts'
import type { BookEntry } from '../../operations/operations-book.ts'
import type { OperationOptions } from '../../operations/options.ts'
import type { Services } from '../services.ts'
import { chooseFleet, chooseOperation } from './choose.ts'
import type { FollowedOperations } from './followed.ts'
import { JoinedOperation } from './join.ts'
import type { ReportPages } from './report-pages.ts'
import { fleetIn, operationIn } from './row-arguments.ts'
import { TaskTerminal } from './task-terminal.ts'
import type { OperationTasks } from './tasks.ts'
import { operationName, operationTitle } from './title.ts'

export interface OperationCommandsOptions {
  services: Pick<Services, 'fleets' | 'commands'>
  /** Folder of the journals. */
  root: string
  read: () => Promise<readonly BookEntry[]>
  /** A terminal in which an operation with these options is planned and run. */
  terminal: (options: () => OperationOptions) => TaskTerminal
  tasks: OperationTasks
  followed: FollowedOperations
  reports: ReportPages
}

/** What the commands of operations do. */
export class OperationCommands {
  readonly #options: OperationCommandsOptions

  constructor(options: OperationCommandsOptions) {
    this.#options = options
  }

  register(): void {
    const { commands } = this.#options.services
    const always = (): boolean => true
    const runs = ({ standing }: BookEntry): boolean => standing === 'running'
    commands.register('bootstrap', (...args) => this.#run('bootstrap', args))
    commands.register('rebuild', (...args) => this.#run('rebuild', args))
    commands.register('destroy', (...args) => this.#run('destroy', args))
    commands.register('showReport', (...args) => this.#with(args, always, (id) => this.#options.reports.open(id)))
    commands.register('followOperation', (...args) => this.#with(args, always, (id) => this.#join(id)))
    commands.register('cancelOperation', (...args) => this.#with(args, runs, (id) => this.#cancel(id)))
    commands.register('resumeOperation', (...args) =>
      this.#with(
        args,
        (entry) => !runs(entry),
        (id) => this.#again(id),
      ),
    )
  }

  /** From a row: that fleet. Without one: Bootstrap as the settings say; Rebuild and Destroy on a fleet that is there. */
  async #run(operation: OperationKind, args: readonly unknown[]): Promise<void> {
    const { services, tasks } = this.#options
    const name = operationName(operation)
    const fleet = fleetIn(args) ?? (operation === 'bootstrap' ? undefined : await chooseFleet(services.fleets, name))
    if (fleet === null) return
    if (fleet === undefined) return tasks.run(operation, name, {})
    const { context, namespace, release } = fleet
    return tasks.run(operation, operationTitle(operation, fleet), { context, namespace, release })
  }

  /** Asks for the same as that operation did. */
  async #again(id: string): Promise<void> {
    const { askedOf } = await import('../../operations/journals.ts')
    const options = askedOf(this.#options.root, id)
    const { operation, namespace, release } = options
    await this.#options.tasks.run(operation, operationName(operation), { namespace, release }, () => this.#options.terminal(() => options))
  }

  async #join(id: string): Promise<void> {
    const { root, read, followed } = this.#options
    const entry = (await read()).find((one) => one.id === id)
    const { readOperation } = await import('../../operations/journals.ts')
    const work = new JoinedOperation({
      running: entry?.standing === 'running' ? followed.follow(id) : undefined,
      read: () => readOperation(root, id).events,
    })
    const plan = entry?.state.plan
    const name = plan === undefined ? id : operationTitle(plan.operation, plan.target)
    vscode.window.createTerminal({ name, pty: new TaskTerminal(work), iconPath: new vscode.ThemeIcon('history') }).show()
  }

  async #cancel(id: string): Promise<void> {
    const { root } = this.#options
    const { requestCancel } = await import('../../operations/journals.ts')
    requestCancel(root, id)
    const atOnce = t('Stop at Once')
    const chosen = await vscode.window.showInformationMessage(t('The operation was asked to stop at its next safe point.'), atOnce)
    if (chosen === atOnce) requestCancel(root, id)
  }

  /** Calls `use` with the operation of the row, or with one that the person picks among those that fit. */
  async #with(args: readonly unknown[], fits: (entry: BookEntry) => boolean, use: (id: string) => Promise<void>): Promise<void> {
    const id = operationIn(args) ?? (await chooseOperation((await this.#options.read()).filter(fits), t('There is no operation for that.')))
    if (id !== undefined) await use(id)
  }
}
