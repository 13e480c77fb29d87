import assert from 'node:assert/strict'
import { LocoError } from '../../../src/base/error.ts'
import type { Finding } from '../../../src/contracts/fleet.ts'
import { groupFindings } from '../../../src/diagnosis/group.ts'
import { exitOf, failureOf, verdictOf } from '../../../src/operations/report.ts'
import { StepFailure } from '../../../src/operations/step.ts'

const finding = (code: string, over: Partial<Finding> = {}): Finding => ({
  code,
  title: 'T',
  cause: 'C.',
  evidence: [],
  fix: [],
  severity: 'fatal',
  ...over,
})

describe('exit code of a run', () => {
  const rows: [string, number[], number][] = [
    ['one failure', [47], 47],
    ['the same failure twice', [25, 25], 25],
    ['two kinds in one layer', [41, 47], 40],
    ['two layers', [25, 55], 10],
    ['usage beside a layer', [2, 41], 10],
    ['a failure whose code we do not know', [10], 10],
    ['no exit code at all is still a failure', [], 10],
    ['an exit code of 0 does not make a failure good', [0], 10],
  ]
  for (const [name, exits, exit] of rows) it(`${name}: ${exits.join(', ')} → ${exit}`, () => assert.equal(exitOf(exits), exit))

  it('is 0 only without a failed step', () => {
    assert.deepEqual(verdictOf({ failedSteps: 0, cancelled: false, failures: [] }), { outcome: 'succeeded', exit: 0 })
    assert.deepEqual(verdictOf({ failedSteps: 1, cancelled: false, failures: [] }), { outcome: 'failed', exit: 10 })
    assert.deepEqual(verdictOf({ failedSteps: 1, cancelled: false, failures: [finding('LOCO-OPS-001')] }), { outcome: 'failed', exit: 41 })
    assert.deepEqual(verdictOf({ failedSteps: 1, cancelled: false, failures: [finding('SOMETHING-ELSE')] }), { outcome: 'failed', exit: 10 })
  })

  it('is 130 when a person stopped it, whatever failed before', () => {
    assert.deepEqual(verdictOf({ failedSteps: 1, cancelled: true, failures: [finding('LOCO-OPS-001')] }), { outcome: 'cancelled', exit: 130 })
  })
})

describe('findings by cause', () => {
  it('nine equal failures are one entry with nine names', () => {
    const nine = Array.from({ length: 9 }, (_, n) => ({
      finding: finding('LOCO-OPS-001', { cause: `Pod loco-${n} crashed.`, evidence: ['same words'] }),
      where: `instance-${n}`,
    }))
    const groups = groupFindings(nine)
    assert.equal(groups.length, 1)
    assert.equal(groups[0]?.where.length, 9)
    assert.deepEqual(groups[0]?.evidence, ['same words'])
  })

  it('different codes stay apart, fatal ones first', () => {
    const groups = groupFindings([
      { finding: finding('LOCO-OPS-002', { severity: 'info' }), where: 'a' },
      { finding: finding('LOCO-OPS-003', { severity: 'warning' }), where: 'a' },
      { finding: finding('LOCO-OPS-001'), where: 'a' },
    ])
    assert.deepEqual(
      groups.map((group) => group.code),
      ['LOCO-OPS-001', 'LOCO-OPS-003', 'LOCO-OPS-002'],
    )
  })
})

describe('what a step threw', () => {
  it('a coded error is one finding with its words and fix', () => {
    const error = new LocoError('LOCO-OPS-001', { what: 'What.', why: 'Why.', fix: ['fix it'], evidence: ['raw'] })
    const { sentence, findings } = failureOf(error, 'Install')
    assert.equal(sentence, 'What. Why.')
    assert.deepEqual(findings[0], {
      where: 'Install',
      finding: {
        code: 'LOCO-OPS-001',
        title: 'Another operation is running on this machine',
        cause: 'What. Why.',
        evidence: ['raw'],
        fix: ['fix it'],
        severity: 'fatal',
      },
    })
  })

  it('findings stay findings', () => {
    const located = { finding: finding('LOCO-OPS-001'), where: 'instance-0' }
    assert.deepEqual(failureOf(new StepFailure('Two of three are ill.', [located]), 'Wait'), { sentence: 'Two of three are ill.', findings: [located] })
  })

  it('anything else is a defect of ours, with its words as evidence', () => {
    assert.equal(failureOf(new TypeError('x is undefined'), 'Wait').findings[0]?.finding.code, 'LOCO-USE-003')
  })
})
