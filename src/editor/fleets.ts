import type { Disposable } from '../base/disposable.ts'
import type { Event } from '../base/emitter.ts'
import type { LocoError } from '../base/error.ts'
import type { FleetStore } from '../fleet/store.ts'
import type { AccessAttribute } from '../kube/access.ts'
import type { KubeClient } from '../kube/client.ts'

/** Which fleet: stable over pods, restarts of the cluster and reloads of the window. */
export interface FleetId {
  readonly context: string
  readonly namespace: string
  readonly release: string
}

/** A fleet id as one word that is safe in a URI path and in a tree id. */
export const fleetKey = ({ context, namespace, release }: FleetId): string => [context, namespace, release].map(encodeURIComponent).join('/')

/** The other way round; undefined for a text that is no fleet key. */
export function parseFleetKey(key: string): FleetId | undefined {
  const [context, namespace, release, ...rest] = key.split('/').map(decodeURIComponent)
  return context && namespace && release && rest.length === 0 ? { context, namespace, release } : undefined
}

/** One fleet that is watched now. A session ends when its kubeconfig changes or nobody needs it; the next one has a client of its own. */
export interface FleetSession {
  readonly id: FleetId
  readonly client: KubeClient
  /** Emulators with their verdicts, freshness, and what changes. Read-only here. */
  readonly store: Pick<FleetStore, 'emulators' | 'freshness' | 'get'> & { readonly changes: { readonly event: FleetStore['changes']['event'] } }
  /** Raw objects for those who show more than the verdict: by pod name; undefined while not seen. */
  readonly objects: FleetObjects
  /** Whether this account may do something in the fleet's namespace; asked once, kept for 30 s. Undefined while the answer is not known (counts as allowed). */
  may(what: Omit<AccessAttribute, 'namespace'>): Promise<{ allowed: boolean; reason: string } | undefined>
}

/** What the watcher of a fleet has seen, as the API server gives it. */
export interface FleetObjects {
  pod(name: string): import('../diagnosis/evidence.ts').Pod | undefined
  claims(pod: string): readonly import('../diagnosis/evidence.ts').Claim[]
  /** Events of the pod and its claims, newest last. */
  events(pod: string): readonly import('../diagnosis/evidence.ts').KubeEvent[]
  /** Fires when any object may have changed; coalesced. */
  readonly changes: Event<void>
}

/** A wish to have a fleet watched. The session may be missing (not connected, `error` says why) and may be replaced; `changes` tells. */
export interface FleetLease extends Disposable {
  readonly id: FleetId
  readonly session: FleetSession | undefined
  /** Why there is no session; undefined while still connecting. */
  readonly error: LocoError | undefined
  readonly changes: Event<void>
}

/** All fleets that the window knows. */
export interface Fleets {
  /** Those that are watched now, in the order of the view. */
  readonly sessions: readonly FleetSession[]
  /** Fires when sessions came or went. */
  readonly changes: Event<void>
  /** Has a fleet watched for as long as the lease is held, whether the view is visible or not. Connects when that is needed. */
  acquire(id: FleetId): FleetLease
  /** Resolves when the fleets of the chosen contexts are known, or cannot be; for commands that are run before the view was opened. */
  ready(): Promise<void>
}
