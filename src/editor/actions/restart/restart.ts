import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { LocoError } from '../../../base/error.ts'
import type { EmulatorRef } from '../../emulator-ref.ts'
import type { Services } from '../../services.ts'
import { forEachOf } from '../outcomes.ts'
import { type Reached, reach, requireRight } from '../reach.ts'
import { chooseEmulators, namesOf } from '../targets.ts'
import { tellOutcomes } from '../tell-outcomes.ts'
import { comeBack } from './come-back.ts'
import { diskOf, restartQuestion } from './question.ts'

/** Milliseconds that an emulator gets to be healthy again: a guest without KVM may need minutes to show its first picture. */
const patience = 300_000

interface Target extends Reached {
  readonly ref: EmulatorRef
}

/** Restarts emulators after a person has said yes to what is lost, and waits until each is healthy in a new pod. */
export async function restart(services: Services, args: readonly unknown[]): Promise<void> {
  const refs = await chooseEmulators(services.fleets, args, { placeholder: t('Restart which emulators?'), many: true })
  const targets = await reachAll(services, refs)
  try {
    for (const { session } of targets) await requireRight(session, 'restart')
    if (targets.length === 0 || !(await services.confirm(questionOf(targets)))) return
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: t('Restarting emulators'), cancellable: true },
      async (progress, token) => {
        const cancel = new AbortController()
        token.onCancellationRequested(() => cancel.abort())
        let back = 0
        const tell = (): void => progress.report({ message: t`${back} of ${targets.length} healthy again` })
        tell()
        const nameOf = namesOf(refs)
        const outcomes = await forEachOf(
          targets,
          ({ ref }) => nameOf(ref),
          async (target) => {
            await restartOne(target, cancel.signal)
            back += 1
            tell()
          },
        )
        if (cancel.signal.aborted) return void vscode.window.showInformationMessage(t('It is no longer waited for. What was restarted comes back by itself.'))
        tellOutcomes(services, outcomes, (names) => t`Restarted and healthy again: ${names}.`)
      },
    )
  } finally {
    for (const { lease } of targets) lease.dispose()
  }
}

async function restartOne({ ref, lease, session }: Target, signal: AbortSignal): Promise<void> {
  const { pod, podUid } = session.store.get(ref.emulator) ?? {}
  if (pod === null || pod === undefined || podUid === null || podUid === undefined) {
    throw new LocoError('LOCO-ACT-004', {
      what: t`${ref.emulator} has no pod at the moment, so there is nothing to restart.`,
      fix: [t`Run the command Loco: Describe on ${ref.emulator}.`],
    })
  }
  signal.throwIfAborted()
  const { deleteExactly } = await import('../../../operations/api-objects.ts')
  const { namespace } = session.id
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}`
  await deleteExactly(session.client, path, { uid: podUid }, t`Could not delete the pod ${pod}.`)
  await comeBack({ lease, emulator: ref.emulator, old: podUid, timeout: patience, signal })
}

function questionOf(targets: readonly Target[]): ReturnType<typeof restartQuestion> {
  return restartQuestion(
    targets.map(({ ref, session }) => {
      const pod = session.store.get(ref.emulator)?.pod
      return { name: ref.emulator, fleet: session.id, disk: diskOf(pod === null || pod === undefined ? undefined : session.objects.pod(pod)) }
    }),
  )
}

/** Connects to the fleets of all of them, or of none. */
async function reachAll({ fleets }: Services, refs: readonly EmulatorRef[]): Promise<Target[]> {
  const targets: Target[] = []
  try {
    for (const ref of refs) targets.push({ ref, ...(await reach(fleets, ref.fleet)) })
    return targets
  } catch (error) {
    for (const { lease } of targets) lease.dispose()
    throw error
  }
}
