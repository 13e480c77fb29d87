import { t } from '@vscode/l10n'
import { type Alias, isAlias, isMap, isSeq, type Pair, parseAllDocuments, type YAMLMap } from 'yaml'
import { BlockCache } from './block-cache.ts'
import { blocksOf, type Chunk, chunksOf, tooMuch } from './chunks.ts'
import { isTable, type Values, valueAt } from './path.ts'
import { ExcessiveAliases, readValues } from './reading.ts'
import { type Examined, examine, lineOf, type SyntaxFinding } from './syntax.ts'
import type { Problem, TextRange, ValuePath } from './types.ts'
import { endOf, isMerge, keyText, nodeOf, startOf, type YamlNode } from './yaml-nodes.ts'

/** Characters of a file that are looked at. Helm keeps a release's values in a Secret, which holds no more than this. */
export const longest = 1024 * 1024

/** One document of a file: what stands between two `---` lines. Offsets of its nodes count from `start`. */
interface Part extends Examined {
  readonly start: number
  readonly end: number
  readonly values: unknown
}

/** Where a value stands. Behind an alias or `<<` that is the alias: this file has no other place for it. */
export interface Place {
  readonly key: TextRange | undefined
  readonly value: TextRange
  /** From the key to the end of the value. */
  readonly entry: TextRange
}

/** A values file as Helm reads it, with the places of its values. Never changes: a new text is a new document. */
export class ValuesDocument {
  readonly file: string
  readonly text: string
  /** As Helm reads them: all documents of the file merged, aliases and `<<` resolved. Of a broken text, what could be read. */
  readonly values: Values
  readonly syntax: readonly Problem[]
  /** Helm would refuse the file, or it is too long or deep to be looked at (the problems say which). */
  readonly broken: boolean
  readonly #parts: readonly Part[]

  private constructor(file: string, text: string, parts: readonly Part[], findings: readonly SyntaxFinding[]) {
    this.file = file
    this.text = text
    this.#parts = parts
    this.values = parts.reduce<Values>((merged, { values }) => (isTable(values) ? laidOver(merged, values) : merged), {})
    this.syntax = findings.map((finding) => problemOf(finding, file))
    this.broken = findings.some(({ code }) => code === 'LOCO-VA-20' || code === 'LOCO-VA-21')
  }

  /** Reads a text; whatever it is, it does not throw and ends soon. */
  static parse(file: string, text: string): ValuesDocument {
    if (text.length > longest) {
      const message = t('The file has {0} KiB; values files up to {1} KiB are looked at.', Math.ceil(text.length / 1024), longest / 1024)
      return new ValuesDocument(file, text, [], [{ code: 'LOCO-VA-21', message, range: firstLine(text) }])
    }
    const findings: SyntaxFinding[] = []
    const parts = chunksOf(text).flatMap((chunk) => blockParts(chunk) ?? [partOf(text, chunk, findings)])
    return new ValuesDocument(file, text, parts, findings)
  }

  /** Where the value of a path stands in this text; undefined when it is not here. Of repeated keys the last counts, as for Helm. */
  locate(path: ValuePath): Place | undefined {
    for (const part of this.#parts.toReversed()) {
      const place = part.root === undefined ? undefined : descend(part.root, path, part)
      if (place !== undefined) return this.#inText(place, part.start)
    }
    return undefined
  }

  /** A place with offsets of the whole text, without the line breaks that end a block scalar. */
  #inText({ key, value, entry }: Place, by: number): Place {
    const trimmed = (range: TextRange): TextRange => {
      let { start, end } = shiftedRange(range, by)
      while (end > start && /\s/.test(this.text[end - 1] ?? '')) end -= 1
      return { start, end }
    }
    return { key: key === undefined ? undefined : shiftedRange(key, by), value: trimmed(value), entry: trimmed(entry) }
  }

  /** The key of the nearest value above a path that is here, else the first line. */
  nearest(path: ValuePath): TextRange {
    for (let length = path.length; length > 0; length--) {
      const place = this.locate(path.slice(0, length))
      if (place !== undefined) return place.key ?? place.value
    }
    return firstLine(this.text)
  }

  /** The value whose key or text is at an offset; undefined between values and in comments. */
  pathAt(offset: number): { path: ValuePath; part: 'key' | 'value' } | undefined {
    const part = this.#parts.findLast(({ start, end }) => start <= offset && offset <= end)
    return part?.root === undefined ? undefined : pathIn(part.root, offset - part.start, part)
  }

  /** Keys of the map at a path; none where there is no map. */
  keysOf(path: ValuePath): readonly string[] {
    const value = valueAt(this.values, path)
    return isTable(value) ? Object.keys(value) : []
  }

  /** The root node of each document with the offset that its own offsets count from: for the outline, and for edits. */
  get roots(): readonly { readonly node: YamlNode; readonly start: number; readonly aliases: ReadonlyMap<Alias, YamlNode> }[] {
    return this.#parts.flatMap(({ root, start, aliases }) => (root === undefined ? [] : [{ node: root, start, aliases }]))
  }
}

