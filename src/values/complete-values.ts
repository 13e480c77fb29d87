import { t } from '@vscode/l10n'
import type { View } from './chart.ts'
import { order } from './complete-keys.ts'
import type { Cursor } from './cursor.ts'
import { knownFacts, shortText } from './describe.ts'
import { fits } from './evaluate.ts'
import { sameJson } from './json-schema.ts'
import { clusterValues, type KnownValue, usualSizes } from './known-values.ts'
import type { SchemaFacts } from './schema.ts'
import type { Completion } from './types.ts'
import { scalarText } from './yaml-text.ts'

/** The values that the chart allows at the cursor, or that the cluster or custom offers; the default is preselected. */
export function valueCompletions(view: View, cursor: Cursor): Completion[] {
  const { path } = cursor
  const facts = knownFacts(view, path)
  const allowed = (value: unknown): boolean => {
    const schema = view.chart?.schema
    return schema === undefined || schema.at(path, view.merged.values).every((one) => fits(schema.dialect, { ...one, $ref: undefined }, value))
  }
  const completion = (value: unknown, kind: Completion['kind'], rank: number, index: number, about: Partial<Completion>): Completion => ({
    label: typeof value === 'string' && value !== '' ? value : shortText(value),
    kind,
    range: cursor.range,
    newText: (cursor.needsBlank ? ' ' : '') + valueText(value, cursor),
    isSnippet: false,
    sortText: order(rank, index),
    ...(facts.hasDefault && sameJson(value, facts.default) ? { preselect: true } : {}),
    ...about,
  })
  const fromCluster = view.facts === undefined ? [] : clusterValues(view.facts, path, view.merged.values).filter(({ value }) => allowed(value))
  const words = wordsOf(facts)
  const isScalar = !['object', 'array'].some((type) => facts.types.length === 1 && facts.types[0] === type)
  const usual: KnownValue[] = usualSizes(path, facts).filter(({ value }) => allowed(value))
  const all = [
    ...words.map((word, index) => {
      const documentation = facts.enumDescriptions[index]
      return completion(word, facts.enum === undefined ? 'value' : 'enum', 1, index, documentation === undefined ? {} : { documentation })
    }),
    ...fromCluster.map(({ value, detail }, index) => completion(value, 'cluster', 2, index, { detail })),
    ...(facts.hasDefault && isScalar && facts.default !== null ? [completion(facts.default, 'value', 3, 0, { detail: t('default') })] : []),
    ...usual.map(({ value, detail }, index) => completion(value, 'value', 4, index, { detail })),
  ]
  return all.filter(({ label }, index) => all.findIndex((other) => other.label === label) === index)
}

function wordsOf(facts: SchemaFacts): readonly unknown[] {
  if (facts.enum !== undefined) return facts.enum
  return facts.types.includes('boolean') ? [true, false] : []
}

/** As it is written at the cursor: within quotes only what is between them. */
function valueText(value: unknown, cursor: Cursor): string {
  if (cursor.quote === '' || (typeof value === 'object' && value !== null)) return scalarText(value, 'none', cursor.flow)
  const text = String(value)
  return cursor.quote === "'" ? text.replaceAll("'", "''") : JSON.stringify(text).slice(1, -1)
}
