import { t } from '@vscode/l10n'
import { isLocoCode, type LocoCode } from '../../base/codes.ts'
import type { LocoError } from '../../base/error.ts'
import type { Freshness } from '../../contracts/fleet.ts'
import type { Pod } from '../../diagnosis/evidence.ts'
import type { Emulator } from '../../fleet/emulator.ts'

/** What is seen of one emulator when its screen is wanted. */
export interface Sight {
  readonly emulator: string
  /** Why there is no connection to its fleet. */
  readonly error: LocoError | undefined
  /** Undefined while there is no connection. */
  readonly freshness: Freshness['state'] | undefined
  /** As judged; undefined when the fleet has none of that name, as far as is known. */
  readonly judged: Pick<Emulator, 'pod' | 'sentence' | 'findings'> | undefined
  /** Its pod as last seen. */
  readonly pod: Pod | undefined
  /** Set when the cluster says that this account may not. */
  readonly denied: LocoError | undefined
}

/** Where the screen is now: a pod, or the reason why there is none. */
export interface Place {
  readonly pod: string | undefined
  readonly reason: { sentence: string; code?: LocoCode } | undefined
}

/** Which pod has the screen of an emulator. A pod that is being deleted no longer counts: its picture is about to end. */
export function placeOf({ emulator, error, freshness, judged, pod, denied }: Sight): Place {
  if (denied !== undefined) return nowhere(denied.message, denied.code)
  if (freshness === undefined) return error === undefined ? nowhere(t('Connecting to the cluster.')) : nowhere(error.message, error.code)
  if (judged === undefined) {
    if (freshness === 'live') return nowhere(t`The fleet has no emulator ${emulator}.`, 'LOCO-SCR-027')
    return { pod: undefined, reason: away(error) }
  }
  const code = judged.findings[0]?.code
  const why = nowhere(judged.sentence, code !== undefined && isLocoCode(code) ? code : undefined)
  if (judged.pod === null) return why
  // The cluster is away: what was last known is tried, and this is why it may not work.
  if (freshness !== 'live') return { pod: judged.pod, reason: away(error) }
  if (pod === undefined) return { pod: judged.pod, reason: undefined }
  const runs = pod.status?.phase === 'Running' && pod.status.containerStatuses?.some(({ state }) => state?.running !== undefined)
  return runs && pod.metadata?.deletionTimestamp === undefined ? { pod: judged.pod, reason: undefined } : why
}

const away = (error: LocoError | undefined): Place['reason'] =>
  error === undefined ? { sentence: t('The cluster does not answer at the moment.') } : { sentence: error.message, code: error.code }
const nowhere = (sentence: string, code?: LocoCode): Place => ({ pod: undefined, reason: { sentence, ...(code !== undefined && { code }) } })
