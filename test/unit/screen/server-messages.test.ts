import assert from 'node:assert/strict'
import { LocoError } from '../../../src/base/error.ts'
import { type Parser, Parsing } from '../../../src/screen/rfb/parsing.ts'
import { type ServerEvent, serverMessages } from '../../../src/screen/rfb/server-messages.ts'
import { rectangle, update } from '../../fakes/fake-vnc-server.ts'
import { NovncReader } from '../../fakes/novnc-reader.ts'
import { numbers, recorded, recording, rightMessage } from './streams.ts'

interface Followed {
  /** What was told, each with how many bytes had passed. */
  events: { event: ServerEvent; at: number }[]
  passed: Buffer
  error: unknown
  /** The most bytes that were kept at once. */
  kept: number
}

/** Notes the most bytes that a parser wants in one piece: those are what is kept. */
function* measuring<T>(parser: Parser<T>, note: (bytes: number) => void): Parser<T> {
  let next = parser.next(new DataView(new ArrayBuffer(0)))
  while (next.done !== true) {
    if ('take' in next.value) note(next.value.take)
    next = parser.next(yield next.value)
  }
}

function follow(pieces: Iterable<Uint8Array>, screen = { width: 64, height: 48 }): Followed {
  const followed: Followed = { events: [], passed: Buffer.alloc(0), error: undefined, kept: 0 }
  const parts: Uint8Array[] = []
  let at = 0
  const parser = measuring(serverMessages({ ...screen }), (bytes) => {
    followed.kept = Math.max(followed.kept, bytes)
  })
  const parsing = new Parsing(parser, {
    passed: (bytes) => {
      parts.push(bytes)
      at += bytes.length
    },
    told: (event) => followed.events.push({ event, at }),
  })
  try {
    for (const piece of pieces) assert.equal(parsing.feed(piece).length, 0)
  } catch (error) {
    followed.error = error
  }
  followed.passed = Buffer.concat(parts)
  return followed
}

function* split(bytes: Uint8Array, random: (below: number) => number, largest = 2000): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + random(random(3) === 0 ? 8 : largest)
    yield bytes.subarray(at, at + length)
    at += length
  }
}

const borders = ({ events }: Followed): number[] => events.filter(({ event }) => event.kind === 'border').map(({ at }) => at)
const pictures = ({ events }: Followed): number => events.filter(({ event }) => event.kind === 'updated').length

function assertSame(one: Followed, other: Followed): void {
  assert.ok(one.passed.equals(other.passed))
  assert.deepEqual({ ...one, passed: undefined }, { ...other, passed: undefined })
}

/** Whatever comes: understood, or refused with the code for it, with next to nothing kept. */
function assertHolds(followed: Followed): void {
  if (followed.error !== undefined) {
    assert.ok(followed.error instanceof LocoError, String((followed.error as Error).stack))
    assert.equal(followed.error.code, 'LOCO-SCR-006')
  }
  assert.ok(followed.kept <= 24, `${followed.kept} bytes kept`)
}

