import assert from 'node:assert/strict'
import { holderText, leaseState, parseHolder } from '../../../src/operations/lease.ts'
import type { Owner } from '../../../src/operations/owner.ts'

const owner: Owner = { pid: 42, started: 'boot:7', host: 'machine', user: 'ann@example' }
const holder = holderText(owner, 'op-1')

describe('holder of a Lease', () => {
  it('can be read back', () => assert.deepEqual(parseHolder(holder), { ...owner, op: 'op-1' }))
  it('can be read back without a start', () => assert.equal(parseHolder(holderText({ ...owner, started: null }, 'op-1'))?.started, null))
  it('of another form is nobody we know', () => assert.equal(parseHolder('some-controller'), undefined))
})

describe('state of a Lease', () => {
  const rows: [string, string, number, 'alive' | 'dead' | 'elsewhere', string][] = [
    ['given back', '', 0, 'alive', 'free'],
    ['its holder lives here', holder, 0, 'alive', 'held'],
    ['its holder lives here and is slow', holder, 600, 'alive', 'held'],
    ['its holder died here', holder, 0, 'dead', 'free'],
    ['its holder is elsewhere', holder, 14, 'elsewhere', 'held'],
    ['its holder is elsewhere and it ran out by our clock', holder, 16, 'elsewhere', 'doubtful'],
    ['a stranger holds it', 'some-controller', 3, 'alive', 'held'],
    ['a stranger held it', 'some-controller', 16, 'alive', 'doubtful'],
  ]
  for (const [name, held, age, state, expected] of rows) {
    it(`${name} → ${expected}`, () => {
      assert.equal(
        leaseState({ holder: held, renewed: 1_000_000, seconds: 15 }, 1_000_000 + age * 1000, () => state),
        expected,
      )
    })
  }
})
