import { t } from '@vscode/l10n'
import type { View } from './chart.ts'
import { isTable, type Values, valueAt } from './path.ts'
import { leavesOf } from './rules/context.ts'
import type { TextRange, ValuePath } from './types.ts'

export interface Hint {
  readonly range: TextRange
  readonly text: string
}

/** Letters of a value in a hint. */
const most = 40
/** Values that one hint of inherited values tells. */
const mostInherited = 6

const told = (value: unknown): string => {
  const text = JSON.stringify(value) ?? t('nothing')
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}

/** "deployed: 3, here: 4", at the key of every value of this file that the release has another of. */
export function deployedHints({ document, merged, facts }: View): Hint[] {
  const deployed = facts?.deployed
  if (deployed === undefined) return []
  return leavesOf(document.values).flatMap(({ path }): Hint[] => {
    const [was, is] = [valueAt(deployed.values, path), merged.at(path)]
    const place = path.length === 0 ? undefined : document.locate(path)
    if (place === undefined || JSON.stringify(was) === JSON.stringify(is)) return []
    return [{ range: place.key ?? place.value, text: t`deployed: ${told(was)}, here: ${told(is)}` }]
  })
}

/** What each map of this file leaves to the files below it, at its end. Nothing for the chart's own defaults, which inherit nothing. */
export function inheritedHints(view: View): Hint[] {
  const { document, merged, role } = view
  return role === 'defaults' ? [] : inheritedIn(view, document.values, merged.values, [])
}

function inheritedIn(view: View, here: Values, all: Values, path: ValuePath): Hint[] {
  const missing = Object.entries(all).filter(([key]) => !Object.hasOwn(here, key))
  const below = Object.entries(here).flatMap(([key, value]) => (isTable(value) && isTable(all[key]) ? inheritedIn(view, value, all[key], [...path, key]) : []))
  const end = endOfMap(view, path)
  if (missing.length === 0 || end === undefined) return below
  const names = missing
    .slice(0, mostInherited)
    .map(([key, value]) => (isTable(value) && Object.keys(value).length > 0 ? `${key}: {…}` : `${key}: ${told(value)}`))
  const rest = missing.length - names.length
  const list = names.join(', ')
  return [...below, { range: end, text: rest > 0 ? t`inherited: ${list} and ${rest} more` : t`inherited: ${list}` }]
}

/** The end of the last line of a map; of the whole file the end of its last value. */
function endOfMap({ document }: View, path: ValuePath): TextRange | undefined {
  const last = document.keysOf(path).at(-1)
  const place = last === undefined ? document.locate(path) : document.locate([...path, last])
  if (place === undefined) return undefined
  const lineEnd = document.text.indexOf('\n', place.entry.end)
  const end = lineEnd === -1 ? document.text.length : lineEnd
  const at = document.text[end - 1] === '\r' ? end - 1 : end
  return { start: at, end: at }
}
