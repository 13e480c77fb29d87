import type { Finding } from '../contracts/fleet.ts'
import type { GroupedFinding } from '../contracts/operation.ts'

export interface PlacedFinding {
  finding: Finding
  /** Name of the emulator, claim or other thing it holds for. */
  where: string
}

const severities: readonly Finding['severity'][] = ['fatal', 'warning', 'info']
const mostEvidence = 10

/**
 * One entry for one cause: findings of the same code whose causes differ only in an ordinal are one, with the names they hold for, the worst severity and
 * what was said (at most ten lines). Fatal ones first, otherwise in the order they came.
 */
export function groupFindings(placed: readonly PlacedFinding[]): GroupedFinding[] {
  const groups = new Map<string, GroupedFinding>()
  for (const { finding, where } of placed) {
    const key = `${finding.code} ${withoutOrdinals(finding.cause)}`
    const group = groups.get(key)
    if (group === undefined) {
      groups.set(key, { ...finding, where: [where] })
      continue
    }
    if (!group.where.includes(where)) group.where.push(where)
    group.severity = severities[Math.min(severities.indexOf(group.severity), severities.indexOf(finding.severity))] ?? group.severity
    const heard = new Set(group.evidence.map(withoutOrdinals))
    group.evidence = [...group.evidence, ...finding.evidence.filter((line) => !heard.has(withoutOrdinals(line)))].slice(0, mostEvidence)
  }
  return [...groups.values()].sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
}

/** Names of pods and claims of one set differ by the ordinal at their end only. */
function withoutOrdinals(text: string): string {
  return text.replace(/-\d+\b/g, '-N')
}
