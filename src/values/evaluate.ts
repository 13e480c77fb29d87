import { hasFormat } from './formats.ts'
import { type Dialect, expressionOf, isOfType, listOf, numberOf, resolveRef, type Subschema, sameJson, tableOf, textsOf, typesOf } from './json-schema.ts'
import { isTable } from './path.ts'
import type { ValuePath } from './types.ts'

/** One demand of a schema that a value does not meet. */
export interface Violation {
  /** Of the value that is wrong; for a key, of the map that has it or lacks it. */
  readonly path: ValuePath
  /** The keyword that demands it: `type`, `enum`, `required` … */
  readonly keyword: string
  /** The subschema that has the keyword. */
  readonly schema: Subschema
  /** The key that is missing or not allowed. */
  readonly key?: string
}

/** All demands of a schema that a value does not meet: one for each mistake, not one for each level above it. Of alternatives, those of the one that the value is nearest to. */
export function evaluate(dialect: Dialect, schema: unknown, value: unknown, path: ValuePath = []): Violation[] {
  return new Evaluation(dialect).check(schema, value, path, [])
}

/** True when a value meets all demands of a schema. */
export function fits(dialect: Dialect, schema: unknown, value: unknown): boolean {
  return evaluate(dialect, schema, value).length === 0
}

class Evaluation {
  readonly #dialect: Dialect

  constructor(dialect: Dialect) {
    this.#dialect = dialect
  }

