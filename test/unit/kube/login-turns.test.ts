import assert from 'node:assert/strict'
import { LoginTurns } from '../../../src/kube/login-turns.ts'

describe('logging in by a program', () => {
  it('is done by one request at a time', async () => {
    const turns = new LoginTurns()
    let running = 0
    let most = 0
    const login = async (): Promise<void> => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
    }
    await Promise.all([turns.take(login), turns.take(login), turns.take(login)])
    assert.equal(most, 1)
  })

  it('that failed is not tried again by everybody, but is after a while', async () => {
    let now = 0
    let runs = 0
    const turns = new LoginTurns(() => now)
    const failing = async (): Promise<void> => {
      runs += 1
      throw new Error('no')
    }
    for (let request = 0; request < 5; request += 1) await assert.rejects(turns.take(failing), /no/)
    assert.equal(runs, 1)
    now = 5_000
    await assert.rejects(turns.take(failing), /no/)
    assert.equal(runs, 2)
    now = 10_000
    await turns.take(async () => {})
    await assert.rejects(turns.take(failing), /no/)
    assert.equal(runs, 3)
  })
})
