import { flowCursor } from './flow-cursor.ts'
import { type Line, lineIndexAt, linesOf } from './lines.ts'
import type { TextRange, ValuePath } from './types.ts'

/** Where somebody types, found by lines and columns, so that it works in a broken document too. */
export interface Cursor {
  /** `key`: the key of a map. `value`: the value of `path`. `item`: an entry of a list, which may be a value or begin a map. */
  readonly part: 'key' | 'value' | 'item'
  /** For a key, the map; for a value or an item, the value itself. */
  readonly path: ValuePath
  /** What a completion replaces: the half-typed word, without its quotes. */
  readonly range: TextRange
  readonly quote: '' | '"' | "'"
  /** In braces or brackets. */
  readonly flow: boolean
  /** Column at which keys of the map stand, and blanks that are missing up to it. */
  readonly column: number
  readonly missingBlanks: number
  /** A colon stands behind the key already. */
  readonly hasColon: boolean
  /** A blank must come in front of the value: the cursor is right behind the colon. */
  readonly needsBlank: boolean
  /** Keys of the map that are there, the half-typed one aside. */
  readonly present: ReadonlySet<string>
}

/** The key, dash or root that an entry belongs to. */
interface Step {
  readonly key: string | number
  /** The line's value stands on the same line: nothing can be below it. */
  readonly scalar: boolean
}

/** What is typed at an offset; undefined where nothing can be completed: comments, texts of several lines, behind a finished value. */
export function cursorAt(text: string, offset: number): Cursor | undefined {
  const cursor = cursorIn(text, offset)
  if (cursor === undefined) return undefined
  const { start, end } = cursor.range
  // An editor replaces within the line of the cursor only; in a text that is torn apart a word may seem to reach further.
  return start <= offset && offset <= end && !text.slice(start, end).includes('\n') ? cursor : undefined
}

function cursorIn(text: string, offset: number): Cursor | undefined {
  const lines = linesOf(text)
  const index = lineIndexAt(lines, offset)
  const line = lines[index]
  if (line === undefined) return undefined
  switch (line.kind) {
    case 'separator':
      return undefined
    case 'comment':
      return offset <= line.start + line.column ? onBlank(lines, index, offset) : undefined
    case 'text':
      // A blank line below a text of several lines may be the next key's.
      return text.slice(line.start, line.end).trim() === '' && offset - line.start <= line.column ? onBlank(lines, index, offset) : undefined
    case 'blank':
      return onBlank(lines, index, offset)
    case 'flow':
      return inFlow(text, lines, index, offset)
    default:
      if (offset > line.commentStart && line.commentStart < line.end) return undefined
      if (line.flow !== undefined && offset > line.flow.start) return inFlow(text, lines, index, offset)
      return onEntry(text, lines, index, offset)
  }
}

/** The key whose line an offset is on, and its value on that line, found by lines: for a broken document, whose tree may be anything. */
export function entryAt(text: string, offset: number): { path: ValuePath; part: 'key' | 'value'; range: TextRange } | undefined {
  const lines = linesOf(text)
  const index = lineIndexAt(lines, offset)
  const line = lines[index]
  if (line?.key === undefined || line.colonEnd === undefined) return undefined
  const steps = ancestors(lines, index, line.column)
  if (steps === undefined) return undefined
  const path = [...steps.map(({ key }) => key), line.key]
  const keyRange = { start: line.start + line.column, end: line.keyEnd }
  const valueRange = { start: line.valueStart, end: line.valueEnd }
  if (keyRange.start <= offset && offset <= keyRange.end) return { path, part: 'key', range: keyRange }
  return valueRange.start <= offset && offset <= valueRange.end && valueRange.end > valueRange.start ? { path, part: 'value', range: valueRange } : undefined
}

function onBlank(lines: readonly Line[], index: number, offset: number): Cursor | undefined {
  const line = lines[index]
  if (line === undefined) return undefined
  const column = offset - line.start
  return keyCursor(lines, index, column, { start: offset, end: offset }, '', false)
}