  /** `refs`: the references that were followed for this very value, so that a schema that refers to itself ends. */
  check(schema: unknown, value: unknown, path: ValuePath, refs: readonly string[]): Violation[] {
    if (schema === false) return [{ path, keyword: 'false', schema: {} }]
    if (!isTable(schema)) return []
    const ref = schema['$ref']
    const referred = typeof ref === 'string' && !refs.includes(ref) ? this.check(resolveRef(this.#dialect, ref), value, path, [...refs, ref]) : []
    if (typeof ref === 'string' && this.#dialect.old) return referred
    const wrongType = this.#type(schema, value, path)
    // A value of the wrong type is one mistake; what else the schema demands of it does not help.
    if (wrongType.length > 0) return [...referred, ...wrongType]
    return [...referred, ...this.#own(schema, value, path), ...this.#combined(schema, value, path, refs)]
  }

  #type(schema: Subschema, value: unknown, path: ValuePath): Violation[] {
    const types = typesOf(schema)
    return types.length === 0 || types.some((type) => isOfType(value, type)) ? [] : [{ path, keyword: 'type', schema }]
  }

  #own(schema: Subschema, value: unknown, path: ValuePath): Violation[] {
    const found: Violation[] = []
    const demand = (keyword: string, met: boolean): void => {
      if (!met) found.push({ path, keyword, schema })
    }
    if (Array.isArray(schema['enum']))
      demand(
        'enum',
        schema['enum'].some((word) => sameJson(word, value)),
      )
    else if (Object.hasOwn(schema, 'const')) demand('const', sameJson(schema['const'], value))
    if (typeof value === 'number') this.#number(schema, value, demand)
    else if (typeof value === 'string') this.#text(schema, value, demand)
    else if (Array.isArray(value)) found.push(...this.#list(schema, value, path, demand))
    else if (isTable(value)) found.push(...this.#table(schema, value, path, demand))
    return found
  }

  #number(schema: Subschema, value: number, demand: (keyword: string, met: boolean) => void): void {
    const at = (keyword: string, test: (limit: number) => boolean): void => {
      const limit = numberOf(schema, keyword)
      if (limit !== undefined) demand(keyword, test(limit))
    }
    at('minimum', (limit) => (schema['exclusiveMinimum'] === true ? value > limit : value >= limit))
    at('maximum', (limit) => (schema['exclusiveMaximum'] === true ? value < limit : value <= limit))
    at('exclusiveMinimum', (limit) => value > limit)
    at('exclusiveMaximum', (limit) => value < limit)
    at('multipleOf', (step) => isMultiple(value, step))
  }

  #text(schema: Subschema, value: string, demand: (keyword: string, met: boolean) => void): void {
    const [least, most] = [numberOf(schema, 'minLength'), numberOf(schema, 'maxLength')]
    if (least !== undefined || most !== undefined) {
      const length = [...value].length
      demand('minLength', length >= (least ?? 0))
      demand('maxLength', length <= (most ?? length))
    }
    const pattern = schema['pattern']
    if (typeof pattern === 'string') demand('pattern', expressionOf(pattern)?.test(value) ?? true)
    const format = schema['format']
    if (typeof format === 'string' && this.#dialect.old) demand('format', hasFormat(value, format))
  }

  #list(schema: Subschema, value: readonly unknown[], path: ValuePath, demand: (keyword: string, met: boolean) => void): Violation[] {
    demand('minItems', value.length >= (numberOf(schema, 'minItems') ?? 0))
    demand('maxItems', value.length <= (numberOf(schema, 'maxItems') ?? value.length))
    if (schema['uniqueItems'] === true)
      demand(
        'uniqueItems',
        value.every((item, index) => !value.slice(0, index).some((other) => sameJson(item, other))),
      )
    if (schema['contains'] !== undefined) {
      const count = value.filter((item) => this.check(schema['contains'], item, [], []).length === 0).length
      demand('contains', count >= (numberOf(schema, 'minContains') ?? 1) && count <= (numberOf(schema, 'maxContains') ?? count))
    }
    return value.flatMap((item, index) => {
      const one = itemSchema(schema, index)
      return one === undefined ? [] : this.check(one, item, [...path, index], [])
    })
  }

  #table(schema: Subschema, value: Subschema, path: ValuePath, demand: (keyword: string, met: boolean) => void): Violation[] {
    const keys = Object.keys(value)
    demand('minProperties', keys.length >= (numberOf(schema, 'minProperties') ?? 0))
    demand('maxProperties', keys.length <= (numberOf(schema, 'maxProperties') ?? keys.length))
    const missing = [...textsOf(schema, 'required'), ...this.#requiredByOthers(schema, keys)].filter((key) => !Object.hasOwn(value, key))
    const found: Violation[] = missing.map((key) => ({ path, keyword: 'required', schema, key }))
    for (const key of keys) {
      if (schema['propertyNames'] !== undefined && this.check(schema['propertyNames'], key, [], []).length > 0) {
        found.push({ path, keyword: 'propertyNames', schema, key })
      }
      const { schemas, named } = keySchemas(schema, key)
      for (const one of schemas) {
        if (one === false) found.push({ path, keyword: named ? 'false' : 'additionalProperties', schema, key })
        else found.push(...this.check(one, value[key], [...path, key], []))
      }
    }
    if (schema['unevaluatedProperties'] === false) {
      const known = this.#evaluatedKeys(schema, value, [])
      if (known !== 'all') {
        for (const key of keys) if (!known.has(key)) found.push({ path, keyword: 'unevaluatedProperties', schema, key })
      }
    }
    return found
  }

  #requiredByOthers(schema: Subschema, keys: readonly string[]): string[] {
    return keys.flatMap((key) => [...textsOf(tableOf(schema, 'dependentRequired'), key), ...textsOf(tableOf(schema, 'dependencies'), key)])
  }

  #combined(schema: Subschema, value: unknown, path: ValuePath, refs: readonly string[]): Violation[] {
    const found = listOf(schema, 'allOf').flatMap((one) => this.check(one, value, path, refs))
    for (const keyword of ['anyOf', 'oneOf']) {
      const branches = listOf(schema, keyword).map((one) => this.check(one, value, path, refs))
      const fitting = branches.filter((violations) => violations.length === 0).length
      if (branches.length > 0 && fitting === 0) found.push(...nearest(branches, { path, keyword, schema }))
      else if (keyword === 'oneOf' && fitting > 1) found.push({ path, keyword, schema })
    }
    if (schema['not'] !== undefined && this.check(schema['not'], value, path, refs).length === 0) found.push({ path, keyword: 'not', schema })
    if (schema['if'] !== undefined) {
      const branch = this.check(schema['if'], value, path, refs).length === 0 ? 'then' : 'else'
      found.push(...this.check(schema[branch], value, path, refs))
    }
    if (isTable(value)) {
      for (const keyword of ['dependentSchemas', 'dependencies']) {
        for (const [key, one] of Object.entries(tableOf(schema, keyword))) {
          if (Object.hasOwn(value, key) && !Array.isArray(one)) found.push(...this.check(one, value, path, refs))
        }
      }
    }
    return found
  }

