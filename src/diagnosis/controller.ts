import { type Controller, eventCount, eventStart, eventsOf, eventTime, type KubeEvent } from './evidence.ts'
import { match, noFacts, type Signal } from './row.ts'
import { controllerRows } from './rows/controller.ts'

export interface ControllerEvidence {
  controller: Controller
  /** Any events; those of the controller are taken by its UID. */
  events: readonly KubeEvent[]
  /** Names of the pods that exist: what was refused before they came is over. */
  pods: readonly string[]
  /** Milliseconds since the epoch: what happened before does not count. */
  after?: number
}

/**
 * Why a StatefulSet does not make a pod. `subject` of a signal is the name of the pod that is missing, empty where the event does not say.
 * A StatefulSet has no condition for this; only its events tell.
 */
export function controllerSignals({ controller, events, pods, after = 0 }: ControllerEvidence): Signal[] {
  const own = eventsOf(controller, events).filter((event) => eventTime(event) >= after)
  const { name = '', namespace = 'default' } = controller.metadata ?? {}
  const existing = new Set(pods)
  const settled = new Set<string>()
  const signals: Signal[] = []
  // Newest first: the last word about a pod decides.
  for (const event of own) {
    const pod = podIn(event)
    if (existing.has(pod) || settled.has(pod)) continue
    if (event.reason === 'SuccessfulCreate' && madePod.test(event.message ?? '')) settled.add(pod)
    const found = match(controllerRows, event.reason ?? '', event.message ?? '')
    if (found === undefined) continue
    settled.add(pod)
    signals.push({
      row: found.row,
      facts: { ...noFacts, namespace, object: name, groups: found.groups },
      subject: pod,
      since: eventStart(event),
      times: eventCount(event),
      words: event.message === undefined ? [] : [event.message],
    })
  }
  return signals
}

/** Not `create Claim … for Pod …`: that a pod's claim was made says nothing of the pod. */
const madePod = /^create Pod /

/** `create Pod loco-loco-emulator-0 in StatefulSet …`, `create Claim … Pod loco-loco-emulator-0 in StatefulSet …`: the pod. */
function podIn(event: KubeEvent): string {
  return /\bPod (\S+) in StatefulSet/.exec(event.message ?? '')?.[1] ?? ''
}
