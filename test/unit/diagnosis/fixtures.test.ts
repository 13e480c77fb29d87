import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../../src/base/package-root.ts'
import type { Finding } from '../../../src/contracts/fleet.ts'
import { diagnoseClaim, diagnoseController, diagnosePod } from '../../../src/diagnosis/diagnose.ts'
import type { Claim, Controller, KubeEvent, Pod } from '../../../src/diagnosis/evidence.ts'

/** Saved from a real cluster by test/cluster/diagnosis with LOCO_SAVE_FIXTURES=1: objects and events as the API server sent them. */
interface Fixture {
  code: string
  now: string
  pod?: Pod
  claim?: Claim
  controller?: Controller
  events: KubeEvent[]
}

const folder = join(packageRoot(), 'test', 'fixtures', 'diagnosis')

describe('diagnosis: words of a real cluster', () => {
  for (const file of readdirSync(folder)) {
    const { code, pod, claim, controller, events, ...fixture } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Fixture
    it(`${file} → ${code}`, () => {
      const now = Date.parse(fixture.now)
      const findings: Finding[] = [
        ...(pod === undefined ? [] : diagnosePod({ pod, events, now })),
        ...(claim === undefined ? [] : diagnoseClaim({ claim, events }, { now })),
        ...(controller === undefined ? [] : diagnoseController({ controller, events, pods: [] }, { now })),
      ]
      assert.deepEqual(
        findings.map((finding) => finding.code),
        [code],
      )
    })
  }
})
