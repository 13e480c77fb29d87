import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { refsIn } from '../../emulator-ref.ts'
import { type FleetId, type FleetSession, fleetKey } from '../../fleets.ts'
import type { Services } from '../../services.ts'
import { findingsIn, fleetIn } from '../rows.ts'
import { knownSessions } from '../targets.ts'
import { pathOfCode, type ValuesPath } from './path-of-code.ts'
import { valuesUri } from './values-documents.ts'
import { bestPlace, filesOfFleet } from './values-files.ts'

/**
 * Opens the values that decide how a fleet is, at the line that matters: the person's own file where one made the fleet, else a copy for reading of what the
 * release was installed with. For an emulator with a finding that is the line behind the finding.
 */
export async function openValues({ fleets }: Services, args: readonly unknown[]): Promise<void> {
  const sessions = await knownSessions(fleets)
  const chosen = fleetIn(args) ?? (await pickFleet(sessions))
  if (chosen === undefined) return
  const fleet = chosen === 'none' ? undefined : chosen
  const path = pathFor(args, sessions)
  const place = await bestPlace(await filesOfFleet(fleet), path)
  if (place !== undefined) return void (await show(vscode.Uri.file(place.file), place))
  const uri = valuesUri(fleet)
  const [document, { placeInValues }] = await Promise.all([vscode.workspace.openTextDocument(uri), import('./place-in-values.ts')])
  await show(uri, placeInValues(document.getText(), path))
}

async function show(uri: vscode.Uri, { line, column }: { line: number; column: number }): Promise<void> {
  const at = new vscode.Position(line, column)
  const editor = await vscode.window.showTextDocument(uri, { preview: false, selection: new vscode.Range(at, at) })
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport)
}

/** The line behind the first finding that the values decide about; else that of the emulators, or for a fleet how many there are. */
function pathFor(args: readonly unknown[], sessions: readonly FleetSession[]): ValuesPath {
  const [ref] = refsIn(args)
  const store = sessions.find(({ id }) => ref !== undefined && fleetKey(id) === fleetKey(ref.fleet))?.store
  const findings = [...findingsIn(args), ...(store?.get(ref?.emulator ?? '')?.findings ?? [])]
  const [path] = findings.map(({ code }) => pathOfCode(code)).filter((one) => one !== undefined)
  return path ?? [ref === undefined ? 'replicas' : 'emulator']
}

/** `none` when there is no fleet, undefined when the person picks none. */
async function pickFleet(sessions: readonly FleetSession[]): Promise<FleetId | 'none' | undefined> {
  if (sessions.length <= 1) return sessions[0]?.id ?? 'none'
  const items = sessions.map(({ id }) => ({ label: `${id.namespace}/${id.release}`, description: id.context, id }))
  return (await vscode.window.showQuickPick(items, { placeHolder: t('Open the values of which fleet?') }))?.id
}
