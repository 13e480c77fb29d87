import type { AccessAttribute } from '../../kube/access.ts'

/** What may be done with the emulators of a fleet, and the right in the cluster that it takes. */
export const emulatorRights = {
  screen: { verb: 'create', group: '', resource: 'pods', subresource: 'portforward' },
  logs: { verb: 'get', group: '', resource: 'pods', subresource: 'log' },
  exec: { verb: 'create', group: '', resource: 'pods', subresource: 'exec' },
  restart: { verb: 'delete', group: '', resource: 'pods' },
} as const satisfies Record<string, Omit<AccessAttribute, 'namespace'>>

export type EmulatorRight = keyof typeof emulatorRights
export const allRights = Object.keys(emulatorRights) as readonly EmulatorRight[]
