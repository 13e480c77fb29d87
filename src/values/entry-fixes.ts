import { t } from '@vscode/l10n'
import type { View } from './chart.ts'
import { moveKey, removeKey, removeKeyAt, renameKey, setValue } from './edit.ts'
import { nearestName } from './near.ts'
import { isTable, pathText, samePath, valueAt } from './path.ts'
import { rewriting, setting } from './rules/context.ts'
import type { SchemaFacts } from './schema.ts'
import type { Fix, Problem, ValuePath } from './types.ts'

/** Fixes of what the text and the schema say: keys twice, unknown keys, wrong values. Not all of them help; the caller looks. */
export function entryFixes(view: View, problem: Problem): Fix[] {
  const { path } = problem
  switch (problem.code) {
    case 'LOCO-VA-01':
      return repeatedKey(view, problem)
    case 'LOCO-VA-02':
      return path === undefined || view.document.locate(path)?.key === undefined ? [] : unknownKey(view, path)
    case 'LOCO-VA-05':
      return path === undefined ? [] : wrongValue(view, path)
    default:
      return []
  }
}

/** Helm takes the last of equal keys, so without the first nothing changes. */
function repeatedKey({ document }: View, { range, related, path }: Problem): Fix[] {
  const first = related?.[0]?.range
  const key = pathText(path ?? [])
  return [
    ...(first === undefined ? [] : [{ title: t`Delete the first ${key}, which has no effect`, preferred: true, edits: [removeKeyAt(document, first.start)] }]),
    { title: t`Delete this ${key}`, preferred: false, edits: [removeKeyAt(document, range.start)] },
  ]
}

/** Places of a misplaced key that are offered; a name like `enabled` has many. */
const mostPlaces = 3

function unknownKey(view: View, path: ValuePath): Fix[] {
  const { document, chart, merged } = view
  const key = String(path.at(-1))
  const parent = path.slice(0, -1)
  const free = (chart?.schema?.keys(parent, merged.values) ?? []).filter((name) => document.locate([...parent, name]) === undefined)
  const meant = nearestName(key, free)
  const places = (chart?.schema?.placesOf(key) ?? []).filter((place) => !samePath(place, path) && document.locate(place) === undefined)
  const moves = places.slice(0, mostPlaces).map((to) => ({
    ...rewriting(view, t`Move to ${pathText(to)}`, meant === undefined && places.length === 1, (now) => moveKey(now, path, to)),
  }))
  return [
    ...(meant === undefined ? [] : [{ title: t`Rename to ${meant}`, preferred: true, edits: [renameKey(document, path, meant)] }]),
    ...moves,
    { title: t`Delete ${pathText(path)}`, preferred: false, edits: [removeKey(document, path)] },
  ]
}

function wrongValue(view: View, path: ValuePath): Fix[] {
  const { document, chart, merged } = view
  const facts = chart?.schema?.facts(path, merged.values)
  const value = merged.at(path)
  const fallback = chart === undefined ? undefined : valueAt(chart.defaults.values, path)
  if (value === undefined || value === null) {
    return [
      // A `null` here takes the default away; without the line it is there again.
      ...(document.locate(path) === undefined
        ? []
        : [{ title: t`Delete ${pathText(path)}`, preferred: fallback !== undefined, edits: [removeKey(document, path)] }]),
      ...(fallback === undefined || fallback === null ? [] : [setting(view, path, fallback, document.locate(path) === undefined, t('Use the default'))]),
    ]
  }
  if (facts === undefined) return []
  return [...chosen(view, path, value, facts), ...converted(view, path, value, facts), ...bounded(view, path, value, facts), ...defaulted(view, path, fallback)]
}

function chosen(view: View, path: ValuePath, value: unknown, { enum: words }: SchemaFacts): Fix[] {
  const texts = (words ?? []).filter((word) => typeof word === 'string')
  const meant = nearestName(String(value), texts)
  return [...(meant === undefined ? [] : [meant]), ...texts.filter((word) => word !== meant && word !== '')].map((word) =>
    setting(view, path, word, word === meant),
  )
}

/** The same value as another type: `"3"` as 3, `yes` in quotes. */
function converted(view: View, path: ValuePath, value: unknown, { types, enum: words }: SchemaFacts): Fix[] {
  if (words !== undefined) return []
  const to = (type: string, now: unknown, title: string): Fix[] => (types.includes(type) ? [setting(view, path, now, true, title)] : [])
  if (typeof value === 'string') {
    const text = value.trim()
    const number = /^[-+]?\d+$/.test(text) ? Number(text) : undefined
    const decimal = /^[-+]?\d*\.?\d+$/.test(text) ? Number(text) : undefined
    const truth = /^(?:true|yes|on)$/i.test(text) ? true : /^(?:false|no|off)$/i.test(text) ? false : undefined
    return [
      ...(number === undefined ? [] : to('integer', number, t`Write the number ${text}`)),
      ...(decimal === undefined ? [] : to('number', decimal, t`Write the number ${text}`)),
      ...(truth === undefined ? [] : to('boolean', truth, t`Write ${String(truth)} without quotes`)),
    ]
  }
  if (typeof value === 'number' || typeof value === 'boolean') {
    const place = view.document.locate(path)?.value
    const written = place === undefined ? '' : view.document.text.slice(place.start, place.end)
    const text = written === '' ? String(value) : written
    return types.includes('string') ? [{ title: t`Write "${text}" in quotes`, preferred: true, edits: [setValue(view.document, path, text)] }] : []
  }
  return isTable(value) && Object.keys(value).length === 0 ? to('array', [], t('Write an empty list')) : []
}

function bounded(view: View, path: ValuePath, value: unknown, { minimum, maximum, types }: SchemaFacts): Fix[] {
  if (typeof value !== 'number') return []
  const whole = types.includes('integer') && !types.includes('number') ? Math.round(value) : value
  const within = Math.min(Math.max(whole, minimum ?? whole), maximum ?? whole)
  return within === value ? [] : [setting(view, path, within, false)]
}

function defaulted(view: View, path: ValuePath, fallback: unknown): Fix[] {
  return view.role === 'overlay' && fallback !== undefined && fallback !== null && typeof fallback !== 'object' && fallback !== ''
    ? [setting(view, path, fallback, false, t`Use the default ${String(fallback)}`)]
    : []
}
