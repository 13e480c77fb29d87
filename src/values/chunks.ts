import { t } from '@vscode/l10n'
import { type Line, linesOf } from './lines.ts'
import type { SyntaxFinding } from './syntax.ts'

/** A part of a file that Helm reads as one document: what it stops at lies behind `end`. */
export interface Chunk {
  readonly start: number
  readonly end: number
  /** The text, with the line breaks of other systems as ours; offsets are the same. */
  readonly text: string
  readonly lines: readonly Line[]
  readonly findings: readonly SyntaxFinding[]
}

/** Cuts a file as Helm does before any YAML is read: at lines of `---` and nothing but a comment. Of each part Helm takes the first document only, and says nothing of the rest; we do (`LOCO-VA-23`). */
export function chunksOf(text: string): Chunk[] {
  const chunks: Chunk[] = []
  let start = 0
  for (const match of text.matchAll(/^---[^\S\n]*(?:#[^\n]*)?$/gm)) {
    chunks.push(chunk(text, start, match.index))
    start = match.index + match[0].length
  }
  return [...chunks, chunk(text, start, text.length)]
}

function chunk(whole: string, start: number, end: number): Chunk {
  const text = whole.slice(start, end).replaceAll(/\r(?!\n)/g, '\n')
  const lines = linesOf(text)
  const stop = stopOf(lines, text)
  const refused = [...tabs(lines, text), ...separators(text)]
  const findings = refused.length > 0 || stop === undefined ? refused : [ignored(stop)]
  if (stop === undefined) return { start, end, text, lines, findings }
  return { start, end: start + stop.start, text: text.slice(0, stop.start), lines, findings }
}

const ignored = (line: Line): SyntaxFinding => ({
  code: 'LOCO-VA-23',
  message: t('Helm reads no further than this line, and ignores everything below it without a word.'),
  range: { start: line.start + (line.kind === 'entry' ? leftmost(line) : 0), end: line.end },
})

/** A text that makes one part of another depend on it: anchors, aliases, merge keys, directives, explicit keys, and what begins with no key. */
const connected = /(?:^|[\s,[{:-])[&*][^\s,\]}]|<<|^[%?{["'\t]|^ *\t|\uFEFF/m

/** A root with more keys than this is no chart's; to put that many readings together takes longer than to read it as a whole. */
const mostBlocks = 200

/**
 * Where a part can be cut into blocks that are read one by one, each a key of the root with what belongs to it: offsets of their beginnings, the first 0. Undefined where the text is too connected for that.
 * The reading of a block is kept for the next keystroke, which mostly changes only one of them.
 */
export function blocksOf({ text, lines, findings }: Chunk): number[] | undefined {
  if (findings.length > 0 || connected.test(text)) return undefined
  const seen = new Set<string>()
  const starts: number[] = []
  for (const line of lines) {
    if (line.kind === 'separator') return undefined
    if (line.kind !== 'entry' || (line.dashes[0] ?? line.column) > 0) continue
    if (line.key === undefined || line.colonEnd === undefined || line.dashes.length > 0 || seen.has(line.key)) return undefined
    seen.add(line.key)
    starts.push(line.start)
  }
  return starts.length < 2 || starts.length > mostBlocks ? undefined : [0, ...starts.slice(1)]
}

/** Lines that look like a cut and are none: Helm refuses the file. */
function separators(text: string): SyntaxFinding[] {
  return [...text.matchAll(/^---[^\n]*[^\s][^\n]*$/gm)].map((match) => ({
    code: 'LOCO-VA-20',
    message: t('Behind `---` at the beginning of a line Helm takes nothing but a comment.'),
    range: { start: match.index, end: match.index + match[0].trimEnd().length },
  }))
}

/** The line at which a first document is over though more follows: a mark of its end, or a key further left than the first one. */
function stopOf(lines: readonly Line[], text: string): Line | undefined {
  const first = lines.findIndex(({ kind }) => kind === 'entry')
  if (first === -1) return undefined
  const column = leftmost(lines[first] as Line)
  const stop = lines.findIndex((line, index) => index > first && (line.kind === 'separator' || (line.kind === 'entry' && leftmost(line) < column)))
  const line = lines[stop]
  if (line === undefined) return undefined
  const isMark = /^(?:\.\.\.|---)\s*$/.test(text.slice(line.start, line.end))
  const more = lines.slice(stop + (isMark ? 1 : 0)).some(({ kind }) => kind !== 'blank' && kind !== 'comment')
  return more ? line : undefined
}

/** Tabs in front of nothing or of a comment, which the parser lets pass and Helm's does not: only below a plain value, right of its key, are they blanks. */
function tabs(lines: readonly Line[], text: string): SyntaxFinding[] {
  let before: Line | undefined
  return lines.flatMap((line): SyntaxFinding[] => {
    if (line.kind === 'entry' || line.kind === 'flow' || (line.kind === 'text' && text.slice(line.start, line.end).trim() !== '')) before = line
    const tab = line.kind === 'blank' || line.kind === 'comment' ? /^ *\t/.exec(text.slice(line.start, line.end))?.[0].length : undefined
    if (tab === undefined || (before !== undefined && eatsBlanks(before, text) && tab - 1 > leftmost(before))) return []
    const range = { start: line.start + tab - 1, end: line.start + tab }
    return [{ code: 'LOCO-VA-20', message: t('A tab cannot indent YAML. Use blanks.'), range }]
  })
}

/** True for a line that ends with a plain value, which takes the blank lines below it in. */
function eatsBlanks(line: Line, text: string): boolean {
  return (
    line.kind === 'entry' &&
    line.valueEnd > line.valueStart &&
    line.commentStart === line.end &&
    /^[^"'{[|>&*!]/.test(text.slice(line.valueStart, line.valueEnd))
  )
}

const leftmost = (line: Line): number => line.dashes[0] ?? line.column

/** True for a text that is made to keep a parser busy: brackets, dashes or question marks within one another, or a line of nothing but quotes and brackets. */
export function tooMuch(text: string): boolean {
  if (/(?:[-?][ \t]+){200}/.test(text)) return true
  let [depth, onLine] = [0, 0]
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 10:
        onLine = 0
        break
      case 91:
      case 123:
        depth += 1
        onLine += 1
        break
      case 93:
      case 125:
        depth = Math.max(0, depth - 1)
        onLine += 1
        break
      case 34:
      case 39:
        onLine += 1
    }
    if (depth > 400 || onLine > 20_000) return true
  }
  return false
}
