import type { StatusDocument } from '../contracts/fleet.ts'
import type { Terminal } from './terminal.ts'
import { paintFor, table, verdictColour } from './text.ts'

/** The fleet as a table: one row an emulator, its findings with their fixes below it. */
export function statusText(status: StatusDocument, terminal: Terminal): string {
  const paint = paintFor(terminal.interactive, terminal.env)
  const head = `Fleet ${status.release} in namespace ${status.namespace} of ${status.context}`
  const fresh = status.freshness.state === 'live' ? '' : ` (${status.freshness.state} since ${status.freshness.since})`
  if (status.emulators.length === 0) return `${head}${fresh}: no emulators.\n`
  const rows = status.emulators.map((emulator) => [emulator.id, emulator.verdict, emulator.stage ?? '', emulator.sentence])
  const body = table([['EMULATOR', 'VERDICT', 'STAGE', 'WHY'], ...rows], (text, column, row) => {
    const emulator = status.emulators[row - 1]
    if (emulator === undefined) return paint('grey', text)
    return column === 1 ? paint(verdictColour[emulator.verdict], text) : text
  })
  const findings = status.emulators.flatMap((emulator) =>
    emulator.findings.flatMap((finding) => [`${emulator.id}: ${finding.code} ${finding.title}. ${finding.cause}`, ...finding.fix.map((fix) => `  → ${fix}`)]),
  )
  return `${head}${fresh}\n${body}${findings.map((line) => `${line}\n`).join('')}`
}
