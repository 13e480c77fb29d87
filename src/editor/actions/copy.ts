import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import type { Finding } from '../../contracts/fleet.ts'
import { refsIn } from '../emulator-ref.ts'
import type { Services } from '../services.ts'
import { podOf } from './pod-of.ts'
import { findingsIn, namesIn } from './rows.ts'
import { chooseEmulators, knownSessions, noEmulator } from './targets.ts'

/** Milliseconds for which the status bar says what was copied. */
const shown = 4_000

/** Copies names as the cluster knows them, one a line: of rows that have one, else of the pods of emulators. */
export async function copyName({ fleets }: Services, args: readonly unknown[]): Promise<void> {
  const own = namesIn(args)
  const names =
    own.length > 0 ? own : (await chooseEmulators(fleets, args, { placeholder: t('Copy the pod names of which emulators?'), many: true })).map(podOf)
  await copy(names)
}

/** Copies what to do about findings, as it would be typed, one a line: of the rows, else of one that is picked. */
export async function copyFix({ fleets }: Services, args: readonly unknown[]): Promise<void> {
  const findings = findingsIn(args)
  const chosen = findings.length > 0 ? findings : await pickFinding({ fleets }, args)
  await copy([...new Set(chosen.flatMap(({ fix }) => fix))])
}

async function copy(lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return
  await vscode.env.clipboard.writeText(lines.join('\n'))
  vscode.window.setStatusBarMessage(lines.length === 1 ? t`Copied: ${lines[0] ?? ''}` : t`Copied ${lines.length} lines.`, shown)
}

async function pickFinding({ fleets }: Pick<Services, 'fleets'>, args: readonly unknown[]): Promise<Finding[]> {
  const wanted = refsIn(args)
  const sessions = await knownSessions(fleets)
  if (sessions.every(({ store }) => store.emulators.length === 0)) throw noEmulator()
  const items = sessions.flatMap(({ store }) =>
    store.emulators
      .filter(({ id }) => wanted.length === 0 || wanted.some(({ emulator }) => emulator === id))
      .flatMap(({ id, findings }) =>
        findings
          .filter(({ fix }) => fix.length > 0)
          .map((finding) => ({ label: finding.title, description: `${finding.code} · ${id}`, detail: finding.fix.join(' · '), finding })),
      ),
  )
  if (items.length === 0) {
    void vscode.window.showInformationMessage(t('Nothing is known to be wrong with an emulator, so there is no fix to copy.'))
    return []
  }
  const picked = await vscode.window.showQuickPick(items, { placeHolder: t('Copy the fix of which finding?'), matchOnDescription: true, matchOnDetail: true })
  return picked === undefined ? [] : [picked.finding]
}
