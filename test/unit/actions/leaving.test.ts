import assert from 'node:assert/strict'
import { Leaving } from '../../../src/editor/leaving.ts'

describe('leaving the window', () => {
  it('waits for all that is to be ended, whatever fails, and not for what has ended by itself', async () => {
    const leaving = new Leaving()
    const ended: string[] = []
    const end = (name: string) => async (): Promise<void> => {
      await new Promise(setImmediate)
      ended.push(name)
    }
    leaving.add(async () => Promise.reject(new Error('the pod is gone')))
    leaving.add(end('shell'))
    leaving.add(end('gone before')).dispose()
    leaving.scope.add({ dispose: () => ended.push('all else') })
    await leaving.leave()
    assert.deepEqual(ended, ['shell', 'all else'])
  })
})
