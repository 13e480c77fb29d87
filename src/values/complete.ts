import type { View } from './chart.ts'
import { keyCompletions } from './complete-keys.ts'
import { valueCompletions } from './complete-values.ts'
import { type Cursor, cursorAt } from './cursor.ts'
import type { Completion } from './types.ts'

/**
 * What could stand at an offset: keys that the map does not have yet, words and values that the chart allows, and what the connected cluster has.
 * `newText` is exact: its lines are indented for the place, so an editor must not indent them again. Works by lines and columns, so that a broken document has answers too.
 */
export function complete(view: View, offset: number): Completion[] {
  const cursor = cursorAt(view.document.text, offset)
  if (cursor === undefined) return []
  switch (cursor.part) {
    case 'key':
      return keyCompletions(view, cursor)
    case 'value':
      return valueCompletions(view, cursor)
    case 'item':
      return [...valueCompletions(view, cursor), ...(cursor.flow ? [] : keyCompletions(view, asKey(cursor)))]
  }
}

/** Behind a dash a map can begin: its keys are those of the entry. */
const asKey = (cursor: Cursor): Cursor => ({ ...cursor, part: 'key' })
