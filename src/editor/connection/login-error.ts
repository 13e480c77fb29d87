import { t } from '@vscode/l10n'
import { LocoError } from '../../base/error.ts'

/**
 * A login program that failed, with what an editor can say more: the program's own last words, and that an editor has another PATH than a shell where it was
 * started from the desktop. Other errors pass as they are.
 */
export function explainLogin(error: LocoError, platform: NodeJS.Platform = process.platform): LocoError {
  if (error.code !== 'LOCO-KUB-007') return error
  const { what, why, fix, evidence, cause } = error
  // An error with a code is the system's, about a program that could not be started at all.
  const started = (cause as { code?: unknown } | undefined)?.code === undefined
  const words = started ? evidence.flatMap((text) => text.trim().split('\n')).at(-1) : undefined
  return new LocoError('LOCO-KUB-007', {
    what,
    ...(why !== undefined && { why: words === undefined || words === '' ? why : t`${why} It said: ${words}` }),
    fix: [...fix, platform === 'win32' ? t('Restart the editor after a change of PATH.') : pathHint()],
    evidence,
    cause,
  })
}

const pathHint = (): string =>
  t(
    'An editor that was started from the desktop may not have the PATH of your shell: start it from a terminal, or write the whole path of the program into the kubeconfig.',
  )
