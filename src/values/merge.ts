import type { ValuesDocument } from './document.ts'
import { type Values, valueAt } from './path.ts'
import type { ValuePath } from './types.ts'

export interface Merged {
  readonly values: Values
  /** Whose value it is at last; undefined where there is none. */
  origin(path: ValuePath): ValuesDocument | undefined
  at(path: ValuePath): unknown
}
export function mergeValues(_documents: readonly ValuesDocument[]): Merged {
  const values = {}
  return { values, origin: () => undefined, at: (path) => valueAt(values, path) }
}
