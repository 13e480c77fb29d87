import assert from 'node:assert/strict'
import { LocoError } from '../../../src/base/error.ts'
import { explainLogin } from '../../../src/editor/connection/login-error.ts'
import { childRows, rootRows } from '../../../src/editor/fleet/tree-model.ts'
import { viewStateOf } from '../../../src/editor/fleet/view-state.ts'
import { at, connection, input, lost } from './given-fleet.ts'

const failed = new LocoError('LOCO-KUB-007', {
  what: 'Logging in to the cluster failed before it was asked.',
  why: 'The login program gave no usable answer.',
  fix: ['Log in again.'],
  evidence: ['warning: old\nError: your session has expired\n'],
})

describe('a login program that fails', () => {
  it('is told in its own words, and that PATH may be another one', () => {
    const { message, fix, code } = explainLogin(failed, 'darwin')
    assert.match(message, /gave no usable answer\. It said: Error: your session has expired$/)
    assert.deepEqual([code, fix[0], fix.length], ['LOCO-KUB-007', 'Log in again.', 2])
    assert.match(fix[1]!, /PATH of your shell/)
  })

  it('is not mistaken for a cluster that is away', () => {
    const connections = [connection({ state: 'unreachable', since: at, error: failed })]
    assert.equal(viewStateOf({ phase: 'known', problems: [], connections, time: input([]).time }).fleetState, 'loginFailed')
  })

  it('is told in the view itself: its words, the PATH, and the cluster as a row, where it can be tried again', () => {
    const connections = [connection({ state: 'unreachable', since: at, error: explainLogin(failed, 'linux') })]
    const { message } = viewStateOf({ phase: 'known', problems: [], connections, time: input([]).time })
    assert.match(message ?? '', /^Logging in to ctx failed\. .*It said: Error: your session has expired.*\nLog in again\.\n.*PATH of your shell/)
    const [row] = rootRows(input(connections))
    assert.deepEqual([row?.label, row?.description, row?.contextValue], ['ctx', 'login failed', ';connection;'])
    assert.deepEqual(
      childRows(row!, input(connections)).map(({ icon }) => icon.id),
      ['info', 'lightbulb', 'lightbulb'],
    )
  })

  it('other errors pass as they are', () => assert.equal(explainLogin(lost), lost))
})
