import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'

/** The port is open, but nothing is said for so many seconds. */
export function silent(seconds: number): LocoError {
  return new LocoError('LOCO-SCR-003', {
    what: t('The screen does not greet.'),
    why: t('Its port is open, but QEMU said nothing within {0} s.', seconds),
    fix: [t('Wait, or look at the logs of the emulator.')],
  })
}

export function stalled(): LocoError {
  return new LocoError('LOCO-SCR-007', {
    what: t('The screen went silent.'),
    why: t('The connection stands, but nothing answers.'),
    fix: [t('Wait: a new connection is tried by itself.')],
  })
}

/** Why a stream is over: its own words where they are ours, else that the other side closed it. */
export function lost(error: unknown): LocoError {
  if (error instanceof LocoError) return error
  return new LocoError('LOCO-SCR-008', {
    what: t('The connection to the screen ended.'),
    why: t('The machine, its pod, or the way to it went away.'),
    fix: [t('Wait: it is tried again by itself.')],
    evidence: error instanceof Error ? [error.message] : [],
    cause: error,
  })
}
