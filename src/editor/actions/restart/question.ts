import { t } from '@vscode/l10n'
import type { Pod } from '../../../diagnosis/evidence.ts'
import type { Question } from '../../confirm.ts'
import type { FleetId } from '../../fleets.ts'
import { listOf } from '../outcomes.ts'

/** Whether what a guest writes outlives its pod. `unknown` when the pod is not seen. */
export type Disk = 'claim' | 'pod' | 'unknown'

/** Where the disk of an emulator lies. The chart mounts it as the volume `disk`; only a claim outlives the pod. Pure. */
export function diskOf(pod: Pod | undefined): Disk {
  if (pod === undefined) return 'unknown'
  return pod.spec?.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined) === true ? 'claim' : 'pod'
}

/** The question before emulators are restarted: which, where, and what is lost. Pure. */
export function restartQuestion(emulators: readonly { readonly name: string; readonly fleet: FleetId; readonly disk: Disk }[]): Question {
  const named = (disk: Disk): string[] => emulators.filter((one) => one.disk === disk).map(({ name }) => name)
  const [lost, kept, unknown] = [named('pod'), named('claim'), named('unknown')]
  const places = [...new Set(emulators.map(({ fleet }) => `${fleet.context} · ${fleet.namespace}/${fleet.release}`))].join(', ')
  const list = listOf(emulators.map(({ name }) => name))
  return {
    question: t`Restart ${list} on ${places}?`,
    detail: [
      t('The pod is deleted and made anew. What is not saved in the guest is lost, as when a computer is switched off.'),
      ...(lost.length === 0 ? [] : [t`Everything the guest wrote is lost for ${listOf(lost)}: the disk lies in the pod.`]),
      ...(kept.length === 0 ? [] : [t`The disk stays for ${listOf(kept)}: it lies on a claim.`]),
      ...(unknown.length === 0 ? [] : [t`Whether the disk stays cannot be seen for ${listOf(unknown)}.`]),
    ].join('\n'),
    yes: t('Restart'),
  }
}
