/** A path in the values, outermost key first. */
export type ValuesPath = readonly string[]

const resources = ['emulator', 'resources']
const probes = ['emulator', 'probes']

/** Where the values decide what a code is about; the longest beginning of a code that is listed counts. */
const paths: Readonly<Record<string, ValuesPath>> = {
  'LOCO-IMG': ['emulator', 'image'],
  'LOCO-IMG-002': ['imagePullSecrets'],
  'LOCO-IMG-003': ['imageRepo'],
  'LOCO-IMG-004': ['imageRepo'],
  'LOCO-IMG-005': ['imageRepo'],
  'LOCO-IMG-006': ['imageRepo'],
  'LOCO-IMG-007': ['imageRepo'],
  'LOCO-IMG-010': ['emulator', 'imagePullPolicy'],
  'LOCO-IMG-016': ['emulator', 'tag'],
  'LOCO-VOL': ['storage', 'strategy'],
  'LOCO-VOL-002': ['storage', 'hostPath', 'sharedDirectory'],
  'LOCO-PVC': ['storage', 'persistentVolume'],
  'LOCO-PVC-001': ['storage', 'persistentVolume', 'storageClass'],
  'LOCO-PVC-002': ['storage', 'persistentVolume', 'storageClass'],
  'LOCO-PVC-003': ['storage', 'persistentVolume', 'storageClass'],
  'LOCO-SCH': [...resources, 'requests'],
  'LOCO-SCH-001': [...resources, 'requests', 'cpu'],
  'LOCO-SCH-002': [...resources, 'requests', 'memory'],
  'LOCO-SCH-003': [...resources, 'requests', 'ephemeral-storage'],
  'LOCO-SCH-004': ['replicas'],
  'LOCO-SCH-005': ['emulator', 'kvm', 'enabled'],
  'LOCO-SCH-006': ['emulator', 'nodeSelector'],
  'LOCO-SCH-007': ['emulator', 'tolerations'],
  'LOCO-SCH-008': ['storage', 'persistentVolume'],
  'LOCO-SCH-009': ['storage', 'strategy'],
  'LOCO-SCH-010': ['storage', 'persistentVolume'],
  'LOCO-SCH-012': ['storage', 'persistentVolume'],
  'LOCO-RUN-004': ['emulator', 'memoryMiB'],
  'LOCO-POD-002': [...resources, 'limits', 'memory'],
  'LOCO-NOD-001': [...resources, 'limits'],
  'LOCO-PRB': probes,
  'LOCO-PRB-001': [...probes, 'startup'],
  'LOCO-PRB-002': [...probes, 'liveness'],
  'LOCO-PRB-003': [...probes, 'readiness'],
  'LOCO-CTL-001': resources,
  'LOCO-CTL-004': ['emulator'],
  'LOCO-CFG': ['emulator', 'env'],
  'LOCO-AGT-001': ['emulator', 'env'],
  'LOCO-AGT-002': ['emulator', 'accel'],
  'LOCO-AGT-005': ['emulator', 'kvm', 'enabled'],
  'LOCO-AGT-006': ['storage', 'strategy'],
  'LOCO-AGT-007': ['storage', 'strategy'],
  'LOCO-AGT-008': ['storage', 'ephemeral', 'sizeMiB'],
  'LOCO-AGT-016': ['emulator', 'healthPort'],
  'LOCO-GST-003': ['storage'],
  'LOCO-GST-010': [...probes, 'startup'],
}

/** What the table knows: whole codes, and areas for all others of theirs. */
export const codesWithPath: readonly string[] = Object.keys(paths)

/** The place in the values that decides what a code is about; undefined where none does. Pure. */
export function pathOfCode(code: string): ValuesPath | undefined {
  return paths[code] ?? paths[code.replace(/-\d+$/, '')]
}
