import { t } from '@vscode/l10n'
import { type Dialect, expressionOf, resolveRef } from './json-schema.ts'
import { isTable } from './path.ts'
import type { ValuePath } from './types.ts'

export interface SchemaFault {
  readonly path: ValuePath
  readonly message: string
}

const types = ['null', 'boolean', 'object', 'array', 'number', 'string', 'integer']
const listsOfSchemas = ['allOf', 'anyOf', 'oneOf']
const tablesOfSchemas = ['properties', 'patternProperties', 'definitions', '$defs', 'dependentSchemas']
const singleSchemas = [
  'additionalProperties',
  'propertyNames',
  'contains',
  'not',
  'if',
  'then',
  'else',
  'additionalItems',
  'unevaluatedProperties',
  'unevaluatedItems',
]
const counts = ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties']
/** Levels of a schema that are looked at; a schema has no cycles but through `$ref`. */
const deepest = 100

/** The first thing for which Helm would refuse the schema itself, whatever the values are; undefined when it would not. */
export function schemaFault(dialect: Dialect): SchemaFault | undefined {
  const visit = (schema: unknown, path: ValuePath): SchemaFault | undefined => {
    if (typeof schema === 'boolean' || path.length > deepest) return undefined
    if (!isTable(schema)) return { path, message: t('A schema is a JSON object, true or false. Helm refuses this one.') }
    for (const [keyword, value] of Object.entries(schema)) {
      const message = keywordFault(dialect, keyword, value)
      if (message !== undefined) return { path: [...path, keyword], message }
      for (const [below, one] of schemasIn(keyword, value)) {
        const fault = visit(one, [...path, keyword, ...below])
        if (fault !== undefined) return fault
      }
    }
    return undefined
  }
  return visit(dialect.root, [])
}

function schemasIn(keyword: string, value: unknown): [ValuePath, unknown][] {
  if (singleSchemas.includes(keyword)) return [[[], value]]
  if (keyword === 'items' && !Array.isArray(value)) return [[[], value]]
  if ((listsOfSchemas.includes(keyword) || keyword === 'items' || keyword === 'prefixItems') && Array.isArray(value))
    return value.map((one, index) => [[index], one])
  if (tablesOfSchemas.includes(keyword) && isTable(value)) return Object.entries(value).map(([key, one]) => [[key], one])
  return []
}

function keywordFault(dialect: Dialect, keyword: string, value: unknown): string | undefined {
  const wrong = (): string =>
    t('`{0}` of the schema cannot be this. Helm refuses a schema that does not keep to the rules, and every install with it.', keyword)
  const isCount = Number.isInteger(value) && Number(value) >= 0
  const texts = Array.isArray(value) && value.every((item, index) => typeof item === 'string' && value.indexOf(item) === index)
  switch (keyword) {
    case '$ref':
      if (typeof value !== 'string') return wrong()
      if (value.startsWith('#'))
        return resolveRef(dialect, value) === undefined ? t('`{0}` names nothing in this schema, so Helm refuses the schema.', value) : undefined
      return undefined
    case 'type':
      if (typeof value === 'string') return types.includes(value) ? undefined : wrong()
      return texts && value.length > 0 && value.every((item) => types.includes(String(item))) ? undefined : wrong()
    case 'required':
      return texts ? undefined : wrong()
    case 'enum':
      return Array.isArray(value) ? undefined : wrong()
    case 'pattern':
      if (typeof value !== 'string') return wrong()
      return expressionOf(value) === undefined ? patternFault(value) : undefined
    case 'patternProperties': {
      if (!isTable(value)) return wrong()
      const bad = Object.keys(value).find((pattern) => expressionOf(pattern) === undefined)
      return bad === undefined ? undefined : patternFault(bad)
    }
    case 'multipleOf':
      return typeof value === 'number' && value > 0 ? undefined : wrong()
    case 'minimum':
    case 'maximum':
      return typeof value === 'number' ? undefined : wrong()
    case 'allOf':
    case 'anyOf':
    case 'oneOf':
      return Array.isArray(value) && value.length > 0 ? undefined : wrong()
    case 'uniqueItems':
      return typeof value === 'boolean' ? undefined : wrong()
    case 'description':
    case 'title':
    case '$schema':
      return typeof value === 'string' ? undefined : wrong()
    default:
      if (tablesOfSchemas.includes(keyword)) return isTable(value) ? undefined : wrong()
      return counts.includes(keyword) && !isCount ? wrong() : undefined
  }
}

const patternFault = (pattern: string): string =>
  t('`{0}` is no regular expression that Helm knows (no looking ahead or behind, no reference back), so Helm refuses the schema.', pattern)