/** Helm's way to lay one file over another: maps are joined key by key, everything else is replaced, null too. */
export function laidOver(below: Values, above: Values): Values {
  const merged = new Map(Object.entries(below))
  for (const [key, value] of Object.entries(above)) {
    const other = merged.get(key)
    merged.set(key, isTable(value) && isTable(other) ? laidOver(other, value) : value)
  }
  return Object.fromEntries(merged)
}

/** What a block is once it is read; undefined for one that is not right by itself. */
const blocks = new BlockCache<(Examined & { readonly values: unknown }) | undefined>(longest / 2)

/** A chunk block by block, where each of them is right by itself; else undefined, and it is read as a whole, so that what is wrong is said as it is. */
function blockParts(chunk: Chunk): Part[] | undefined {
  const starts = blocksOf(chunk)
  if (starts === undefined) return undefined
  const parts: Part[] = []
  for (const [index, from] of starts.entries()) {
    const to = starts[index + 1] ?? chunk.text.length
    const read = blocks.get(chunk.text.slice(from, to), readBlock)
    if (read === undefined) return undefined
    parts.push({ ...read, start: chunk.start + from, end: chunk.start + to })
  }
  // Keys that are written in different ways may be one: `on` and `true`.
  const names = parts.flatMap(({ values }) => Object.keys(values as Values))
  return new Set(names).size === names.length ? parts : undefined
}

function readBlock(text: string): (Examined & { readonly values: unknown }) | undefined {
  const examined = examineText(text, 0)
  if (examined.findings.length > 0 || examined.root === undefined) return undefined
  const values = readValues(examined.root, examined.aliases)
  return isTable(values) ? { ...examined, values } : undefined
}

function partOf(text: string, chunk: Chunk, findings: SyntaxFinding[]): Part {
  const { start, end } = chunk
  const examined = examineText(chunk.text, lineOf(text, start) - 1)
  const stopped = examined.findings.some(({ code }) => code !== 'LOCO-VA-01')
  findings.push(...[...examined.findings, ...(stopped ? [] : chunk.findings)].map((finding) => movedFinding(finding, start)))
  let values: unknown = null
  try {
    if (examined.root !== undefined) values = readValues(examined.root, examined.aliases)
  } catch (error) {
    if (!(error instanceof ExcessiveAliases)) throw error
    const message = t('Aliases make far more of this file than it holds; Helm refuses it.')
    findings.push({ code: 'LOCO-VA-20', message, range: shiftedRange(firstLine(chunk.text), start) })
  }
  return { ...examined, start, end, values }
}

function examineText(chunk: string, linesBefore: number): Examined {
  if (tooMuch(chunk)) return tooDeep(chunk)
  try {
    // Texts only: what a scalar is to Helm, scalars.ts says. Repeated keys are found by our own look, which does not take the square of their number.
    const [document] = parseAllDocuments(chunk, {
      schema: 'failsafe',
      resolveKnownTags: false,
      uniqueKeys: false,
      merge: false,
      prettyErrors: false,
      logLevel: 'silent',
    })
    return document === undefined || !('contents' in document) ? { findings: [], aliases: new Map(), root: undefined } : examine(document, chunk, linesBefore)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return tooDeep(chunk)
  }
}

function tooDeep(chunk: string): Examined {
  const message = t('Values are nested too deep here; they are not looked at.')
  return { findings: [{ code: 'LOCO-VA-21', message, range: firstLine(chunk) }], aliases: new Map(), root: undefined }
}

function descend(root: YamlNode, path: ValuePath, part: Examined): Place | undefined {
  let node: YamlNode = root
  let place: Place = { key: undefined, value: rangeOf(root), entry: rangeOf(root) }
  for (const [index, key] of path.entries()) {
    if (isAlias(node)) {
      const target = part.aliases.get(node)
      return target !== undefined && descend(target, path.slice(index), part) !== undefined ? atAlias(node) : undefined
    }
    if (isSeq(node)) {
      const item: YamlNode | undefined = typeof key === 'number' ? nodeOf(node.items[key]) : undefined
      if (item === undefined) return undefined
      node = item
      place = { key: undefined, value: rangeOf(item), entry: rangeOf(item) }
      continue
    }
    if (!isMap(node)) return undefined
    const found = pairOf(node, key, part)
    if (found === undefined) return undefined
    const { pair, merged } = found
    const value = nodeOf(pair.value)
    if (merged) {
      const inside = value !== undefined && throughMerge(value, path.slice(index), part)
      return inside === true ? atAlias(value) : undefined
    }
    place = placeOf(pair)
    if (value === undefined) return index === path.length - 1 ? place : undefined
    node = value
  }
  return place
}

