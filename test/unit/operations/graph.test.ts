import assert from 'node:assert/strict'
import type { StepOutcome } from '../../../src/contracts/operation.ts'
import { blocked, inOrder, type Node, ready } from '../../../src/operations/graph.ts'

const steps: Node[] = [
  { id: 'install', after: ['transfer', 'checks'] },
  { id: 'build', after: [] },
  { id: 'transfer', after: ['build'] },
  { id: 'checks', after: [] },
  { id: 'wait', after: ['install'] },
]
const ids = (found: readonly Node[]): string => found.map((step) => step.id).join(' ')

describe('step graph', () => {
  it('puts every step behind what it depends on, else in the order given', () => {
    assert.equal(ids(inOrder(steps)), 'build checks transfer install wait')
  })

  const defects: [string, Node[], RegExp][] = [
    [
      'a name twice',
      [
        { id: 'a', after: [] },
        { id: 'a', after: [] },
      ],
      /same id/,
    ],
    ['an unknown name', [{ id: 'a', after: ['b'] }], /a comes after b/],
    [
      'a circle',
      [
        { id: 'a', after: ['b'] },
        { id: 'b', after: ['a'] },
      ],
      /circle/,
    ],
    ['a step after itself', [{ id: 'a', after: ['a'] }], /circle/],
  ]
  for (const [name, graph, message] of defects) it(`refuses ${name}`, () => assert.throws(() => inOrder(graph), message))

  type Row = [string, Record<string, StepOutcome | 'running'>, string, string]
  const rows: Row[] = [
    ['at the beginning', {}, 'build checks', ''],
    ['while both run', { build: 'running', checks: 'running' }, '', ''],
    ['one branch on', { build: 'done', checks: 'running' }, 'transfer', ''],
    ['already true counts as success', { build: 'already', transfer: 'already', checks: 'done' }, 'install', ''],
    ['a failure blocks its dependants only', { build: 'failed' }, 'checks', 'transfer'],
    ['what is skipped blocks further', { build: 'failed', transfer: 'skipped', checks: 'done' }, '', 'install'],
    ['what is cancelled is no failure', { build: 'cancelled' }, 'checks', ''],
  ]
  for (const [name, standing, begin, skip] of rows) {
    it(name, () => {
      const map = new Map(Object.entries(standing))
      assert.equal(ids(ready(steps, map)), begin)
      assert.equal(ids(blocked(steps, map).map(({ step }) => step)), skip)
    })
  }
})
