import assert from 'node:assert/strict'
import { FailureCount } from '../../../src/editor/screens/failure-count.ts'
import { paceOf } from '../../../src/editor/screens/pace.ts'
import { Retained } from '../../../src/editor/screens/retained.ts'

describe('pace of a tab', () => {
  const cases: [visible: boolean, active: boolean, windowFocused: boolean, captured: boolean, pace: string][] = [
    [true, true, true, false, 'focused'],
    [true, true, false, false, 'visible'],
    [true, true, false, true, 'focused'],
    [true, false, true, false, 'visible'],
    [false, false, true, false, 'hidden'],
    [false, true, true, true, 'hidden'], // the last word of a panel that goes away
  ]
  for (const [visible, active, windowFocused, captured, pace] of cases) {
    it(`visible ${visible}, in front ${active}, window ${windowFocused}, keys ${captured} → ${pace}`, () =>
      assert.equal(paceOf({ visible, active, windowFocused, captured }), pace))
  }
})

describe('hidden pages in memory', () => {
  it('the one hidden longest goes first', () => {
    const emptied: string[] = []
    const retained = new Retained<string>((page) => emptied.push(page), 2)
    retained.hid('a')
    retained.hid('b')
    assert.deepEqual(emptied, [])
    retained.hid('c')
    assert.deepEqual(emptied, ['a'])
    retained.forget('b') // shown
    retained.hid('d')
    assert.deepEqual(emptied, ['a'])
    retained.hid('b') // hidden again: the newest now
    assert.deepEqual(emptied, ['a', 'c'])
  })
})

describe('viewers that give up', () => {
  it('are replaced twice in a minute, not a third time', () => {
    let now = 0
    const failures = new FailureCount(() => now)
    assert.deepEqual([failures.more(), failures.more(), failures.more()], [true, true, false])
    now = 60_001
    assert.equal(failures.more(), true)
  })

  it('count anew when a person asks', () => {
    const failures = new FailureCount(() => 0)
    for (let time = 0; time < 5; time += 1) failures.more()
    failures.reset()
    assert.equal(failures.more(), true)
  })
})
