import type { ValuesDocument } from './document.ts'
import type { Symbol as OutlineSymbol, TextRange } from './types.ts'
export function outline(_document: ValuesDocument): OutlineSymbol[] {
  return []
}
export function folding(_document: ValuesDocument): TextRange[] {
  return []
}
