import { hash } from 'node:crypto'

/** Pixels of a binary PPM, three bytes each; `pixels` is a view of the given buffer, not a copy. */
export interface Pixels {
  width: number
  height: number
  pixels: Buffer
}

/** What a picture that shows nothing is filled with. `crash`: blue with one or two colours of text. `off`: the guest has not switched its display on. */
export type Blank = 'black' | 'blue' | 'other' | 'crash' | 'off'

/** A lone text cursor has 9 × 2 pixels; more than this many that differ make a picture. */
const cursorPixels = 32

/** Reads the header of a binary PPM (P6, 8 bit) as QEMU writes it; undefined for anything else and for a file that is cut short. */
export function parsePpm(file: Buffer): Pixels | undefined {
  const header = /^P6\s+(\d{1,5})\s+(\d{1,5})\s+255\s/.exec(file.toString('latin1', 0, 32))
  if (header === null) return undefined
  const [width, height] = [Number(header[1]), Number(header[2])]
  const start = header[0].length
  const size = width * height * 3
  if (size === 0 || file.length < start + size) return undefined
  return { width, height, pixels: file.subarray(start, start + size) }
}

/** A short name for exactly these pixels, to ask "the same as before?". */
export function pictureHash({ width, height, pixels }: Pixels): string {
  return `${width}x${height}-${hash('sha1', pixels, 'hex').slice(0, 16)}`
}

/** Says whether a picture shows nothing, and in which way. The first pixel counts as background; a picture leaves the loop after a few rows. */
export function blankOf(picture: Pixels): Blank | undefined {
  const { pixels } = picture
  if (isNotice(picture)) return 'off'
  const [r, g, b] = [pixels[0] as number, pixels[1] as number, pixels[2] as number]
  const blue = b >= 0x70 && r <= 0x20 && g <= 0x20
  if (blue && crashColours(pixels, (r << 16) | (g << 8) | b)) return 'crash'
  let different = 0
  for (let at = 3; at < pixels.length; at += 3) {
    if (pixels[at] === r && pixels[at + 1] === g && pixels[at + 2] === b) continue
    different += 1
    if (different > cursorPixels) return undefined
  }
  if (blue) return 'blue'
  return r <= 0x08 && g <= 0x08 && b <= 0x08 ? 'black' : 'other'
}

/**
 * QEMU's own picture before the guest has set a mode: 640×480, black, "Guest has not initialized the display (yet)." in the text row in the middle.
 * It has pixels, but they are not the guest's.
 */
function isNotice({ width, height, pixels }: Pixels): boolean {
  if (width !== 640 || height !== 480) return false
  const row = width * 3
  const isBlack = (from: number, to: number): boolean => {
    for (let at = from * row; at < to * row; at += 1) if (pixels[at] !== 0) return false
    return true
  }
  return isBlack(0, 224) && isBlack(240, height) && !isBlack(224, 240)
}

/** Mostly blue, with text in at most two other colours. Too little of them is an empty blue screen, which is another finding. */
function crashColours(pixels: Buffer, background: number): boolean {
  const others: number[] = []
  let text = 0
  for (let at = 0; at < pixels.length; at += 3) {
    const colour = ((pixels[at] as number) << 16) | ((pixels[at + 1] as number) << 8) | (pixels[at + 2] as number)
    if (colour === background) continue
    text += 1
    if (others.includes(colour)) continue
    if (others.length === 2) return false
    others.push(colour)
  }
  return text > cursorPixels && text / (pixels.length / 3) <= 0.2
}
