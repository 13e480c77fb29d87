import { t } from '@vscode/l10n'
import type { StatusDocument } from '../contracts/fleet.ts'
import { verdictWords } from '../fleet/words.ts'
import { paintFor } from '../operations/paint.ts'
import type { Terminal } from './terminal.ts'
import { table, verdictColour } from './text.ts'

/** The fleet as a table: one row an emulator, its findings with their fixes below it. */
export function statusText(status: StatusDocument, terminal: Terminal): string {
  const paint = paintFor(terminal.interactive, terminal.env)
  const head = headText(status)
  if (status.emulators.length === 0) return `${head}\n${t('There are no emulators.')}\n`
  const rows = status.emulators.map((emulator) => [emulator.id, verdictWords(emulator.verdict), emulator.stage ?? '', emulator.sentence])
  const body = table([[t('EMULATOR'), t('VERDICT'), t('STAGE'), t('WHY')], ...rows], (text, column, row) => {
    const emulator = status.emulators[row - 1]
    if (emulator === undefined) return paint('grey', text)
    return column === 1 ? paint(verdictColour[emulator.verdict], text) : text
  })
  const findings = status.emulators.flatMap((emulator) =>
    emulator.findings.flatMap((finding) => [`${emulator.id}: ${finding.code} ${finding.title}. ${finding.cause}`, ...finding.fix.map((fix) => `  → ${fix}`)]),
  )
  return `${head}\n${body}${findings.map((line) => `${line}\n`).join('')}`
}

function headText({ context, namespace, release, freshness: { state, since } }: StatusDocument): string {
  switch (state) {
    case 'live':
      return t`Fleet ${release} in namespace ${namespace} of ${context}`
    case 'stale':
      return t`Fleet ${release} in namespace ${namespace} of ${context} (stale since ${since})`
    case 'denied':
      return t`Fleet ${release} in namespace ${namespace} of ${context} (denied since ${since})`
    case 'offline':
      return t`Fleet ${release} in namespace ${namespace} of ${context} (offline since ${since})`
  }
}
