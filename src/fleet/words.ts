import { t } from '@vscode/l10n'
import type { VerdictWord } from '../contracts/fleet.ts'

/** A verdict in the language of the person. */
export function verdictWords(verdict: VerdictWord): string {
  switch (verdict) {
    case 'healthy':
      return t('healthy')
    case 'starting':
      return t('starting')
    case 'degraded':
      return t('degraded')
    case 'unhealthy':
      return t('unhealthy')
    case 'stopped':
      return t('stopped')
    case 'unknown':
      return t('unknown')
  }
}
