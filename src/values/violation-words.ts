import { t } from '@vscode/l10n'
import type { Violation } from './evaluate.ts'
import { listOf, numberOf, typesOf } from './json-schema.ts'
import { nearestName } from './near.ts'
import { isTable } from './path.ts'

/** What a violation says to a person. `shown` is the value as it is written, on one line; for a key, `known` are the names that would do. */
export function violationWords(violation: Violation, value: unknown, shown: string, known: readonly string[]): string {
  const { keyword, schema, key } = violation
  const limit = numberOf(schema, keyword)
  switch (keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties':
    case 'propertyNames':
    case 'false':
      return key === undefined ? t('The schema of the chart allows no value here.') : unknownWords(key, known)
    case 'required':
      return t('`{0}` is missing here, and the chart has no default for it.', key ?? '')
    case 'type':
      return typeWords(typesOf(schema), value, shown)
    case 'enum':
    case 'const': {
      const words = (keyword === 'const' ? [schema['const']] : listOf(schema, 'enum')).map((word) => (typeof word === 'string' ? word : JSON.stringify(word)))
      const near = nearestName(shown, words)
      const list = words.map((word) => `\`${word}\``).join(', ')
      if (words.length === 1) return t('Only {0} is allowed here, not `{1}`.', list, shown)
      return near === undefined
        ? t('`{0}` is not allowed here. Known: {1}.', shown, list)
        : t('`{0}` is not allowed here; did you mean `{1}`? Known: {2}.', shown, near, list)
    }
    case 'minimum':
    case 'maximum':
      return rangeWords(numberOf(schema, 'minimum'), numberOf(schema, 'maximum'), shown)
    case 'exclusiveMinimum':
      return t('`{0}` is too small: the value must be more than {1}.', shown, limit ?? '')
    case 'exclusiveMaximum':
      return t('`{0}` is too big: the value must be less than {1}.', shown, limit ?? '')
    case 'multipleOf':
      return t('`{0}` is no multiple of {1}.', shown, limit ?? '')
    case 'pattern':
      return t('`{0}` does not have the form that the chart demands: `{1}`.', shown, String(schema['pattern']))
    case 'format':
      return t('`{0}` is not of the form `{1}`.', shown, String(schema['format']))
    case 'minLength':
      return limit === 1 ? t('The text must not be empty.') : t('The text is too short: it needs at least {0} characters.', limit ?? '')
    case 'maxLength':
      return t('The text is too long: at most {0} characters.', limit ?? '')
    case 'minItems':
      return t('The list is too short: it needs at least {0} entries.', limit ?? '')
    case 'maxItems':
      return t('The list is too long: at most {0} entries.', limit ?? '')
    case 'uniqueItems':
      return t('The same entry stands in the list twice.')
    case 'minProperties':
      return t('The map needs at least {0} keys.', limit ?? '')
    case 'maxProperties':
      return t('The map may have at most {0} keys.', limit ?? '')
    case 'anyOf':
    case 'oneOf': {
      const types = listOf(schema, keyword).flatMap((branch) => (isTable(branch) ? typesOf(branch) : []))
      return types.length > 0 ? typeWords([...new Set(types)], value, shown) : t('The value fits none of the forms that the chart allows here.')
    }
    default:
      return t('The schema of the chart does not allow this value (`{0}`).', keyword)
  }
}

function unknownWords(key: string, known: readonly string[]): string {
  const near = nearestName(key, known)
  return near === undefined ? t('`{0}` is not a value of this chart.', key) : t('`{0}` is not a value of this chart; did you mean `{1}`?', key, near)
}

function rangeWords(minimum: number | undefined, maximum: number | undefined, shown: string): string {
  if (minimum === undefined) return t('`{0}` is too big: at most {1}.', shown, maximum ?? '')
  if (maximum === undefined) return t('`{0}` is too small: at least {1}.', shown, minimum)
  return t('`{0}` is out of range: {1} to {2}.', shown, minimum, maximum)
}

function typeWords(types: readonly string[], value: unknown, shown: string): string {
  const wanted = types.map(typeName).join(t(' or '))
  if (value === null) return t('Null takes a default away, and the chart has none here: the value must be {0}.', wanted)
  if (isTable(value) || Array.isArray(value)) return t('Here is {0}; the value must be {1}.', typeName(Array.isArray(value) ? 'array' : 'object'), wanted)
  if (types.includes('string')) return t('Helm reads `{0}` as {1}; the value must be {2}. Put it in quotes.', shown, typeName(typeof value), wanted)
  return t('Helm reads `{0}` as {1}; the value must be {2}.', shown, typeName(typeof value), wanted)
}

/** A JSON type in words. */
export function typeName(type: string): string {
  switch (type) {
    case 'string':
      return t('a text')
    case 'integer':
      return t('a whole number')
    case 'number':
      return t('a number')
    case 'boolean':
      return t('true or false')
    case 'array':
      return t('a list')
    case 'object':
      return t('a map')
    case 'null':
      return t('null')
    default:
      return type
  }
}
