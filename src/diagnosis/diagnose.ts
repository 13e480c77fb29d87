import type { Finding } from '../contracts/fleet.ts'
import { type ClaimEvidence, claimSignals } from './claim.ts'
import { type ControllerEvidence, controllerSignals } from './controller.ts'
import type { KubeEvent, Node } from './evidence.ts'
import { nodeSignals } from './node.ts'
import { type PodEvidence, podSignals } from './pod.ts'
import { type Moment, weigh } from './weigh.ts'

/** What keeps a pod from running and being ready, with cause and fix, the most telling first. */
export function diagnosePod(evidence: PodEvidence, moment: Moment = momentOf(evidence)): Finding[] {
  return weigh(podSignals(evidence), moment)
}

/** Why a claim is not bound. A claim that waits for its pod is `info`: never wait for it before the pod exists. */
export function diagnoseClaim(evidence: ClaimEvidence, moment: Moment): Finding[] {
  return weigh(claimSignals(evidence), moment)
}

/** Why a StatefulSet does not make its pods; one finding for each pod that is missing. */
export function diagnoseController(evidence: ControllerEvidence, moment: Moment): Finding[] {
  return weigh(controllerSignals(evidence), moment)
}

/** What is wrong with a node. */
export function diagnoseNode(node: Node, moment: Moment): Finding[] {
  return weigh(nodeSignals(node), moment)
}

/** True where an autoscaler has spoken about a pod: nodes come and go there, so that a pod without a place may only have to wait. */
export function autoscaled(events: readonly KubeEvent[]): boolean {
  return events.some((event) => event.reason === 'TriggeredScaleUp' || event.reason === 'NotTriggerScaleUp')
}

function momentOf({ now, events }: PodEvidence): Moment {
  return { now, autoscaled: autoscaled(events) }
}
