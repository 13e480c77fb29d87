import type { View } from './chart.ts'
import type { Completion } from './types.ts'
export function complete(_view: View, _offset: number): Completion[] {
  return []
}
