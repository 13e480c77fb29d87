import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { rectangle, update } from '../../fakes/fake-vnc-server.ts'

/** What a real QEMU sent after its greeting (streams/record.ts), with the size of its screen at the beginning. */
export const recorded = [
  ['raw', 720, 400],
  ['hextile', 720, 400],
  ['zlib', 720, 400],
  ['tight', 1024, 768],
  ['tight-jpeg', 1024, 768],
  ['tight-png', 720, 400],
  ['zrle', 1024, 768],
] as const

export const recording = (name: string): Buffer => gunzipSync(readFileSync(join(import.meta.dirname, 'streams', `${name}.bin.gz`)))

/** Numbers that are the same in each run. */
export function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function some(length: number, random: (below: number) => number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let n = 0; n < length; n++) bytes[n] = random(256)
  return bytes
}
const uint32 = (value: number): Buffer => Buffer.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255)
const tightLength = (length: number): Buffer =>
  length < 128
    ? Buffer.of(length)
    : length < 16384
      ? Buffer.of((length & 127) | 128, length >> 7)
      : Buffer.of((length & 127) | 128, ((length >> 7) & 127) | 128, length >> 14)

type Maker = (width: number, height: number, random: (below: number) => number) => Buffer

/** Data of rectangles in every form that the protocol has, with what is inside of no meaning. */
const makers: Record<number, Maker[]> = {
  0: [(width, height, random) => some(width * height * 4, random)],
  1: [(_width, _height, random) => some(4, random)],
  2: [
    (width, height, random) => {
      const parts = random(Math.min(5, width * height + 1))
      return Buffer.concat([uint32(parts), some(4 + parts * 12, random)])
    },
  ],
  5: [
    (width, height, random) => {
      const tiles: Buffer[] = []
      for (let y = 0; y < height; y += 16) {
        for (let x = 0; x < width; x += 16) {
          const kind = random(32)
          const size = Math.min(16, width - x) * Math.min(16, height - y) * 4
          const parts = random(4)
          if (kind & 1) tiles.push(Buffer.of(kind), some(size, random))
          else {
            tiles.push(Buffer.of(kind), some((kind & 2 ? 4 : 0) + (kind & 4 ? 4 : 0), random))
            if (kind & 8) tiles.push(Buffer.of(parts), some(parts * (kind & 16 ? 6 : 2), random))
          }
        }
      }
      return Buffer.concat(tiles)
    },
  ],
  6: [(_width, _height, random) => packed(random(300), random)],
  16: [(_width, _height, random) => packed(random(300), random)],
  7: [
    (_width, _height, random) => Buffer.concat([Buffer.of(0x80), some(3, random)]),
    (width, height, random) => tightPacked(0x90, 1 + random(width * height * 5 + 4000), random),
    (width, height, random) => tightBasic(0x00, width * 3 * height, random),
    (width, height, random) => tightBasic(0x40, width * 3 * height, random, Buffer.of(0)),
    (width, height, random) => tightBasic(0x60, width * 3 * height, random, Buffer.of(2)),
    (width, height, random) => tightBasic(0x50, Math.ceil(width / 8) * height, random, Buffer.concat([Buffer.of(1, 1), some(6, random)])),
    (width, height, random) => tightBasic(0x50, width * height, random, Buffer.concat([Buffer.of(1, 9), some(30, random)])),
  ],
  [-260]: [
    (_width, _height, random) => Buffer.concat([Buffer.of(0x80), some(3, random)]),
    (_width, _height, random) => tightPacked(0xa0, 1 + random(500), random),
  ],
  [-239]: [(width, height, random) => some(width * height * 4 + Math.ceil(width / 8) * height, random)],
  [-258]: [() => Buffer.alloc(0)],
  [-257]: [() => Buffer.alloc(0)],
  [-261]: [(_width, _height, random) => some(1, random)],
  [-307]: [(_width, _height, random) => packed(random(40), random)],
  [-223]: [() => Buffer.alloc(0)],
  [-308]: [
    (_width, _height, random) => {
      const screens = random(3)
      return Buffer.concat([Buffer.of(screens, 0, 0, 0), some(screens * 16, random)])
    },
  ],
}

function packed(length: number, random: (below: number) => number): Buffer {
  return Buffer.concat([uint32(length), some(length, random)])
}

function tightPacked(control: number, length: number, random: (below: number) => number): Buffer {
  return Buffer.concat([Buffer.of(control), tightLength(length), some(length, random)])
}

function tightBasic(control: number, length: number, random: (below: number) => number, filter = Buffer.alloc(0)): Buffer {
  const head = Buffer.concat([Buffer.of(control), filter])
  const data = length < 12 ? some(length, random) : Buffer.concat([tightLength(40), some(40, random)])
  return Buffer.concat([head, data])
}

export const encodings: readonly number[] = Object.keys(makers).map(Number)

/** A message that is right, at random, for a screen of 64 x 48. */
export function rightMessage(random: (below: number) => number): Buffer {
  const kind = random(10)
  if (kind === 0) return Buffer.of(2)
  if (kind === 1) {
    const length = random(30)
    return Buffer.concat([Buffer.of(3, 0, 0, 0), uint32(length), some(length, random)])
  }
  if (kind === 2) {
    const more = random(20)
    return Buffer.concat([Buffer.of(3, 0, 0, 0), uint32(-(4 + more)), some(4 + more, random)])
  }
  const rectangles = Array.from({ length: random(5) }, () => rightRectangle(encodings[random(encodings.length)] as number, random))
  return random(4) === 0 ? update([...rectangles, rectangle(0, 0, 0, 0, -224)], 0xffff) : update(rectangles)
}

function rightRectangle(encoding: number, random: (below: number) => number): Buffer {
  const resizes = encoding === -223 || encoding === -308
  const whole = resizes || random(40) === 0
  const [width, height] = whole ? [64, 48] : [1 + random(32), 1 + random(24)]
  const choices = makers[encoding] as Maker[]
  return rectangle(whole ? 0 : random(32), whole ? 0 : random(24), width, height, encoding, (choices[random(choices.length)] as Maker)(width, height, random))
}
