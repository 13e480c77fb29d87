import assert from 'node:assert/strict'
import { judgeGuest, type Signals } from '../../../containers/qemu-softgpu/agent/verdict.ts'

const well: Signals = { status: 'running', silent: 0, age: 20, pictured: true, blank: null, blankFor: 0, unanswered: 0, moving: true }

describe('verdict', () => {
  const cases: [string, Partial<Signals>, string, string, string | null][] = [
    ['QEMU has not answered yet', { status: null, silent: 2, pictured: false }, 'starting', 'P0', null],
    ['QEMU never answers', { status: null, silent: 11, pictured: false }, 'unhealthy', 'P0', 'LOCO-GST-001'],
    ['QEMU is silent after it was well', { silent: 11 }, 'unhealthy', 'P0', 'LOCO-GST-001'],
    ['QEMU is slow', { silent: 6 }, 'healthy', 'P2', null],
    ['just started', { pictured: false, age: 1, blank: 'off' }, 'starting', 'P1', null],
    ['black while it starts', { pictured: false, age: 30, blank: 'black', blankFor: 29 }, 'starting', 'P1', null],
    ['never a picture', { pictured: false, age: 121, blank: 'black', blankFor: 120 }, 'unhealthy', 'P1', 'LOCO-GST-010'],
    ['moving picture', {}, 'healthy', 'P2', null],
    ['still picture that answers, such as a BIOS prompt', { moving: false }, 'healthy', 'P2', null],
    ['one key lost', { moving: false, unanswered: 1 }, 'healthy', 'P2', null],
    ['frozen', { moving: false, unanswered: 2 }, 'unhealthy', 'P2', 'LOCO-GST-009'],
    ['frozen and black', { moving: false, unanswered: 2, blank: 'black', blankFor: 60 }, 'unhealthy', 'P2', 'LOCO-GST-009'],
    ['frozen before the first picture', { moving: false, unanswered: 2, pictured: false, blank: 'black' }, 'unhealthy', 'P1', 'LOCO-GST-009'],
    ['black', { blank: 'black', blankFor: 0 }, 'degraded', 'P2', 'LOCO-GST-006'],
    ['black for long: a screen saver looks like this, so no restart', { blank: 'black', blankFor: 900 }, 'degraded', 'P2', 'LOCO-GST-006'],
    ['grey all over', { blank: 'other', blankFor: 9 }, 'degraded', 'P2', 'LOCO-GST-007'],
    ['blue flash of a mode switch', { blank: 'blue', blankFor: 1 }, 'degraded', 'P2', 'LOCO-GST-008'],
    ['blue all over', { blank: 'blue', blankFor: 3 }, 'unhealthy', 'P2', 'LOCO-GST-008'],
    ['blue with text: ScanDisk can look like it', { blank: 'crash', blankFor: 60 }, 'degraded', 'P2', 'LOCO-GST-008'],
    ['display off after a picture', { blank: 'off' }, 'degraded', 'P2', 'LOCO-GST-007'],
    ['switched off by the guest', { status: 'shutdown' }, 'stopped', 'P2', null],
    ['paused', { status: 'paused' }, 'degraded', 'P2', 'LOCO-GST-002'],
    ['paused and black: the pause is the reason', { status: 'paused', blank: 'black' }, 'degraded', 'P2', 'LOCO-GST-002'],
    ['disk full', { status: 'io-error' }, 'unhealthy', 'P2', 'LOCO-GST-003'],
    ['panic', { status: 'guest-panicked' }, 'unhealthy', 'P2', 'LOCO-GST-004'],
    ['KVM failed', { status: 'internal-error' }, 'unhealthy', 'P2', 'LOCO-GST-005'],
    ['asleep', { status: 'suspended' }, 'degraded', 'P2', 'LOCO-GST-011'],
    ['being prepared', { status: 'prelaunch', pictured: false }, 'starting', 'P0', null],
    ['a state of a newer QEMU', { status: 'colo' }, 'degraded', 'P2', 'LOCO-GST-002'],
  ]
  for (const [name, signals, verdict, stage, code] of cases) {
    it(`${name} → ${verdict}`, () => {
      const judged = judgeGuest({ ...well, ...signals })
      assert.deepEqual([judged.verdict, judged.stage, judged.code], [verdict, stage, code])
      assert.match(judged.sentence, /^[A-Z].*\.$/)
      assert.doesNotMatch(judged.sentence, /\d/, 'no clock in a sentence')
    })
  }

  it('a picture that shows nothing is never healthy', () => {
    for (const blank of ['black', 'blue', 'other', 'crash', 'off'] as const) {
      for (const pictured of [true, false]) {
        for (const moving of [true, false]) assert.notEqual(judgeGuest({ ...well, blank, pictured, moving }).verdict, 'healthy')
      }
    }
  })
})
