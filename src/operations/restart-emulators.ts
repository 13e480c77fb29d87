import { t } from '@vscode/l10n'
import { type Clock, systemClock } from '../base/clock.ts'
import { LocoError } from '../base/error.ts'
import { waitFor } from '../base/wait.ts'
import { emulatorId } from '../contracts/names.ts'
import { waitForFleet } from './fleet-wait.ts'
import type { ClusterWork, FleetView, PodFacts } from './ports.ts'
import { type StepContext, StepFailure } from './step.ts'

/** What pods should run: an image (by id where it is known) and a revision of the StatefulSet. */
export interface Wanted {
  /** Id of the image, `sha256:…`; undefined where it comes from a registry, then the revision decides. */
  imageId: string | undefined
  revision: string | undefined
}

/** Pods that run another image than they should. A pod without a container yet is judged by its revision. Pure. */
export function outdated(pods: readonly PodFacts[], { imageId, revision }: Wanted): PodFacts[] {
  return pods.filter((pod) => {
    if (pod.terminating) return false
    if (imageId !== undefined && pod.imageId !== undefined) return pod.imageId !== imageId
    return revision !== undefined && pod.revision !== undefined && pod.revision !== revision
  })
}

/** Which emulators stand on which image, as a sentence for a stopped restart. Pure. */
export function standing(pods: readonly PodFacts[], wanted: Wanted): string {
  const old = new Set(outdated(pods, wanted).map((pod) => pod.name))
  const names = (chosen: readonly PodFacts[]): string => chosen.map((pod) => emulatorId(pod.ordinal)).join(', ') || '–'
  return t`On the new image: ${names(pods.filter((pod) => !old.has(pod.name)))}. On the earlier image: ${names(pods.filter((pod) => old.has(pod.name)))}.`
}

/**
 * Restarts pods one by one in the order of their ordinals, each showing a picture before the next is touched.
 * @throws StepFailure at the first that does not come up; the others keep running as they are. The signal's reason between two pods and while waiting.
 */
export async function restartOneByOne(o: {
  cluster: ClusterWork
  view: FleetView
  pods: readonly PodFacts[]
  wanted: Wanted
  timeout: number
  context: StepContext
  clock?: Clock
}): Promise<void> {
  const { cluster, view, pods, wanted, timeout, context, clock = systemClock } = o
  const ordered = [...pods].sort((a, b) => a.ordinal - b.ordinal)
  for (const [index, pod] of ordered.entries()) {
    context.signal.throwIfAborted()
    const id = emulatorId(pod.ordinal)
    const progress = (sentence: string): void => context.progress({ sentence, done: index, total: ordered.length })
    progress(t`Restarting ${id} on the new image.`)
    await cluster.deletePod(pod)
    await waitForNewPod(cluster, pod, timeout, context.signal, clock)
    try {
      await waitForFleet({ view, ordinals: [pod.ordinal], timeout, signal: context.signal, progress: ({ sentence }) => progress(sentence), clock })
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error
      throw new StepFailure(
        `${t`${id} did not come up on the new image, so no other emulator was touched.`} ${standing(await cluster.pods(), wanted)}`,
        error.findings,
      )
    }
  }
}

/** The old pod must be gone and a new one there, else its last health would be taken for the new one's. */
async function waitForNewPod(cluster: ClusterWork, old: PodFacts, timeout: number, signal: AbortSignal, clock: Clock): Promise<void> {
  await waitFor(
    async () => (await cluster.pods()).some((pod) => pod.ordinal === old.ordinal && pod.uid !== old.uid),
    (last) =>
      new LocoError('LOCO-OPS-021', {
        what: t`The pod ${old.name} was not replaced within ${Math.round(timeout / 1000)} seconds.`,
        why: last instanceof LocoError ? last.message : t('Its node does not let go of it, or the controller does not make a new one.'),
        fix: [`kubectl describe pod ${old.name}`, 'loco status'],
        cause: last,
      }),
    { timeout, interval: 150, signal, clock },
  )
}
