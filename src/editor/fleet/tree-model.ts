import { t } from '@vscode/l10n'
import type { Freshness, VerdictWord } from '../../contracts/fleet.ts'
import { type ConnectionState, type ConnectionView, loginError } from '../connection/state.ts'
import { type FleetId, type FleetSession, fleetKey } from '../fleets.ts'
import { detailChildren, emulatorChildren, emulatorRow } from './emulator-rows.ts'
import type { EmulatorRight } from './rights.ts'
import type { Row } from './row.ts'
import { connectionSentence, connectionWords, type TimeWords } from './words.ts'

/** Everything the rows are made of. */
export interface TreeInput {
  readonly connections: readonly ConnectionView[]
  readonly sortBy: 'ordinal' | 'verdict'
  rights(fleet: FleetId): ReadonlySet<EmulatorRight>
  readonly time: TimeWords
}

/** Worst first; what cannot be seen is worse than what is on its way. */
const badness: readonly VerdictWord[] = ['unhealthy', 'degraded', 'unknown', 'starting', 'stopped', 'healthy']

/** The connections; none while there is no fleet anywhere, so that the view can say what to do instead, unless a login failed: that takes more words. */
export function rootRows({ connections, time }: TreeInput): Row[] {
  if (connections.every(({ fleets, state }) => fleets.length === 0 && loginError(state) === undefined)) return []
  return connections.map((connection) => connectionRow(connection, time))
}

/** The rows below a row, as they are now; none for one that is no longer there. */
export function childRows(row: Row, input: TreeInput): Row[] {
  switch (row.kind) {
    case 'connection':
      return connectionChildren(row, input)
    case 'fleet':
      return fleetChildren(row, input)
    case 'emulator': {
      const session = sessionOf(row.ref?.fleet, input)
      return session === undefined || row.ref === undefined ? [] : emulatorChildren(row.ref, session, input.rights(row.ref.fleet))
    }
    case 'finding':
    case 'events': {
      const session = sessionOf(row.ref?.fleet, input)
      return session === undefined ? [] : detailChildren(row, session)
    }
    default:
      return []
  }
}

function sessionOf(id: FleetId | undefined, { connections }: TreeInput): FleetSession | undefined {
  if (id === undefined) return undefined
  const key = fleetKey(id)
  return connections.find(({ context }) => context === id.context)?.fleets.find((fleet) => fleetKey(fleet.id) === key)
}

const connectionIcons: Record<ConnectionState['state'], Row['icon']> = {
  connecting: { id: 'server-environment' },
  live: { id: 'server-environment' },
  stale: { id: 'debug-disconnect', color: 'loco.degraded' },
  unreachable: { id: 'debug-disconnect', color: 'loco.unhealthy' },
  denied: { id: 'lock', color: 'loco.degraded' },
  unusable: { id: 'error', color: 'loco.unhealthy' },
}

function connectionRow({ context, server, file, state }: ConnectionView, time: TimeWords): Row {
  const words = connectionWords(state, time)
  const sentence = connectionSentence(context, state, time)
  return {
    id: `connection:${encodeURIComponent(context)}`,
    kind: 'connection',
    label: context,
    description: words,
    icon: connectionIcons[state.state],
    contextValue: ';connection;',
    children: 'expanded',
    spoken: t`Cluster ${context}, ${words}`,
    tooltip: [...(sentence === undefined ? [] : [sentence]), server, file].filter((line) => line !== '').join('\n'),
    context,
  }
}

function connectionChildren({ context, id }: Row, { connections, time }: TreeInput): Row[] {
  const connection = connections.find((one) => one.context === context)
  if (connection === undefined) return []
  const { state, fleets } = connection
  if (fleets.length > 0) return fleets.map((fleet) => fleetRow(fleet, time))
  const sentence = connectionSentence(connection.context, state, time)
  if (sentence === undefined && state.state === 'connecting') return []
  const label = sentence ?? t('There is no fleet of emulators.')
  const fixes = loginError(state)?.fix ?? []
  return [problemRow(`${id}/problem`, 'info', label), ...fixes.map((fix, index) => problemRow(`${id}/fix/${index}`, 'lightbulb', fix))]
}

function problemRow(id: string, icon: string, label: string): Row {
  return { id, kind: 'problem', label, icon: { id: icon }, contextValue: ';problem;', children: 'none', spoken: label, tooltip: label }
}

function fleetRow({ id, store }: FleetSession, time: TimeWords): Row {
  const { emulators, freshness } = store
  const healthy = emulators.filter(({ verdict }) => verdict === 'healthy').length
  const label = `${id.namespace}/${id.release}`
  const words = freshness.state === 'live' ? t`${healthy} of ${emulators.length} healthy` : blindWords(freshness, emulators.length, time)
  return {
    id: `fleet:${fleetKey(id)}`,
    kind: 'fleet',
    label,
    description: words,
    icon: { id: 'layers' },
    contextValue: ';fleet;',
    children: 'expanded',
    spoken: t`Fleet ${label}, ${words}`,
    tooltip: t`Release ${id.release} in namespace ${id.namespace} on ${id.context}.`,
    fleet: id,
    name: label,
  }
}

function blindWords({ state, since }: Freshness, emulators: number, time: TimeWords): string {
  if (state === 'denied') return t('denied')
  return emulators === 0 ? t('looking') : t`as of ${time(since)}`
}

function fleetChildren({ fleet }: Row, input: TreeInput): Row[] {
  const session = sessionOf(fleet, input)
  if (session === undefined) return []
  const { emulators, freshness } = session.store
  const live = freshness.state === 'live'
  const rights = input.rights(session.id)
  const sorted =
    input.sortBy === 'ordinal' ? emulators : [...emulators].sort((a, b) => badness.indexOf(a.verdict) - badness.indexOf(b.verdict) || a.ordinal - b.ordinal)
  return sorted.map((emulator) => emulatorRow({ fleet: session.id, emulator: emulator.id }, emulator, { live, rights }))
}
