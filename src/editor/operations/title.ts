import { t } from '@vscode/l10n'
import type { OperationKind, Target } from '../../contracts/operation.ts'

/** A fleet in one word: the release, with its namespace where the two differ. */
export function fleetName({ namespace, release }: Pick<Target, 'namespace' | 'release'>): string {
  return release === namespace ? release : `${namespace}/${release}`
}

/** What an operation is called in views, notifications and terminals. */
export function operationTitle(operation: OperationKind, target: Pick<Target, 'context' | 'namespace' | 'release'>): string {
  const fleet = fleetName(target)
  switch (operation) {
    case 'bootstrap':
      return t`Bootstrap ${fleet} on ${target.context}`
    case 'rebuild':
      return t`Rebuild ${fleet} on ${target.context}`
    case 'destroy':
      return t`Destroy ${fleet} on ${target.context}`
    case 'migrate':
      return t`Migrate disks of ${fleet} on ${target.context}`
  }
}

/** The same where space is short: without the context. */
export function operationRowLabel(operation: OperationKind, target: Pick<Target, 'namespace' | 'release'>): string {
  const fleet = fleetName(target)
  switch (operation) {
    case 'bootstrap':
      return t`Bootstrap ${fleet}`
    case 'rebuild':
      return t`Rebuild ${fleet}`
    case 'destroy':
      return t`Destroy ${fleet}`
    case 'migrate':
      return t`Migrate disks of ${fleet}`
  }
}

/** The name of a kind of operation, as it stands on buttons and tasks. */
export function operationName(operation: OperationKind): string {
  switch (operation) {
    case 'bootstrap':
      return t('Bootstrap')
    case 'rebuild':
      return t('Rebuild')
    case 'destroy':
      return t('Destroy')
    case 'migrate':
      return t('Migrate Disks')
  }
}
