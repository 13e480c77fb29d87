import { isAlias, isMap, isScalar, isSeq } from 'yaml'
import { shortText } from './describe.ts'
import type { ValuesDocument } from './document.ts'
import { linesOf } from './lines.ts'
import type { Symbol as OutlineSymbol, TextRange } from './types.ts'
import { endOf, isMerge, keyText, nodeOf, scalarOf, startOf, type YamlNode } from './yaml-nodes.ts'

/** The outline of a file: its maps, lists and values as they stand in the text. Of repeated keys the last, which counts; what comes through an alias or `<<` has no place of its own. */
export function outline(document: ValuesDocument): OutlineSymbol[] {
  const { text } = document
  return document.roots.flatMap(({ node, start, aliases }) => {
    const children = (of: YamlNode | undefined): OutlineSymbol[] => {
      if (of === undefined) return []
      if (isSeq(of)) return of.items.flatMap((item, index) => listed(nodeOf(item), index))
      if (!isMap(of)) return []
      const named = new Map(
        of.items.flatMap((pair): [string, OutlineSymbol][] => {
          const key = nodeOf(pair.key)
          const name = isMerge(pair) ? undefined : keyText(pair, (alias) => aliases.get(alias))
          return name === undefined || key === undefined
            ? []
            : [[name, symbol(name, { start: start + startOf(key), end: start + endOf(key) }, nodeOf(pair.value))]]
        }),
      )
      return [...named.values()]
    }
    const listed = (item: YamlNode | undefined, index: number): OutlineSymbol[] =>
      item === undefined ? [] : [symbol(`[${index}]`, { start: start + startOf(item), end: start + startOf(item) }, item)]
    const symbol = (name: string, selection: TextRange, value: YamlNode | undefined): OutlineSymbol => {
      let end = Math.max(selection.end, start + (value === undefined ? 0 : endOf(value)))
      while (end > selection.end && /\s/.test(text[end - 1] ?? '')) end -= 1
      return { name, ...about(value), range: { start: selection.start, end }, selection, children: children(value) }
    }
    return children(node)
  })
}

function about(value: YamlNode | undefined): Pick<OutlineSymbol, 'detail' | 'kind'> {
  if (value === undefined) return { detail: '', kind: 'null' }
  if (isAlias(value)) return { detail: `*${value.source}`, kind: 'text' }
  if (isSeq(value)) return { detail: '', kind: 'list' }
  if (!isScalar(value)) return { detail: '', kind: 'map' }
  const scalar = scalarOf(value)
  const data = 'wrong' in scalar ? String(value.value) : scalar.value
  return { detail: data === null ? '' : shortText(data), kind: kindOf(data) }
}

/** What can be folded: everything below a key or dash, and comments of several lines. A range begins on the line that stays. */
export function folding(document: ValuesDocument): TextRange[] {
  const { text } = document
  const lines = linesOf(text)
  const found: TextRange[] = []
  const open: { column: number; dash: boolean; start: number; end: number; lines: number }[] = []
  // A list may stand in the column of its key: a dash does not end that.
  const close = (column: number, dash: boolean): void => {
    for (let top = open.at(-1); top !== undefined && (top.column > column || (top.column === column && (top.dash || !dash))); top = open.at(-1)) {
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
    if (line.kind === 'separator') {
      close(0, false)
      continue
    }
    const column = line.dashes[0] ?? line.column
    if (line.kind === 'entry') close(column, line.dashes.length > 0)
    for (const one of open) Object.assign(one, { end: line.end, lines: one.lines + 1 })
    if (line.kind === 'entry') open.push({ column, dash: line.dashes.length > 0, start: line.start, end: line.end, lines: 0 })
  }
  closeComment()
  close(0, false)
  return found.toSorted((a, b) => a.start - b.start || b.end - a.end)
}

function kindOf(value: string | number | bigint | boolean | null): OutlineSymbol['kind'] {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return 'boolean'
  return typeof value === 'string' ? 'text' : 'number'
}
