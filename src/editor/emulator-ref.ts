import type { FleetId } from './fleets.ts'

/** Which emulator: what commands take, what tree rows and tabs carry. */
export interface EmulatorRef {
  readonly fleet: FleetId
  /** `instance-<ordinal>`. */
  readonly emulator: string
}

/** A row or an argument that stands for an emulator (rows of the Fleet view have `ref`). */
export interface HasEmulatorRef {
  readonly ref: EmulatorRef
}

/** The emulators that a command was called with: from the rows that VS Code hands over (the clicked one, then all that are selected). */
export function refsIn(args: readonly unknown[]): EmulatorRef[] {
  const [clicked, selected] = args
  const all = Array.isArray(selected) && selected.length > 0 ? (selected as unknown[]) : [clicked]
  return all.flatMap((one) => (isRef(one) ? [one] : hasRef(one) ? [one.ref] : []))
}

const isRef = (value: unknown): value is EmulatorRef =>
  typeof value === 'object' && value !== null && 'fleet' in value && 'emulator' in value && typeof value.emulator === 'string'
const hasRef = (value: unknown): value is HasEmulatorRef => typeof value === 'object' && value !== null && 'ref' in value && isRef(value.ref)
