import type { EmulatorStatus } from '../contracts/fleet.ts'
import type { Confirm } from './confirm.ts'
import type { FleetId } from './fleets.ts'

/** What other extensions may use (docs/user-guide.md). Read-only; a change of meaning raises `version`. */
export interface LocoApi {
  readonly version: 1
  /** The fleets that are watched now, as the Fleet view tells them. */
  fleets(): { fleet: FleetId; emulators: readonly EmulatorStatus[] }[]
  /** Only while VS Code runs the tests of an extension, where it refuses modal dialogs. */
  readonly test?: { answerConfirmations(confirm: Confirm): void }
}
