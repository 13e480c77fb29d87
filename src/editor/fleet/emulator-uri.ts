import * as vscode from 'vscode'
import type { EmulatorRef } from '../emulator-ref.ts'
import { fleetKey, parseFleetKey } from '../fleets.ts'

/** A scheme of our own, so that nobody else decorates our rows (git, problems). */
export const emulatorScheme = 'loco-emulator'

export function emulatorUri({ fleet, emulator }: EmulatorRef): vscode.Uri {
  return vscode.Uri.from({ scheme: emulatorScheme, path: `/${fleetKey(fleet)}/${emulator}` })
}

/** The other way round; undefined for a URI that is none of ours. */
export function emulatorOf({ scheme, path }: vscode.Uri): EmulatorRef | undefined {
  const last = path.lastIndexOf('/')
  const fleet = scheme === emulatorScheme ? parseFleetKey(path.slice(1, last)) : undefined
  return fleet && { fleet, emulator: path.slice(last + 1) }
}
