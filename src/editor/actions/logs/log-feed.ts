import { t } from '@vscode/l10n'
import { LocoError } from '../../../base/error.ts'
import type { ContainerStatus } from '../../../diagnosis/evidence.ts'
import type { LogPart } from '../../../kube/log-follow.ts'
import type { EmulatorRef } from '../../emulator-ref.ts'
import type { FleetSession } from '../../fleets.ts'
import { settings } from '../../settings.ts'
import { podOf } from '../pod-of.ts'
import type { Reached } from '../reach.ts'
import { LeaseLogSource } from './lease-log-source.ts'
import type { LogFeed } from './log-terminal.ts'

/** Which log: of which container of which emulator, of its run now or the one before. */
export interface LogSubject {
  readonly ref: EmulatorRef
  /** Undefined: the usual one. */
  readonly container: string | undefined
  readonly previous: boolean
}

/** A person reads this, clicks it, and finds it by name in the list of links of the terminal. */
export const linkText = (): string => t('Open the whole log')

/** What the terminal of a log shows. The lease of the fleet is the feed's from here on. */
export function feedOf(subject: LogSubject, { lease, session }: Reached): LogFeed {
  const { ref, previous } = subject
  const source = new LeaseLogSource(lease, ref, subject.container)
  const tailLines = settings.logsTailLines()
  const pod = podOf(ref)
  const { container } = source
  const link = linkText()
  return {
    heading: previous
      ? t`Container ${container} of pod ${pod} before its last restart: the last ${tailLines} lines. ${link}`
      : t`Container ${container} of pod ${pod}: the last ${tailLines} lines and what comes. ${link}`,
    async *parts(signal): AsyncGenerator<LogPart> {
      try {
        if (previous) {
          const stream = await source.open({ previous, tailLines, signal })
          for await (const bytes of stream as AsyncIterable<Buffer>) yield { kind: 'text', bytes }
        } else {
          const { followLog } = await import('../../../kube/log-follow.ts')
          yield* followLog({ source, tailLines, signal })
        }
      } finally {
        source.dispose()
        lease.dispose()
      }
    },
    ending: () => endOf(previousRun(session, ref, container)),
  }
}

function endOf(status: ContainerStatus | undefined): string {
  const { exitCode, reason } = status?.lastState?.terminated ?? {}
  if (exitCode === undefined) return t('The log ends here.')
  return reason === undefined ? t`The run ended here with code ${exitCode}.` : t`The run ended here with code ${exitCode} (${reason}).`
}

function previousRun(session: FleetSession, ref: EmulatorRef, container: string): ContainerStatus | undefined {
  const { status } = session.objects.pod(podOf(ref)) ?? {}
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].find(({ name }) => name === container)
}

/** @throws LOCO-ACT-011 when it is known that there was no run before */
export function requirePrevious(session: FleetSession, { ref, container }: LogSubject): void {
  const pod = session.objects.pod(podOf(ref))
  const status = pod?.status?.containerStatuses?.find(({ name }) => container === undefined || name === container)
  // What is not seen is asked: the cluster will say it itself.
  if (status === undefined || (status.restartCount ?? 0) > 0 || status.lastState?.terminated !== undefined) return
  throw new LocoError('LOCO-ACT-011', {
    what: t`There is no log of a previous run of ${ref.emulator}.`,
    why: t`The container ${status.name} was not restarted in this pod.`,
    fix: [t('Run the command Loco: Show Logs for the run now.')],
  })
}
