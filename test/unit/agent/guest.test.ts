import assert from 'node:assert/strict'
import type { Look } from '../../../containers/qemu-softgpu/agent/camera.ts'
import { GuestRecord } from '../../../containers/qemu-softgpu/agent/guest.ts'
import type { Blank } from '../../../containers/qemu-softgpu/agent/picture.ts'
import { judgeGuest } from '../../../containers/qemu-softgpu/agent/verdict.ts'

const look = (hash: string, blank?: Blank): Look => ({ width: 720, height: 400, hash, blank })

/** A machine that runs and showed its first picture at second 0; `s` are seconds. */
function running(): { record: GuestRecord; at: (s: number, act: (now: number) => void) => string } {
  const record = new GuestRecord(0, 15)
  record.sawStatus(0, 'running')
  record.sawScreen(0, look('first'))
  const at = (s: number, act: (now: number) => void): string => {
    record.sawStatus(s * 1000, record.status ?? 'running')
    act(s * 1000)
    const judged = judgeGuest(record.signals(s * 1000))
    return judged.code ?? judged.verdict
  }
  return { record, at }
}

describe('what was seen of a guest', () => {
  it('asks by a key only when all else is still', () => {
    const { record } = running()
    assert.equal(record.mustAsk(14_000), false)
    assert.equal(record.mustAsk(15_000), true)
    record.sawDisk(15_000, 1)
    assert.equal(record.mustAsk(20_000), false, 'the disk moved')
    record.sawScreen(29_000, look('second'))
    assert.equal(record.mustAsk(35_000), false, 'the picture moved')
  })

  it('a blinking cursor is no life', () => {
    const { record } = running()
    for (let s = 1; s <= 16; s += 1) record.sawScreen(s * 1000, look(s % 2 === 0 ? 'first' : 'cursor'))
    assert.equal(record.mustAsk(16_500), true)
  })

  it('two keys without answer are a freeze, after which it is left in peace; a new picture ends it', () => {
    const { record, at } = running()
    assert.equal(
      at(15, (now) => record.sawKey(now, false)),
      'healthy',
    )
    assert.equal(record.mustAsk(17_000), false)
    assert.equal(record.mustAsk(18_000), true)
    assert.equal(
      at(18, (now) => record.sawKey(now, false)),
      'LOCO-GST-009',
    )
    assert.equal(record.mustAsk(500_000), false)
    assert.equal(
      at(30, (now) => record.sawScreen(now, look('alive'))),
      'healthy',
    )
  })

  it('an answer keeps it healthy, and it is asked again a minute later', () => {
    const { record, at } = running()
    assert.equal(
      at(15, (now) => record.sawKey(now, true)),
      'healthy',
    )
    assert.equal(record.mustAsk(74_000), false)
    assert.equal(record.mustAsk(75_000), true)
  })

  it('a reset begins anew: no picture, starting', () => {
    const { record, at } = running()
    assert.equal(
      at(20, (now) => record.sawReset(now)),
      'starting',
    )
    assert.equal(record.resets, 1)
    assert.equal(record.pictured, false)
    assert.equal(record.firstPictureAt, 0, 'the first picture of the agent stays')
    assert.equal(
      at(21, (now) => record.sawScreen(now, look('second'))),
      'healthy',
    )
  })

  it('the picture that a reset left on the screen is no sign of the new start, unless it stays', () => {
    const { record, at } = running()
    at(20, (now) => record.sawReset(now))
    assert.equal(
      at(21, (now) => record.sawScreen(now, look('first'))),
      'starting',
    )
    assert.equal(
      at(22, (now) => record.sawScreen(now, look('first'))),
      'healthy',
    )
  })

  it('time in pause is not stillness', () => {
    const { record } = running()
    record.sawStatus(1000, 'paused')
    assert.equal(record.mustAsk(100_000), false)
    record.sawStatus(100_000, 'running')
    assert.equal(record.mustAsk(101_000), false)
  })

  it('blue for three seconds is a crash; a picture in between starts the time again', () => {
    const { record, at } = running()
    at(1, (now) => record.sawScreen(now, look('blue', 'blue')))
    assert.equal(judgeGuest(record.signals(3000)).verdict, 'degraded')
    at(3, (now) => record.sawScreen(now, look('first')))
    at(4, (now) => record.sawScreen(now, look('blue', 'blue')))
    assert.equal(judgeGuest(record.signals(6000)).verdict, 'degraded')
    assert.equal(judgeGuest(record.signals(7000)).verdict, 'unhealthy')
  })
})
