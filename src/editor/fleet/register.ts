import { join } from 'node:path'
import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { type Disposable, Scope } from '../../base/disposable.ts'
import { ConnectionLog } from '../connection/connection-log.ts'
import type { Connections } from '../connection/connections.ts'
import { eachSession } from '../connection/each-session.ts'
import { ContextKey } from '../context-key.ts'
import { fleetKey } from '../fleets.ts'
import type { Services } from '../services.ts'
import { onSettings, settings } from '../settings.ts'
import { Decorations } from './decorations.ts'
import { emulatorHover } from './emulator-hover.ts'
import { FleetTree } from './fleet-tree.ts'
import { HoverPictures } from './hover-pictures.ts'
import { RightsOfFleets } from './rights-of-fleets.ts'
import type { Row } from './row.ts'
import { rowsKnown } from './rows-known.ts'
import { selectContexts } from './select-contexts.ts'
import { FleetStatusBar, trusted } from './status-bar.ts'
import { badgeOf, summaryOf } from './summary.ts'
import { type FleetState, viewStateOf } from './view-state.ts'
import { timeWords } from './words.ts'

/** Milliseconds in which changes are gathered into one look at badge, status bar and messages. */
const gather = 100

/** The Fleet view with everything around it: badges, status bar, hovers, welcomes, and the commands that choose and renew connections. */
export function registerFleetView(services: Services, connections: Connections): Disposable {
  const scope = new Scope()
  const { language } = vscode.env
  const time = timeWords(language)
  const hoverTime = { seconds: timeWords(language, 'seconds'), day: timeWords(language, 'day') }
  const rights = scope.add(new RightsOfFleets(connections))
  const statusBar = scope.add(new FleetStatusBar())
  const { context, log } = services
  const pictures = scope.add(new HoverPictures({ folder: join((context.storageUri ?? context.globalStorageUri).fsPath, 'hover'), log }))
  scope.add(new Decorations(connections))

  const hover = async ({ ref }: Row, token: vscode.CancellationToken): Promise<vscode.MarkdownString | undefined> => {
    const session = ref && connections.sessions.find(({ id }) => fleetKey(id) === fleetKey(ref.fleet))
    const emulator = session?.store.get(ref?.emulator ?? '')
    if (ref === undefined || session === undefined || emulator === undefined) return undefined
    const end = new AbortController()
    const listening = token.onCancellationRequested(() => end.abort())
    try {
      const picture = settings.fleetPictureInHover() ? await pictures.of(session, emulator, end.signal) : undefined
      const shown = picture && { uri: vscode.Uri.file(picture.file).toString(), at: picture.at }
      return trusted(emulatorHover({ ref, emulator, freshness: session.store.freshness, picture: shown, time: hoverTime }))
    } finally {
      listening.dispose()
    }
  }
  const tree = scope.add(
    new FleetTree({
      input: () => ({ connections: connections.connections, sortBy: settings.fleetSortBy(), rights: (fleet) => rights.of(fleet), time }),
      hover,
      known: () => rowsKnown(connections),
    }),
  )
  // VS Code takes some time from here until it asks for rows: what speaks with clusters is read meanwhile. Not where a values file may have woken us: it is large,
  // and that file waits for its first answer.
  if (!vscode.workspace.textDocuments.some(({ languageId }) => languageId === 'yaml' || languageId === 'helm')) setImmediate(() => connections.prepare())
  const view = scope.add(vscode.window.createTreeView('loco.fleet', { treeDataProvider: tree, canSelectMany: true, showCollapseAll: true }))

  const state = new ContextKey<FleetState>('loco.fleetState')
  const hasFleet = new ContextKey<boolean>('loco.hasFleet')
  let timer: NodeJS.Timeout | undefined
  const look = (): void => {
    timer = undefined
    const { phase, problems } = connections
    const all = connections.connections
    const around = viewStateOf({ phase, problems, connections: all, time })
    const summary = summaryOf(all)
    const { isTrusted } = vscode.workspace
    state.set(isTrusted ? around.fleetState : 'untrusted')
    hasFleet.set(around.hasFleet)
    if (view.description !== around.description) Object.assign(view, { description: around.description })
    // A workspace that is not trusted has a welcome of its own, which a message would hide.
    const message = isTrusted ? around.message : undefined
    if (view.message !== message) Object.assign(view, { message })
    const badge = badgeOf(summary)
    if (badge?.tooltip !== view.badge?.tooltip) view.badge = badge
    statusBar.show(settings.statusBar() ? summary : undefined, all, time)
  }
  const touch = (): void => {
    timer ??= setTimeout(look, gather)
    tree.touch()
  }
  scope.add({ dispose: () => clearTimeout(timer) })
  const connectionLog = new ConnectionLog(log)
  scope.add(
    connections.changes(() => {
      connectionLog.look(connections.connections, connections.problems)
      touch()
    }),
  )
  scope.add(rights.changes(touch))
  scope.add(
    eachSession(connections, ({ store, objects }) => {
      const held = new Scope()
      held.add(store.changes.event(touch))
      held.add(objects.changes(() => tree.touch()))
      return held
    }),
  )
  scope.add(onSettings('statusBar', 'fleet.sortBy')(touch))

  const seen = (visible: boolean): void => {
    connections.setVisible(visible)
    tree.setVisible(visible)
    if (visible) rights.refresh()
    touch()
  }
  scope.add(view.onDidChangeVisibility(({ visible }) => seen(visible)))
  if (view.visible) seen(true)

  const { commands } = services
  commands.register('selectContexts', () => selectContexts(connections))
  commands.register('reconnect', (row) => {
    const one = typeof row === 'object' && row !== null && 'context' in row && typeof row.context === 'string' ? row.context : undefined
    return vscode.window.withProgress({ location: { viewId: 'loco.fleet' }, title: t('Reconnecting') }, async () => {
      connections.reconnect(one)
      await connections.ready()
    })
  })
  return scope
}
