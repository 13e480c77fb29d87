import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { LocoError } from '../../base/error.ts'
import { verdictWords } from '../../fleet/words.ts'
import { type EmulatorRef, refsIn } from '../emulator-ref.ts'
import { type FleetSession, type Fleets, fleetKey } from '../fleets.ts'

export interface Choice {
  /** The question above the list when no row says which. */
  placeholder: string
  /** More than one may be chosen. */
  many: boolean
}

interface Item extends vscode.QuickPickItem {
  ref: EmulatorRef
}

/**
 * The emulators that a command is about: those of the rows it was called with, else the only one there is, else what the person picks.
 * Empty when the person picks none.
 * @throws LOCO-ACT-001 when there is no emulator anywhere
 */
export async function chooseEmulators(fleets: Fleets, args: readonly unknown[], { placeholder, many }: Choice): Promise<EmulatorRef[]> {
  const refs = refsIn(args)
  if (refs.length > 0) return distinct(refs)
  const items = itemsOf(await knownSessions(fleets))
  if (items.length === 0) throw noEmulator()
  const [only] = items
  if (only !== undefined && items.length === 1) return [only.ref]
  if (many) return (await pickMany(items, placeholder)).map(refOf)
  const picked = await vscode.window.showQuickPick(items, { placeHolder: placeholder, matchOnDescription: true })
  return picked === undefined ? [] : [picked.ref]
}

/** The fleets that are watched, after waiting until it is known which there are. */
export async function knownSessions(fleets: Fleets): Promise<readonly FleetSession[]> {
  await fleets.ready()
  return fleets.sessions
}

/** Enter takes the ticked ones, or without any tick the one under the cursor: the usual case takes one key. */
function pickMany(items: readonly Item[], placeholder: string): Promise<readonly Item[]> {
  const pick = vscode.window.createQuickPick<Item>()
  Object.assign(pick, { items, placeholder, canSelectMany: true, matchOnDescription: true })
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      resolve(pick.selectedItems.length > 0 ? pick.selectedItems : pick.activeItems)
      pick.hide()
    })
    pick.onDidHide(() => {
      resolve([])
      pick.dispose()
    })
    pick.show()
  })
}

function itemsOf(sessions: readonly FleetSession[]): Item[] {
  return sessions.flatMap(({ id, store }) =>
    store.emulators.map(({ id: emulator, verdict, sentence }) => ({
      label: emulator,
      // With one fleet its name would only be noise.
      description: sessions.length === 1 ? verdictWords(verdict) : `${id.context} · ${id.namespace}/${id.release} · ${verdictWords(verdict)}`,
      detail: sentence,
      ref: { fleet: id, emulator },
    })),
  )
}

/** How these emulators are called in messages: with their fleet only where there are several. */
export function namesOf(refs: readonly EmulatorRef[]): (ref: EmulatorRef) => string {
  const fleets = new Set(refs.map(({ fleet }) => fleetKey(fleet)))
  return ({ fleet, emulator }) => (fleets.size <= 1 ? emulator : `${fleet.namespace}/${fleet.release}/${emulator}`)
}

const refOf = ({ ref }: Item): EmulatorRef => ref
const keyOf = ({ fleet, emulator }: EmulatorRef): string => `${fleetKey(fleet)}/${emulator}`
/** Rows of several containers of one emulator are one emulator. */
const distinct = (refs: readonly EmulatorRef[]): EmulatorRef[] => [...new Map(refs.map((ref) => [keyOf(ref), ref])).values()]

/** Why a command about emulators cannot run. */
export function noEmulator(): LocoError {
  return new LocoError('LOCO-ACT-001', {
    what: t('There is no emulator that this could be done with.'),
    why: t('No fleet is known: no cluster can be reached, or none of the chosen contexts has a fleet.'),
    fix: [t('Look at the Fleet view: it says what is missing.'), t('Run the command Loco: Bootstrap.'), t('Run the command Loco: Select Contexts….')],
  })
}
