import type { LocoError } from '../base/error.ts'
import type { VerdictWord } from '../contracts/fleet.ts'
import type { Colour, Paint } from '../operations/paint.ts'

export const verdictColour: Record<VerdictWord, Colour> = {
  healthy: 'green',
  starting: 'yellow',
  degraded: 'yellow',
  unhealthy: 'red',
  stopped: 'grey',
  unknown: 'grey',
}

/** An error as a person reads it: code and what, why, then what to do. */
export function errorText(error: LocoError, paint: Paint): string {
  const lines = [`${paint('red', error.code)}: ${error.what}`]
  if (error.why !== undefined) lines.push(`  ${error.why}`)
  for (const fix of error.fix) lines.push(`  → ${fix}`)
  return `${lines.join('\n')}\n`
}

/** Rows in columns as wide as their widest cell; the last column is not padded. `widths` counts what is seen, so paint after. */
export function table(rows: readonly (readonly string[])[], paintCell: (text: string, column: number, row: number) => string = (text) => text): string {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row, r) => row.map((cell, c) => paintCell(c === row.length - 1 ? cell : cell.padEnd(widths[c] ?? 0), c, r)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
}

/** Bytes in the unit a person would use, with one digit behind the point below ten. */
export function bytesText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}
