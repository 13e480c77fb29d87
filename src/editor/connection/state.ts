import type { LocoError } from '../../base/error.ts'
import type { AccessAttribute } from '../../kube/access.ts'
import type { ReflectorState } from '../../kube/reflector.ts'
import type { FleetSession } from '../fleets.ts'
import { explainLogin } from './login-error.ts'

/** What is said of the way to one cluster. Times are ISO texts. */
export type ConnectionState =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  /** It was seen, and the way is broken: what is shown is as of `since`. */
  | { readonly state: 'stale'; readonly since: string; readonly error: LocoError }
  /** Nobody answers, or in a way that is of no use; `since` when that was first so. */
  | { readonly state: 'unreachable'; readonly since: string; readonly error: LocoError }
  /** The cluster answers and refuses. `missing`: the rights that would do; empty while that is not known, and for a login that is refused altogether. */
  | { readonly state: 'denied'; readonly since: string; readonly error: LocoError; readonly missing: readonly AccessAttribute[] }
  /** The kubeconfig does not say how to get there. */
  | { readonly state: 'unusable'; readonly error: LocoError }

/** One cluster as the Fleet view shows it. */
export interface ConnectionView {
  readonly context: string
  /** URL of the API server and file of the context; empty when the kubeconfig does not know the context. */
  readonly server: string
  readonly file: string
  readonly state: ConnectionState
  /** By namespace and release. */
  readonly fleets: readonly FleetSession[]
}

/** The state of a connection from what a reflector says. `wasLive`: it has been live before. */
export function connectionStateOf({ state, since, error }: ReflectorState, wasLive: boolean): ConnectionState {
  if (state === 'live') return { state }
  if (state === 'connecting' || error === undefined) return { state: 'connecting' }
  if (state === 'denied') return { state, since, error, missing: [] }
  return { state: state === 'stale' && wasLive ? 'stale' : 'unreachable', since, error: explainLogin(error) }
}

/** Why logging in failed before the cluster was asked, where it did: what helps is on this machine, not there. */
export function loginError(state: ConnectionState): LocoError | undefined {
  return 'error' in state && state.error.code === 'LOCO-KUB-007' ? state.error : undefined
}

/** From what is best to know to what tells least. */
const best: readonly ReflectorState['state'][] = ['live', 'connecting', 'stale', 'offline', 'denied']

/**
 * What the search for fleets says as a whole: the search everywhere counts unless that is denied; then the search in single namespaces does,
 * where seeing one of them is enough.
 */
export function searchState(everywhere: ReflectorState, inNamespaces: readonly ReflectorState[]): ReflectorState {
  if (everywhere.state !== 'denied') return everywhere
  const [first, ...rest] = inNamespaces
  return first === undefined ? everywhere : rest.reduce((a, b) => (best.indexOf(b.state) < best.indexOf(a.state) ? b : a), first)
}
