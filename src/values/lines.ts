/**
 * A values file as lines, for the cursor: where a document is broken there is no tree, but there are still columns. Reads what a person sees, not all of YAML.
 */

/** One line. Offsets are into the whole text; columns count characters, a tab as one. */
export interface Line {
  readonly start: number
  /** Without the line break. */
  readonly end: number
  /** `text`: within a text of several lines. `flow`: goes on with a `{` or `[` of a line above. */
  readonly kind: 'blank' | 'comment' | 'separator' | 'text' | 'flow' | 'entry'
  /** Columns of the dashes of list entries. */
  readonly dashes: readonly number[]
  /** Column of the key, or of what could become one. Of a blank line within a text, the column that a key must have at most to end the text. */
  readonly column: number
  /** The key without quotes; undefined where the line has none. A single word without a colon counts: somebody is typing. */
  readonly key: string | undefined
  readonly keyEnd: number
  /** Behind the colon; undefined without one. */
  readonly colonEnd: number | undefined
  /** The value on the line, without the comment behind it; empty ranges where there is none. */
  readonly valueStart: number
  readonly valueEnd: number
  /** The value is all there on this line: nothing can be below its key. */
  readonly finished: boolean
  /** Where the comment of the line begins; the end of the line without one. */
  readonly commentStart: number
  /** Where the `{` or `[` stands that this line begins or goes on with, and the column of the entry that it belongs to. */
  readonly flow: { readonly start: number; readonly line: number } | undefined
}

interface Open {
  readonly kind: 'block' | 'quote' | 'flow'
  /** Lines that do not stand further right end it. */
  readonly column: number
  readonly quote: string
  flow: { start: number; line: number; depth: number } | undefined
}

const keyPattern = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|([^\s#&*!|>%@`"'[\]{},](?:(?!\s#|:\s|:$).)*?))(\s*:)(?=\s|$)/
const word = /^[A-Za-z0-9_./-]+$/

/** Cuts a text into its lines. */
export function linesOf(text: string): Line[] {
  const lines: Line[] = []
  let open: Open | undefined
  for (let start = 0; ; ) {
    const newline = text.indexOf('\n', start)
    const stop = newline === -1 ? text.length : newline
    const end = text[stop - 1] === '\r' && stop > start ? stop - 1 : stop
    const content = text.slice(start, end)
    const indent = content.length - content.trimStart().length
    let line: Line | undefined
    if (open !== undefined) {
      const blank = content.trim() === ''
      const inside = blank || indent > open.column || (open.kind === 'flow' && /^[\]}]/.test(content.trimStart()))
      if (!inside || /^(?:---|\.\.\.)(?:\s|$)/.test(content)) open = undefined
      else if (open.kind === 'block') line = plain(start, end, blank ? open.column : indent, 'text')
      else if (open.kind === 'quote') {
        line = plain(start, end, indent, 'text')
        if (closes(content, open.quote)) open = undefined
      } else if (open.flow !== undefined) {
        line = { ...plain(start, end, indent, 'flow'), flow: { start: open.flow.start, line: open.flow.line } }
        open.flow.depth += bracketDepth(content)
        if (open.flow.depth <= 0) open = undefined
      }
    }
    if (line === undefined) {
      const read = readLine(content, start, end, indent, lines.length)
      line = read.line
      open = read.open
    }
    lines.push(line)
    if (newline === -1) return lines
    start = newline + 1
  }
}

