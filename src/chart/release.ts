import type { RenderedObject } from './manifest.ts'

/** Words of Helm for the state of a release. */
export type ReleaseStatus =
  | 'unknown'
  | 'deployed'
  | 'uninstalled'
  | 'superseded'
  | 'failed'
  | 'uninstalling'
  | 'pending-install'
  | 'pending-upgrade'
  | 'pending-rollback'

export interface Revision {
  revision: number
  status: ReleaseStatus
  /** When it was made, ISO 8601. */
  updated: string
  /** Name and version of its chart, such as `loco-0.1.0`. */
  chart: string
  appVersion: string
  description: string
}

/** A release as Helm has written it down in the cluster: its newest revision. */
export interface ReleaseState extends Revision {
  name: string
  namespace: string
  /** What the person who installed it gave: chart defaults are not in it. */
  values: Record<string, unknown>
  manifest: string
  objects: RenderedObject[]
}

/** What an upgrade would write down. */
export interface PlannedRelease {
  /** False when the release would be made anew. */
  exists: boolean
  manifest: string
  objects: RenderedObject[]
}

export const isPending = (status: ReleaseStatus): boolean => status.startsWith('pending-')

/** True when an upgrade would change nothing that Helm has written down. What was changed in the cluster behind Helm's back is not in it. */
export function upToDate(state: ReleaseState | undefined, planned: PlannedRelease): boolean {
  return state?.status === 'deployed' && state.manifest.trim() === planned.manifest.trim()
}

/** How a release that a dead helm left half-way is brought back to a state from which an upgrade can go on. */
export type Healing =
  | { way: 'none' }
  /** Back to the last revision that was whole. */
  | { way: 'rollback'; to: number; from: ReleaseStatus }
  /** A first installation: take the record and the objects away, but neither pods nor claims. */
  | { way: 'drop'; from: ReleaseStatus }
  /** An uninstallation: bring it to its end. */
  | { way: 'finish-uninstall'; from: ReleaseStatus }

/** What heals a release with this history (any order); `none` when nothing is wrong or there is no release. */
export function healing(history: readonly Revision[]): Healing {
  const newestFirst = [...history].sort((a, b) => b.revision - a.revision)
  const status = newestFirst[0]?.status
  if (status === 'uninstalling') return { way: 'finish-uninstall', from: status }
  if (status === undefined || !isPending(status)) return { way: 'none' }
  const whole = newestFirst.find((one) => one.status === 'deployed') ?? newestFirst.find((one) => one.status === 'superseded')
  return whole === undefined ? { way: 'drop', from: status } : { way: 'rollback', to: whole.revision, from: status }
}
