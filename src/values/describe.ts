import { t } from '@vscode/l10n'
import type { View } from './chart.ts'
import { isTable, valueAt } from './path.ts'
import type { SchemaFacts } from './schema.ts'
import { factsOf } from './schema.ts'
import type { ValuePath } from './types.ts'
import { typeName } from './violation-words.ts'
import { flowText } from './yaml-text.ts'

/** What is known of a value: by the schema of its chart, and where there is none by the chart's own values. */
export function knownFacts(view: View, path: ValuePath): SchemaFacts {
  const facts = view.chart?.schema?.facts(path, view.merged.values) ?? factsOf([])
  const own = valueAt(view.chart?.defaults.values, path)
  if (own === undefined) return facts
  const types = facts.types.length > 0 ? facts.types : typesLike(own)
  return facts.hasDefault || isTable(own) ? { ...facts, types } : { ...facts, types, default: own, hasDefault: true }
}

/** Names of the keys that the map at a path may have, in the order in which they are wanted. */
export function knownKeys(view: View, path: ValuePath): readonly string[] {
  const schema = view.chart?.schema?.keys(path, view.merged.values) ?? []
  const below = view.before.flatMap((document) => document.keysOf(path))
  // A closed schema names all; an open one, or none, leaves it to what the other files have.
  const closed = view.chart?.schema?.facts(path, view.merged.values).closed ?? false
  return closed ? schema : [...new Set([...schema, ...below])]
}

/** Type and default on one line: `a whole number, default 3`. */
export function oneLine(facts: SchemaFacts): string {
  const types = facts.enum === undefined ? facts.types.map(typeName).join(t(' or ')) : t('one of {0} words', facts.enum.length)
  const plain = facts.hasDefault && !(isTable(facts.default) && Object.keys(facts.default).length > 0)
  if (!plain) return types
  const shown = shortText(facts.default)
  return types === '' ? t('default {0}', shown) : t('{0}, default {1}', types, shown)
}

/** A value on one line, cut where it gets long. */
export function shortText(value: unknown): string {
  const text = value === '' ? '""' : flowText(value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

function typesLike(value: unknown): string[] {
  if (value === null) return []
  if (Array.isArray(value)) return ['array']
  return [typeof value]
}
