import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq, Scalar as YamlScalar } from 'yaml'
import { keyOf, plainScalar, type Scalar, taggedScalar } from './scalars.ts'

export type YamlNode = Alias | YamlScalar | YAMLMap | YAMLSeq

const coreTag = /^(?:tag:yaml\.org,2002:|!!)(\w+)$/

/** The node of a pair's key or value, as the parser leaves it; undefined for nothing at all. */
export function nodeOf(value: unknown): YamlNode | undefined {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value) ? (value as YamlNode) : undefined
}

/** What a scalar is to Helm. The document is parsed with texts only, so every scalar's `value` is its text. */
export function scalarOf(node: YamlScalar): Scalar {
  const text = String(node.value ?? '')
  if (node.tag !== undefined) {
    const tag = coreTag.exec(node.tag)?.[1]
    return tag === undefined || tag === 'str' ? { value: text } : taggedScalar(tag, text)
  }
  return node.type === undefined || node.type === YamlScalar.PLAIN ? plainScalar(text) : { value: text }
}

/** The key of a pair as Helm knows it; undefined where it is none (null, a list, a map). */
export function keyText(pair: Pair, target: (alias: Alias) => YamlNode | undefined): string | undefined {
  let node = nodeOf(pair.key)
  if (node !== undefined && isAlias(node)) node = target(node)
  if (node === undefined || !isScalar(node)) return undefined
  const scalar = scalarOf(node)
  // A key may be a number that no value may be: it becomes a text.
  if ('wrong' in scalar) return scalar.wrong === 'tag' ? undefined : String(node.value)
  return keyOf(scalar.value)
}

/** True for the `<<` that takes other maps in. */
export function isMerge(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.value === '<<' && (pair.key.type === YamlScalar.PLAIN || pair.key.type === undefined)
}

export function startOf(node: Node): number {
  return node.range?.[0] ?? 0
}

/** Where a node's own text ends: behind its last value, not behind comments and blank lines that follow. */
export function endOf(node: Node): number {
  let last: Node = node
  // Down the last branch, not by recursion: the depth of a document is whatever its writer wanted.
  for (;;) {
    let next: Node | undefined
    if (isMap(last) && last.flow !== true) {
      const pair = last.items.at(-1)
      next = nodeOf(pair?.value) ?? nodeOf(pair?.key)
      // `key:` has a value without text; it stands behind the colon.
    } else if (isSeq(last) && last.flow !== true) {
      next = nodeOf(last.items.at(-1))
    }
    if (next === undefined) return last.range?.[1] ?? 0
    last = next
  }
}
