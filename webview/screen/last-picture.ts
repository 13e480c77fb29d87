import type { Size } from './fit.ts'

/** Bytes of the stream after which a picture counts as another one: a blinking cursor does not. */
const meaningful = 4096
/** Milliseconds between two pictures that are kept while the screen is live. */
const every = 10_000
/** Milliseconds between two looks whether one is due: the first is kept soon, because a tab may be closed again at once. */
const look = 1_000

/** The last known picture: lies greyed over the screen while that is not live, and goes to the host to be kept. */
export class LastPicture {
  readonly canvas = document.createElement('canvas')
  readonly #keep: (png: Uint8Array<ArrayBuffer>) => void
  #bytes = 0
  #known = false
  #taken = false

  /** `live`: the canvas of the machine, while it shows the machine. */
  constructor(live: () => HTMLCanvasElement | undefined, keep: (png: Uint8Array<ArrayBuffer>) => void) {
    this.canvas.className = 'last'
    this.#keep = keep
    let kept = Number.NEGATIVE_INFINITY
    setInterval(() => {
      const canvas = live()
      if (canvas === undefined || this.#bytes < meaningful || performance.now() - kept < every) return
      kept = performance.now()
      void this.take(canvas)
    }, look)
  }

  /** Whether there is a picture to show; its size is that of the canvas. */
  get size(): Size | undefined {
    return this.#known ? { width: this.canvas.width, height: this.canvas.height } : undefined
  }

  /** The stream brought so many bytes. */
  count(bytes: number): void {
    this.#bytes += bytes
  }

  /** Takes over what the machine shows now, at once, and has it kept. */
  async take(live: HTMLCanvasElement): Promise<void> {
    this.#bytes = 0
    this.#taken = true
    this.#draw(live, live.width, live.height)
    const png = await this.png()
    if (png !== undefined) this.#keep(png)
  }

  /** Takes over a picture from before this page, unless the machine was seen meanwhile. */
  async show(picture: HTMLImageElement | Blob): Promise<void> {
    const bitmap = await createImageBitmap(picture).catch(() => undefined)
    if (bitmap === undefined) return
    if (!this.#taken) this.#draw(bitmap, bitmap.width, bitmap.height)
    bitmap.close()
  }

  /** The picture as PNG; undefined while there is none. */
  async png(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (!this.#known) return undefined
    const blob = await new Promise<Blob | null>((resolve) => this.canvas.toBlob(resolve, 'image/png'))
    return blob === null ? undefined : new Uint8Array(await blob.arrayBuffer())
  }

  #draw(source: CanvasImageSource, width: number, height: number): void {
    if (width === 0 || height === 0) return
    this.canvas.width = width
    this.canvas.height = height
    this.canvas.getContext('2d')?.drawImage(source, 0, 0)
    this.#known = true
  }
}
