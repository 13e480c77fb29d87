import type { Disposable } from '../../base/disposable.ts'
import { Emitter, type Event } from '../../base/emitter.ts'
import { eachSession } from '../connection/each-session.ts'
import { type FleetId, type FleetSession, type Fleets, fleetKey } from '../fleets.ts'
import { allRights, type EmulatorRight, emulatorRights } from './rights.ts'

const everything: ReadonlySet<EmulatorRight> = new Set(allRights)

/** What this account may do with each fleet, so that what is forbidden is not offered. What is not known counts as allowed: the action itself will tell. */
export class RightsOfFleets implements Disposable {
  readonly #changes = new Emitter<void>()
  readonly #known = new Map<string, ReadonlySet<EmulatorRight>>()
  readonly #following: Disposable
  readonly #fleets: Fleets

  constructor(fleets: Fleets) {
    this.#fleets = fleets
    this.#following = eachSession(fleets, (session) =>
      // Asked whenever the way to the cluster stands anew; asked before, there would be nobody to answer.
      session.store.changes.event((changes) => {
        if (changes.some((change) => change.type === 'freshness' && change.freshness.state === 'live')) void this.#ask(session)
      }),
    )
  }

  get changes(): Event<void> {
    return this.#changes.event
  }

  of(fleet: FleetId): ReadonlySet<EmulatorRight> {
    return this.#known.get(fleetKey(fleet)) ?? everything
  }

  /** Asks again, as far as the last answers are old. */
  refresh(): void {
    for (const session of this.#fleets.sessions) if (session.store.freshness.state === 'live') void this.#ask(session)
  }

  dispose(): void {
    this.#following.dispose()
    this.#changes.dispose()
  }

  async #ask(session: FleetSession): Promise<void> {
    const answers = await Promise.all(allRights.map((right) => session.may(emulatorRights[right])))
    const allowed = new Set(allRights.filter((_, index) => answers[index]?.allowed !== false))
    const before = this.of(session.id)
    this.#known.set(fleetKey(session.id), allowed)
    if (allRights.some((right) => before.has(right) !== allowed.has(right))) this.#changes.fire()
  }
}
