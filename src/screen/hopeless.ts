import type { LocoCode } from '../base/codes.ts'

/** What does not go away by waiting: somebody has to change something first. */
const hopeless: ReadonlySet<LocoCode> = new Set<LocoCode>([
  // What answers is not what it should be.
  ...(['LOCO-SCR-002', 'LOCO-SCR-004', 'LOCO-SCR-005', 'LOCO-SCR-006', 'LOCO-SCR-009'] as const),
  // The login to the cluster, and the right to forward ports.
  ...(['LOCO-KUB-007', 'LOCO-KUB-008', 'LOCO-KUB-009', 'LOCO-KUB-010', 'LOCO-KUB-011', 'LOCO-KUB-033'] as const),
])

/** True for a failure that trying again cannot heal. */
export const isHopeless = (code: LocoCode): boolean => hopeless.has(code)
