import { t } from '@vscode/l10n'
import type { Target } from '../contracts/operation.ts'

/** Which fleet an operation is about, as it stands after a colon. */
export const fleetText = ({ release, namespace, context }: Target): string => t`release ${release} in namespace ${namespace} of ${context}`
