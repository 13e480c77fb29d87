import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { Gather, pieceSize } from '../../../src/screen/gather.ts'
import { Held } from '../../../src/screen/held.ts'
import { Meter } from '../../../src/screen/meter.ts'
import { Upstream } from '../../../src/screen/upstream.ts'
import { settled } from '../../fakes/fake-clock.ts'
import { keyMessage, pointerMessage } from '../../fakes/fake-viewer.ts'

describe('gathering', () => {
  it('makes one piece of what arrives together, a copy of its own', async () => {
    const pieces: Uint8Array[] = []
    const gather = new Gather((piece) => pieces.push(piece))
    const slab = Buffer.from('abcdef')
    gather.add(slab.subarray(0, 2))
    gather.add(slab.subarray(3, 4))
    await settled()
    assert.deepEqual(pieces.map(String), [String(Uint8Array.from(Buffer.from('abd')))])
    assert.equal(pieces[0]?.buffer.byteLength, 3)
  })

  it('cuts what is large, and loses nothing', async () => {
    const pieces: Uint8Array[] = []
    const gather = new Gather((piece) => pieces.push(piece))
    const bytes = Buffer.alloc(pieceSize * 2 + 5, 1)
    gather.add(Buffer.of(9))
    gather.add(bytes)
    await settled()
    assert.deepEqual(
      pieces.map(({ length }) => length),
      [pieceSize, pieceSize, 6],
    )
    assert.ok(Buffer.concat(pieces).equals(Buffer.concat([Buffer.of(9), bytes])))
  })
})

describe('what a viewer holds', () => {
  const plainKey = (down: boolean, keysym: number): Buffer => Buffer.of(4, down ? 1 : 0, 0, 0, 0, 0, keysym >> 8, keysym & 255)

  it('is let go in the opposite order, and only once', () => {
    const held = new Held()
    for (const message of [keyMessage(true, 0xffe3, 0x1d), keyMessage(true, 0x61, 0x1e), keyMessage(true, 0x62, 0x30), keyMessage(false, 0x62, 0x30)])
      held.note(255, message)
    held.note(4, plainKey(true, 0xffe1))
    held.note(5, pointerMessage(1, 10, 20))
    assert.deepEqual(held.release(), [plainKey(false, 0xffe1), keyMessage(false, 0x61, 0x1e), keyMessage(false, 0xffe3, 0x1d), pointerMessage(0, 10, 20)])
    assert.deepEqual(held.release(), [])
  })
})

describe('the way to the server', () => {
  function slow(): { stream: Writable; sent: Buffer[]; take: () => void } {
    const sent: Buffer[] = []
    let done: (() => void) | undefined
    const stream = new Writable({
      highWaterMark: 8,
      write: (chunk: Buffer, _encoding, next) => {
        sent.push(chunk)
        done = next
      },
    })
    return { stream, sent, take: () => done?.() }
  }

  it('gives way to the newest movement while it is blocked, and keeps keys in their place', async () => {
    const { stream, sent, take } = slow()
    const upstream = new Upstream(stream, { drained() {}, overflow() {} })
    upstream.write(Buffer.from('12345678'))
    for (const x of [1, 2, 3]) upstream.move(pointerMessage(0, x, 0))
    upstream.write(Buffer.from('key'))
    for (const x of [4, 5]) upstream.move(pointerMessage(0, x, 0))
    take()
    await settled()
    assert.deepEqual(sent[1], Buffer.concat([pointerMessage(0, 3, 0), Buffer.from('key'), pointerMessage(0, 5, 0)]))
  })

  it('says when more waits than may', () => {
    let overflown = 0
    const upstream = new Upstream(slow().stream, { drained() {}, overflow: () => (overflown += 1) })
    for (let n = 0; n < 30_000; n++) upstream.write(keyMessage(true, 0x61, 0x1e))
    assert.ok(overflown > 0)
  })
})

describe('meter', () => {
  it('counts frames and bytes of the last seconds', () => {
    const meter = new Meter(0)
    for (let now = 0; now < 10_000; now += 50) {
      meter.frame(now)
      meter.received(now, 1000)
    }
    const { fps, kbps, delayMs } = meter.read(10_000)
    assert.deepEqual([fps, kbps, delayMs], [20, 20, null])
    assert.deepEqual(meter.read(20_000), { fps: 0, kbps: 0, delayMs: null })
  })

  it('is not too low in the first second', () => {
    const meter = new Meter(1000)
    for (let now = 1000; now < 2000; now += 50) meter.frame(now)
    assert.ok(Math.abs(meter.read(2000).fps - 20) < 2)
  })

  it('adds the way and the drawing, and forgets what is old', () => {
    const meter = new Meter(0)
    meter.answered(1000, 40)
    meter.drawn(1000, 10)
    assert.equal(meter.read(1500).delayMs, 50)
    meter.drawn(1100, 18)
    assert.equal(meter.read(1500).delayMs, 51)
    assert.equal(meter.read(30_000).delayMs, null)
  })
})