  /** Keys that some subschema for the same map speaks of: what `unevaluatedProperties` leaves alone. */
  #evaluatedKeys(schema: unknown, value: Subschema, refs: readonly string[]): Set<string> | 'all' {
    if (!isTable(schema)) return new Set()
    const known = new Set<string>()
    if (schema['additionalProperties'] !== undefined) return 'all'
    for (const key of Object.keys(value)) if (keySchemas(schema, key).named) known.add(key)
    const ref = schema['$ref']
    const fitting = ['anyOf', 'oneOf'].flatMap((keyword) => listOf(schema, keyword).filter((one) => this.check(one, value, [], refs).length === 0))
    const branch = schema['if'] === undefined ? [] : this.check(schema['if'], value, [], refs).length === 0 ? [schema['if'], schema['then']] : [schema['else']]
    const referred = typeof ref === 'string' && !refs.includes(ref) ? [resolveRef(this.#dialect, ref)] : []
    const through = typeof ref === 'string' ? [...refs, ref] : refs
    for (const one of [...listOf(schema, 'allOf'), ...fitting, ...branch, ...referred]) {
      const keys = this.#evaluatedKeys(one, value, through)
      if (keys === 'all') return 'all'
      for (const key of keys) known.add(key)
    }
    return known
  }
}

/** The schemas of a key by its name (`named`), else what is said of all others. */
export function keySchemas(schema: Subschema, key: string): { schemas: readonly unknown[]; named: boolean } {
  const properties = tableOf(schema, 'properties')
  const patterns = Object.entries(tableOf(schema, 'patternProperties')).filter(([pattern]) => expressionOf(pattern)?.test(key) ?? false)
  const schemas = [...(Object.hasOwn(properties, key) ? [properties[key]] : []), ...patterns.map(([, one]) => one)]
  if (schemas.length > 0) return { schemas, named: true }
  return { schemas: schema['additionalProperties'] === undefined ? [] : [schema['additionalProperties']], named: false }
}

/** The schema of an entry of a list, in the words of any draft. */
export function itemSchema(schema: Subschema, index: number): unknown {
  const tuple = Array.isArray(schema['items']) ? schema['items'] : listOf(schema, 'prefixItems')
  if (index < tuple.length) return tuple[index]
  return Array.isArray(schema['items']) ? schema['additionalItems'] : schema['items']
}

/** The mistakes of the alternative that fits best: that got deepest into the value, and of those the one with the fewest. None is better than another: the alternatives as a whole. */
function nearest(branches: readonly Violation[][], whole: Violation): Violation[] {
  const rated = branches.map((violations) => ({
    violations,
    depth: violations.reduce((most, { path }) => Math.max(most, path.length), 0),
    ofType: violations.some(({ path, keyword }) => keyword === 'type' && path.length === whole.path.length),
  }))
  const possible = rated.filter(({ ofType }) => !ofType)
  if (possible.length === 0) return branches.length === 1 ? (branches[0] ?? []) : [whole]
  const [best] = possible.toSorted((a, b) => b.depth - a.depth || a.violations.length - b.violations.length)
  return best !== undefined && (possible.length === 1 || best.depth > whole.path.length) ? best.violations : [whole]
}

/** As decimal numbers, not as floats: 0.3 is a multiple of 0.1. */
function isMultiple(value: number, step: number): boolean {
  if (step <= 0) return true
  const ratio = value / step
  return Math.abs(ratio - Math.round(ratio)) < 1e-9 * Math.max(1, Math.abs(ratio))
}
