import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import { askedOf } from '../operations/journals.ts'
import type { OperationOptions } from '../operations/options.ts'
import { stateRoot } from '../operations/state-folder.ts'
import type { Terminal } from './terminal.ts'

/**
 * What an earlier operation was asked to do.
 * @throws LOCO-OPS-010 unknown operation; LOCO-USE-001 when it was another kind of operation
 */
export function askedToResume<Kind extends OperationOptions['operation']>(
  id: string,
  kind: Kind,
  terminal: Terminal,
): Extract<OperationOptions, { operation: Kind }> {
  const asked = askedOf(stateRoot(terminal.env), id)
  if (asked.operation === kind) return asked as Extract<OperationOptions, { operation: Kind }>
  throw new LocoError('LOCO-USE-001', {
    what: t`The operation ${id} is not of the kind ${kind} but ${asked.operation}.`,
    fix: [`loco ${asked.operation} --help`, 'loco operations list'],
  })
}
