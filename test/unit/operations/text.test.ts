import assert from 'node:assert/strict'
import type { OperationEvent } from '../../../src/contracts/operation.ts'
import { operationLines, progressText } from '../../../src/operations/text.ts'
import { target } from './given.ts'

const at = { t: '2026-11-25T00:57:14.123Z', op: '20261125-005714-123-k3f9' }
const finding = {
  code: 'LOCO-IMG-001',
  title: 'Image missing',
  cause: 'The node has no image.',
  evidence: ['raw words'],
  fix: ['loco rebuild emulator'],
  severity: 'fatal' as const,
  where: ['instance-0', 'instance-1'],
}

describe('operation events as text', () => {
  const rows: [string, OperationEvent, string][] = [
    [
      'a plan is a numbered list, with what will be lost',
      {
        ...at,
        kind: 'plan',
        schema: 'loco.operation/1',
        operation: 'destroy',
        target,
        steps: [
          { id: 'a', title: 'Uninstall the release', after: [], detail: 'emulators are switched off.' },
          { id: 'b', title: 'Keep the disks', after: ['a'] },
        ],
        losses: ['claim disk-0 (10Gi)'],
      },
      `strong Destroy of release loco in namespace loco of loco-sandbox (native)
faint operation 20261125-005714-123-k3f9
plain   1. Uninstall the release: emulators are switched off.
plain   2. Keep the disks
warn   will be lost: claim disk-0 (10Gi)`,
    ],
    ['a step that begins leaves no line', { ...at, kind: 'step-start', step: 'a', title: 'Build' }, ''],
    ['progress leaves no line', { ...at, kind: 'step-progress', step: 'a', sentence: 'Waiting.' }, ''],
    ['a log line is set back', { ...at, kind: 'step-log', step: 'a', line: 'Step 1/9' }, 'faint     Step 1/9'],
    [
      'done, with its time',
      { ...at, kind: 'step-end', step: 'a', title: 'Build', outcome: 'done', seconds: 3.25, sentence: 'It was built.' },
      'good ✓ Build (3.3 s): It was built.',
    ],
    [
      'already true, with its proof and without a time that is none',
      { ...at, kind: 'step-end', step: 'a', title: 'Build', outcome: 'already', seconds: 0.01, sentence: 'Nothing changed.' },
      'good = Build: Nothing changed.',
    ],
    [
      'failed after minutes',
      { ...at, kind: 'step-end', step: 'a', title: 'Build', outcome: 'failed', seconds: 125, sentence: 'No.' },
      'bad ✗ Build (2 min 5 s): No.',
    ],
    [
      'a finding names all it holds for, and the fix',
      { ...at, kind: 'finding', finding },
      `bad   LOCO-IMG-001 Image missing (instance-0, instance-1)
plain     The node has no image.
plain     → loco rebuild emulator`,
    ],
    [
      'a report: outcome, causes, what is gone, what is kept, what next',
      {
        ...at,
        kind: 'report',
        schema: 'loco.operation.report/1',
        operation: 'destroy',
        outcome: 'succeeded',
        exit: 0,
        seconds: 12,
        sentence: 'The fleet is gone.',
        findings: [],
        gone: ['release loco'],
        kept: ['claim disk-0'],
        next: ['loco bootstrap'],
      },
      `good The fleet is gone. (12 s)
plain   gone: release loco
plain   kept: claim disk-0
plain   next: loco bootstrap`,
    ],
  ]
  for (const [name, event, expected] of rows) {
    it(name, () =>
      assert.equal(
        operationLines(event)
          .map(({ tone, text }) => `${tone} ${text}`)
          .join('\n'),
        expected,
      ),
    )
  }

  it('what is being done right now', () => {
    assert.deepEqual(progressText({ ...at, kind: 'step-start', step: 'a', title: 'Build' }), { sentence: 'Build …' })
    assert.deepEqual(progressText({ ...at, kind: 'step-progress', step: 'a', sentence: 'Waiting.', done: 1, total: 3 }), {
      sentence: 'Waiting.',
      done: 1,
      total: 3,
    })
    assert.equal(progressText({ ...at, kind: 'step-log', step: 'a', line: 'x' }), undefined)
  })
})