describe('messages of a VNC server', () => {
  for (const [name, width, height] of recorded) {
    it(`${name}: borders of QEMU's stream are where noVNC sees them, however it is cut`, async () => {
      const bytes = recording(name)
      const whole = follow([bytes], { width, height })
      assert.equal(whole.error, undefined)
      assert.ok(pictures(whole) > 5)
      const reader = await NovncReader.make(width, height)
      let at = 0
      for (const border of borders(whole)) {
        reader.feed(whole.passed.subarray(at, border))
        assert.ok(reader.atBorder, `at ${border}`)
        at = border
      }
      assert.equal(reader.updates, pictures(whole))
      for (const seed of [1, 2]) assertSame(follow(split(bytes, numbers(seed)), { width, height }), whole)
    })
  }

  it('1,000 right messages of every kind and form: understood to the byte, however they are cut', () => {
    const random = numbers(7)
    for (let n = 0; n < 100; n++) {
      const messages = Array.from({ length: 10 }, () => rightMessage(random))
      const bytes = Buffer.concat(messages)
      const whole = follow([bytes])
      assert.equal(whole.error, undefined, `${n}: ${String(whole.error)}`)
      assert.equal(borders(whole).length, messages.length)
      // The clipboard of others goes nowhere; all the rest passes.
      assert.ok(whole.passed.equals(Buffer.concat(messages.filter((message) => message[0] !== 3))))
      assertSame(follow(split(bytes, random, 100)), whole)
      if (n % 20 === 0) assertSame(follow(Array.from(bytes, (byte) => Uint8Array.of(byte))), whole)
    }
  })

  it('2,000 times random bytes: refused or understood, never more', () => {
    const random = numbers(11)
    for (let n = 0; n < 2000; n++) {
      const bytes = Buffer.from(Array.from({ length: 200 }, () => (random(4) === 0 ? 0 : random(256))))
      assertHolds(follow(split(bytes, random, 50)))
    }
  })

  it('2,000 right streams with a few bytes changed, lost or doubled: refused or understood, never more', () => {
    const random = numbers(13)
    for (let n = 0; n < 2000; n++) {
      let bytes = Buffer.concat(Array.from({ length: 3 }, () => rightMessage(random)))
      for (let changes = 1 + random(4); changes > 0; changes--) {
        const at = random(bytes.length)
        const how = random(3)
        if (how === 0) bytes.writeUInt8(random(256), at)
        if (how === 1) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(8))])
        if (how === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - 8))])
        if (bytes.length === 0) break
      }
      assertHolds(follow(split(bytes, random, 50)))
    }
  })

  for (const [name, width, height] of recorded) {
    it(`${name}: 40 times QEMU's stream with bytes changed: refused or understood, never more`, () => {
      const random = numbers(17)
      const original = recording(name).subarray(0, 60_000)
      for (let n = 0; n < 40; n++) {
        const bytes = Buffer.from(original)
        for (let changes = 1 + random(6); changes > 0; changes--) bytes.writeUInt8(random(256), random(random(2) === 0 ? 200 : bytes.length))
        assertHolds(follow(split(bytes, random), { width, height }))
      }
    })
  }

  const many = (count: number, one: Buffer): Buffer => update(Array.from({ length: count }, () => one))
  const hostile: [what: string, bytes: Buffer][] = [
    ['a picture of no size', update([rectangle(0, 0, 0, 0, -223)])],
    ['a picture of 65535 x 65535', update([rectangle(0, 0, 65535, 65535, -223)])],
    ['a picture of 8192 x 8192', update([rectangle(0, 0, 8192, 8192, -308, Buffer.alloc(4))])],
    ['a rectangle beside the picture', update([rectangle(60, 0, 5, 1, 0)])],
    ['a rectangle below the picture', update([rectangle(0, 48, 1, 1, 1)])],
    ['a rectangle of no size', update([rectangle(0, 0, 0, 10, 0)])],
    [
      '65,535 rectangles of the whole picture',
      Buffer.concat([Buffer.of(0, 0, 255, 255), ...Array.from({ length: 20 }, () => rectangle(0, 0, 64, 48, 1, Buffer.alloc(4)))]),
    ],
    ['pointers without an end', many(200, rectangle(0, 0, 1, 1, -239, Buffer.alloc(5)))],
    ['sizes without an end', many(200, rectangle(0, 0, 64, 48, -223))],
    ['lights without an end', many(200, rectangle(0, 0, 1, 1, -261, Buffer.of(0)))],
    ['a pointer of 4000 x 4000', update([rectangle(0, 0, 4000, 4000, -239)])],
    ['a name of 4 GiB', update([rectangle(0, 0, 1, 1, -307, Buffer.from('ffffffff', 'hex'))])],
    ['packed data of 4 GiB', update([rectangle(0, 0, 8, 8, 16, Buffer.from('ffffffff', 'hex'))])],
    ['Tight data of 4 MiB for one pixel', update([rectangle(0, 0, 1, 1, 7, Buffer.from('90ffffff', 'hex'))])],
    ['4 billion parts of a rectangle', update([rectangle(0, 0, 8, 8, 2, Buffer.from('ffffffff00000000', 'hex'))])],
    ['a Tight rectangle that is PNG', update([rectangle(0, 0, 8, 8, 7, Buffer.of(0xa0, 1, 1))])],
    ['a Tight rectangle of a form that does not exist', update([rectangle(0, 0, 8, 8, 7, Buffer.of(0xf0))])],
    ['a Tight filter that does not exist', update([rectangle(0, 0, 8, 8, 7, Buffer.of(0x40, 3))])],
    ['a TightPNG rectangle without a picture', update([rectangle(0, 0, 8, 8, -260, Buffer.of(0x00))])],
    ['a Hextile tile of a form that does not exist', update([rectangle(0, 0, 8, 8, 5, Buffer.of(64))])],
    ['an encoding that was not agreed', update([rectangle(0, 0, 8, 8, 50)])],
    ['a palette', Buffer.from('0100000000010000', 'hex')],
    ['a message that was not agreed', Buffer.of(99)],
    ['a clipboard of 1 GiB', Buffer.from('0300000040000000', 'hex')],
    ['a clipboard of minus 2 GiB', Buffer.from('0300000080000000', 'hex')],
  ]
  for (const [what, bytes] of hostile) {
    it(`refuses ${what}, and what broke the rule does not reach the viewer`, () => {
      const { error, passed } = follow([bytes])
      assert.equal((error as LocoError | undefined)?.code, 'LOCO-SCR-006')
      assert.ok(passed.length < bytes.length)
      const byteByByte = follow(Array.from(bytes, (byte) => Uint8Array.of(byte)))
      assert.equal((byteByByte.error as LocoError | undefined)?.code, 'LOCO-SCR-006')
      assert.deepEqual(byteByByte.passed, passed)
    })
  }

  it('follows the picture to a new size', () => {
    const bytes = Buffer.concat([update([rectangle(0, 0, 100, 90, -223)]), update([rectangle(80, 70, 20, 20, 1, Buffer.alloc(4))])])
    const { error, events } = follow([bytes])
    assert.equal(error, undefined)
    assert.ok(events.some(({ event }) => event.kind === 'resized'))
  })

  it('tells a size that did not change apart from a new one, and a refused wish from both', () => {
    const told = update([rectangle(0, 0, 64, 48, -308, Buffer.alloc(4))])
    const refused = update([rectangle(1, 3, 90, 90, -308, Buffer.alloc(4))])
    const kinds = follow([told, refused]).events.map(({ event }) => event.kind)
    assert.deepEqual(kinds, ['update', 'size-told', 'updated', 'border', 'update', 'updated', 'border'])
  })
})
