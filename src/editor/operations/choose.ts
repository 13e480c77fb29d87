import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import type { BookEntry } from '../../operations/operations-book.ts'
import type { FleetId, Fleets } from '../fleets.ts'
import { fleetName, operationTitle } from './title.ts'

/**
 * The fleet that a person means who called a command without a row: the only one that is known, or the one they pick. Undefined when none is known,
 * so that the settings decide; null when they picked none.
 */
export async function chooseFleet(fleets: Fleets, title: string): Promise<FleetId | undefined | null> {
  // Clusters that do not answer must not keep a person waiting: the plan asks the one that is meant again.
  await Promise.race([fleets.ready(), new Promise((resolve) => setTimeout(resolve, 3_000))])
  const known = fleets.sessions.map(({ id }) => id)
  if (known.length <= 1) return known[0]
  const items = known.map((fleet) => ({ label: fleetName(fleet), description: fleet.context, fleet }))
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder: t('Which fleet?') })
  return picked?.fleet ?? null
}

/** The operation that a person means who called a command without a row; undefined when they picked none. Says so when there is none to pick. */
export async function chooseOperation(entries: readonly BookEntry[], none: string): Promise<string | undefined> {
  const items = entries.flatMap(({ id, state: { plan } }) =>
    plan === undefined ? [] : [{ label: operationTitle(plan.operation, plan.target), detail: id, id }],
  )
  if (items.length === 0) {
    await vscode.window.showInformationMessage(none)
    return undefined
  }
  return (await vscode.window.showQuickPick(items, { placeHolder: t('Which operation?') }))?.id
}
