import { t } from '@vscode/l10n'
import type { Preview } from '../../../chart/preview.ts'
import type { LiveState } from './live.ts'

/** The state of a preview as a few words. Pure. */
export function previewWords({ value, error, running }: LiveState<Preview>): string {
  if (error !== undefined) return t('Preview: helm refuses the values')
  if (value === undefined) return running ? t('Preview: rendering') : t('Preview')
  const count = (change: 'added' | 'changed' | 'removed'): number => value.resources.filter((one) => one.change === change).length
  const [added, changed, removed] = [count('added'), count('changed'), count('removed')]
  if (added + changed + removed === 0) return t('Preview: nothing changes')
  return value.lookedAround
    ? t`Preview: ${changed} changed, ${added} new, ${removed} gone`
    : t`Preview, without a look into the cluster: ${changed} changed, ${added} new, ${removed} gone`
}
