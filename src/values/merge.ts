import { laidOver, type ValuesDocument } from './document.ts'
import { child, isTable, type Values, valueAt } from './path.ts'
import type { ValuePath } from './types.ts'

/** Several files as Helm takes them together. */
export interface Merged {
  readonly values: Values
  /** The file whose value stands at a path at last; undefined where nothing stands. A map belongs to the last file that names it. */
  origin(path: ValuePath): ValuesDocument | undefined
  /** The value at a path; undefined where nothing stands. */
  at(path: ValuePath): unknown
}

/**
 * Helm's reading of the chart's defaults and the `-f` files behind them, in that order: files are laid over one another, the result over the defaults, and a null takes the default away.
 * With one document alone (the defaults themselves) nulls are taken away as Helm does before it renders.
 */
export function mergeValues(documents: readonly ValuesDocument[]): Merged {
  const [defaults, ...files] = documents.map(({ values }) => values)
  const given = files.reduce<Values>((below, above) => laidOver(below, above), {})
  const values = coalesced(given, defaults ?? {})
  return {
    values,
    at: (path) => valueAt(values, path),
    origin: (path) => (valueAt(values, path) === undefined ? undefined : documents.findLast((document) => gives(document.values, path))),
  }
}

/** Helm's coalesce: what is given stays, what is missing comes from the defaults, null where the defaults have the key takes it away. */
function coalesced(given: Values, defaults: Values): Values {
  const result = new Map<string, unknown>()
  for (const [key, value] of Object.entries(given)) {
    const below = child(defaults, key)
    if (value === null && Object.hasOwn(defaults, key)) continue
    result.set(key, isTable(value) && isTable(below) ? coalesced(value, below) : value)
  }
  for (const [key, value] of Object.entries(defaults)) {
    if (!Object.hasOwn(given, key) && value !== null) result.set(key, isTable(value) ? coalesced({}, value) : value)
  }
  return Object.fromEntries(result)
}

/** Lists are given as a whole: an entry of a list is given by the file that gives the list. */
function gives(values: Values, path: ValuePath): boolean {
  const list = path.findIndex((key) => typeof key === 'number')
  return valueAt(values, list === -1 ? path : path.slice(0, list)) !== undefined
}
