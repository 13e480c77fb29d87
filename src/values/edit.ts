import { isAlias, isMap, isScalar, isSeq, Scalar } from 'yaml'
import { ValuesDocument } from './document.ts'
import { type Entry, findEntry, findEntryAt } from './find-node.ts'
import { stepOf } from './indentation.ts'
import { isTable, type Values, valueAt } from './path.ts'
import type { Edit, TextRange, ValuePath } from './types.ts'
import { endOf, nodeOf, startOf, type YamlNode } from './yaml-nodes.ts'
import { blockLines, entryLines, flowText, indented, isBlock, mapLines, type Quotes, scalarText } from './yaml-text.ts'

/** Lines to put into a map, from column 0; `flow` is the same on one line, for a map in braces. */
interface Addition {
  readonly lines: readonly string[]
  readonly flow: string
}

/**
 * Gives a value (plain JSON) to a path; maps that are missing on the way are made. Comments stay, and so does the style: quotes where there were quotes, braces where there were braces.
 * Behind an alias nothing can be changed for one place alone: there the alias is replaced by what it stands for, with the change.
 */
export function setValue(document: ValuesDocument, path: ValuePath, value: unknown): Edit {
  const last = path.at(-1)
  if (last === undefined) return replaced(document, { start: 0, end: document.text.length }, isTable(value) ? mapLines(value, 2).join('\n') : scalarText(value))
  const entry = findEntry(document, path)
  if (entry !== undefined) return replaceValue(document, entry, value)
  const parent = path.slice(0, -1)
  const above = findEntry(document, parent)
  if (above?.value !== undefined && isAlias(above.value)) {
    return replaceValue(document, above, withValue(valueAt(document.values, parent), last, value))
  }
  if (typeof last === 'number') return setItem(document, parent, last, value)
  if (parent.length === 0 || (above !== undefined && canHoldKeys(above.value))) {
    const key = scalarText(last)
    return addNested(document, parent, { lines: entryLines(key, value, stepOf(document.text)), flow: `${key}: ${flowText(value)}` })
  }
  return setValue(document, parent, { [last]: value })
}

/** Takes an entry away, with its line. The last entry of a map leaves `{}`: nothing at all would be a null, which takes defaults away. */
export function removeKey(document: ValuesDocument, path: ValuePath): Edit {
  const entry = findEntry(document, path)
  return entry === undefined ? nothing(document) : removeEntry(document, entry)
}

/** Takes away the entry whose key is at an offset: for one of several of the same name. */
export function removeKeyAt(document: ValuesDocument, offset: number): Edit {
  const entry = findEntryAt(document, offset)
  return entry === undefined ? nothing(document) : removeEntry(document, entry)
}

/** Gives a key another name; the value stays as it is. */
export function renameKey(document: ValuesDocument, path: ValuePath, newName: string): Edit {
  const key = findEntry(document, path)?.key
  const place = document.locate(path)?.key
  return key === undefined || place === undefined ? nothing(document) : replaced(document, place, scalarText(newName, quotesOf(key), true))
}

/** Moves an entry with its comments to another path, which is not there yet. One edit where both places touch, else two. */
export function moveKey(document: ValuesDocument, from: ValuePath, to: ValuePath): Edit[] {
  const entry = findEntry(document, from)
  const name = to.at(-1)
  if (entry?.pair === undefined || typeof name !== 'string') return []
  const taken = removeEntry(document, entry)
  const added = addition(document, entry, name, valueAt(document.values, from))
  const parent = to.slice(0, -1)
  const between = applied(document.text, [taken])
  const wanted = applied(between, [addNested(ValuesDocument.parse(document.file, between), parent, added)])
  const apart = [taken, addNested(document, parent, added)]
  const overlap = (apart[0]?.range.start ?? 0) <= (apart[1]?.range.end ?? 0) && (apart[1]?.range.start ?? 0) <= (apart[0]?.range.end ?? 0)
  return !overlap && applied(document.text, apart) === wanted ? apart : [minimal(document, wanted)]
}

