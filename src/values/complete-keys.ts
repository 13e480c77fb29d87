import { t } from '@vscode/l10n'
import type { View } from './chart.ts'
import type { Cursor } from './cursor.ts'
import { knownFacts, knownKeys, oneLine } from './describe.ts'
import { stepOf } from './indentation.ts'
import { clusterKeys } from './known-values.ts'
import { isTable } from './path.ts'
import type { SchemaFacts } from './schema.ts'
import { strategyNeeds } from './strategies.ts'
import type { Completion, ValuePath } from './types.ts'
import { mapLines, scalarText } from './yaml-text.ts'

/** The keys that the map at the cursor may have and has not, required ones first, deprecated ones last; and whole blocks. */
export function keyCompletions(view: View, cursor: Cursor): Completion[] {
  const { path, present } = cursor
  const step = stepOf(view.document.text)
  const map = knownFacts(view, path)
  const names = knownKeys(view, path).filter((name) => !present.has(name))
  const keys = names.map((name, index): Completion => {
    const facts = knownFacts(view, [...path, name])
    const needed = map.required.includes(name)
    const rank = facts.deprecated ? 9 : needed && !facts.hasDefault && view.merged.at([...path, name]) === undefined ? 0 : needed ? 1 : 2
    return {
      label: name,
      kind: 'key',
      ...(oneLine(facts) === '' ? {} : { detail: oneLine(facts) }),
      ...(facts.description === undefined ? {} : { documentation: facts.description }),
      range: cursor.range,
      ...entryText(name, facts, cursor, step),
      sortText: order(rank, index),
      ...(facts.deprecated ? { deprecated: true } : {}),
    }
  })
  const labels = view.facts === undefined ? [] : clusterKeys(view.facts, path).filter((name) => !present.has(name) && !names.includes(name))
  const context = view.facts?.context ?? ''
  const fromCluster = labels.map((name, index): Completion => {
    const text = entryText(name, { ...map, types: ['string'] }, cursor, step)
    return { label: name, kind: 'cluster', detail: t('label of nodes in {0}', context), range: cursor.range, ...text, sortText: order(5, index) }
  })
  return [...keys, ...fromCluster, ...(cursor.hasColon || cursor.flow || cursor.quote !== '' ? [] : strategyBlocks(view, cursor, step))]
}

/** The key and what makes it ready for its value: nothing where the colon is there, a line below for maps and lists. Defaults are never written. */
function entryText(name: string, facts: SchemaFacts, cursor: Cursor, step: number): Pick<Completion, 'newText' | 'isSnippet'> {
  const key = cursor.quote === '' ? scalarText(name, 'none', cursor.flow) : name
  const blanks = ' '.repeat(cursor.missingBlanks)
  if (cursor.hasColon || cursor.quote !== '') return { newText: blanks + key, isSnippet: false }
  const below = cursor.column + step
  const only = facts.types.length === 1 ? facts.types[0] : undefined
  if (only === 'object') {
    const text = cursor.flow ? `${snippetText(key)}: {$1}` : `${blanks}${snippetText(key)}:\n${' '.repeat(below)}$0`
    return { newText: text, isSnippet: true }
  }
  if (only === 'array') {
    const text = cursor.flow ? `${snippetText(key)}: [$1]` : `${blanks}${snippetText(key)}:\n${' '.repeat(below)}- $0`
    return { newText: text, isSnippet: true }
  }
  return { newText: `${blanks}${key}: `, isSnippet: false }
}

/** For our chart: a storage strategy with everything that it needs and that is not there, one for each word. */
function strategyBlocks(view: View, cursor: Cursor, step: number): Completion[] {
  const { path, present } = cursor
  const atRoot = path.length === 0 && !present.has('storage')
  const atStorage = path.length === 1 && path[0] === 'storage' && !present.has('strategy')
  if (view.chart?.ours !== true || !(atRoot || atStorage)) return []
  const facts = knownFacts(view, ['storage', 'strategy'])
  return (facts.enum ?? []).flatMap((word, index): Completion[] => {
    if (typeof word !== 'string') return []
    const block = strategyBlock(view, word, atRoot ? new Set() : present)
    const lines = mapLines(atRoot ? { storage: block } : block, step)
    const documentation = facts.enumDescriptions[index]
    return [
      {
        label: atRoot ? `storage: ${word}` : `strategy: ${word}`,
        kind: 'snippet',
        detail: t('the strategy {0} with all that it needs', word),
        ...(documentation === undefined ? {} : { documentation }),
        range: cursor.range,
        newText: withStops(lines.map((line, at) => (at === 0 ? ' '.repeat(cursor.missingBlanks) + line : ' '.repeat(cursor.column) + line)).join('\n')),
        isSnippet: true,
        sortText: order(6, index),
      },
    ]
  })
}

/** The word of a strategy and the values that it needs, as their defaults or as they are set below this file. */
function strategyBlock(view: View, word: string, present: ReadonlySet<string>): Record<string, unknown> {
  const block: Record<string, unknown> = { strategy: word }
  for (const below of strategyNeeds[word] ?? []) {
    const full: ValuePath = ['storage', ...below]
    const [group, key] = [String(below[0]), String(below[1])]
    if (present.has(group) || view.chart?.schema?.at(full, view.merged.values).length === 0) continue
    const facts = knownFacts(view, full)
    const there = block[group]
    block[group] = { ...(isTable(there) ? there : {}), [key]: view.merged.at(full) ?? facts.default ?? '' }
  }
  return block
}

/** A stop for each value of a block, so that Tab goes through them. */
function withStops(text: string): string {
  let stop = 0
  return text
    .split('\n')
    .map((line) => {
      const match = /^(\s*(?!strategy:)[^\s:]+: )(.+)$/.exec(line)
      if (match === null) return snippetText(line)
      stop += 1
      return `${snippetText(match[1] ?? '')}\${${stop}:${snippetText(match[2] ?? '')}}`
    })
    .join('\n')
}

/** A text for a snippet, where `$`, `}` and `\` mean something. */
function snippetText(text: string): string {
  return text.replaceAll(/[\\$}]/g, '\\$&')
}

export function order(rank: number, index: number): string {
  return `${rank}${String(index).padStart(4, '0')}`
}
