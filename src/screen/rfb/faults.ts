import { t } from '@vscode/l10n'
import { LocoError } from '../../base/error.ts'

/** The server breaks a limit or a rule. `why` says which, in one sentence; `evidence` the numbers. */
export function implausible(why: string, evidence: string): LocoError {
  return new LocoError('LOCO-SCR-006', {
    what: t('The screen sends what no screen sends.'),
    why,
    fix: [t('Reconnect. If it repeats, restart the emulator.')],
    evidence: [evidence],
  })
}

/** The viewer sends what it may not. */
export function viewerFault(evidence: string): LocoError {
  return new LocoError('LOCO-SCR-009', {
    what: t('The viewer asked for something that the way to the screen does not carry.'),
    fix: [t('Close the tab and open the screen again.')],
    evidence: [evidence],
  })
}

/** What answered is no RFB server of our kind. */
export function otherProtocol(greeting: string): LocoError {
  return new LocoError('LOCO-SCR-002', {
    what: t('What listens on the screen port does not speak RFB 3.8.'),
    why: t('It greeted with {0}.', JSON.stringify(greeting)),
    fix: [t('Check which process of the pod listens on the screen port.')],
    evidence: [greeting],
  })
}

export function wantsLogin(types: readonly number[]): LocoError {
  return new LocoError('LOCO-SCR-004', {
    what: t('The screen asks for a login.'),
    why: t('It does not offer to be seen without one.'),
    fix: [t('Remove the password from the VNC arguments of QEMU.')],
    evidence: [`security types ${types.join(', ')}`],
  })
}

/** The server said no in its own words. */
export function turnedAway(words: string): LocoError {
  return new LocoError('LOCO-SCR-005', {
    what: t('The screen turned this viewer away.'),
    why: words === '' ? t('It gave no reason.') : t('It said: {0}', words),
    fix: [t('Close other viewers of this emulator, then reconnect.')],
    evidence: [words],
  })
}
