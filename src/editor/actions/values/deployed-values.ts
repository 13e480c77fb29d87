import { t } from '@vscode/l10n'
import { parseDocument } from 'yaml'
import type { ReleaseRecord } from '../../../chart/release-record.ts'

/**
 * The values of the chart with those of a release laid over them, comments kept: what the fleet runs with, for a person to read. Pure.
 * `defaults` is the chart's values.yaml.
 */
export function deployedValues(defaults: string, { values, revision, chart }: Pick<ReleaseRecord, 'values' | 'revision' | 'chart'>, release: string): string {
  const document = parseDocument(defaults)
  for (const [path, value] of leavesOf(values)) document.setIn(path, value)
  const head = [
    t`These are the values that revision ${revision} of the release ${release} runs with: the chart's own, with what the release was installed with laid over them.`,
    t`They were read from the cluster (chart ${chart}) and cannot be changed here: change a values file of yours and run Loco: Bootstrap.`,
  ]
  return `${comment(head)}\n${document.toString({ lineWidth: 0 })}`
}

/** The chart's own values, when those of the release cannot be told. Pure. */
export function defaultValues(defaults: string, why: string): string {
  return `${comment([t('These are the values of the chart itself. They cannot be changed here: copy what you want to change into a values file of yours.'), why])}\n${defaults}`
}

const comment = (lines: readonly string[]): string => lines.map((line) => `# ${line}\n`).join('')

/** Every value that is no mapping, with its path. An empty mapping is a value: it may have replaced one. */
function leavesOf(values: Readonly<Record<string, unknown>>, above: readonly string[] = []): [string[], unknown][] {
  return Object.entries(values).flatMap(([key, value]): [string[], unknown][] => {
    const path = [...above, key]
    const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
    return isMapping ? leavesOf(value as Record<string, unknown>, path) : [[path, value]]
  })
}
