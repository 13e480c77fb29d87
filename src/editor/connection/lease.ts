import { Emitter, type Event } from '../../base/emitter.ts'
import type { LocoError } from '../../base/error.ts'
import type { FleetId, FleetLease, FleetSession } from '../fleets.ts'

/** A lease as the hub keeps it up to date. */
export class Lease implements FleetLease {
  readonly id: FleetId
  readonly #changes = new Emitter<void>()
  readonly #release: (lease: Lease) => void
  #session: FleetSession | undefined
  #error: LocoError | undefined

  constructor(id: FleetId, release: (lease: Lease) => void) {
    this.id = id
    this.#release = release
  }

  get session(): FleetSession | undefined {
    return this.#session
  }

  get error(): LocoError | undefined {
    return this.#error
  }

  get changes(): Event<void> {
    return this.#changes.event
  }

  /** For the hub: what holds now. */
  update(session: FleetSession | undefined, error: LocoError | undefined): void {
    if (session === this.#session && error?.message === this.#error?.message) return
    this.#session = session
    this.#error = error
    this.#changes.fire()
  }

  dispose(): void {
    this.#changes.dispose()
    this.#session = undefined
    this.#release(this)
  }
}
