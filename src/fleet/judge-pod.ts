import { t } from '@vscode/l10n'
import type { Finding } from '../contracts/fleet.ts'
import { type ContainerStatus, eventsOf, type KubeEvent, type Pod } from '../diagnosis/evidence.ts'
import { judgeAgent } from './judge-agent.ts'
import type { Opinion } from './opinion.ts'
import type { PodSight } from './pod-sight.ts'

/** The container that holds QEMU and the agent. */
export const emulatorContainer = 'emulator'

/** What is said of an emulator that has a pod: from Kubernetes until its container runs, from then on from its agent, too. */
export function judgePod(sight: PodSight): Opinion {
  const { pod, findings, seen } = sight
  if (pod.metadata?.deletionTimestamp !== undefined) return { verdict: 'stopped', sentence: t('Its pod is going away.'), findings }
  if (pod.status?.phase === 'Succeeded') return { verdict: 'stopped', sentence: t('Its containers have ended.'), findings }
  const [first] = findings
  if (pod.status?.phase === 'Failed') return { verdict: 'unhealthy', sentence: first?.cause ?? t('Its pod has failed.'), findings }

  const container = containerOf(pod)
  const running = container?.state?.running !== undefined
  const agent = seen.agents.get(pod.metadata?.uid ?? '')
  // A node that does not report tells nothing of its pods: what stands in their status is old. Only the agent itself may know better.
  if (first !== undefined && nodeAway(first) && agent?.state !== 'answers') return { verdict: 'unknown', sentence: first.cause, findings }
  if (running) return judgeAgent(sight, container, agent)

  if (first?.severity === 'fatal' || hasEnded(pod)) return { verdict: 'unhealthy', sentence: first?.cause ?? t('Its container has ended.'), findings }
  const sentence = first !== undefined && first.severity !== 'info' ? first.cause : progressOf(pod, sight.events)
  return { verdict: 'starting', sentence, findings }
}

function containerOf(pod: Pod): ContainerStatus | undefined {
  const statuses = pod.status?.containerStatuses ?? []
  return statuses.find(({ name }) => name === emulatorContainer) ?? statuses[0]
}

function nodeAway(finding: Finding): boolean {
  return finding.code === 'LOCO-NOD-006' && finding.severity === 'fatal'
}

/** True where a container ran and does not now. An init container that ended well is over, not ended. */
function hasEnded(pod: Pod): boolean {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {}
  const ended = ({ state = {}, lastState = {} }: ContainerStatus): boolean =>
    state.running === undefined && (state.terminated ?? lastState.terminated) !== undefined
  return containerStatuses.some(ended) || initContainerStatuses.some((one) => one.state?.terminated?.exitCode !== 0 && ended(one))
}

/** How far a pod without troubles is on its way to a running container. */
function progressOf(pod: Pod, events: readonly KubeEvent[]): string {
  if (pod.spec?.nodeName === undefined) return t('Its pod waits for a place on a node.')
  const init = pod.status?.initContainerStatuses?.find(({ state }) => state?.running !== undefined)
  if (init !== undefined) return t`Its init container ${init.name} is at work.`
  const newest = eventsOf(pod, events).find(({ reason }) => reason === 'Pulling' || reason === 'Pulled')
  return newest?.reason === 'Pulling' ? t('The node is fetching its image.') : t('The node is preparing its container.')
}