function onEntry(text: string, lines: readonly Line[], index: number, offset: number): Cursor | undefined {
  const line = lines[index]
  if (line === undefined) return undefined
  const keyStart = line.start + line.column
  if (offset < keyStart && !/^\s*$/.test(text.slice(offset, keyStart))) return undefined
  if (offset < keyStart) return line.dashes.length > 0 && offset > line.start + (line.dashes.at(-1) ?? 0) ? undefined : onBlank(lines, index, offset)
  if (line.colonEnd === undefined) return onWord(text, lines, index, offset)
  if (offset < line.colonEnd) {
    if (offset > line.keyEnd) return undefined
    const { range, quote } = unquoted(text, { start: keyStart, end: line.keyEnd })
    return keyCursor(lines, index, line.column, range, quote, true)
  }
  if (offset < line.valueStart || (line.valueEnd === line.valueStart && offset >= line.valueStart)) {
    if (line.valueEnd > line.valueStart) return undefined
    return valueCursor(lines, index, { start: offset, end: offset }, '', offset === line.colonEnd)
  }
  if (offset > line.valueEnd) return undefined
  const { range, quote } = unquoted(text, { start: line.valueStart, end: line.valueEnd })
  if (quote !== '' && (offset < range.start || offset > range.end)) return undefined
  if (/^[&*!|>]/.test(text.slice(line.valueStart, line.valueEnd))) return undefined
  return valueCursor(lines, index, range, quote, false)
}

/** A line without a colon: a key that is being typed, or an entry of a list. */
function onWord(text: string, lines: readonly Line[], index: number, offset: number): Cursor | undefined {
  const line = lines[index]
  if (line === undefined) return undefined
  const start = line.start + line.column
  const end = Math.max(start, line.valueEnd)
  if (offset > end) return undefined
  const { range, quote } = unquoted(text, { start, end })
  if (quote !== '' && (offset < range.start || offset > range.end)) return undefined
  if (line.dashes.length === 0) return keyCursor(lines, index, line.column, range, quote, false)
  const cursor = keyCursor(lines, index, line.column, range, quote, false)
  return cursor === undefined ? undefined : { ...cursor, part: 'item' }
}

function keyCursor(lines: readonly Line[], index: number, column: number, range: TextRange, quote: Cursor['quote'], hasColon: boolean): Cursor | undefined {
  const steps = ancestors(lines, index, column)
  if (steps === undefined) return undefined
  const { present, first } = siblings(lines, index, column)
  const missingBlanks = range.start === range.end && first !== undefined && first > column ? first - column : 0
  return {
    part: 'key',
    path: steps.map(({ key }) => key),
    range,
    quote,
    flow: false,
    column: column + missingBlanks,
    missingBlanks,
    hasColon,
    needsBlank: false,
    present,
  }
}

function valueCursor(lines: readonly Line[], index: number, range: TextRange, quote: Cursor['quote'], needsBlank: boolean): Cursor | undefined {
  const line = lines[index]
  const steps = line === undefined ? undefined : ancestors(lines, index, line.column)
  if (line?.key === undefined || steps === undefined) return undefined
  const path = [...steps.map(({ key }) => key), line.key]
  return { part: 'value', path, range, quote, flow: false, column: line.column, missingBlanks: 0, hasColon: true, needsBlank, present: new Set() }
}

/** The way from the root to the map that has keys at a column of a line: the nearest lines above that stand further left. Undefined where a finished value is in the way. */
function ancestors(lines: readonly Line[], index: number, column: number): Step[] | undefined {
  const steps: Step[] = []
  const here = lines[index]
  // Keys must stand left of this; dashes too, and a key may stand in the column of its list's dashes.
  let keysBelow = column
  let dashesBelow = column
  const dashes = (line: Line, at: number, isHere: boolean): void => {
    for (const dash of line.dashes.toReversed()) {
      if (dash >= dashesBelow || (isHere && dash >= column)) continue
      steps.push({ key: itemIndex(lines, at, dash), scalar: false })
      keysBelow = dash + 1
      dashesBelow = dash
    }
  }
  if (here?.kind === 'entry') dashes(here, index, true)
  for (let at = index - 1; at >= 0; at--) {
    const line = lines[at]
    if (line === undefined || line.kind === 'separator') break
    if (line.kind !== 'entry') continue
    if (line.key !== undefined && line.column < keysBelow) {
      steps.push({ key: line.key, scalar: line.finished })
      keysBelow = line.column
      dashesBelow = line.column
    }
    dashes(line, at, false)
    if (keysBelow === 0) break
  }
  return steps.some(({ scalar }) => scalar) ? undefined : steps.toReversed()
}

