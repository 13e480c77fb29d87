import { t } from '@vscode/l10n'
import { encoding } from './encodings.ts'
import { implausible } from './faults.ts'
import { checkPacked, type Size } from './limits.ts'
import { type Parser, skip, take } from './parsing.ts'

/** Viewers of this relay get 32 bits a pixel and 8 a colour (client-messages.ts holds them to it), which Tight packs in three bytes. */
const bytesPerPixel = 4
const bytesPerTightPixel = 3
/** Data of Tight below this size is not compressed, and has no length in front. */
const tightUncompressed = 12

/** Passes the data of one rectangle by, whatever its encoding; undefined for an encoding that holds no pixels. */
export function rectangleData(number: number, size: Size): Parser<never> | undefined {
  switch (number) {
    case encoding.raw:
      return bytes(size.width * size.height * bytesPerPixel)
    case encoding.copyRect:
      return bytes(4)
    case encoding.rre:
      return rre(size)
    case encoding.hextile:
      return hextile(size)
    case encoding.zlib:
    case encoding.zrle:
      return packed(size)
    case encoding.tight:
      return tight(size, false)
    case encoding.tightPng:
      return tight(size, true)
    default:
      return undefined
  }
}

function* bytes(count: number): Parser<never> {
  yield skip(count)
}

/** Zlib and ZRLE: a length, then so much data. */
function* packed({ width, height }: Size): Parser<never> {
  const length = (yield take(4)).getUint32(0)
  checkPacked(length, width * height)
  yield skip(length)
}

function* rre({ width, height }: Size): Parser<never> {
  const parts = (yield take(4 + bytesPerPixel)).getUint32(0)
  if (parts > width * height) throw implausible(t('A rectangle has more data than it can need.'), `${parts} parts in ${width * height} pixels`)
  yield skip(parts * (bytesPerPixel + 8))
}

const raw = 1
const background = 2
const foreground = 4
const anyParts = 8
const colouredParts = 16

function* hextile({ width, height }: Size): Parser<never> {
  for (let y = 0; y < height; y += 16) {
    for (let x = 0; x < width; x += 16) {
      const kind = (yield take(1)).getUint8(0)
      if (kind >= 32) throw implausible(t('A rectangle is packed in a way that does not exist.'), `Hextile ${kind}`)
      if (kind & raw) {
        yield skip(Math.min(16, width - x) * Math.min(16, height - y) * bytesPerPixel)
        continue
      }
      yield skip((kind & background ? bytesPerPixel : 0) + (kind & foreground ? bytesPerPixel : 0))
      if (!(kind & anyParts)) continue
      const parts = (yield take(1)).getUint8(0)
      yield skip(parts * (kind & colouredParts ? bytesPerPixel + 2 : 2))
    }
  }
}

function* tight({ width, height }: Size, png: boolean): Parser<never> {
  const kind = (yield take(1)).getUint8(0) >> 4
  const fill = kind === 8
  const picture = kind === 9 || (kind === 10 && png)
  if (fill) return yield* bytes(bytesPerTightPixel)
  if (picture) return yield* tightPacked(width * height)
  if (kind >= 8 || png) throw implausible(t('A rectangle is packed in a way that does not exist.'), `Tight ${kind}`)
  const filter = kind & 4 ? (yield take(1)).getUint8(0) : 0
  if (filter > 2) throw implausible(t('A rectangle is packed in a way that does not exist.'), `Tight filter ${filter}`)
  let rowBytes = width * bytesPerTightPixel
  if (filter === 1) {
    const colours = (yield take(1)).getUint8(0) + 1
    yield skip(colours * bytesPerTightPixel)
    rowBytes = colours <= 2 ? Math.ceil(width / 8) : width
  }
  const length = rowBytes * height
  if (length < tightUncompressed) yield skip(length)
  else yield* tightPacked(width * height)
}

/** A length of seven bits a byte, three bytes at most (the last has eight), then so much data. */
function* tightPacked(pixels: number): Parser<never> {
  const first = (yield take(1)).getUint8(0)
  let length = first & 0x7f
  if (first & 0x80) {
    const second = (yield take(1)).getUint8(0)
    length |= (second & 0x7f) << 7
    if (second & 0x80) length |= (yield take(1)).getUint8(0) << 14
  }
  checkPacked(length, pixels)
  yield skip(length)
}
