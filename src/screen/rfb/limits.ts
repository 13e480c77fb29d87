import { t } from '@vscode/l10n'
import { implausible } from './faults.ts'

/** What a screen may be at most: far beyond any machine of Windows 98 class, and little enough for a browser to hold. */
const limits = {
  /** Pixels a side, and in all (64 MiB as a canvas). */
  side: 8192,
  pixels: 16 * 1024 * 1024,
  cursorSide: 512,
  /** Bytes of a name. */
  name: 4096,
  /** Bytes of a text in the clipboard, as in QEMU. */
  clipboard: 1024 * 1024,
  /** How often one update may paint the whole picture over, and how many rectangles without pixels count as one picture. */
  repaints: 8,
  othersAPicture: 4,
  /** How often the picture may change its size within the time after which a change is forgotten: a browser makes a new canvas for each. */
  sizeChanges: 50,
  sizeChangesMs: 10_000,
} as const

export interface Size {
  width: number
  height: number
}

export function checkSize({ width, height }: Size): void {
  if (width > 0 && height > 0 && width <= limits.side && height <= limits.side && width * height <= limits.pixels) return
  throw implausible(t('The size of its picture is impossible.'), `${width} x ${height}`)
}

export function checkCursor({ width, height }: Size): void {
  if (width <= limits.cursorSide && height <= limits.cursorSide) return
  throw implausible(t('The size of its pointer is impossible.'), `${width} x ${height}`)
}

export function checkName(bytes: number): void {
  if (bytes <= limits.name) return
  throw implausible(t('A name is longer than any name.'), `${bytes} bytes`)
}

export function checkClipboard(bytes: number): void {
  if (bytes <= limits.clipboard) return
  throw implausible(t('A text of the clipboard is longer than QEMU allows.'), `${bytes} bytes`)
}

/** Data of a rectangle of `pixels` pixels: packed, it is never much larger than unpacked. */
export function checkPacked(bytes: number, pixels: number): void {
  if (bytes <= pixels * 5 + 4096) return
  throw implausible(t('A rectangle has more data than it can need.'), `${bytes} bytes for ${pixels} pixels`)
}

/** Sees to it that the rectangles of one update lie inside the picture and come to an end, in all that they make the viewer do. */
export class Effort {
  readonly #screen: Readonly<Size>
  /** In whole pictures. */
  #spent = 0

  /** `screen` is read at each rectangle: an update may change its size. */
  constructor(screen: Readonly<Size>) {
    this.#screen = screen
  }

  paint(x: number, y: number, { width, height }: Size): void {
    const { width: right, height: bottom } = this.#screen
    if (width === 0 || height === 0 || x + width > right || y + height > bottom) {
      throw implausible(t('A rectangle lies outside of the picture.'), `${width} x ${height} at ${x}, ${y} of ${right} x ${bottom}`)
    }
    this.#spend((width * height) / (right * bottom))
  }

  /** A rectangle without pixels: a new size, a pointer, a name. */
  other(): void {
    this.#spend(1 / limits.othersAPicture)
  }

  #spend(pictures: number): void {
    this.#spent += pictures
    if (this.#spent > limits.repaints) throw implausible(t('An update of the picture does not come to an end.'), `${this.#spent.toFixed(1)} times the picture`)
  }
}

/** Sees to it that a picture does not change its size all the time. */
export class SizeChanges {
  #times: number[] = []

  add(now: number): void {
    this.#times = [...this.#times.filter((time) => now - time < limits.sizeChangesMs), now]
    if (this.#times.length > limits.sizeChanges) throw implausible(t('Its picture takes one size after the other.'), `${this.#times.length} sizes`)
  }
}