/** The index of the entry that a dash begins: dashes in its column above it, up to whatever stands further left. */
function itemIndex(lines: readonly Line[], index: number, column: number): number {
  let count = 0
  for (let at = index - 1; at >= 0; at--) {
    const line = lines[at]
    if (line === undefined || line.kind === 'separator') break
    if (line.kind !== 'entry') continue
    if (line.dashes.includes(column)) count += 1
    else if (Math.min(line.column, line.dashes[0] ?? line.column) <= column) break
    // A list within an entry of another list, which begins on the same line.
    if ((line.dashes[0] ?? column) < column) break
  }
  return count
}

/** Keys in the same map as a key at a column of a line, and the column at which the first of them really stands. */
function siblings(lines: readonly Line[], index: number, column: number): { present: Set<string>; first: number | undefined } {
  const present = new Set<string>()
  let first: number | undefined
  const take = (line: Line): void => {
    if (line.key !== undefined && (line.column === column || line.column === first)) present.add(line.key)
  }
  const leftmost = (line: Line): number => line.dashes[0] ?? line.column
  const own = lines[index]
  const ownDash = own?.kind === 'entry' ? own.dashes.findLast((dash) => dash < column) : undefined
  for (let at = index + 1; at < lines.length; at++) {
    const line = lines[at]
    if (line === undefined || line.kind === 'separator') break
    if (line.kind !== 'entry') continue
    if (leftmost(line) < column) break
    if (line.dashes.length > 0 && leftmost(line) <= column) continue
    first ??= line.column
    take(line)
  }
  if (ownDash === undefined) {
    for (let at = index - 1; at >= 0; at--) {
      const line = lines[at]
      if (line === undefined || line.kind === 'separator') break
      if (line.kind !== 'entry') continue
      if (line.column < column) break
      if (line.column === column && !(line.dashes.length > 0 && leftmost(line) === column)) take(line)
      if (line.column > column && first === undefined && line.dashes.length === 0 && leftmostAbove(lines, at, column)) first = line.column
      if (leftmost(line) < column) break
    }
  }
  return { present, first }
}

/** True when nothing between a line and its parent stands between a column and the line's own: it is the first of its map. */
function leftmostAbove(lines: readonly Line[], index: number, column: number): boolean {
  const own = lines[index]?.column ?? 0
  for (let at = index - 1; at >= 0; at--) {
    const line = lines[at]
    if (line === undefined || line.kind === 'separator') break
    if (line.kind !== 'entry' || line.column >= own) continue
    return line.column < column
  }
  return true
}

function inFlow(text: string, lines: readonly Line[], index: number, offset: number): Cursor | undefined {
  const start = lines[index]?.flow
  const owner = start === undefined ? undefined : lines[start.line]
  if (start === undefined || owner === undefined) return undefined
  const steps = ancestors(lines, start.line, owner.column)
  const found = flowCursor(text, start.start, offset)
  if (steps === undefined || found === undefined) return undefined
  const above = [...steps.map(({ key }) => key), ...(owner.colonEnd === undefined || owner.key === undefined ? [] : [owner.key])]
  return {
    part: found.part,
    path: [...above, ...found.path],
    range: found.range,
    quote: found.quote,
    flow: true,
    column: owner.column,
    missingBlanks: 0,
    hasColon: found.hasColon,
    needsBlank: found.needsBlank,
    present: found.present,
  }
}

/** The inside of a text in quotes; a quote that is not closed yet counts. */
function unquoted(text: string, { start, end }: TextRange): { range: TextRange; quote: Cursor['quote'] } {
  const quote = text[start]
  if (end === start || (quote !== '"' && quote !== "'")) return { range: { start, end }, quote: '' }
  const closed = end - start > 1 && text[end - 1] === quote
  return { range: { start: start + 1, end: closed ? end - 1 : end }, quote }
}
