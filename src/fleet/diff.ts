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
    else if (!sameTold(emulator, previous)) changes.push({ type: 'changed', emulator, previous })
  }
  return changes
}

/** An emulator as told to the outside. */
export function toStatus({ id, ordinal, pod, verdict, stage, sentence, since, findings }: Emulator): EmulatorStatus {
  return { id, ordinal, pod, verdict, stage, sentence, since, findings }
}

/** True when the same is told of both. By field, because it is asked of every emulator at every judgement. */
function sameTold(a: Emulator, b: Emulator): boolean {
  return (
    a.verdict === b.verdict &&
    a.stage === b.stage &&
    a.sentence === b.sentence &&
    a.since === b.since &&
    a.pod === b.pod &&
    a.podUid === b.podUid &&
    sameFindings(a.findings, b.findings)
  )
}

function sameFindings(a: Emulator['findings'], b: Emulator['findings']): boolean {
  return a.length === b.length && (a.length === 0 || JSON.stringify(a) === JSON.stringify(b))
}
