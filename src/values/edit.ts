import type { ValuesDocument } from './document.ts'
import type { Edit, ValuePath } from './types.ts'

/** Gives the value at a path; makes the maps above it where they are missing. `value` is plain JSON. */
export function setValue(_document: ValuesDocument, _path: ValuePath, _value: unknown): Edit {
  throw new Error('not written yet')
}
export function removeKey(_document: ValuesDocument, _path: ValuePath): Edit {
  throw new Error('not written yet')
}
export function renameKey(_document: ValuesDocument, _path: ValuePath, _newName: string): Edit {
  throw new Error('not written yet')
}
export function moveKey(_document: ValuesDocument, _from: ValuePath, _to: ValuePath): Edit[] {
  throw new Error('not written yet')
}
/** Adds the entries of `object` to the map at `path` that are not there. */
export function insertBlock(_document: ValuesDocument, _path: ValuePath, _object: Readonly<Record<string, unknown>>): Edit {
  throw new Error('not written yet')
}