/** The index of the line that an offset is in. */
export function lineIndexAt(lines: readonly Line[], offset: number): number {
  let [low, high] = [0, lines.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((lines[middle]?.start ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}

function plain(start: number, end: number, column: number, kind: Line['kind']): Line {
  return {
    start,
    end,
    kind,
    dashes: [],
    column,
    key: undefined,
    keyEnd: start + column,
    colonEnd: undefined,
    valueStart: end,
    valueEnd: end,
    finished: false,
    commentStart: end,
    flow: undefined,
  }
}

function readLine(content: string, start: number, end: number, indent: number, index: number): { line: Line; open: Open | undefined } {
  const trimmed = content.slice(indent)
  if (trimmed === '') return { line: plain(start, end, indent, 'blank'), open: undefined }
  if (trimmed.startsWith('#')) return { line: plain(start, end, indent, 'comment'), open: undefined }
  if (/^(?:---|\.\.\.)(?:\s|$)/.test(content) || (indent === 0 && trimmed.startsWith('%')))
    return { line: plain(start, end, indent, 'separator'), open: undefined }
  const dashes: number[] = []
  let at = indent
  for (let dash = /^-(?:\s+|$)/.exec(content.slice(at)); dash !== null; dash = /^-(?:\s+|$)/.exec(content.slice(at))) {
    dashes.push(at)
    at += dash[0].length
  }
  const comment = commentIn(content, at)
  const rest = content.slice(at, comment)
  const match = keyPattern.exec(rest)
  const key = match === null ? undefined : (match[1] ?? match[2] ?? match[3] ?? '')
  const keyLength = match === null ? rest.trimEnd().length : match[0].length - (match[4]?.length ?? 0)
  const colonEnd = match === null ? undefined : start + at + match[0].length
  const valueFrom = match === null ? at : at + match[0].length
  const value = content.slice(valueFrom, comment)
  const valueStart = start + valueFrom + (value.length - value.trimStart().length)
  const valueText = value.trim()
  const typed = rest.trim()
  const line: Line = {
    start,
    end,
    kind: 'entry',
    dashes,
    column: at,
    key: key ?? (word.test(typed) ? typed : undefined),
    keyEnd: start + at + keyLength,
    colonEnd,
    valueStart,
    valueEnd: valueStart + valueText.length,
    // An anchor or a tag alone waits for its value.
    finished: colonEnd !== undefined && valueText !== '' && !/^[&!]\S*$/.test(valueText),
    commentStart: start + comment,
    flow: undefined,
  }
  const opened = opens(valueText, valueStart, index, key === undefined ? (dashes.at(-1) ?? at - 1) : at)
  return opened?.flow === undefined
    ? { line, open: opened }
    : { line: { ...line, flow: { start: opened.flow.start, line: index } }, open: opened.flow.depth > 0 ? opened : undefined }
}

/** What a value begins that goes on in the lines below, or a collection in brackets on this line. */
function opens(value: string, offset: number, index: number, column: number): Open | undefined {
  const properties = /^(?:[&!][^\s]*\s+)*/.exec(value)?.[0].length ?? 0
  const text = value.slice(properties)
  if (/^[|>][-+0-9]*$/.test(text)) return { kind: 'block', column, quote: '', flow: undefined }
  if (/^[{[]/.test(text)) return { kind: 'flow', column, quote: '', flow: { start: offset + properties, line: index, depth: bracketDepth(text) } }
  const quote = /^["']/.exec(text)?.[0]
  return quote !== undefined && !closes(text.slice(1), quote) ? { kind: 'quote', column, quote, flow: undefined } : undefined
}

function closes(text: string, quote: string): boolean {
  return quote === '"' ? /^(?:[^"\\]|\\.)*"/.test(text) : /^(?:[^']|'')*'(?!')/.test(text)
}

/** Where the comment of a line begins; its length when there is none. */
function commentIn(content: string, from: number): number {
  let quote = ''
  for (let at = from; at < content.length; at++) {
    const sign = content[at] ?? ''
    if (quote !== '') {
      if (sign === '\\' && quote === '"') at += 1
      else if (sign === quote) quote = ''
    } else if ((sign === '"' || sign === "'") && /(?:^|[\s,[{:])$/.test(content.slice(0, at))) quote = sign
    else if (sign === '#' && (at === from || /\s/.test(content[at - 1] ?? ''))) return at
  }
  return content.length
}

function bracketDepth(content: string): number {
  let [depth, quote] = [0, '']
  for (let at = 0; at < content.length; at++) {
    const sign = content[at] ?? ''
    if (quote !== '') {
      if (sign === '\\' && quote === '"') at += 1
      else if (sign === quote) quote = ''
    } else if (sign === '"' || sign === "'") quote = sign
    else if (sign === '{' || sign === '[') depth += 1
    else if (sign === '}' || sign === ']') depth -= 1
    else if (sign === '#' && /\s/.test(content[at - 1] ?? ' ')) break
  }
  return depth
}
