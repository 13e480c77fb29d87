import { t } from '@vscode/l10n'
import { LocoError } from '../../base/error.ts'
import { waitFor } from '../../base/wait.ts'
import { type EmulatorRight, emulatorRights } from '../fleet/rights.ts'
import { rightWords } from '../fleet/words.ts'
import type { FleetId, FleetLease, FleetSession, Fleets } from '../fleets.ts'

/** Milliseconds that a fleet gets to connect. */
const patience = 15_000

/** A fleet that is connected, for as long as the lease is held: whoever asked gives it back. */
export interface Reached {
  readonly lease: FleetLease
  readonly session: FleetSession
}

/**
 * Connects to a fleet and waits until it is seen.
 * @throws why there is no connection; LOCO-ACT-003 when that does not come in time
 */
export async function reach(fleets: Fleets, id: FleetId): Promise<Reached> {
  const lease = fleets.acquire(id)
  try {
    return { lease, session: await sessionOf(lease) }
  } catch (error) {
    lease.dispose()
    throw error
  }
}

/** Does something with a fleet that is connected for just that. */
export async function withFleet<T>(fleets: Fleets, id: FleetId, work: (session: FleetSession) => Promise<T>): Promise<T> {
  const { lease, session } = await reach(fleets, id)
  try {
    return await work(session)
  } finally {
    lease.dispose()
  }
}

/** @throws LOCO-ACT-002 when the cluster says that this account may not do it; an answer that is not known counts as yes */
export async function requireRight(session: FleetSession, right: EmulatorRight): Promise<void> {
  const what = emulatorRights[right]
  const answer = await session.may(what)
  if (answer === undefined || answer.allowed) return
  const { canICommand } = await import('../../kube/access.ts')
  const attribute = { ...what, namespace: session.id.namespace }
  throw new LocoError('LOCO-ACT-002', {
    what: t`This account may not do that: it lacks the right to ${rightWords(attribute)}.`,
    why: answer.reason === '' ? t`The cluster of ${session.id.context} was asked.` : t`The cluster of ${session.id.context} says: ${answer.reason}`,
    fix: [canICommand(attribute), t('Ask the owner of the cluster for this right.')],
  })
}

async function sessionOf(lease: FleetLease): Promise<FleetSession> {
  const known = (): FleetSession | LocoError | undefined => {
    const { session, error } = lease
    if (session === undefined) return error
    return session.store.freshness.state === 'live' || session.store.emulators.length > 0 ? session : undefined
  }
  const found = await waitFor(known, () => late(lease), { timeout: patience, interval: 50 })
  if (found instanceof LocoError) throw found
  return found
}

function late({ id, error }: FleetLease): LocoError {
  return new LocoError('LOCO-ACT-003', {
    what: t`The fleet ${id.namespace}/${id.release} on ${id.context} cannot be reached.`,
    why: error === undefined ? t`There was no answer within ${patience / 1000} seconds.` : error.message,
    fix: [t('Look at the Fleet view: it says what is missing, and comes back by itself.'), t('Run the command Loco: Reconnect.')],
  })
}
