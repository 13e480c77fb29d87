import type { FleetId } from '../fleets.ts'

/** The fleet of the row that a command was called on; undefined when it was called without one. */
export function fleetIn([clicked]: readonly unknown[]): FleetId | undefined {
  if (typeof clicked !== 'object' || clicked === null) return undefined
  const holder = 'ref' in clicked && typeof clicked.ref === 'object' && clicked.ref !== null ? clicked.ref : clicked
  return 'fleet' in holder && isFleetId(holder.fleet) ? holder.fleet : undefined
}

function isFleetId(value: unknown): value is FleetId {
  if (typeof value !== 'object' || value === null) return false
  const { context, namespace, release } = value as Record<string, unknown>
  return [context, namespace, release].every((part) => typeof part === 'string')
}

/** The operation of the row that a command was called on, or the id that it was given. */
export function operationIn([clicked]: readonly unknown[]): string | undefined {
  if (typeof clicked === 'string') return clicked
  if (typeof clicked !== 'object' || clicked === null || !('operation' in clicked)) return undefined
  return typeof clicked.operation === 'string' ? clicked.operation : undefined
}