/** Keys from which on a map gets an index of its own: a rule asks for all of them. */
const manyKeys = 16
const indices = new WeakMap<YAMLMap, Map<string | number, Pair>>()

function keysOfMap(map: YAMLMap, part: Examined): Map<string | number, Pair> {
  const known = indices.get(map)
  if (known !== undefined) return known
  const index = new Map<string | number, Pair>()
  for (const pair of map.items) {
    const key = keyText(pair, (alias) => part.aliases.get(alias))
    if (key !== undefined) index.set(key, pair)
  }
  indices.set(map, index)
  return index
}

/** The pair that gives a key: the last one named so, or a `<<` below it that has the key too. */
function pairOf(map: YAMLMap, key: string | number, part: Examined): { pair: Pair; merged: boolean } | undefined {
  if (map.items.length > manyKeys && !map.items.some(isMerge)) {
    const pair = keysOfMap(map, part).get(key)
    return pair === undefined ? undefined : { pair, merged: false }
  }
  for (const pair of map.items.toReversed()) {
    const value = nodeOf(pair.value)
    if (isMerge(pair)) {
      if (value !== undefined && throughMerge(value, [key], part)) return { pair, merged: true }
    } else if (keyText(pair, (alias) => part.aliases.get(alias)) === key) return { pair, merged: false }
  }
  return undefined
}

function throughMerge(value: YamlNode, path: ValuePath, part: Examined): boolean {
  const node = isAlias(value) ? part.aliases.get(value) : value
  if (node === undefined) return false
  const maps = isSeq(node) ? node.items.map(nodeOf) : [node]
  return maps.some((map) => {
    const target = map !== undefined && isAlias(map) ? part.aliases.get(map) : map
    return target !== undefined && isMap(target) && descend(target, path, part) !== undefined
  })
}

function pathIn(root: YamlNode, offset: number, part: Examined): { path: ValuePath; part: 'key' | 'value' } | undefined {
  const path: (string | number)[] = []
  let node: YamlNode = root
  for (;;) {
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.findLast((one) => {
        const { entry } = placeOf(one)
        return entry.start <= offset && offset <= entry.end
      })
      const key = pair === undefined ? undefined : nodeOf(pair.key)
      if (pair === undefined || key === undefined) return undefined
      const name = keyText(pair, (alias) => part.aliases.get(alias))
      if (name === undefined || isMerge(pair)) return undefined
      path.push(name)
      if (offset <= endOf(key)) return { path, part: 'key' }
      const value = nodeOf(pair.value)
      if (value === undefined || !contains(value, offset)) return undefined
      node = value
    } else if (isSeq(node)) {
      const index: number = node.items.findLastIndex((item) => contains(nodeOf(item), offset))
      const item = nodeOf(node.items[index])
      if (item === undefined) return undefined
      path.push(index)
      node = item
    } else return contains(node, offset) ? { path, part: 'value' } : undefined
  }
}

const contains = (node: YamlNode | undefined, offset: number): boolean => node !== undefined && startOf(node) <= offset && offset <= endOf(node)

function placeOf(pair: Pair): Place {
  const [key, value] = [nodeOf(pair.key), nodeOf(pair.value)]
  const keyRange = key === undefined ? undefined : rangeOf(key)
  const valueRange = value === undefined ? { start: keyRange?.end ?? 0, end: keyRange?.end ?? 0 } : rangeOf(value)
  const start = keyRange?.start ?? valueRange.start
  return { key: keyRange, value: valueRange, entry: { start, end: Math.max(valueRange.end, keyRange?.end ?? 0) } }
}

function atAlias(alias: YamlNode): Place {
  return { key: undefined, value: rangeOf(alias), entry: rangeOf(alias) }
}

const rangeOf = (node: YamlNode): TextRange => ({ start: startOf(node), end: endOf(node) })
const shiftedRange = ({ start, end }: TextRange, by: number): TextRange => ({ start: start + by, end: end + by })

function movedFinding(finding: SyntaxFinding, by: number): SyntaxFinding {
  const range = shiftedRange(finding.range, by)
  return finding.first === undefined ? { ...finding, range } : { ...finding, range, first: shiftedRange(finding.first, by) }
}

function problemOf({ code, message, range, path, first }: SyntaxFinding, file: string): Problem {
  const place = path === undefined ? {} : { path }
  const related = first === undefined ? {} : { related: [{ file, range: first, message: t('The first of them, which Helm ignores.') }] }
  return { code, severity: 'error', message, file, range, ...place, ...related }
}

export function firstLine(text: string): TextRange {
  const end = text.search(/\r?\n/)
  return { start: 0, end: end === -1 ? text.length : end }
}