/** Adds the entries of `object` that are missing to the map at a path; maps that both have are joined. */
export function insertBlock(document: ValuesDocument, path: ValuePath, object: Values): Edit {
  const step = stepOf(document.text)
  const there = valueAt(document.values, path)
  const missing = Object.entries(object).filter(([key, value]) => !isTable(there) || !Object.hasOwn(there, key) || (there[key] === null && value !== null))
  const joined = Object.entries(object).filter(([key, value]) => isTable(value) && isTable(there) && Object.hasOwn(there, key) && isTable(there[key]))
  let text = document.text
  let current = document
  const take = (edit: Edit): void => {
    text = applied(text, [edit])
    current = ValuesDocument.parse(document.file, text)
  }
  if (missing.length > 0) {
    const empty = missing.filter(([key]) => isTable(there) && Object.hasOwn(there, key))
    for (const [key, value] of empty) take(setValue(current, [...path, key], value))
    const fresh = Object.fromEntries(missing.filter((pair) => !empty.includes(pair)))
    if (Object.keys(fresh).length > 0) take(addNested(current, path, { lines: mapLines(fresh, step), flow: flowText(fresh).slice(1, -1) }))
  }
  for (const [key, value] of joined) take(insertBlock(current, [...path, key], value as Values))
  return minimal(document, text)
}

/** Puts edits of one text into it. They must not overlap. */
export function applied(text: string, edits: readonly Pick<Edit, 'range' | 'newText'>[]): string {
  return edits
    .toSorted((a, b) => b.range.start - a.range.start)
    .reduce((now, { range, newText }) => now.slice(0, range.start) + newText + now.slice(range.end), text)
}

/** Adds lines to the map at a path, and the maps that are missing on the way to it. */
function addNested(document: ValuesDocument, path: ValuePath, added: Addition): Edit {
  const step = stepOf(document.text)
  const entry = path.length === 0 ? undefined : findEntry(document, path)
  const last = path.at(-1)
  if (last !== undefined && entry === undefined) {
    const key = scalarText(String(last))
    const lines = [`${key}:`, ...added.lines.map((line) => indented(line, step))]
    return addNested(document, path.slice(0, -1), { lines, flow: `${key}: {${added.flow}}` })
  }
  const node = entry === undefined ? document.roots.at(-1)?.node : entry.value
  const base = entry?.base ?? document.roots.at(-1)?.start ?? 0
  if (node !== undefined && isMap(node) && node.flow === true && (node.items.length > 0 || inFlow(entry))) return addToFlow(document, node, base, added)
  if (node !== undefined && isMap(node) && node.items.length > 0) return addBelow(document, node, base, added)
  if (entry === undefined) return addAtEnd(document, node, base, added)
  return replaceWithLines(
    document,
    entry,
    added.lines.map((line) => indented(line, columnOf(document, entry) + step)),
  )
}

function addToFlow(document: ValuesDocument, map: YamlNode, base: number, { flow }: Addition): Edit {
  const last = isMap(map) ? map.items.at(-1) : undefined
  if (last === undefined) return replaced(document, { start: base + startOf(map), end: base + endOf(map) }, `{ ${flow} }`)
  const end = base + Math.max(...[nodeOf(last.key), nodeOf(last.value)].map((node) => (node === undefined ? 0 : endOf(node))))
  return replaced(document, { start: end, end }, `, ${flow}`)
}

function addBelow(document: ValuesDocument, map: YamlNode, base: number, { lines }: Addition): Edit {
  const column = columnAt(document.text, base + startOf(map))
  const at = lineEnd(document.text, trimmedEnd(document.text, base + endOf(map)))
  return replaced(document, { start: at, end: at }, lines.map((line) => newline(document) + indented(line, column)).join(''))
}

function addAtEnd(document: ValuesDocument, root: YamlNode | undefined, base: number, { lines }: Addition): Edit {
  const text = lines.join(newline(document))
  // `{}`, or a null, as the whole file.
  if (root !== undefined && endOf(root) > startOf(root)) return replaced(document, { start: base + startOf(root), end: base + endOf(root) }, text)
  const end = document.text.length
  const gap = end === 0 || document.text.endsWith('\n') ? '' : newline(document)
  return replaced(document, { start: end, end }, `${gap}${text}${newline(document)}`)
}

