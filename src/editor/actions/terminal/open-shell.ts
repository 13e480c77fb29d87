import { once } from 'node:events'
import { t } from '@vscode/l10n'
import { asLocoError, LocoError } from '../../../base/error.ts'
import type { ExecTerminal, TerminalSize } from '../../../kube/exec-terminal.ts'
import { shellCommands } from './shells.ts'

export interface ShellRequest {
  /** By which `endCommand` finds it again. */
  id: string
  /** For messages. */
  pod: string
  container: string
  size: TerminalSize
  signal: AbortSignal
  start: (command: readonly string[], size: TerminalSize, signal: AbortSignal) => Promise<ExecTerminal>
}

/**
 * The first shell that the container has. Whether a program can be started shows only when it prints, is silent for a while, or ends.
 * @throws LOCO-ACT-010 when it has none; coded errors of the way there
 */
export async function openShell(request: ShellRequest): Promise<ExecTerminal> {
  const { id, pod, container, size, signal, start } = request
  const refusals: string[] = []
  for (const command of shellCommands(id)) {
    const terminal = await start(command, size, signal)
    try {
      await started(terminal, signal)
      return terminal
    } catch (thrown) {
      terminal.destroy()
      signal.throwIfAborted()
      const error = asLocoError(thrown)
      if (error.code !== 'LOCO-KUB-042') throw error
      refusals.push(error.why ?? error.what)
    }
  }
  throw new LocoError('LOCO-ACT-010', {
    what: t`The container ${container} of pod ${pod} has no shell.`,
    why: t('None of the usual ones could be started.'),
    fix: [`kubectl debug -it ${pod} --image=busybox --target=${container}`],
    evidence: refusals,
  })
}

/** Resolves with the first output or the end of the program. @throws why it could not be started */
async function started(terminal: ExecTerminal, signal: AbortSignal): Promise<void> {
  if (terminal.errored !== null) throw terminal.errored
  // `readable` comes with the first bytes and with the end; `once` throws on `error`.
  await once(terminal, 'readable', { signal })
}
