import type { Disposable } from '../base/disposable.ts'
import { Emitter } from '../base/emitter.ts'
import type { Freshness } from '../contracts/fleet.ts'
import { diff, type FleetChange } from './diff.ts'
import type { Emulator, Observation } from './emulator.ts'
import { judge } from './judge.ts'

/** The fleet as last seen. One writer (the watcher), any number of readers. Events carry what changed: a tree repaints one row for one pod. */
export class FleetStore implements Disposable {
  readonly changes = new Emitter<readonly FleetChange[]>()
  #emulators: ReadonlyMap<string, Emulator> = new Map()
  #freshness: Freshness

  constructor(freshness: Freshness) {
    this.#freshness = freshness
  }

  /** By ordinal. */
  get emulators(): readonly Emulator[] {
    return [...this.#emulators.values()]
  }

  get freshness(): Freshness {
    return this.#freshness
  }

  get(id: string): Emulator | undefined {
    return this.#emulators.get(id)
  }

  /** Takes a new observation; readers hear of nothing if the same is said as before. */
  apply(seen: Observation): void {
    const next = judge(seen, this.#emulators)
    const changes = diff(this.#emulators, next)
    const previous = this.#freshness
    if (previous.state !== seen.freshness.state || previous.since !== seen.freshness.since) {
      changes.push({ type: 'freshness', freshness: seen.freshness, previous })
    }
    this.#emulators = new Map(next.map((emulator) => [emulator.id, emulator]))
    this.#freshness = seen.freshness
    if (changes.length > 0) this.changes.fire(changes)
  }

  dispose(): void {
    this.changes.dispose()
  }
}
