/**
 * Names of the original system that stay (docs/release-notes-map.md): one helper, so that chart, core and tests say the same.
 * `fullname` is `<release>-loco` cut to 63 characters, as in the chart's `loco.fullname`.
 */
export function fullname(release: string): string {
  return `${release}-loco`.slice(0, 63).replace(/-+$/, '')
}

export const emulatorName = (release: string): string => `${fullname(release)}-emulator`

export const podName = (release: string, ordinal: number): string => `${emulatorName(release)}-${ordinal}`

export const emulatorId = (ordinal: number): string => `instance-${ordinal}`

/** The ordinal in `instance-<n>`, a pod name or a bare number; undefined for anything else. */
export function ordinalOf(name: string): number | undefined {
  const digits = /^(?:instance-|.*-)?(\d{1,4})$/.exec(name)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** Labels by which every part finds its own: set by the chart, used as selectors. */
export const labels = {
  component: 'app.kubernetes.io/component',
  partOf: 'app.kubernetes.io/part-of',
  instance: 'app.kubernetes.io/instance',
  managedBy: 'app.kubernetes.io/managed-by',
  /** On cluster-wide objects of a release: the namespace it is installed in. */
  namespace: 'loco-cluster/namespace',
} as const
export const partOf = 'lego-loco-cluster'

/** Selector for the emulators of one release. */
export const emulatorSelector = (release: string): string => `${labels.component}=emulator,${labels.partOf}=${partOf},${labels.instance}=${release}`

export const ports = { vnc: 5901, health: 8080, backend: 3001, frontend: 3000 } as const

/** MiB that a pod needs beside the guest's RAM, for QEMU and the agent. Chart, rules and agent all take this figure. */
export const podOverheadMiB = 160

/** The image repository of emulator `n`; all nine are tags of one build. */
export const emulatorImage = (ordinal: number): string => `compose-emulator-${ordinal}`
