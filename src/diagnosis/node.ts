import { type Node, timeOf } from './evidence.ts'
import { match, noFacts, type Signal } from './row.ts'
import { nodeRows } from './rows/node.ts'

/** What is wrong with a node, read from its conditions. */
export function nodeSignals(node: Node): Signal[] {
  const { name = '' } = node.metadata ?? {}
  return (node.status?.conditions ?? []).flatMap((condition) => {
    const found = match(nodeRows, `${condition.type}=${condition.status}`, condition.message ?? '')
    if (found === undefined) return []
    const words = [condition.reason, condition.message].filter((word): word is string => word !== undefined && word !== '')
    return [
      {
        row: found.row,
        facts: { ...noFacts, object: name },
        subject: `${name}/${condition.type}`,
        since: timeOf(condition.lastTransitionTime),
        times: 1,
        words,
      },
    ]
  })
}
