import { t } from '@vscode/l10n'
import { ValuesDocument } from './document.ts'
import { evaluate, fits, itemSchema, keySchemas, type Violation } from './evaluate.ts'
import { type Dialect, dialectOf, listOf, numberOf, resolveRef, type Subschema, sameJson, tableOf, textsOf, typesOf } from './json-schema.ts'
import { child, isTable, valueAt } from './path.ts'
import { schemaFault } from './schema-fault.ts'
import type { Problem, TextRange, ValuePath } from './types.ts'

/** What a schema says of a value, all subschemas that apply to it taken together. */
export interface SchemaFacts {
  /** Markdown. */
  readonly description: string | undefined
  readonly default: unknown
  readonly hasDefault: boolean
  /** `string`, `integer` …; none named: any. */
  readonly types: readonly string[]
  /** The words that are allowed; undefined: not a choice. */
  readonly enum: readonly unknown[] | undefined
  /** Markdown texts of the words, in their order; fewer when the schema has none. */
  readonly enumDescriptions: readonly string[]
  readonly deprecated: boolean
  /** What to use instead, if the schema says so. */
  readonly deprecation: string | undefined
  readonly pattern: string | undefined
  readonly minimum: number | undefined
  readonly maximum: number | undefined
  /** Keys that the map must have. */
  readonly required: readonly string[]
  /** True for a map that takes no keys but those named. */
  readonly closed: boolean
}

/** A values.schema.json as Helm reads it. */
export class Schema {
  readonly file: string
  /** What the schema was read from: a rename changes its keys, too. */
  readonly text: string
  readonly dialect: Dialect

  private constructor(file: string, text: string, root: unknown) {
    this.file = file
    this.text = text
    this.dialect = dialectOf(root)
  }

  /** Reads a schema; a problem (`LOCO-VA-22`) when Helm would refuse the schema itself, and with it every install. */
  static parse(file: string, text: string): Schema | Problem {
    let root: unknown
    try {
      // A byte order mark is nothing to Helm, and an error to JSON.parse.
      root = JSON.parse(text.replace(/^\uFEFF/, ''))
    } catch (error) {
      const at = Number(/position (\d+)/.exec(String(error))?.[1] ?? text.trimEnd().length)
      return broken(file, t('The schema is no JSON, so Helm installs nothing: {0}', error instanceof Error ? error.message : String(error)), pointAt(text, at))
    }
    const fault = schemaFault(dialectOf(root))
    if (fault === undefined) return new Schema(file, text, root)
    const place = ValuesDocument.parse(file, text).locate(fault.path)
    return broken(file, fault.message, place?.value ?? pointAt(text, 0))
  }

  /** The mistakes of the merged values of a chart. */
  violations(values: unknown): Violation[] {
    return evaluate(this.dialect, this.dialect.root, values)
  }

