import * as vscode from 'vscode'
import { toStatus } from '../fleet/diff.ts'
import { registerActions } from './actions/register.ts'
import { Commands } from './commands.ts'
import { type Confirm, confirmWithDialog } from './confirm.ts'
import { Connections } from './connection/connections.ts'
import { editorLog } from './editor-log.ts'
import { registerFleetView } from './fleet/register.ts'
import type { Leaving } from './leaving.ts'
import type { LocoApi } from './loco-api.ts'
import { registerOperations } from './operations/register.ts'
import { registerScreens } from './screens/register.ts'
import type { Services } from './services.ts'
import { Tell } from './tell.ts'
import { registerValues } from './values/register.ts'

/** Builds everything the editor host consists of, and ends it with the extension. No file is read and no cluster asked here. */
export function compose(context: vscode.ExtensionContext, leaving: Leaving): LocoApi {
  const { scope } = leaving
  const channel = scope.add(vscode.window.createOutputChannel('Loco Cluster', { log: true }))
  const log = editorLog(channel)
  const tell = new Tell(channel)
  const commands = scope.add(new Commands(tell))
  let answer: Confirm = confirmWithDialog
  const connections = scope.add(new Connections({ context, log }))
  const services: Services = { context, log, channel, tell, commands, fleets: connections, leaving, confirm: (question) => answer(question) }

  commands.register('showOutput', () => channel.show(), { untrusted: true })
  commands.register('openWalkthrough', () => vscode.commands.executeCommand('workbench.action.openWalkthrough', `${context.extension.id}#start`, false), {
    untrusted: true,
  })
  scope.add(registerOperations(services))
  scope.add(registerFleetView(services, connections))
  scope.add(registerActions(services))
  scope.add(registerScreens(services))
  scope.add(registerValues(services))

  return {
    version: 1,
    fleets: () => connections.sessions.map(({ id, store }) => ({ fleet: id, emulators: store.emulators.map(toStatus) })),
    ...(context.extensionMode === vscode.ExtensionMode.Test && {
      test: {
        answerConfirmations: (confirm: Confirm) => {
          answer = confirm
        },
      },
    }),
  }
}
