import { t } from '@vscode/l10n'
import { entryOf } from '../../base/codes.ts'
import type { LocoError } from '../../base/error.ts'
import { type ConnectionState, type ConnectionView, loginError } from '../connection/state.ts'
import { connectionSentence, connectionWords, type TimeWords } from './words.ts'

/** Which welcome the empty view shows (package.json, `loco.fleetState`). */
export type FleetState =
  | 'untrusted'
  | 'connecting'
  | 'noKubeconfig'
  | 'brokenKubeconfig'
  | 'noContext'
  | 'noRelease'
  | 'denied'
  | 'unreachable'
  | 'loginFailed'
  | 'ready'

export interface ViewInput {
  phase: 'idle' | 'loading' | 'known'
  /** What is wrong with kubeconfig files. */
  problems: readonly LocoError[]
  connections: readonly ConnectionView[]
  time: TimeWords
}

export interface ViewState {
  fleetState: FleetState
  hasFleet: boolean
  /** Beside the name of the view. */
  description: string | undefined
  /** Above the rows. Never with a welcome: VS Code shows one or the other. */
  message: string | undefined
}

/** What the view says around its rows: nothing while all is live. */
export function viewStateOf(input: ViewInput): ViewState {
  const fleetState = fleetStateOf(input)
  const { connections, problems, time } = input
  const hasFleet = connections.some(({ fleets }) => fleets.length > 0)
  const sentences = [...problems.map(({ message }) => message), ...connections.flatMap(({ context, state }) => connectionSentence(context, state, time) ?? [])]
  if (fleetState === 'connecting') return { fleetState, hasFleet, description: undefined, message: connectingMessage(connections) }
  if (hasFleet) return { fleetState, hasFleet, description: asOf(connections, time), message: sentences.length === 0 ? undefined : sentences.join('\n') }
  // A login program is told in its own words, with all that may help: that is more than a welcome can say, so the rows of the clusters stand in its place.
  if (fleetState === 'loginFailed') return { fleetState, hasFleet, description: undefined, message: [...sentences, ...loginFixes(connections)].join('\n') }
  // The welcome says what to do and cannot name names: they stand beside the title.
  const [worst] = connections.filter(({ state }) => state.state !== 'live')
  const words = worst === undefined ? problems[0]?.what : reasonWords(worst.state, time)
  return { fleetState, hasFleet, description: words, message: undefined }
}

/** What may help logins that failed, each once. */
function loginFixes(connections: readonly ConnectionView[]): string[] {
  return [...new Set(connections.flatMap(({ state }) => loginError(state)?.fix ?? []))]
}

/** Why a cluster cannot be looked at, in few words. */
function reasonWords(state: ConnectionState, time: TimeWords): string {
  return state.state === 'unreachable' || state.state === 'unusable' ? t(entryOf(state.error.code).title) : connectionWords(state, time)
}

function connectingMessage(connections: readonly ConnectionView[]): string {
  const [first] = connections.filter(({ state }) => state.state === 'connecting')
  return first === undefined ? t('Reading the kubeconfig…') : t`Connecting to ${first.context}…`
}

/** Since when not everything that is shown is true. */
function asOf(connections: readonly ConnectionView[], time: TimeWords): string | undefined {
  const since = connections.flatMap(({ state }) => ('since' in state ? [state.since] : [])).sort()
  return since[0] === undefined ? undefined : t`as of ${time(since[0])}`
}

const fleetStateBy: Record<ConnectionState['state'], FleetState> = {
  connecting: 'connecting',
  live: 'noRelease',
  denied: 'denied',
  stale: 'unreachable',
  unreachable: 'unreachable',
  unusable: 'brokenKubeconfig',
}
/** Of several connections without a fleet, the first of these that is there says what to do. */
const order: readonly FleetState[] = ['connecting', 'noRelease', 'denied', 'loginFailed', 'unreachable', 'brokenKubeconfig']

/** A login that fails is not helped by waiting for the cluster. */
function fleetStateOfConnection(state: ConnectionState): FleetState {
  return loginError(state) !== undefined ? 'loginFailed' : fleetStateBy[state.state]
}

function fleetStateOf({ phase, problems, connections }: ViewInput): FleetState {
  if (connections.some(({ fleets }) => fleets.length > 0)) return 'ready'
  if (phase !== 'known') return 'connecting'
  if (connections.length === 0) {
    const [problem] = problems
    if (problem === undefined) return 'noContext'
    return problem.code === 'LOCO-KUB-001' ? 'noKubeconfig' : 'brokenKubeconfig'
  }
  const states = connections.map(({ state }) => fleetStateOfConnection(state))
  return order.find((state) => states.includes(state)) ?? 'connecting'
}
