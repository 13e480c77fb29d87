import type { EmulatorStatus, Freshness } from '../contracts/fleet.ts'
import type { Emulator } from './emulator.ts'

export type FleetChange =
  | { readonly type: 'added'; readonly emulator: Emulator }
  | { readonly type: 'changed'; readonly emulator: Emulator; readonly previous: Emulator }
  | { readonly type: 'removed'; readonly emulator: Emulator }
  | { readonly type: 'freshness'; readonly freshness: Freshness; readonly previous: Freshness }

/** What a reader has to be told; an emulator of which the same is said as before is not among it. */
export function diff(before: ReadonlyMap<string, Emulator>, next: readonly Emulator[]): FleetChange[] {
  const changes: FleetChange[] = []
  const ids = new Set(next.map(({ id }) => id))
  for (const [id, emulator] of before) if (!ids.has(id)) changes.push({ type: 'removed', emulator })
  for (const emulator of next) {
    const previous = before.get(emulator.id)
    if (previous === undefined) changes.push({ type: 'added', emulator })
    else if (told(emulator) !== told(previous)) changes.push({ type: 'changed', emulator, previous })
  }
  return changes
}

/** An emulator as told to the outside. */
export function toStatus({ id, ordinal, pod, verdict, stage, sentence, since, findings }: Emulator): EmulatorStatus {
  return { id, ordinal, pod, verdict, stage, sentence, since, findings }
}

function told(emulator: Emulator): string {
  return JSON.stringify([toStatus(emulator), emulator.podUid])
}
