import { isAlias, isMap, isScalar, isSeq } from 'yaml'
import { shortText } from './describe.ts'
import type { ValuesDocument } from './document.ts'
import { linesOf } from './lines.ts'
import { isTable, valueAt } from './path.ts'
import type { Symbol as OutlineSymbol, TextRange, ValuePath } from './types.ts'
import { isMerge, keyText, nodeOf, startOf, type YamlNode } from './yaml-nodes.ts'

/** The outline of a file: its maps, lists and values as they stand in the text; what comes through an alias has no place of its own and is not in it. */
export function outline(document: ValuesDocument): OutlineSymbol[] {
  return document.roots.flatMap(({ node, start, aliases }) => {
    const children = (of: YamlNode, path: ValuePath): OutlineSymbol[] => {
      if (isSeq(of)) {
        return of.items.flatMap((item, index) => {
          const value = nodeOf(item)
          return value === undefined ? [] : [symbol(`[${index}]`, value, [...path, index], { start: start + startOf(value), end: start + startOf(value) })]
        })
      }
      if (!isMap(of)) return []
      return of.items.flatMap((pair) => {
        const name = isMerge(pair) ? undefined : keyText(pair, (alias) => aliases.get(alias))
        const place = name === undefined ? undefined : document.locate([...path, name])
        // Of repeated keys only the last counts; the others have no place.
        const own = nodeOf(pair.key)
        if (name === undefined || place?.key === undefined || own === undefined || place.key.start !== start + startOf(own)) return []
        return [symbol(name, nodeOf(pair.value), [...path, name], place.key)]
      })
    }
    const symbol = (name: string, value: YamlNode | undefined, path: ValuePath, selection: TextRange): OutlineSymbol => {
      const entry = document.locate(path)?.entry ?? selection
      const data = valueAt(document.values, path)
      const range = { start: Math.min(entry.start, selection.start), end: Math.max(entry.end, selection.end) }
      return {
        name,
        detail: isTable(data) || Array.isArray(data) ? '' : shortText(data),
        kind: kindOf(data),
        range,
        selection,
        children: value === undefined ? [] : children(value, path),
      }
    }
    return isScalar(node) || isAlias(node) ? [] : children(node, [])
  })
}

/** What can be folded: everything below a key or dash, and comments of several lines. A range begins on the line that stays. */
export function folding(document: ValuesDocument): TextRange[] {
  const { text } = document
  const lines = linesOf(text)
  const found: TextRange[] = []
  const open: { column: number; start: number; end: number; lines: number }[] = []
  const close = (column: number): void => {
    for (let top = open.at(-1); top !== undefined && top.column >= column; top = open.at(-1)) {
      if (top.lines > 0) found.push({ start: top.start, end: top.end })
      open.pop()
    }
  }
  let comment: { start: number; end: number; lines: number } | undefined
  const closeComment = (): void => {
    if (comment !== undefined && comment.lines > 1) found.push({ start: comment.start, end: comment.end })
    comment = undefined
  }
  for (const line of lines) {
    if (line.kind === 'comment') {
      comment = { start: comment?.start ?? line.start, end: line.end, lines: (comment?.lines ?? 0) + 1 }
      continue
    }
    closeComment()
    if (line.kind === 'blank' || text.slice(line.start, line.end).trim() === '') continue
    if (line.kind === 'separator') close(0)
    if (line.kind === 'entry') {
      const column = line.dashes[0] ?? line.column
      // A list may stand in the column of its key.
      close(line.dashes.length > 0 ? column + (open.at(-1)?.column === column && !isDash(text, open.at(-1)?.start) ? 1 : 0) : column)
      for (const one of open) Object.assign(one, { end: line.end, lines: one.lines + 1 })
      open.push({ column, start: line.start, end: line.end, lines: 0 })
    } else for (const one of open) Object.assign(one, { end: line.end, lines: one.lines + 1 })
  }
  closeComment()
  close(0)
  return found.toSorted((a, b) => a.start - b.start || b.end - a.end)
}

const isDash = (text: string, lineStart: number | undefined): boolean => lineStart !== undefined && /^[ \t]*-/.test(text.slice(lineStart, lineStart + 200))

function kindOf(value: unknown): OutlineSymbol['kind'] {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'number' || typeof value === 'boolean') return typeof value as 'number' | 'boolean'
  return isTable(value) ? 'map' : 'text'
}