function replaceValue(document: ValuesDocument, entry: Entry, value: unknown): Edit {
  const old = entry.value
  const block = isBlock(value) && !inFlow(entry) && !(old !== undefined && isCollection(old) && isFlow(old))
  if (block && entry.pair === undefined && old !== undefined) {
    const lines = blockLines(value, stepOf(document.text))
    const column = columnAt(document.text, entry.base + startOf(old))
    const text = lines.map((line, index) => (index === 0 ? line : indented(line, column))).join(newline(document))
    return replaced(document, { start: entry.base + startOf(old), end: trimmedEnd(document.text, entry.base + endOf(old)) }, text)
  }
  if (block) {
    const lines = blockLines(value, stepOf(document.text))
    return replaceWithLines(
      document,
      entry,
      lines.map((line) => indented(line, columnOf(document, entry) + stepOf(document.text))),
    )
  }
  const quotes = old === undefined || typeof value !== 'string' ? 'none' : quotesOf(old)
  const text = isTable(value) || Array.isArray(value) ? flowText(value) : scalarText(value, quotes, inFlow(entry))
  if (old === undefined || endOf(old) === startOf(old)) {
    const colon = afterColon(document.text, entry)
    return replaced(document, { start: colon, end: colon }, ` ${text}`)
  }
  const range = { start: entry.base + startOf(old), end: trimmedEnd(document.text, entry.base + endOf(old)) }
  // A block below its key goes up beside it.
  if (isCollection(old) && !isFlow(old) && entry.pair !== undefined) {
    const colon = afterColon(document.text, entry)
    const comment = /^[ \t]+#.*/.exec(document.text.slice(colon, lineEnd(document.text, colon)))?.[0] ?? ''
    return replaced(document, { start: colon, end: range.end }, ` ${text}${comment}`)
  }
  return replaced(document, range, text)
}

/** Puts lines below the key of an entry, in place of its value. What stands behind the key on its line, an anchor or a comment, stays. */
function replaceWithLines(document: ValuesDocument, entry: Entry, lines: readonly string[]): Edit {
  const text = lines.map((line) => newline(document) + line).join('')
  const colon = afterColon(document.text, entry)
  const old = entry.value
  if (old === undefined || endOf(old) === startOf(old)) {
    const end = lineEnd(document.text, colon)
    return replaced(document, { start: end, end }, text)
  }
  const [start, end] = [entry.base + startOf(old), trimmedEnd(document.text, entry.base + endOf(old))]
  const onLine = !document.text.slice(colon, start).includes('\n')
  if (!onLine) return replaced(document, { start: lineEnd(document.text, colon), end }, text)
  const behind = document.text.slice(end, lineEnd(document.text, end))
  return replaced(
    document,
    { start: trimmedEnd(document.text, start), end: end + behind.length },
    `${behind.trim() === '' ? '' : ` ${behind.trimStart()}`}${text}`,
  )
}

function setItem(document: ValuesDocument, list: ValuePath, index: number, value: unknown): Edit {
  const there = valueAt(document.values, list)
  return setValue(document, list, Array.isArray(there) ? [...there.slice(0, index), value] : [value])
}

function removeEntry(document: ValuesDocument, entry: Entry): Edit {
  const { text } = document
  const { container, index, base, parent } = entry
  const items = container.items.length
  if (items === 1) {
    if (parent === undefined && container.flow !== true) return removeLines(document, entry)
    return parent === undefined
      ? replaced(document, { start: base + startOf(container), end: base + endOf(container) }, '{}')
      : replaceValue(document, parent, isMap(container) ? {} : [])
  }
  const start = startOfEntry(text, entry)
  const next = neighbour(entry, 1)
  if (container.flow === true) {
    if (next !== undefined) return replaced(document, { start, end: startOfEntry(text, next) }, '')
    const before = neighbour(entry, -1)
    return replaced(document, { start: before === undefined ? start : endOfEntry(text, before), end: endOfEntry(text, entry) }, '')
  }
  const dashed = text.slice(lineStart(text, start), start).trim() !== ''
  // The first key behind a dash: the next one takes its place.
  if (index === 0 && dashed && next !== undefined && entry.pair !== undefined) return replaced(document, { start, end: startOfEntry(text, next) }, '')
  return removeLines(document, entry)
}

function removeLines(document: ValuesDocument, entry: Entry): Edit {
  const { text } = document
  const start = lineStart(text, startOfEntry(text, entry))
  const end = lineEnd(text, endOfEntry(text, entry))
  const newlineLength = text.startsWith('\r\n', end) ? 2 : end < text.length ? 1 : 0
  return replaced(document, { start, end: end + newlineLength }, '')
}

