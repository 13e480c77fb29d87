import { type Disposable, disposable } from '../../base/disposable.ts'
import type { FleetSession, Fleets } from '../fleets.ts'

/** Holds something for every session there is, from its beginning to its end: a subscription, as a rule. */
export function eachSession(fleets: Fleets, hold: (session: FleetSession) => Disposable): Disposable {
  const held = new Map<FleetSession, Disposable>()
  const follow = (): void => {
    const sessions = new Set(fleets.sessions)
    for (const [session, disposable] of held) {
      if (sessions.has(session)) continue
      disposable.dispose()
      held.delete(session)
    }
    for (const session of sessions) if (!held.has(session)) held.set(session, hold(session))
  }
  follow()
  const following = fleets.changes(follow)
  return disposable(() => {
    following.dispose()
    for (const one of held.values()) one.dispose()
    held.clear()
  })
}
