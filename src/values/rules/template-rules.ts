import { t } from '@vscode/l10n'
import type { Chart } from '../chart.ts'
import { pathText } from '../path.ts'
import { TemplateIndex } from '../templates.ts'
import type { ValuePath } from '../types.ts'
import { leavesOf } from './context.ts'
import { deletion } from './old-keys.ts'
import type { Finding, ValuesRule } from './rule.ts'

const ofAnyChart = { severity: 'warning', knowable: 'values', needsCluster: false, ours: false } as const

/** VA-03: a key that no template reads. */
export const unreadValue: ValuesRule = {
  code: 'LOCO-VA-03',
  ...ofAnyChart,
  check(view) {
    const { chart, document } = view
    if (chart === undefined || chart.templates.length === 0) return []
    const index = TemplateIndex.of(chart.templates)
    return index
      .unread(document.values)
      .filter((path) => document.locate(path) !== undefined && !isOfSubchart(chart, index, path))
      .map(
        (path): Finding => ({
          code: 'LOCO-VA-03',
          path,
          tag: 'unnecessary',
          message: t`No template of the chart reads ${pathText(path)}.`,
          fixes: () => [deletion(view, path, false)],
        }),
      )
  },
}

/** Values of subcharts are read by their templates, and `tags` by helm; a map that no template names may belong to a packed subchart. */
const isOfSubchart = (chart: Chart, index: TemplateIndex, path: ValuePath): boolean =>
  belongsToSubchart(chart, path) ||
  path[0] === 'tags' ||
  (!chart.ours && path.length === 1 && index.references(path).length === 0 && chart.defaults.keysOf(path).length > 0)

const belongsToSubchart = ({ subcharts = [] }: Chart, [first]: ValuePath): boolean => subcharts.includes(String(first))

/** VA-04: a template reads a value that has no default. It is the chart's matter, so it stands in its values.yaml. */
export const undefinedValue: ValuesRule = {
  code: 'LOCO-VA-04',
  ...ofAnyChart,
  check({ chart, document, role }) {
    if (chart === undefined || role !== 'defaults') return []
    const { values } = document
    return TemplateIndex.of(chart.templates)
      .undefinedIn(values)
      .filter(({ path }) => !belongsToSubchart(chart, path))
      .filter(({ path }) => chart.schema === undefined || !chart.schema.keys(path.slice(0, -1), values).includes(String(path.at(-1))))
      .map(({ path, places }): Finding => {
        const name = pathText(path)
        const related = places.map(({ file, range }) => ({ file, range, message: t`${name} is read here.` }))
        return {
          code: 'LOCO-VA-04',
          path,
          related,
          message: t`A template reads ${name}, which has no default: without one it is empty, or the template fails.`,
        }
      })
  },
}

/** VA-15: an environment variable that the template sets as well. Where the template refuses it, helm does not get as far. */
export const setTwice: ValuesRule = {
  code: 'LOCO-VA-15',
  ...ofAnyChart,
  check(view) {
    const { chart, document } = view
    if (chart === undefined) return []
    const ownOf = new Map<string, ReadonlySet<string>>()
    return leavesOf(document.values).flatMap(({ path }): Finding[] => {
      const name = path.at(-1)
      if (path.at(-2) !== 'env' || typeof name !== 'string') return []
      const env = path.slice(0, -1)
      const own = ownOf.get(pathText(env)) ?? namesBeside(chart, env)
      ownOf.set(pathText(env), own)
      if (!own.has(name)) return []
      return [
        {
          code: 'LOCO-VA-15',
          severity: chart.ours ? 'error' : 'warning',
          path,
          message: chart.ours
            ? t`The chart sets ${name} itself and refuses a second. Use the value behind it, or delete the line.`
            : t`The chart sets ${name} itself; of two the later one wins.`,
          fixes: () => [deletion(view, path, chart.ours)],
        },
      ]
    })
  },
}

/** Names of the variables that the templates which read `env` write themselves. */
function namesBeside(chart: Chart, env: ValuePath): Set<string> {
  const readers = new Set(
    TemplateIndex.of(chart.templates)
      .readers(env)
      .map(({ file }) => file),
  )
  return new Set(
    chart.templates.flatMap(({ file, text }) =>
      readers.has(file) ? [...text.matchAll(/^\s*- name: "?([A-Z][A-Z0-9_]*)"?\s*$/gm)].map((match) => match[1] ?? '') : [],
    ),
  )
}

/** VA-18: `default true` makes a false true again. */
export const falseTurned: ValuesRule = {
  code: 'LOCO-VA-18',
  ...ofAnyChart,
  check({ chart, document }) {
    if (chart === undefined) return []
    const turning = TemplateIndex.of(chart.templates).mentions.filter(({ turnsFalse }) => turnsFalse)
    return leavesOf(document.values).flatMap(({ path, value }): Finding[] => {
      const places = value === false ? turning.filter((mention) => pathText(mention.path) === pathText(path)) : []
      if (places.length === 0) return []
      const name = pathText(path)
      const related = places.map(({ file, range }) => ({ file, range, message: t('A "false" is turned into "true" here.') }))
      return [
        { code: 'LOCO-VA-18', path, related, message: t`${name} cannot be false: the template takes "default true" for it, and for "default" false is empty.` },
      ]
    })
  },
}
