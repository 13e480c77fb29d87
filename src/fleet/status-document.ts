import type { StatusDocument } from '../contracts/fleet.ts'
import { toStatus } from './diff.ts'
import type { FleetStore } from './store.ts'

/** Which fleet: all emulators of one release in one namespace of one context. */
export interface FleetName {
  context: string
  namespace: string
  release: string
}

/** The fleet as `loco status --output json` tells it. */
export function toStatusDocument(
  { context, namespace, release }: FleetName,
  { freshness, emulators }: Pick<FleetStore, 'freshness' | 'emulators'>,
): StatusDocument {
  return { schema: 'loco.status/1', context, namespace, release, freshness, emulators: emulators.map(toStatus) }
}
