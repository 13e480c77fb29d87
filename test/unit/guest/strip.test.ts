import assert from 'node:assert/strict'
import { crc16, type Picture, readStrip, type Strip, stripBytes } from '../../guest/strip.ts'

/** Draws 32 bytes as the guest does: eight blocks a byte, highest bit first, 16 bytes a row. */
function drawn(bytes: Uint8Array, { width = 1024, height = 768, white = 255, black = 0 } = {}): Picture {
  const rgb = new Uint8Array(width * height * 3).fill(90)
  for (let y = 0; y < 16; y++) {
    for (let x = 0; x < Math.min(width, 1024); x++) {
      const bit = (y >> 3) * 128 + (x >> 3)
      const on = ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0
      rgb.fill(on ? white : black, ((height - 16 + y) * width + x) * 3, ((height - 16 + y) * width + x) * 3 + 3)
    }
  }
  return { width, height, rgb }
}

/** The bytes of a strip, fields by their offset; the checksum fits unless said otherwise. */
function bytesWith(fields: readonly [offset: number, size: 1 | 2 | 4, value: number][]): Uint8Array {
  const bytes = new Uint8Array(stripBytes)
  const view = new DataView(bytes.buffer)
  for (const [offset, size, value] of [[0, 4, 0x4c4f434f], [4, 1, 1], ...fields] as const) {
    if (size === 4) view.setUint32(offset, value)
    else if (size === 2) view.setUint16(offset, value)
    else view.setUint8(offset, value)
  }
  view.setUint16(30, crc16(bytes.subarray(0, 30)))
  return bytes
}

const nothing: Strip = {
  ordinal: 0,
  frame: 0,
  boots: 0,
  savedSeconds: 0,
  saved: false,
  keyPresses: 0,
  lastScancode: 0,
  lights: { scroll: false, num: false, caps: false },
  mouse: { found: false, x: 0, y: 0, packets: 0, left: false, right: false, middle: false },
}

describe('the strip of the demo guest', () => {
  const fields: [name: string, fields: Parameters<typeof bytesWith>[0], expected: Partial<Strip>][] = [
    ['zeroes', [], {}],
    ['number', [[6, 2, 8]], { ordinal: 8 }],
    ['no number', [[6, 2, 0xffff]], { ordinal: undefined }],
    [
      'counters',
      [
        [8, 4, 0xfffffffe],
        [12, 4, 3],
        [16, 4, 86_400],
      ],
      { frame: 0xfffffffe, boots: 3, savedSeconds: 86_400 },
    ],
    [
      'keys',
      [
        [20, 2, 513],
        [28, 1, 0x9e],
      ],
      { keyPresses: 513, lastScancode: 0x9e },
    ],
    ['lights and disk', [[5, 1, 0b1_0101]], { saved: true, lights: { scroll: true, num: false, caps: true } }],
    [
      'mouse',
      [
        [5, 1, 8],
        [22, 2, 1023],
        [24, 2, 751],
        [26, 2, 7],
        [29, 1, 0b101],
      ],
      { mouse: { found: true, x: 1023, y: 751, packets: 7, left: true, right: false, middle: true } },
    ],
  ]
  for (const [name, given, expected] of fields) {
    it(`reads ${name}`, () => assert.deepEqual(readStrip(drawn(bytesWith(given))), { ...nothing, ...expected }))
  }

  it('reads a picture whose white and black are only nearly so', () => {
    assert.deepEqual(readStrip(drawn(bytesWith([[6, 2, 2]]), { white: 170, black: 80 })), { ...nothing, ordinal: 2 })
  })

  const torn = bytesWith([[8, 4, 41]])
  torn[11] = 42
  const foreign: [why: string, picture: Picture][] = [
    ['a black screen', drawn(new Uint8Array(stripBytes))],
    ['a white screen', drawn(new Uint8Array(stripBytes).fill(255))],
    ['a frame that was still being drawn', drawn(torn)],
    ['a later version of the strip', drawn(bytesWith([[4, 1, 2]]))],
    ['a text screen before the guest', drawn(bytesWith([]), { width: 720, height: 400 })],
    ['a picture that is cut short', { ...drawn(bytesWith([])), rgb: new Uint8Array(12) }],
  ]
  for (const [why, picture] of foreign) {
    it(`finds none in ${why}`, () => assert.equal(readStrip(picture), undefined))
  }

  it('has the checksum of the field', () => assert.equal(crc16(new TextEncoder().encode('123456789')), 0x29b1))
})
