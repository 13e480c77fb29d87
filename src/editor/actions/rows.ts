import type { Finding } from '../../contracts/fleet.ts'
import type { RowSubject } from '../fleet/row.ts'
import type { FleetId } from '../fleets.ts'

/** The rows (`RowSubject`) that a command was called with: all that are selected when the clicked one is among them, as VS Code hands them over. */
function rowsIn(args: readonly unknown[]): readonly Partial<Record<keyof RowSubject, unknown>>[] {
  const [clicked, selected] = args
  const rows = Array.isArray(selected) && selected.length > 0 ? (selected as unknown[]) : [clicked]
  return rows.filter((row): row is object => typeof row === 'object' && row !== null)
}

/** Findings of the rows among the arguments, each once. */
export function findingsIn(args: readonly unknown[]): Finding[] {
  const found = rowsIn(args).flatMap(({ finding }) => (isFinding(finding) ? [finding] : []))
  return [...new Map(found.map((finding) => [JSON.stringify(finding), finding])).values()]
}

/** The container that the clicked row stands for. */
export function containerIn(args: readonly unknown[]): string | undefined {
  const container = rowsIn(args.slice(0, 1))[0]?.container
  return typeof container === 'string' ? container : undefined
}

/** Names in the cluster that the rows among the arguments have of their own. */
export const namesIn = (args: readonly unknown[]): string[] => rowsIn(args).flatMap(({ name }) => (typeof name === 'string' && name !== '' ? [name] : []))

/** The fleet of the clicked row: of a fleet itself, or of anything below it. */
export function fleetIn(args: readonly unknown[]): FleetId | undefined {
  const row = rowsIn(args.slice(0, 1))[0]
  const ref = row?.ref as { fleet?: unknown } | undefined
  return [row?.fleet, ref?.fleet].find(isFleetId)
}

const isFleetId = (value: unknown): value is FleetId => {
  const { context, namespace, release } = (value ?? {}) as Partial<FleetId>
  return typeof context === 'string' && typeof namespace === 'string' && typeof release === 'string'
}

const isFinding = (value: unknown): value is Finding => {
  const { code, fix } = (value ?? {}) as Partial<Finding>
  return typeof code === 'string' && Array.isArray(fix)
}
