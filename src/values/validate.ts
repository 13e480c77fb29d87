import type { ValuesDocument } from './document.ts'
import type { Merged } from './merge.ts'
import type { Schema } from './schema.ts'
import type { Problem } from './types.ts'
export function validate(_schema: Schema, _merged: Merged, _document: ValuesDocument): Problem[] {
  return []
}
