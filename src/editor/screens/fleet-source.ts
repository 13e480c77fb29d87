import { type Disposable, Scope } from '../../base/disposable.ts'
import { Emitter, type Event } from '../../base/emitter.ts'
import { asLocoError, type LocoError } from '../../base/error.ts'
import type { ScreenSource } from '../../screen/session.ts'
import { requireRight } from '../actions/reach.ts'
import type { EmulatorRef } from '../emulator-ref.ts'
import type { FleetLease, FleetSession } from '../fleets.ts'
import { type Place, placeOf } from './place.ts'

/** Milliseconds until a right that was missing is asked for again; what the cluster said counts for 30 s (kube/access.ts). */
const askAgain = 31_000

/** Follows one emulator through its fleet: which pod has its screen now. Readers hear only of what differs. */
export class FleetSource implements ScreenSource, Disposable {
  readonly #lease: FleetLease
  readonly #emulator: string
  readonly #changes = new Emitter<void>()
  readonly #leased: Disposable
  #watched = new Scope()
  #session: FleetSession | undefined
  #denied: LocoError | undefined
  #again: NodeJS.Timeout | undefined
  #place: Place = { pod: undefined, reason: undefined }

  constructor(lease: FleetLease, { emulator }: EmulatorRef) {
    this.#lease = lease
    this.#emulator = emulator
    this.#leased = lease.changes(() => this.#follow())
    this.#follow()
  }

  get pod(): string | undefined {
    return this.#place.pod
  }

  get reason(): Place['reason'] {
    return this.#place.reason
  }

  get changes(): Event<void> {
    return this.#changes.event
  }

  /** Asks whether this account may, and goes on asking while it may not. */
  async review(): Promise<void> {
    const session = this.#session
    if (session === undefined) return
    const denied = await requireRight(session, 'screen').then(() => undefined, asLocoError)
    if (session !== this.#session) return
    this.#denied = denied
    clearTimeout(this.#again)
    this.#again = denied === undefined ? undefined : setTimeout(() => void this.review(), askAgain)
    this.#look()
  }

  dispose(): void {
    clearTimeout(this.#again)
    this.#leased.dispose()
    this.#watched.dispose()
    this.#session = undefined
    this.#changes.dispose()
  }

  #follow(): void {
    const { session } = this.#lease
    if (session !== this.#session) {
      this.#watched.dispose()
      this.#watched = new Scope()
      this.#session = session
      this.#denied = undefined
      if (session !== undefined) {
        this.#watched.add(session.store.changes.event(() => this.#look()))
        this.#watched.add(session.objects.changes(() => this.#look()))
        void this.review()
      }
    }
    this.#look()
  }

  #look(): void {
    const { error } = this.#lease
    const store = this.#session?.store
    const judged = store?.get(this.#emulator)
    const pod = judged?.pod == null ? undefined : this.#session?.objects.pod(judged.pod)
    const place = placeOf({ emulator: this.#emulator, error, freshness: store?.freshness.state, judged, pod, denied: this.#denied })
    if (JSON.stringify(place) === JSON.stringify(this.#place)) return
    this.#place = place
    this.#changes.fire()
  }
}
