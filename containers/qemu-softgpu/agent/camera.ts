import { closeSync, fstatSync, openSync, readFileSync, readSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Blank, blankOf, parsePpm, pictureHash } from './picture.ts'
import type { Qmp } from './qmp.ts'

/** One look at the screen. `blank` is undefined when there is a picture. */
export interface Look {
  width: number
  height: number
  hash: string
  blank: Blank | undefined
}

/** Takes pictures of the guest's screen. QEMU writes them to a file, which is read into one buffer that lives as long as the camera. */
export class Camera {
  readonly #qmp: Qmp
  readonly #folder: string
  #buffer = Buffer.alloc(0)
  #png: Promise<Buffer> | undefined

  constructor(qmp: Qmp, folder: string) {
    this.#qmp = qmp
    this.#folder = folder
  }

  /** @throws LOCO-AGT-015 when QEMU gives no picture. */
  async look(): Promise<Look | undefined> {
    const file = join(this.#folder, 'loco-screen.ppm')
    try {
      await this.#qmp.execute('screendump', { filename: file, format: 'ppm' })
      const pixels = parsePpm(this.#read(file))
      return pixels && { width: pixels.width, height: pixels.height, hash: pictureHash(pixels), blank: blankOf(pixels) }
    } finally {
      rmSync(file, { force: true })
    }
  }

  /** The screen as a PNG; those who ask at the same time get the same picture. */
  png(): Promise<Buffer> {
    this.#png ??= this.#takePng().finally(() => {
      this.#png = undefined
    })
    return this.#png
  }

  async #takePng(): Promise<Buffer> {
    const file = join(this.#folder, 'loco-screen.png')
    try {
      await this.#qmp.execute('screendump', { filename: file, format: 'png' }, 10_000)
      return readFileSync(file)
    } finally {
      rmSync(file, { force: true })
    }
  }

  #read(file: string): Buffer {
    const descriptor = openSync(file, 'r')
    try {
      const { size } = fstatSync(descriptor)
      if (this.#buffer.length < size) this.#buffer = Buffer.allocUnsafeSlow(size)
      return this.#buffer.subarray(0, readSync(descriptor, this.#buffer, 0, size, 0))
    } finally {
      closeSync(descriptor)
    }
  }
}
