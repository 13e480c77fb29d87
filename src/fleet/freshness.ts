import type { LocoError } from '../base/error.ts'
import type { Freshness } from '../contracts/fleet.ts'
import type { ReflectorState } from '../kube/reflector.ts'

/** From bad to good: what several views together are is what the worst of them is. */
const worst: readonly ReflectorState['state'][] = ['denied', 'offline', 'stale', 'connecting', 'live']

/** How fresh what several reflectors show together is, and why it is not live. A first connection that still stands out is `stale`: nothing is known yet. */
export function freshnessOf(states: readonly [ReflectorState, ...ReflectorState[]]): { freshness: Freshness; error?: LocoError } {
  const [first, ...rest] = states
  const { state, since, error } = rest.reduce((a, b) => (worst.indexOf(b.state) < worst.indexOf(a.state) ? b : a), first)
  return { freshness: { state: state === 'connecting' ? 'stale' : state, since }, ...(error !== undefined && { error }) }
}
