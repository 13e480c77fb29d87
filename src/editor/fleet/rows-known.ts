import { Scope } from '../../base/disposable.ts'
import { eachSession } from '../connection/each-session.ts'
import type { FleetHub } from '../connection/hub.ts'

/** True once every connection has answered (or cannot), and every fleet that was found has told its emulators. Pure. */
export function areRowsKnown({ phase, connections }: Pick<FleetHub, 'phase' | 'connections'>): boolean {
  if (phase !== 'known') return false
  return connections.every(
    ({ state, fleets }) => state.state !== 'connecting' && fleets.every(({ store }) => store.freshness.state === 'live' || store.emulators.length > 0),
  )
}

/** Resolves when the rows are known. Nothing is asked for by this. */
export function rowsKnown(connections: FleetHub): Promise<void> {
  return new Promise((resolve) => {
    const scope = new Scope()
    const look = (): void => {
      if (scope.ended || !areRowsKnown(connections)) return
      scope.dispose()
      resolve()
    }
    scope.add(connections.changes(look))
    scope.add(eachSession(connections, ({ store }) => store.changes.event(look)))
    look()
  })
}
