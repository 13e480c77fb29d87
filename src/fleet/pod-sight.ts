import type { Finding } from '../contracts/fleet.ts'
import type { KubeEvent, Pod } from '../diagnosis/evidence.ts'
import type { Observation } from './emulator.ts'

/** One pod with all that is known of it when it is judged. */
export interface PodSight {
  seen: Observation
  ordinal: number
  pod: Pod
  /** Its events. */
  events: readonly KubeEvent[]
  /** What the diagnosis found for this pod, its claims and its node. */
  findings: Finding[]
}
