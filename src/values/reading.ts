import { type Alias, isAlias, isMap, isScalar, isSeq, type YAMLMap } from 'yaml'
import { isMerge, keyText, nodeOf, scalarOf, type YamlNode } from './yaml-nodes.ts'

/** Aliases within aliases that are followed: a chain as long as a file is a bomb of another kind. */
const deepestAliases = 100

export type Targets = ReadonlyMap<Alias, YamlNode>

/** Thrown by `readValues` for a document whose aliases make more of it than Helm is willing to read. */
export class ExcessiveAliases extends Error {}

/**
 * The values of a parsed document as plain data, aliases and `<<` resolved; what is no value (an alias to nowhere, `.inf`) is null.
 * `aliases` has the target of each alias; an alias without one is null. Anchors that contain themselves must not be among them.
 */
export function readValues(root: YamlNode, aliases: Targets): unknown {
  const counts = { nodes: 0, fromAliases: 0, depth: 0 }
  const target = (alias: Alias): YamlNode | undefined => aliases.get(alias)

  function read(node: YamlNode | undefined): unknown {
    if (node === undefined) return null
    count()
    if (isScalar(node)) {
      const scalar = scalarOf(node)
      return 'wrong' in scalar ? null : typeof scalar.value === 'bigint' ? Number(scalar.value) : scalar.value
    }
    if (isAlias(node)) return throughAlias(node, read)
    if (isSeq(node)) return node.items.map((item) => read(nodeOf(item)))
    return Object.fromEntries(entriesOf(node))
  }

  /** As go-yaml: an alias bomb is found by the share of nodes that come from aliases. */
  function count(): void {
    counts.nodes += 1
    if (counts.depth > 0) counts.fromAliases += 1
    if (counts.fromAliases > 100 && counts.nodes > 1000 && counts.fromAliases / counts.nodes > allowedShare(counts.nodes)) throw new ExcessiveAliases()
  }

  function throughAlias<T>(alias: Alias, then: (node: YamlNode | undefined) => T): T {
    counts.depth += 1
    if (counts.depth > deepestAliases) throw new ExcessiveAliases()
    try {
      return then(target(alias))
    } finally {
      counts.depth -= 1
    }
  }

  // In the order of the text: as in go-yaml v2, a `<<` below a key overwrites it.
  function entriesOf(map: YAMLMap): Map<string, unknown> {
    const entries = new Map<string, unknown>()
    for (const pair of map.items) {
      const value = nodeOf(pair.value)
      if (isMerge(pair)) {
        for (const [key, merged] of mergedEntries(value)) entries.set(key, merged)
        continue
      }
      const key = keyText(pair, target)
      if (key !== undefined) entries.set(key, read(value))
    }
    return entries
  }

  function mergedEntries(node: YamlNode | undefined): Map<string, unknown> {
    if (node === undefined || isScalar(node)) return new Map()
    count()
    if (isAlias(node)) return throughAlias(node, mergedEntries)
    if (isMap(node)) return entriesOf(node)
    // Of several maps the first wins.
    return new Map(node.items.toReversed().flatMap((item) => [...mergedEntries(nodeOf(item))]))
  }

  return read(root)
}

/** How much of a document of that many nodes may come from aliases; go-yaml's figures. */
function allowedShare(nodes: number): number {
  const [low, high] = [400_000, 4_000_000]
  if (nodes <= low) return 0.99
  return nodes >= high ? 0.1 : 0.99 - (0.89 * (nodes - low)) / (high - low)
}
