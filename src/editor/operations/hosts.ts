import * as vscode from 'vscode'
import { operationId } from '../../operations/operation-id.ts'
import type { OperationRequest } from '../../operations/request.ts'
import type { Services } from '../services.ts'
import { settings } from '../settings.ts'
import { chooseBase } from './choose-base.ts'
import { closedByPerson } from './closed-terminals.ts'
import type { FollowedOperations, FollowHost } from './followed.ts'
import { ProgressNotification } from './notification.ts'
import { tellOutcome } from './outcome.ts'
import type { OperationProcess } from './process.ts'
import type { SessionHost } from './session.ts'
import type { StartedHere } from './started-here.ts'
import { operationTitle } from './title.ts'

const schema: OperationRequest['schema'] = 'loco.operation.request/1'

/** VS Code, the processes and the journals, as a session needs them. */
export function sessionHost(o: {
  services: Pick<Services, 'confirm' | 'tell'>
  process: OperationProcess
  followed: FollowedOperations
  here: StartedHere
  began: () => void
}): SessionHost {
  const { services, process, followed, here, began } = o
  return {
    trusted: () => vscode.workspace.isTrusted,
    newId: () => operationId(Date.now()),
    plan: ({ id, options }, signal) => process.plan({ schema, id, options, consent: null }, signal),
    planning: (title, made, cancel) =>
      void vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (_, token) => {
        token.onCancellationRequested(cancel)
        await made.catch(() => {}) // the session tells it
      }),
    confirm: services.confirm,
    chooseBase,
    asksForLossesOnly: () => settings.confirm() === 'losses',
    start: ({ id, options, plan: { target, losses } }, signal) => process.start({ schema, id, options, consent: { target, losses } }, signal),
    follow: (id) => {
      void here.add(id)
      began()
      return followed.follow(id)
    },
    failed: (error) => void services.tell.error(error),
    closedByPerson,
  }
}

/** VS Code and the journals, as an operation that is followed needs them. `over` is called at its end, whatever that is. */
export function followHost(o: { services: Pick<Services, 'tell'>; root: string; over: (id: string) => void }): FollowHost {
  const { services, root, over } = o
  return {
    async *events(id, signal) {
      const { followOperation } = await import('../../operations/journals.ts')
      yield* followOperation(root, id, { signal })
    },
    progress: ({ op, operation, target }, cancel) => new ProgressNotification(operationTitle(operation, target), op, cancel),
    requestCancel: async (id) => (await import('../../operations/journals.ts')).requestCancel(root, id),
    ended: (id, report) => {
      void tellOutcome(report, {
        showReport: () => void vscode.commands.executeCommand('loco.showReport', id),
        runAgain: () => void vscode.commands.executeCommand('loco.resumeOperation', id),
      })
      over(id)
    },
    lost: (id, error) => {
      void services.tell.error(error)
      over(id)
    },
  }
}
