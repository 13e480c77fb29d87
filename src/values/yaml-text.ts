import { isTable } from './path.ts'
import { needsQuotes } from './scalars.ts'

export type Quotes = 'single' | 'double' | 'none'

/** A scalar as a text in YAML: in quotes only where Helm would read something else, or where the text that is replaced has them. */
export function scalarText(value: unknown, quotes: Quotes = 'none', inFlow = false): string {
  if (typeof value !== 'string') return value === null || value === undefined ? 'null' : String(value)
  const mustQuote = needsQuotes(value) || (inFlow && /[,[\]{}]/.test(value))
  if (quotes === 'none' && !mustQuote) return value
  if (quotes === 'single' && !/[\p{Cc}\u2028\u2029]/u.test(value)) return `'${value.replaceAll("'", "''")}'`
  // JSON's escapes are YAML's.
  return JSON.stringify(value)
}

/** A value on one line. */
export function flowText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flowText).join(', ')}]`
  if (isTable(value)) {
    const entries = Object.entries(value).map(([key, one]) => `${scalarText(key, 'none', true)}: ${flowText(one)}`)
    return entries.length === 0 ? '{}' : `{${entries.join(', ')}}`
  }
  return scalarText(value, 'none', true)
}

/** The lines of a map in block style, from column 0. */
export function mapLines(map: Readonly<Record<string, unknown>>, step: number): string[] {
  return Object.entries(map).flatMap(([key, value]) => entryLines(scalarText(key), value, step))
}

/** The lines of one entry, from column 0; `key` is YAML already. */
export function entryLines(key: string, value: unknown, step: number): string[] {
  if (isBlock(value)) {
    const lines = blockLines(value, step)
    return [`${key}:`, ...lines.map((line) => indented(line, step))]
  }
  const literal = typeof value === 'string' ? literalLines(value) : undefined
  if (literal !== undefined) return [`${key}: ${String(value).endsWith('\n') ? '|' : '|-'}`, ...literal.map((line) => indented(line, step))]
  return [`${key}: ${Array.isArray(value) || isTable(value) ? flowText(value) : scalarText(value)}`]
}

/** The lines of a text of several lines as a literal block; undefined for a text that a block cannot give back as it is. */
function literalLines(value: string): string[] | undefined {
  const text = value.endsWith('\n') ? value.slice(0, -1) : value
  if (!text.includes('\n') || /^\s|\s$|[^\n\P{Cc}]/u.test(text)) return undefined
  return text.split('\n')
}

/** The lines of a map or list that is not empty, from column 0. */
export function blockLines(value: unknown, step: number): string[] {
  if (isTable(value)) return mapLines(value, step)
  if (!Array.isArray(value)) return [scalarText(value)]
  return value.flatMap((item) => {
    if (!isBlock(item)) return [`- ${Array.isArray(item) || isTable(item) ? flowText(item) : scalarText(item)}`]
    return blockLines(item, step).map((line, index) => (index === 0 ? `- ${line}` : indented(line, 2)))
  })
}

/** True for a map or list with something in it: written below its key. */
export function isBlock(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : isTable(value) && Object.keys(value).length > 0
}

export function indented(line: string, by: number): string {
  return line === '' ? line : `${' '.repeat(by)}${line}`
}