function neighbour(entry: Entry, by: 1 | -1): Entry | undefined {
  const item = entry.container.items[entry.index + by]
  if (item === undefined) return undefined
  if (isMap(entry.container)) {
    const pair = entry.container.items[entry.index + by]
    return pair === undefined ? undefined : { ...entry, index: entry.index + by, pair, key: nodeOf(pair.key), value: nodeOf(pair.value) }
  }
  return { ...entry, index: entry.index + by, value: nodeOf(item) }
}

/** Where an entry begins: its key, with the `? ` or `- ` in front only for the lines that are taken away. */
function startOfEntry(text: string, { key, value, container, base }: Entry): number {
  const node = key ?? value
  const start = base + (node === undefined ? endOf(container) : startOf(node))
  if (isSeq(container) && container.flow !== true) return Math.max(0, text.lastIndexOf('-', start))
  return start
}

function endOfEntry(text: string, entry: Entry): number {
  const { key, value, base } = entry
  if (value !== undefined && endOf(value) > startOf(value)) return trimmedEnd(text, base + endOf(value))
  return key === undefined ? base + endOf(value ?? entry.container) : afterColon(text, entry)
}

/** The text of an entry under another name, from column 0, with its comments and its style. */
function addition(document: ValuesDocument, entry: Entry, name: string, value: unknown): Addition {
  const key = scalarText(name)
  const flow = `${key}: ${flowText(value)}`
  const old = entry.value
  if (inFlow(entry) || entry.key === undefined || old === undefined) return { lines: entryLines(key, value, stepOf(document.text)), flow }
  const { text } = document
  const column = columnOf(document, entry)
  const behindKey = text.slice(entry.base + endOf(entry.key), lineEnd(text, endOfEntry(text, entry)))
  const lines = `${key}${behindKey}`.split(/\r?\n/).map((line, index) => (index === 0 || line.slice(0, column).trim() !== '' ? line : line.slice(column)))
  return { lines, flow }
}

/** The smallest single edit to a wanted text: for changes that were found one after the other. */
function minimal(document: ValuesDocument, wanted: string): Edit {
  const { text } = document
  let start = 0
  while (start < text.length && start < wanted.length && text[start] === wanted[start]) start += 1
  let same = 0
  while (same < text.length - start && same < wanted.length - start && text[text.length - 1 - same] === wanted[wanted.length - 1 - same]) same += 1
  return replaced(document, { start, end: text.length - same }, wanted.slice(start, wanted.length - same))
}

function withValue(value: unknown, key: string | number, one: unknown): unknown {
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? one : item))
  return { ...(isTable(value) ? value : {}), [key]: one }
}

const replaced = (document: ValuesDocument, range: TextRange, newText: string): Edit => ({ file: document.file, range, newText })
const nothing = (document: ValuesDocument): Edit => replaced(document, { start: 0, end: 0 }, '')
const isCollection = (node: YamlNode): boolean => isMap(node) || isSeq(node)
const isFlow = (node: YamlNode): boolean => (isMap(node) || isSeq(node)) && node.flow === true
const canHoldKeys = (node: YamlNode | undefined): boolean => node === undefined || isMap(node) || (isScalar(node) && endOf(node) === startOf(node))
const newline = (document: ValuesDocument): string => (document.text.includes('\r\n') ? '\r\n' : '\n')
const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1

function inFlow(entry: Entry | undefined): boolean {
  for (let one = entry; one !== undefined; one = one.parent) if (one.container.flow === true) return true
  return false
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  if (end === -1) return text.length
  return text[end - 1] === '\r' && end > at ? end - 1 : end
}

function trimmedEnd(text: string, end: number): number {
  let at = end
  while (at > 0 && /\s/.test(text[at - 1] ?? '')) at -= 1
  return at
}

function columnAt(text: string, at: number): number {
  return at - lineStart(text, at)
}

/** The column that what belongs to an entry is indented from. */
function columnOf({ text }: ValuesDocument, entry: Entry): number {
  return columnAt(text, startOfEntry(text, entry))
}

function afterColon(text: string, { key, value, base }: Entry): number {
  const from = base + (key === undefined ? (value === undefined ? 0 : startOf(value)) : endOf(key))
  const colon = /^\s*:/.exec(text.slice(from, from + 200))
  return colon === null ? from : from + colon[0].length
}

function quotesOf(node: YamlNode): Quotes {
  if (!isScalar(node)) return 'none'
  if (node.type === Scalar.QUOTE_DOUBLE) return 'double'
  return node.type === Scalar.QUOTE_SINGLE ? 'single' : 'none'
}
