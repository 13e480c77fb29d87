import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import { ordinalOf, podName } from '../contracts/names.ts'

/**
 * The pod that a person means by `instance-2`, `2` or `loco-loco-emulator-2`.
 * @throws LOCO-USE-006 for anything else.
 */
export function emulatorPod(instance: string, release: string): string {
  const ordinal = ordinalOf(instance)
  if (ordinal === undefined)
    throw new LocoError('LOCO-USE-006', {
      what: t`${instance} does not name an emulator.`,
      fix: ['loco status', t('They are called instance-0, instance-1 …')],
    })
  return podName(release, ordinal)
}
