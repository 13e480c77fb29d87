import type { Location, ValuePath } from '../types.ts'

/** Stands in a path for any entry of a list or map: what `range` goes through. */
export const anyEntry = '*'

/** A place in a template where a value is named or read. */
export interface Mention extends Location {
  readonly path: ValuePath
  /**
   * `step`: on the way to a key below it; `test`: asked whether it is there or true (`if`, `with`, `hasKey`);
   * `read`: read with all that is below it.
   */
  readonly use: 'step' | 'test' | 'read'
  /** True where `range` is the last key as a word, false where it is a dot or variable that stands for it. */
  readonly spelt: boolean
  /** True where the template provides for its absence: `default`, `if`, `with`, `required` … */
  readonly guarded: boolean
  /** True where `default true` turns a `false` back. */
  readonly turnsFalse: boolean
}

/** What an expression of a template stands for, as far as values are concerned; undefined for anything else. */
export type Meaning =
  | { readonly kind: 'root' }
  | { readonly kind: 'values'; readonly path: ValuePath }
  /** `depth`: dicts within it, itself counted. */
  | { readonly kind: 'dict'; readonly entries: ReadonlyMap<string, Meaning>; readonly depth: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'either'; readonly meanings: readonly Meaning[] }
  | undefined

export function either(...meanings: readonly Meaning[]): Meaning {
  const known = meanings.filter((meaning) => meaning !== undefined)
  return known.length > 1 ? { kind: 'either', meanings: known } : known[0]
}

/** A key for what has been walked with it: equal meanings, equal keys. */
export function meaningKey(meaning: Meaning): string {
  switch (meaning?.kind) {
    case undefined:
      return '?'
    case 'root':
      return '$'
    case 'values':
      return `v${JSON.stringify(meaning.path)}`
    case 'text':
      return `t${JSON.stringify(meaning.text)}`
    case 'dict':
      return `d{${[...meaning.entries].map(([key, entry]) => `${JSON.stringify(key)}:${meaningKey(entry)}`).join(',')}}`
    case 'either':
      return `(${meaning.meanings.map(meaningKey).join('|')})`
  }
}
