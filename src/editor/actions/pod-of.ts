import { ordinalOf, podName } from '../../contracts/names.ts'
import type { EmulatorRef } from '../emulator-ref.ts'

/** Name of the pod that stands for an emulator: its controller gives each next one the same. */
export const podOf = ({ fleet, emulator }: EmulatorRef): string => podName(fleet.release, ordinalOf(emulator) ?? 0)