  /** The subschemas that apply at a path of `data` (the merged values): through `$ref`, `allOf`, and of `anyOf`, `oneOf` and `if` what the data makes apply. */
  at(path: ValuePath, data: unknown): readonly Subschema[] {
    let schemas = this.#applying(this.dialect.root, data)
    for (const [index, key] of path.entries()) {
      const value = valueAt(data, path.slice(0, index + 1))
      schemas = unique(
        schemas
          .flatMap((schema) => (typeof key === 'number' ? [itemSchema(schema, key)] : keySchemas(schema, key).schemas))
          .flatMap((one) => this.#applying(one, value)),
      )
    }
    return schemas
  }

  /** What the subschemas at a path say together. */
  facts(path: ValuePath, data: unknown): SchemaFacts {
    return factsOf(this.at(path, data))
  }

  /** Names of the keys that the map at a path may have, in the order of the schema. */
  keys(path: ValuePath, data: unknown): readonly string[] {
    const schemas = this.at(path, data)
    const allowed = (key: string): boolean => schemas.every((schema) => !keySchemas(schema, key).schemas.includes(false))
    return unique(schemas.flatMap((schema) => Object.keys(tableOf(schema, 'properties')))).filter(allowed)
  }

  /** Where keys of a name have their place, in the order of the schema: for a key that stands elsewhere. */
  placesOf(name: string): readonly ValuePath[] {
    const found: ValuePath[] = []
    const visit = (schema: unknown, path: ValuePath): void => {
      // Deeper than any chart's own values, and an end for schemas that refer to themselves.
      if (path.length > 8) return
      for (const one of this.#applying(schema, undefined)) {
        for (const [key, below] of Object.entries(tableOf(one, 'properties'))) {
          if (key === name && below !== false) found.push([...path, key])
          visit(below, [...path, key])
        }
      }
    }
    visit(this.dialect.root, [])
    return found
  }

  #applying(schema: unknown, value: unknown, seen: readonly unknown[] = []): Subschema[] {
    if (!isTable(schema) || seen.includes(schema)) return []
    const trail = [...seen, schema]
    const ref = schema['$ref']
    const further: unknown[] = [...(typeof ref === 'string' ? [resolveRef(this.dialect, ref)] : []), ...listOf(schema, 'allOf')]
    for (const keyword of ['anyOf', 'oneOf']) {
      const branches = listOf(schema, keyword)
      const fitting = value === undefined ? [] : branches.filter((branch) => fits(this.dialect, branch, value))
      // While something is being typed, nothing may fit yet: then any may be meant.
      further.push(...(fitting.length > 0 ? fitting : branches))
    }
    if (schema['if'] !== undefined) further.push(schema[fits(this.dialect, schema['if'], value) ? 'then' : 'else'])
    for (const keyword of ['dependentSchemas', 'dependencies']) {
      for (const [key, one] of Object.entries(tableOf(schema, keyword))) if (child(value, key) !== undefined) further.push(one)
    }
    return [schema, ...further.flatMap((one) => this.#applying(one, value, trail))]
  }
}

/** What subschemas that apply to one value say of it together. */
export function factsOf(schemas: readonly Subschema[]): SchemaFacts {
  const first = <T>(pick: (schema: Subschema) => T | undefined): T | undefined => {
    for (const schema of schemas) {
      const found = pick(schema)
      if (found !== undefined) return found
    }
    return undefined
  }
  const text = (...keywords: string[]): string | undefined =>
    first((schema) => keywords.map((keyword) => schema[keyword]).find((value): value is string => typeof value === 'string' && value !== ''))
  const withDefault = schemas.find((schema) => Object.hasOwn(schema, 'default'))
  const choices = schemas.filter((schema) => Array.isArray(schema['enum']) || Object.hasOwn(schema, 'const'))
  const words = choices.flatMap((schema) => (Array.isArray(schema['enum']) ? schema['enum'] : [schema['const']]))
  const described = schemas.find((schema) => listOf(schema, 'markdownEnumDescriptions').length > 0 || listOf(schema, 'enumDescriptions').length > 0)
  const deprecation = text('deprecationMessage')
  return {
    description: text('markdownDescription', 'description', 'title'),
    default: withDefault?.['default'],
    hasDefault: withDefault !== undefined,
    types: unique(schemas.flatMap(typesOf)),
    enum: choices.length === 0 ? undefined : words.filter((word, index) => !words.slice(0, index).some((other) => sameJson(word, other))),
    enumDescriptions: described === undefined ? [] : [...textsOf(described, 'markdownEnumDescriptions'), ...textsOf(described, 'enumDescriptions')],
    deprecated: deprecation !== undefined || schemas.some((schema) => schema['deprecated'] === true),
    deprecation,
    pattern: text('pattern'),
    minimum: first((schema) => numberOf(schema, 'minimum')),
    maximum: first((schema) => numberOf(schema, 'maximum')),
    required: unique(schemas.flatMap((schema) => textsOf(schema, 'required'))),
    closed: schemas.some((schema) => schema['additionalProperties'] === false || schema['unevaluatedProperties'] === false),
  }
}

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)]

function broken(file: string, message: string, range: TextRange): Problem {
  return { code: 'LOCO-VA-22', severity: 'error', message, file, range }
}

function pointAt(text: string, offset: number): TextRange {
  const start = Math.max(0, Math.min(offset, text.length - 1))
  return { start, end: Math.min(start + 1, text.length) }
}
