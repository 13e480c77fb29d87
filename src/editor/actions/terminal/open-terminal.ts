import { randomUUID } from 'node:crypto'
import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { LocoError } from '../../../base/error.ts'
import type { KubeClient } from '../../../kube/client.ts'
import type { EmulatorRef } from '../../emulator-ref.ts'
import type { Services } from '../../services.ts'
import { usualContainer } from '../logs/container-life.ts'
import { podOf } from '../pod-of.ts'
import { reach, requireRight, withFleet } from '../reach.ts'
import { openShell } from './open-shell.ts'
import { ShellTerminal } from './shell-terminal.ts'
import { endCommand } from './shells.ts'

/** Milliseconds that a pod gets to end what runs in a shell. */
const endTimeout = 10_000

/** Opens a terminal with a shell in the pod of an emulator. @throws coded errors: no connection, no right, no pod */
export async function openTerminal({ fleets, leaving, log }: Services, ref: EmulatorRef, container: string | undefined): Promise<void> {
  const pod = podOf(ref)
  await withFleet(fleets, ref.fleet, async (session) => {
    await requireRight(session, 'exec')
    if (session.store.freshness.state === 'live' && session.objects.pod(pod) === undefined) throw noPod(ref)
  })
  const pty = new ShellTerminal(async (size, signal) => {
    // By the time that Enter opens a new shell the connection may be another one.
    const { lease, session } = await reach(fleets, ref.fleet)
    try {
      const { openExecTerminal } = await import('../../../kube/exec-terminal.ts')
      const target = { namespace: session.id.namespace, pod, container: container ?? usualContainer(session.objects.pod(pod)) }
      const id = randomUUID()
      const shell = await openShell({
        id,
        ...target,
        size,
        signal,
        start: (command, dimensions, end) => openExecTerminal(session.client, { ...target, command, size: dimensions, signal: end }),
      })
      let ended: Promise<void> | undefined
      const end = (): Promise<void> => {
        ended ??= endShell(session.client, target, id).catch((error: unknown) => log.debug('a shell was not ended', { pod, error: String(error) }))
        return ended
      }
      const going = leaving.add(end)
      shell.once('close', async () => {
        if (shell.exit === undefined) await end()
        going.dispose()
        lease.dispose()
      })
      return shell
    } catch (error) {
      lease.dispose()
      throw error
    }
  })
  vscode.window.createTerminal({ name: t`shell in ${ref.emulator}`, pty, iconPath: new vscode.ThemeIcon('terminal'), isTransient: true }).show()
}

/** What a person left running in a shell that they closed must not run on. */
async function endShell(client: KubeClient, target: { namespace: string; pod: string; container: string }, id: string): Promise<void> {
  const { execInPod } = await import('../../../kube/exec.ts')
  await execInPod(client, { ...target, command: endCommand(id), signal: AbortSignal.timeout(endTimeout) })
}

function noPod({ emulator }: EmulatorRef): LocoError {
  return new LocoError('LOCO-ACT-004', {
    what: t`${emulator} has no pod at the moment.`,
    why: t('It is stopped, or its pod is not made yet.'),
    fix: [t('Run the command Loco: Describe: it shows what is known of the emulator.')],
  })
}
