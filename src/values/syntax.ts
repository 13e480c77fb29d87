import { t } from '@vscode/l10n'
import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type YAMLError } from 'yaml'
import { lineIndexAt, linesOf } from './lines.ts'
import { noColonWords, syntaxWords } from './syntax-words.ts'
import type { TextRange, ValuePath } from './types.ts'
import { endOf, isMerge, keyText, nodeOf, scalarOf, startOf, type YamlNode } from './yaml-nodes.ts'

/** Levels of a document that are looked at. Helm's own limit is far above; nobody nests values that deep. */
export const deepest = 200
/** Messages about one document: the first say it all. */
const mostMessages = 20

export interface SyntaxFinding {
  readonly code: 'LOCO-VA-01' | 'LOCO-VA-20' | 'LOCO-VA-21' | 'LOCO-VA-23'
  readonly message: string
  readonly range: TextRange
  readonly path?: ValuePath
  /** For a repeated key: where it stood before. */
  readonly first?: TextRange
}

export interface Examined {
  readonly findings: readonly SyntaxFinding[]
  /** The node that each alias stands for; aliases to nowhere, or to what they are in, have none. */
  readonly aliases: ReadonlyMap<Alias, YamlNode>
  /** The root, undefined when there is none or it is too deep to be read. */
  readonly root: YamlNode | undefined
}

/** Looks through one parsed document (`linesBefore`: lines of the file above its text): what the parser found, repeated keys, aliases, scalars and keys that Helm does not take. */
export function examine(document: Document, text: string, linesBefore: number): Examined {
  const findings: SyntaxFinding[] = parseErrors(document, text)
  const aliases = new Map<Alias, YamlNode>()
  const root = nodeOf(document.contents)
  if (root === undefined) return { findings, aliases, root }
  const anchors = new Map<string, YamlNode>()
  const open = new Set<YamlNode>()
  const target = (alias: Alias): YamlNode | undefined => aliases.get(alias)
  let tooDeep = false

  function visit(node: YamlNode, path: ValuePath, depth: number): void {
    if (depth > deepest) {
      if (!tooDeep)
        findings.push({
          code: 'LOCO-VA-21',
          message: t('Values are nested more than {0} levels deep here; they are not looked at.', deepest),
          range: ofNode(node),
        })
      tooDeep = true
      return
    }
    if (isAlias(node)) {
      visitAlias(node)
      return
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, node)
    if (isScalar(node)) {
      const scalar = scalarOf(node)
      if (!('wrong' in scalar)) return
      const message =
        scalar.wrong === 'tag'
          ? t('The value is not what its tag `{0}` says.', node.tag ?? '')
          : t('`{0}` is no number that Helm can pass on.', String(node.value))
      findings.push({ code: 'LOCO-VA-20', message, range: ofNode(node), path })
      return
    }
    open.add(node)
    if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        const child = nodeOf(item)
        if (child !== undefined) visit(child, [...path, index], depth + 1)
      }
    } else visitMap(node, path, depth)
    open.delete(node)
  }

  function visitAlias(alias: Alias): void {
    const node = anchors.get(alias.source)
    if (node !== undefined && !open.has(node)) aliases.set(alias, node)
    else {
      const message = node === undefined ? t('No `&{0}` stands above this line.', alias.source) : t('`&{0}` contains itself here.', alias.source)
      findings.push({ code: 'LOCO-VA-20', message, range: ofNode(alias) })
    }
  }

  function visitMap(map: YamlNode, path: ValuePath, depth: number): void {
    if (!isMap(map)) return
    const seen = new Map<string, TextRange>()
    for (const pair of map.items) {
      const [key, value] = [nodeOf(pair.key), nodeOf(pair.value)]
      if (key !== undefined && isAlias(key)) visitAlias(key)
      else if (key?.anchor !== undefined) anchors.set(key.anchor, key)
      const merge = isMerge(pair)
      const name = merge ? '<<' : keyText(pair, target)
      if (name === undefined) {
        const range = key === undefined ? ofNode(map) : ofNode(key)
        findings.push({ code: 'LOCO-VA-20', message: t('A key of values is a text; this is a list, a map, or nothing.'), range, path })
      } else if (!merge && key !== undefined) {
        const first = seen.get(name)
        if (first !== undefined && findings.length < mostMessages)
          findings.push({ code: 'LOCO-VA-01', message: repeated(name, first), range: ofNode(key), path: [...path, name], first })
        seen.set(name, ofNode(key))
      }
      if (value !== undefined) visit(value, name === undefined || merge ? path : [...path, name], depth + 1)
      if (merge && !mergeable(value)) {
        findings.push({ code: 'LOCO-VA-20', message: t('`<<` takes in a map, or a list of maps.'), range: ofNode(value ?? key ?? map), path })
      }
    }
  }

  function mergeable(value: YamlNode | undefined, inList = false): boolean {
    const node = value !== undefined && isAlias(value) ? (target(value) ?? value) : value
    if (node === undefined) return false
    // An alias to nowhere has its own message.
    if (isMap(node) || isAlias(node)) return true
    return isSeq(node) && !inList && node.items.every((item) => mergeable(nodeOf(item), true))
  }

  const repeated = (name: string, first: TextRange): string =>
    t('`{0}` is here once more; Helm takes this one and ignores line {1}.', name, linesBefore + lineOf(text, first.start))

  visit(root, [], 0)
  if (!isMap(root) && !isNull(root) && !isAlias(root)) {
    findings.push({
      code: 'LOCO-VA-20',
      message: t('A values file is a map of keys to values; this is {0}.', isSeq(root) ? t('a list') : t('a single value')),
      range: ofNode(root),
    })
  }
  return { findings: findings.slice(0, mostMessages), aliases, root: tooDeep ? undefined : root }
}

