import { t } from '@vscode/l10n'
import { type Clock, systemClock } from '../../../base/clock.ts'
import { isLocoCode, type LocoCode } from '../../../base/codes.ts'
import { LocoError } from '../../../base/error.ts'
import type { Emulator } from '../../../fleet/emulator.ts'
import type { FleetLease } from '../../fleets.ts'

/** Milliseconds for which a fatal finding must stand before it ends the wait: what is seen in the moment of the change may be of the old pod. */
const settle = 3_000

export interface ComeBack {
  /** Its session may be replaced meanwhile. */
  lease: Pick<FleetLease, 'session' | 'changes'>
  /** Id of the emulator. */
  emulator: string
  /** UID of the pod that was deleted. */
  old: string
  /** Milliseconds until it must be well. */
  timeout: number
  signal: AbortSignal
  clock?: Clock
}

/**
 * Waits until an emulator has another pod than the one that was deleted, and is healthy in it. Ends early when waiting is hopeless.
 * @throws LOCO-ACT-020 with the cause as far as it is known; the signal's reason
 */
export async function comeBack({ lease, emulator, old, timeout, signal, clock = systemClock }: ComeBack): Promise<void> {
  const end = clock.now() + timeout
  let fatalSince: number | undefined
  for (;;) {
    signal.throwIfAborted()
    const seen = lease.session?.store.get(emulator)
    const anew = seen !== undefined && seen.podUid !== null && seen.podUid !== old
    if (anew && seen.verdict === 'healthy') return
    const now = clock.now()
    const fatal = anew ? seen.findings.find(({ severity }) => severity === 'fatal') : undefined
    fatalSince = fatal === undefined ? undefined : (fatalSince ?? now)
    if (now >= end || (fatalSince !== undefined && now - fatalSince >= settle)) throw notBack(emulator, seen, anew)
    await nextLook(lease, Math.min(end, fatalSince === undefined ? end : fatalSince + settle) - now, signal, clock)
  }
}

/** Resolves when the fleet changes, or after `delay` milliseconds. */
async function nextLook(lease: ComeBack['lease'], delay: number, signal: AbortSignal, clock: Clock): Promise<void> {
  const change = new AbortController()
  const watches = [lease.changes(() => change.abort()), lease.session?.store.changes.event(() => change.abort())]
  try {
    await clock.sleep(Math.max(1, delay), AbortSignal.any([signal, change.signal]))
  } catch {
    signal.throwIfAborted()
  } finally {
    for (const watch of watches) watch?.dispose()
  }
}

function notBack(id: string, seen: Emulator | undefined, anew: boolean): LocoError {
  const [finding] = seen?.findings ?? []
  const fix = [...(finding?.fix ?? []), t`Run the command Loco: Describe on ${id}.`]
  if (!anew) return new LocoError('LOCO-ACT-020', { what: t`${id} did not get a new pod in time.`, ...(seen !== undefined && { why: seen.sentence }), fix })
  return new LocoError(codeOf(finding?.code), { what: t`${id} has a new pod, but is not healthy.`, ...(seen !== undefined && { why: seen.sentence }), fix })
}

/** The code of the cause where one is known: it explains more than that the emulator is not back. */
const codeOf = (code: string | undefined): LocoCode => (code !== undefined && isLocoCode(code) ? code : 'LOCO-ACT-020')
