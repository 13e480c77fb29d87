import { isMap, isNode, isScalar, LineCounter, type Node, type Pair, parseDocument } from 'yaml'
import type { ValuesPath } from './path-of-code.ts'

/** A place in a text, lines and columns from 0. `depth`: how many keys of the path were found. */
export interface Place {
  readonly line: number
  readonly column: number
  readonly depth: number
}

/** The key in a YAML text at which a path ends, or the deepest one on the way that is there. Broken text is searched as far as it can be read. Pure. */
export function placeInValues(text: string, path: ValuesPath): Place {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent' })
  let node: Node | null = document.contents
  let place: Place = { line: 0, column: 0, depth: 0 }
  for (const [index, key] of path.entries()) {
    const pair: Pair | undefined = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined
    if (pair === undefined) break
    const offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0
    const { line, col } = lines.linePos(offset)
    place = { line: line - 1, column: col - 1, depth: index + 1 }
    node = isNode(pair.value) ? pair.value : null
  }
  return place
}
