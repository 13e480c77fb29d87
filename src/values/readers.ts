import type { View } from './chart.ts'
import { TemplateIndex } from './templates.ts'
import type { ValuePath } from './types.ts'

/** Who reads a value: the names of template files, by their path in the chart. */
export function readersIn({ chart }: View): (path: ValuePath) => readonly string[] {
  if (chart === undefined) return () => []
  const index = TemplateIndex.of(chart.templates)
  return (path) => [...new Set(index.readers(path).map(({ file }) => file.slice(chart.folder.length + 1)))]
}
