import { type Alias, isAlias, isMap, isSeq, type Pair, type YAMLMap, type YAMLSeq } from 'yaml'
import type { ValuesDocument } from './document.ts'
import type { ValuePath } from './types.ts'
import { endOf, isMerge, keyText, nodeOf, startOf, type YamlNode } from './yaml-nodes.ts'

/** An entry in its map or list, as it stands in the text. */
export interface Entry {
  readonly container: YAMLMap | YAMLSeq
  readonly index: number
  /** Of the map's entry; undefined in a list. */
  readonly pair: Pair | undefined
  readonly key: YamlNode | undefined
  readonly value: YamlNode | undefined
  /** The entry that holds the container; undefined for the root. */
  readonly parent: Entry | undefined
  /** What the offsets of the nodes count from. */
  readonly base: number
}

interface Root {
  readonly node: YamlNode
  readonly start: number
  readonly aliases: ReadonlyMap<Alias, YamlNode>
}

/** The entry of a path that stands in the text itself, not behind an alias or `<<`. Of repeated keys the last. */
export function findEntry(document: ValuesDocument, path: ValuePath): Entry | undefined {
  for (const root of document.roots.toReversed()) {
    let node: YamlNode | undefined = root.node
    let entry: Entry | undefined
    for (const key of path) {
      entry = node === undefined ? undefined : entryIn(root, node, key, entry)
      if (entry === undefined) break
      node = entry.value
    }
    if (entry !== undefined) return entry
  }
  return undefined
}

/** The entry of a map whose key is at an offset: for one of several of the same name. */
export function findEntryAt(document: ValuesDocument, offset: number): Entry | undefined {
  for (const root of document.roots) {
    let node: YamlNode | undefined = root.node
    let entry: Entry | undefined
    while (node !== undefined && !isAlias(node)) {
      const all = entriesOf(root, node, entry)
      entry = all.findLast((one) => root.start + startOf(one.key ?? one.value ?? one.container) <= offset)
      if (entry?.key !== undefined && root.start + endOf(entry.key) >= offset) return entry
      node = entry?.value
    }
  }
  return undefined
}

function entryIn(root: Root, node: YamlNode, key: string | number, parent: Entry | undefined): Entry | undefined {
  const entries = entriesOf(root, node, parent)
  if (isSeq(node)) return typeof key === 'number' ? entries[key] : undefined
  return entries.findLast(({ pair }) => pair !== undefined && !isMerge(pair) && keyText(pair, (alias) => root.aliases.get(alias)) === key)
}

function entriesOf(root: Root, node: YamlNode, parent: Entry | undefined): Entry[] {
  const base = root.start
  if (isMap(node)) return node.items.map((pair, index) => ({ container: node, index, pair, key: nodeOf(pair.key), value: nodeOf(pair.value), parent, base }))
  if (isSeq(node)) return node.items.map((item, index) => ({ container: node, index, pair: undefined, key: undefined, value: nodeOf(item), parent, base }))
  return []
}
