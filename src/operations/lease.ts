import type { V1Lease } from '@kubernetes/client-node'
import { t } from '@vscode/l10n'
import { type Clock, systemClock } from '../base/clock.ts'
import { asLocoError, LocoError } from '../base/error.ts'
import { type Logger, silentLogger } from '../base/logger.ts'
import { type KubeClient, withSignal } from '../kube/client.ts'
import { V1MicroTime } from '../kube/client-library.ts'
import { asKubeError, statusOf } from '../kube/errors.ts'
import { deleteExactly } from './api-objects.ts'
import { type Owner, ownerText, stateOf, thisProcess } from './owner.ts'

/** Name of the Lease that says who changes a namespace. */
export const leaseName = 'loco-operation'
const durationSeconds = 15
const renewEvery = 5_000
/** Longer than a holder's renewal takes: a Lease that does not change for so long has no living holder, whatever the clocks say. */
const watchDead = 6_500

/** An operation that is at its end does not wait long for a cluster that is silent. */
const releaseTimeout = 3_000

/** A Lease as far as the rules below need it. */
export interface SeenLease {
  holder: string
  /** Milliseconds since the epoch by the holder's clock; 0 when never renewed. */
  renewed: number
  seconds: number
}

/** `free`: nobody's. `doubtful`: looks expired by our clock, which may be wrong. `held`: somebody's. */
export function leaseState(
  lease: SeenLease,
  now: number,
  ownerState: (owner: Owner) => 'alive' | 'dead' | 'elsewhere' = stateOf,
): 'free' | 'doubtful' | 'held' {
  if (lease.holder === '') return 'free'
  const owner = parseHolder(lease.holder)
  const known = owner === undefined ? 'elsewhere' : ownerState(owner)
  if (known === 'dead') return 'free'
  return known === 'elsewhere' && now > lease.renewed + lease.seconds * 1000 ? 'doubtful' : 'held'
}

/** The identity that stands in a Lease: what tells a dead process from a living one, and whom to ask. */
export function holderText({ user, host, pid, started }: Owner, op: string): string {
  return `${user}@${host}/${pid}/${started ?? ''}/${op}`
}

/** The owner in such an identity; undefined for one of another form. */
export function parseHolder(text: string): (Owner & { op: string }) | undefined {
  const match = /^(.*)@([^/]+)\/(\d+)\/([^/]*)\/([^/]+)$/.exec(text)
  if (match === null) return undefined
  const [, user = '', host = '', pid, started, op = ''] = match
  return { user, host, pid: Number(pid), started: started === '' || started === undefined ? null : started, op }
}

/** Keeps others from changing a namespace while an operation does. One object an operation; renewed until released. */
export class OperationLease {
  readonly #client: KubeClient
  readonly #namespace: string
  readonly #op: string
  readonly #holder: string
  readonly #lost: (error: LocoError) => void
  readonly #clock: Clock
  readonly #log: Logger
  readonly #end = new AbortController()
  #held: V1Lease | undefined
  #renewing: Promise<void> = Promise.resolve()

  /** `lost` is called at most once, when somebody else may have begun to change the namespace. */
  constructor(o: { client: KubeClient; namespace: string; op: string; lost: (error: LocoError) => void; clock?: Clock; log?: Logger }) {
    this.#client = o.client
    this.#namespace = o.namespace
    this.#op = o.op
    this.#holder = holderText(thisProcess(), o.op)
    this.#lost = o.lost
    this.#clock = o.clock ?? systemClock
    this.#log = o.log ?? silentLogger
  }

