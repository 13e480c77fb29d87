import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../../src/base/package-root.ts'
import type { Finding } from '../../../src/contracts/fleet.ts'
import type { Claim, KubeEvent, Pod } from '../../../src/diagnosis/evidence.ts'
import type { MomentWords } from '../../../src/editor/actions/describe/events.ts'
import type { Emulator } from '../../../src/fleet/emulator.ts'

/** Objects as a real cluster gave them. */
export function fixture(name: string): { pod?: Pod; claim?: Claim; events: KubeEvent[] } {
  return JSON.parse(readFileSync(join(packageRoot(), 'test', 'fixtures', 'diagnosis', `${name}.json`), 'utf8')) as {
    pod?: Pod
    claim?: Claim
    events: KubeEvent[]
  }
}

export const finding = (more: Partial<Finding> = {}): Finding => ({
  code: 'LOCO-IMG-010',
  title: 'The image is not on the node',
  cause: 'The node has no image x.',
  evidence: ['ErrImageNeverPull'],
  fix: ['loco rebuild emulator'],
  severity: 'fatal',
  ...more,
})

export const emulator = (more: Partial<Emulator> = {}): Emulator => ({
  id: 'instance-0',
  ordinal: 0,
  pod: 'loco-loco-emulator-0',
  podUid: 'uid-0',
  verdict: 'healthy',
  stage: 'P3',
  sentence: 'The guest shows its desktop.',
  since: '2026-11-25T04:00:00.000Z',
  findings: [],
  seen: {},
  ...more,
})

/** Moments as UTC, so that the tests say the same everywhere. */
export const moment: MomentWords = (ms) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
