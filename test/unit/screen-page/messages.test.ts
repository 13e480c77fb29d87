import assert from 'node:assert/strict'
import * as v from 'valibot'
import { pageEnvelope, savedTab } from '../../../src/contracts/screen.ts'

const good: unknown[] = [
  { type: 'ready' },
  { type: 'input', connection: 3, bytes: new Uint8Array([1, 2]) },
  { type: 'consumed', connection: 3, bytes: 65536 },
  { type: 'picture', png: new Uint8Array(8) },
  { type: 'picture', request: 1 },
  { type: 'copied', request: 1, problem: 'NotAllowedError' },
  { type: 'run', command: 'ctrlAltDelete' },
  { type: 'explain', code: 'LOCO-SCR-001' },
]
const bad: [why: string, message: unknown][] = [
  ['no type', {}],
  ['another type', { type: 'eval', code: '1' }],
  ['bytes as a Node buffer arrives', { type: 'input', connection: 3, bytes: { type: 'Buffer', data: [1] } }],
  ['more input than a person makes', { type: 'input', connection: 3, bytes: new Uint8Array(2 * 1024 * 1024) }],
  ['a negative count', { type: 'consumed', connection: 3, bytes: -1 }],
  ['no whole number', { type: 'consumed', connection: 3, bytes: 1.5 }],
  ['a command that the page has no button for', { type: 'run', command: 'workbench.action.quit' }],
]

describe('messages of a screen page', () => {
  for (const message of good) {
    it(`${JSON.stringify(message).slice(0, 40)} is one`, () => {
      assert.ok(v.is(pageEnvelope, { page: 'p', message }))
      assert.ok(!v.is(pageEnvelope, { message }), 'without its page it is none')
    })
  }
  for (const [why, message] of bad) it(`is none: ${why}`, () => assert.ok(!v.is(pageEnvelope, { page: 'p', message })))
})

describe('what a window keeps of a tab', () => {
  const saved = { fleet: 'ctx/loco/loco', emulator: 'instance-1' }
  const cases: [state: unknown, valid: boolean][] = [
    [saved, true],
    [{ ...saved, scaling: 'integer', viewOnly: true }, true],
    [{ ...saved, scaling: 'huge' }, false],
    [{ emulator: 'instance-1' }, false],
    [undefined, false],
    ['instance-1', false],
  ]
  for (const [state, valid] of cases) it(`${JSON.stringify(state)}: ${valid ? 'restored' : 'closed'}`, () => assert.equal(v.is(savedTab, state), valid))
})