  /** Takes the Lease and begins to renew it. @throws LOCO-OPS-002 while somebody else holds it; coded errors of the cluster */
  async acquire(signal: AbortSignal): Promise<void> {
    if (this.#held !== undefined) return
    try {
      for (;;) {
        const seen = await this.#read(signal)
        const state = seen === undefined ? 'free' : await this.#settled(seen, signal)
        if (state === 'held') throw this.#heldBy(seen)
        try {
          this.#held = await this.#write(seen, signal)
          break
        } catch (error) {
          if (statusOf(error) !== 409) throw error // somebody was faster: look again
        }
      }
    } catch (error) {
      throw asKubeError(error, t`Could not take the Lease ${leaseName} of namespace ${this.#namespace}.`)
    }
    this.#renewing = this.#renew()
  }

  /** Stops renewing and removes the Lease, if it is still ours. A cluster that does not answer is no reason to fail: the Lease runs out by itself. */
  async release(): Promise<void> {
    this.#end.abort()
    await this.#renewing
    const held = this.#held
    this.#held = undefined
    if (held === undefined) return
    const { uid, resourceVersion } = held.metadata ?? {}
    const path = `/apis/coordination.k8s.io/v1/namespaces/${this.#namespace}/leases/${leaseName}`
    try {
      await deleteExactly(this.#client, path, { uid, resourceVersion }, t('Could not give the Lease back.'), releaseTimeout)
    } catch (error) {
      this.#log.info('the Lease was not removed', { namespace: this.#namespace, error: asLocoError(error).message })
    }
  }

  /** A Lease that looks expired by our clock is watched for longer than its holder may stay silent. */
  async #settled(seen: V1Lease, signal: AbortSignal): Promise<'free' | 'held'> {
    const state = leaseState(seenLease(seen), this.#clock.now())
    if (state !== 'doubtful') return state
    await this.#clock.sleep(watchDead, signal)
    const later = await this.#read(signal)
    return later === undefined || later.metadata?.resourceVersion === seen.metadata?.resourceVersion ? 'free' : 'held'
  }

  async #read(signal: AbortSignal): Promise<V1Lease | undefined> {
    try {
      return await this.#client.coordination.readNamespacedLease({ namespace: this.#namespace, name: leaseName }, withSignal(signal))
    } catch (error) {
      if (statusOf(error) === 404) return undefined
      throw error
    }
  }

  /** Writes our name into it. The resource version of what was seen makes the server refuse when somebody was faster. */
  async #write(seen: V1Lease | undefined, signal: AbortSignal): Promise<V1Lease> {
    const now = new V1MicroTime(this.#clock.now())
    const again = seen?.spec?.holderIdentity === this.#holder
    const body: V1Lease = {
      metadata: { name: leaseName, ...(seen?.metadata?.resourceVersion !== undefined && { resourceVersion: seen.metadata.resourceVersion }) },
      spec: {
        holderIdentity: this.#holder,
        leaseDurationSeconds: durationSeconds,
        acquireTime: again && seen?.spec?.acquireTime !== undefined ? seen.spec.acquireTime : now,
        renewTime: now,
      },
    }
    const namespace = this.#namespace
    if (seen === undefined) return this.#client.coordination.createNamespacedLease({ namespace, body }, withSignal(signal))
    return this.#client.coordination.replaceNamespacedLease({ namespace, name: leaseName, body }, withSignal(signal))
  }

  async #renew(): Promise<void> {
    const { signal } = this.#end
    let good = this.#clock.now()
    let delay = renewEvery
    while (!signal.aborted) {
      await this.#clock.sleep(delay, signal).catch(() => {})
      if (signal.aborted) return
      try {
        this.#held = await this.#write(this.#held, AbortSignal.any([signal, AbortSignal.timeout(renewEvery)]))
        good = this.#clock.now()
        delay = renewEvery
      } catch (error) {
        if (signal.aborted) return
        const taken = statusOf(error) === 409 || statusOf(error) === 404
        if (taken || this.#clock.now() - good >= durationSeconds * 1000) {
          if (taken) this.#held = undefined
          return this.#lost(this.#lostError(error, taken))
        }
        delay = 1000
      }
    }
  }

  #heldBy(seen: V1Lease | undefined): LocoError {
    const holder = seen?.spec?.holderIdentity ?? ''
    const owner = parseHolder(holder)
    return new LocoError('LOCO-OPS-002', {
      what: t`Another operation works on the namespace ${this.#namespace}.`,
      why: owner === undefined ? t`The Lease ${leaseName} is held by ${holder}.` : `${t`The operation is ${owner.op}.`} ${ownerText(owner)}`,
      fix: [t`Wait until it is done: kubectl get lease ${leaseName} -n ${this.#namespace}`],
      evidence: [holder],
    })
  }

  #lostError(cause: unknown, taken: boolean): LocoError {
    return new LocoError('LOCO-OPS-003', {
      what: t`Operation ${this.#op} no longer holds the namespace ${this.#namespace}.`,
      why: taken ? t('Somebody took or removed the Lease.') : t('The Lease could not be renewed for 15 seconds.'),
      fix: [t('Run the command again when nobody else works on the namespace.')],
      evidence: [asKubeError(cause, t('Could not renew the Lease.')).message],
      cause,
    })
  }
}

function seenLease(lease: V1Lease): SeenLease {
  return {
    holder: lease.spec?.holderIdentity ?? '',
    renewed: lease.spec?.renewTime === undefined ? 0 : new Date(lease.spec.renewTime).getTime(),
    seconds: lease.spec?.leaseDurationSeconds ?? durationSeconds,
  }
}
