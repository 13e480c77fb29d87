import { LocoError } from '../../../src/base/error.ts'
import type { KubeEvent } from '../../../src/diagnosis/evidence.ts'
import type { ConnectionState, ConnectionView } from '../../../src/editor/connection/state.ts'
import { allRights } from '../../../src/editor/fleet/rights.ts'
import type { TreeInput } from '../../../src/editor/fleet/tree-model.ts'
import type { FleetSession } from '../../../src/editor/fleets.ts'
import type { Emulator } from '../../../src/fleet/emulator.ts'
import { FleetObjects } from '../../../src/fleet/objects.ts'
import { FleetStore } from '../../../src/fleet/store.ts'
import type { KubeClient } from '../../../src/kube/client.ts'
import { type Given, given, now, running } from '../fleet/given.ts'

export const at = new Date(now).toISOString()
export const id = { context: 'ctx', namespace: 'loco', release: 'loco' }
export const lost = new LocoError('LOCO-KUB-020', { what: 'Could not watch pods.', why: 'Nothing listens at the address of the cluster.' })

/** A session that shows what was seen, without a cluster. */
export function session(what: Given & { id?: FleetSession['id'] } = {}): FleetSession & { store: FleetStore } {
  const store = new FleetStore({ state: 'stale', since: at })
  const seen = given({ pods: [running()], ...what })
  store.apply(given({ pods: [running()], ...what, freshness: { state: 'live', since: at } }))
  if (what.freshness !== undefined) store.apply(seen)
  const objects = new FleetObjects({ pods: () => [...seen.pods], claims: () => [...seen.claims], events: () => [...seen.events] })
  return { id: what.id ?? id, client: {} as KubeClient, store, objects, may: async () => undefined }
}

export function connection(state: ConnectionState, fleets: readonly FleetSession[] = [], context = 'ctx'): ConnectionView {
  return { context, server: 'https://10.0.0.1:6443', file: '/home/p/.kube/config', state, fleets }
}

export const input = (connections: readonly ConnectionView[], more: Partial<TreeInput> = {}): TreeInput => ({
  connections,
  sortBy: 'ordinal',
  rights: () => new Set(allRights),
  time: (iso) => iso.slice(11, 16),
  ...more,
})

/** An emulator of which just this is said. */
export const emulator = (more: Partial<Emulator> = {}): Emulator => ({
  id: 'instance-0',
  ordinal: 0,
  pod: 'loco-loco-emulator-0',
  podUid: 'pod-0',
  verdict: 'healthy',
  stage: 'P2',
  sentence: 'The guest shows a picture.',
  since: at,
  findings: [],
  seen: {},
  ...more,
})

export const warningEvent = (uid: string, reason: string, message: string): KubeEvent => ({
  metadata: { uid, name: uid },
  involvedObject: { uid: 'pod-0' },
  type: 'Warning',
  reason,
  message,
  count: 3,
  lastTimestamp: at,
})
