import { t } from '@vscode/l10n'
import { LocoError } from '../../base/error.ts'
import type { Position } from '../../values/line-map.ts'
import { LineMap } from '../../values/line-map.ts'

/** `values.yaml:12:3` as file and place. @throws LOCO-USE-001 for anything else */
export function placeArgument(argument: string): Position & { file: string } {
  const [, file, line, column] = /^(.+):(\d+):(\d+)$/.exec(argument) ?? []
  if (file === undefined)
    throw new LocoError('LOCO-USE-001', {
      what: t`${argument} is no place in a file.`,
      fix: [t('Write it as FILE:LINE:COLUMN, counted from 1: values.yaml:12:3')],
    })
  return { file, line: Number(line), column: Number(column) }
}

/** The offset of a place in a text. @throws LOCO-USE-001 for a place that the text does not have */
export function offsetOf(text: string, { file, line, column }: Position & { file: string }): number {
  const lines = new LineMap(text)
  const offset = lines.offset({ line, column })
  if (offset !== undefined) return offset
  const why = line < 1 || line > lines.count ? t`It has ${lines.count} lines.` : t`Line ${line} has the columns 1 to ${lines.text(line).length + 1}.`
  throw new LocoError('LOCO-USE-001', { what: t`There is no place ${line}:${column} in ${file}.`, why })
}
