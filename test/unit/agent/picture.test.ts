import assert from 'node:assert/strict'
import { type Blank, blankOf, type Pixels, parsePpm, pictureHash } from '../../../containers/qemu-softgpu/agent/picture.ts'

type Colour = [number, number, number]

function filled(colour: Colour, width = 64, height = 64): Pixels {
  return { width, height, pixels: Buffer.alloc(width * height * 3, Buffer.from(colour)) }
}

/** Paints the first `count` pixels from `start`. */
function painted(picture: Pixels, colour: Colour, start: number, count: number): Pixels {
  picture.pixels.fill(Buffer.from(colour), start * 3, (start + count) * 3)
  return picture
}

describe('PPM', () => {
  const good = Buffer.concat([Buffer.from('P6\n2 1\n255\n'), Buffer.from([1, 2, 3, 4, 5, 6])])
  it('is read without a copy', () => {
    const picture = parsePpm(good)
    assert.deepEqual([picture?.width, picture?.height, [...(picture?.pixels ?? [])]], [2, 1, [1, 2, 3, 4, 5, 6]])
    assert.equal(picture?.pixels.buffer, good.buffer)
  })
  const bad: [string, Buffer][] = [
    ['cut short', good.subarray(0, -1)],
    ['empty', Buffer.alloc(0)],
    ['another format', Buffer.from('P5\n2 1\n255\n......')],
    ['16 bit', Buffer.from('P6\n2 1\n65535\n............')],
    ['no pixels', Buffer.from('P6\n0 0\n255\n')],
    ['a PNG', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')],
  ]
  for (const [name, file] of bad) it(`refuses one that is ${name}`, () => assert.equal(parsePpm(file), undefined))
})

describe('what a picture shows', () => {
  const black: Colour = [0, 0, 0]
  const white: Colour = [255, 255, 255]
  const crashBlue: Colour = [0, 0, 173]
  const notice = (): Pixels => painted(filled(black, 640, 480), white, 640 * 230 + 200, 300)
  const cases: [string, Pixels, Blank | undefined][] = [
    ['black', filled(black), 'black'],
    ['nearly black, as a 16 bit screen gives it', filled([0, 4, 0]), 'black'],
    ['black with a lone cursor', painted(filled(black), white, 64 * 14, 18), 'black'],
    ['a DOS prompt', painted(filled(black), white, 0, 78), undefined],
    ['blue of the demo guest', filled(crashBlue), 'blue'],
    ['VGA blue', filled([0, 0, 170]), 'blue'],
    ['blue with text', painted(filled(crashBlue), white, 200, 300), 'crash'],
    ['blue with text in two colours', painted(painted(filled(crashBlue), white, 200, 100), [170, 170, 170], 800, 100), 'crash'],
    [
      'a blue program with bars in many colours',
      painted(painted(painted(filled(crashBlue), white, 64, 64), [0, 170, 170], 256, 64), [255, 255, 85], 512, 64),
      undefined,
    ],
    ['half blue, half white', painted(filled(crashBlue), white, 2048, 2048), undefined],
    ['the teal of an empty desktop', filled([0, 128, 128]), 'other'],
    ['white', filled(white), 'other'],
    ['a desktop', painted(filled([0, 128, 128]), [192, 192, 192], 3000, 1000), undefined],
    ['QEMU saying that there is no display yet', notice(), 'off'],
    ['the same size with one more line', painted(notice(), white, 640 * 260, 100), undefined],
    ['the same size, all black', filled(black, 640, 480), 'black'],
  ]
  for (const [name, picture, expected] of cases) it(`${name} → ${expected ?? 'a picture'}`, () => assert.equal(blankOf(picture), expected))

  it('one pixel changes the hash, nothing else does', () => {
    const hash = pictureHash(filled(black))
    assert.equal(pictureHash(filled(black)), hash)
    assert.notEqual(pictureHash(painted(filled(black), white, 4095, 1)), hash)
    assert.notEqual(pictureHash(filled(black, 32, 128)), hash, 'the same bytes in another size')
  })
})
