import { type Claim, eventCount, eventStart, eventsOf, eventTime, type KubeEvent } from './evidence.ts'
import { match, noFacts, type Signal } from './row.ts'
import { claimRows } from './rows/claim.ts'

export interface ClaimEvidence {
  claim: Claim
  /** Any events; those of the claim are taken by its UID. */
  events: readonly KubeEvent[]
  /** Milliseconds since the epoch: what happened before does not count. */
  after?: number
}

/** A failure says more than "still provisioning", and that more than "waits for its pod", whichever came last. */
const telling = [['ProvisioningFailed', 'FailedBinding'], ['ExternalProvisioning'], ['WaitForFirstConsumer', 'WaitForPodScheduled']]

/** Why a claim is not bound: at most one sign. A bound claim has none. */
export function claimSignals({ claim, events, after = 0 }: ClaimEvidence): Signal[] {
  if (claim.status?.phase !== 'Pending' || claim.metadata?.deletionTimestamp !== undefined) return []
  const own = eventsOf(claim, events).filter((event) => eventTime(event) >= after)
  for (const reasons of telling) {
    const event = own.find((one) => reasons.includes(one.reason ?? ''))
    const found = event === undefined ? undefined : match(claimRows, event.reason ?? '', event.message ?? '')
    if (event === undefined || found === undefined) continue
    const { name = '', namespace = 'default' } = claim.metadata ?? {}
    const facts = { ...noFacts, namespace, object: name, groups: found.groups, storageClass: claim.spec?.storageClassName ?? '' }
    return [
      { row: found.row, facts, subject: name, since: eventStart(event), times: eventCount(event), words: event.message === undefined ? [] : [event.message] },
    ]
  }
  return []
}