/** A wrong line mostly upsets the parser in the next one too: told is the first of a run. */
function parseErrors(document: Document, text: string): SyntaxFinding[] {
  const findings: SyntaxFinding[] = []
  // Helm's parser takes a comment without a blank in front, where it cannot be part of a plain value.
  const errors = document.errors.filter(({ message }) => !/^Comments must be separated/.test(message)).toSorted((a, b) => a.pos[0] - b.pos[0])
  // The end of the last error's line, and of the line below it.
  let [quietFrom, quietUntil] = [-1, -1]
  let indented = false
  for (const error of errors) {
    const [at] = error.pos
    // A line that fits nowhere is told once: those below it fit nowhere either.
    const again = error.code === 'BAD_INDENT' && indented
    if (at > quietUntil && !again) findings.push(parseError(error, text))
    indented ||= error.code === 'BAD_INDENT'
    // Behind the end of what could be read everything is unexpected.
    if (findings.length === mostMessages || /(?:in YAML stream|at node end)/.test(error.message)) break
    // An error on the second line of the quiet keeps the next one quiet too.
    if (at > quietFrom) {
      quietFrom = endOfLine(text, at)
      quietUntil = endOfLine(text, quietFrom + 1)
    }
  }
  return findings
}

/** A line that fits nowhere mostly stands below one whose colon is missing: then that one is meant. */
function parseError(error: YAMLError, text: string): SyntaxFinding {
  const lines = error.code === 'BAD_INDENT' ? linesOf(text) : []
  const above = lines.slice(0, lineIndexAt(lines, error.pos[0])).findLast(({ kind }) => kind === 'entry')
  if (above !== undefined && above.colonEnd === undefined && above.dashes.length === 0) {
    return { code: 'LOCO-VA-20', message: noColonWords(), range: { start: above.start + above.column, end: above.commentStart } }
  }
  return { code: 'LOCO-VA-20', message: syntaxWords(error), range: errorRange(error.pos, text) }
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from)
  return newline === -1 ? text.length : newline
}

/** The parser's place, at least one character wide, within one line. */
function errorRange([from, to]: readonly [number, number], text: string): TextRange {
  const start = Math.min(from, Math.max(0, text.length - 1))
  const newline = text.indexOf('\n', start)
  const end = Math.min(Math.max(to, start + 1), newline === -1 ? text.length : Math.max(newline, start))
  return { start, end }
}

/** The number of the line of an offset, from 1. */
export function lineOf(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1
  return line
}

const isNull = (node: YamlNode): boolean => {
  const scalar = isScalar(node) ? scalarOf(node) : undefined
  return scalar !== undefined && 'value' in scalar && scalar.value === null
}
const ofNode = (node: YamlNode): TextRange => ({ start: startOf(node), end: endOf(node) })
