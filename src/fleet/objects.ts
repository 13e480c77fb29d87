import type { Disposable } from '../base/disposable.ts'
import { Emitter, type Event } from '../base/emitter.ts'
import { type Claim, eventTime, type KubeEvent, type ObjectMeta, type Pod } from '../diagnosis/evidence.ts'

/** Where the objects come from; asked only when somebody looks. */
export interface ObjectSource {
  pods(): Iterable<Pod>
  claims(): Iterable<Claim>
  events(): Iterable<KubeEvent>
}

interface Index {
  pods: ReadonlyMap<string, Pod>
  claims: ReadonlyMap<string, Claim>
  /** By UID of what they are about. */
  events: ReadonlyMap<string, readonly KubeEvent[]>
}

/** The objects of a fleet as the API server gave them, by pod. Its index is made when somebody looks and kept until something changes. */
export class FleetObjects implements Disposable {
  readonly #source: ObjectSource
  readonly #changes = new Emitter<void>()
  #index: Index | undefined
  #untold = false

  constructor(source: ObjectSource) {
    this.#source = source
  }

  /** Fires when any object may have changed. */
  get changes(): Event<void> {
    return this.#changes.event
  }

  pod(name: string): Pod | undefined {
    return this.#look().pods.get(name)
  }

  /** The claims of a pod, in the order of its volumes. */
  claims(pod: string): readonly Claim[] {
    const { pods, claims } = this.#look()
    return pods.get(pod)?.spec?.volumes?.flatMap(({ persistentVolumeClaim }) => claims.get(persistentVolumeClaim?.claimName ?? '') ?? []) ?? []
  }

  /** Events of the pod and its claims, newest last. */
  events(pod: string): readonly KubeEvent[] {
    const { pods, events } = this.#look()
    const about = [pods.get(pod), ...this.claims(pod)]
    return about.flatMap((object) => events.get(object?.metadata?.uid ?? '') ?? []).sort((a, b) => eventTime(a) - eventTime(b))
  }

  /** Something came, changed or went. */
  touch(): void {
    this.#index = undefined
    this.#untold = true
  }

  /** Tells the readers, if there is something to tell. */
  tell(): void {
    if (!this.#untold) return
    this.#untold = false
    this.#changes.fire()
  }

  dispose(): void {
    this.#changes.dispose()
  }

  #look(): Index {
    this.#index ??= {
      pods: byName(this.#source.pods()),
      claims: byName(this.#source.claims()),
      events: Map.groupBy(this.#source.events(), ({ involvedObject }) => involvedObject?.uid ?? ''),
    }
    return this.#index
  }
}

function byName<T extends { metadata?: ObjectMeta }>(items: Iterable<T>): Map<string, T> {
  return new Map(Array.from(items, (item) => [item.metadata?.name ?? '', item]))
}
