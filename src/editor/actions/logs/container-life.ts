import { t } from '@vscode/l10n'
import type { ContainerStatus, Pod, Terminated } from '../../../diagnosis/evidence.ts'
import type { ContainerLife } from '../../../kube/log-follow.ts'

/** The emulator's own container, as the chart names it. */
const emulatorContainer = 'emulator'

/** What a log can be read of at the moment, and what is waited for where it cannot. */
export interface LifeSight {
  readonly life: ContainerLife | undefined
  readonly waiting: string
}

/** All containers of a pod, in the order in which they run. */
export function containersOf(pod: Pod | undefined): string[] {
  return [...(pod?.spec?.initContainers ?? []), ...(pod?.spec?.containers ?? [])].map(({ name }) => name)
}

/** The container that is meant when none is named. */
export function usualContainer(pod: Pod | undefined): string {
  const names = pod?.spec?.containers?.map(({ name }) => name) ?? []
  return names.includes(emulatorContainer) ? emulatorContainer : (names[0] ?? emulatorContainer)
}

/** How the container stands for a reader of its log. Pure. */
export function lifeOf(pod: Pod | undefined, podName: string, container: string): LifeSight {
  const uid = pod?.metadata?.uid
  if (pod === undefined || uid === undefined) return { life: undefined, waiting: t`There is no pod ${podName} at the moment; waiting for the next one.` }
  const status = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].find(({ name }) => name === container)
  const state = status?.state
  const run = status?.restartCount ?? 0
  if (state?.running !== undefined) return { life: { pod: uid, run, state: 'running' }, waiting: '' }
  if (state?.terminated !== undefined) return { life: { pod: uid, run, state: 'ended' }, waiting: endSentence(container, state.terminated) }
  // Between two runs the log of the last one can still be read.
  if (status?.lastState?.terminated !== undefined)
    return { life: { pod: uid, run, state: 'ended' }, waiting: betweenSentence(container, status, status.lastState.terminated) }
  return { life: undefined, waiting: unstartedSentence(container, status) }
}

function endSentence(container: string, { exitCode, reason }: Terminated): string {
  if (reason === undefined) return t`The container ${container} has ended with code ${exitCode}; waiting for its next start.`
  return t`The container ${container} has ended with code ${exitCode} (${reason}); waiting for its next start.`
}

function betweenSentence(container: string, { state }: ContainerStatus, { exitCode }: Terminated): string {
  const reason = state?.waiting?.reason
  if (reason === undefined) return t`The container ${container} has ended with code ${exitCode}; waiting for its next start.`
  return t`The container ${container} has ended with code ${exitCode} and waits for its next start: ${reason}.`
}

function unstartedSentence(container: string, status: ContainerStatus | undefined): string {
  const { reason, message } = status?.state?.waiting ?? {}
  if (reason === undefined) return t`The container ${container} has not started yet, so it has written nothing.`
  if (message === undefined) return t`The container ${container} has not started yet: ${reason}.`
  return t`The container ${container} has not started yet: ${reason}. ${message}`
}
