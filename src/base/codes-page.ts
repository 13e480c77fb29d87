import type { CodeEntry } from './codes/entry.ts'

/** The text of docs/codes.md: every code with its meaning, ordered by code. */
export function codesPage(codes: Record<string, CodeEntry>): string {
  const entries = Object.entries(codes).sort(([a], [b]) => (a < b ? -1 : 1))
  const sections = entries.map(([code, { title, exit, explain }]) => `## ${code}\n\n**${title}.** Exit code ${exit}.\n\n${explain}\n`)
  return [
    '# Codes\n\nEvery message of Loco Cluster that speaks of a problem carries one of these codes. A code never changes its meaning.\n',
    'The exit code of the terminal command: tens digit = layer (1 tools and environment, 2 images, 3 chart and values, 4 cluster and API, 5 workloads, 6 storage, 7 screens, 8 snapshots),',
    'unit digit = kind (1 conflict, 2 time-out, 3 not running, 5 not found, 6 unsupported, 7 permission, 8 configuration, 9 unavailable, 0 mixed); 2 = usage, 130 = cancelled.\n',
    ...sections,
  ].join('\n')
}
