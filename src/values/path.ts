import type { ValuePath } from './types.ts'

export type Values = Readonly<Record<string, unknown>>

/** True for a mapping as the document model makes it: a plain object, no list, not null. */
export function isTable(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The own entry of a map or list, so that `constructor` and `__proto__` are keys like any other; undefined where there is none. */
export function child(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return typeof key === 'number' ? (value as unknown[])[key] : undefined
  return isTable(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

/** What stands at a path; undefined where there is nothing. */
export function valueAt(root: unknown, path: ValuePath): unknown {
  return path.reduce<unknown>(child, root)
}

/** A path as a person writes it: `emulator.env[0].name`; keys that hold dots or blanks in quotes. */
export function pathText(path: ValuePath): string {
  return path
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`
      if (!/^[\w-]+$/.test(key)) return `[${JSON.stringify(key)}]`
      return index === 0 ? key : `.${key}`
    })
    .join('')
}

export function samePath(one: ValuePath, other: ValuePath): boolean {
  return one.length === other.length && one.every((key, index) => key === other[index])
}
