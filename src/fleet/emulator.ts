import type { LocoError } from '../base/error.ts'
import type { AgentHealth } from '../contracts/agent.ts'
import type { EmulatorStatus, Freshness } from '../contracts/fleet.ts'
import type { Claim, Controller, KubeEvent, Node, Pod } from '../diagnosis/evidence.ts'
import type { Seen } from '../diagnosis/weigh.ts'

/** One emulator as judged: what is told to the outside, and what the next judgement builds on. */
export interface Emulator extends EmulatorStatus {
  /** UID of the pod that stands for it now; null while there is none. */
  readonly podUid: string | null
  /** Since when each sign of trouble has been seen. */
  readonly seen: Seen
}

/** What we hear from the agent of one pod. */
export type AgentSight =
  | { readonly state: 'connecting' }
  | { readonly state: 'answers'; readonly health: AgentHealth }
  /** `since` in milliseconds; `last` is what it said before it fell silent. */
  | { readonly state: 'silent'; readonly since: number; readonly error: LocoError; readonly last?: AgentHealth }
  | { readonly state: 'nonsense'; readonly error: LocoError }

/** Everything that is seen of a fleet at one moment. */
export interface Observation {
  readonly release: string
  readonly namespace: string
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly freshness: Freshness
  /** Why it is not live. */
  readonly blindness?: LocoError
  readonly set: Controller | undefined
  readonly pods: readonly Pod[]
  readonly claims: readonly Claim[]
  readonly events: readonly KubeEvent[]
  readonly nodes: readonly Node[]
  /** By UID of the pod. */
  readonly agents: ReadonlyMap<string, AgentSight>
}
