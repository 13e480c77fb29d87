import type { View } from './chart.ts'
import type { Hover, ValuePath } from './types.ts'

export interface HoverSources {
  /** Names of the template files that read a value. */
  readBy?(path: ValuePath): readonly string[]
}
export function hover(_view: View, _offset: number, _sources: HoverSources = {}): Hover | undefined {
  return undefined
}
