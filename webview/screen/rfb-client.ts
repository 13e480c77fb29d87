import RFB, { type RawChannel } from '@novnc/novnc'
import { t } from '@vscode/l10n'
import { rawChannel } from './channel.ts'
import type { Size } from './fit.ts'

export interface RfbClientEvents {
  send(connection: number, bytes: Uint8Array<ArrayBuffer>): void
  consumed(connection: number, bytes: number): void
  /** A new canvas is in the page. */
  canvas(canvas: HTMLCanvasElement): void
  size(size: Size): void
  /** The first picture of this connection is on the canvas, whole. */
  firstPicture(): void
  failed(connection: number, reason: string): void
}

/** While a JPEG is decoded noVNC only stores what comes; nothing else in its interface says so. */
interface Busy {
  readonly _flushing: boolean
}

interface Current {
  readonly connection: number
  readonly rfb: RFB
  readonly channel: RawChannel
  readonly canvas: HTMLCanvasElement
  readonly resized: MutationObserver
  pictured: boolean
}

/** noVNC, a new one for each connection of the host; one at a time. */
export class RfbClient {
  readonly #target: HTMLElement
  readonly #events: RfbClientEvents
  readonly #corner = onePixel()
  #current: Current | undefined
  #viewOnly = false

  constructor(target: HTMLElement, events: RfbClientEvents) {
    this.#target = target
    this.#events = events
  }

  get canvas(): HTMLCanvasElement | undefined {
    return this.#current?.canvas
  }

  /** Whether the canvas shows the machine and not yet nothing. */
  get pictured(): boolean {
    return this.#current?.pictured ?? false
  }

  /** Begins a connection: its server speaks first. */
  open(connection: number): void {
    this.close()
    const channel = rawChannel((bytes) => this.#events.send(connection, bytes))
    const rfb = new RFB(this.#target, channel, { shared: true })
    const canvas = this.#target.querySelector('canvas')
    if (canvas === null) throw new Error('noVNC made no canvas.')
    rfb.scaleViewport = true
    rfb.background = 'transparent'
    rfb.addEventListener('disconnect', (event) => {
      if (!(event as CustomEvent<{ clean: boolean }>).detail.clean) this.#fail(connection, t('The viewer ended the connection.'))
    })
    const resized = new MutationObserver(() => this.#events.size({ width: canvas.width, height: canvas.height }))
    resized.observe(canvas, { attributes: true, attributeFilter: ['width', 'height'] })
    this.#current = { connection, rfb, channel, canvas, resized, pictured: false }
    this.setViewOnly(this.#viewOnly)
    this.#events.canvas(canvas)
  }

  /** Bytes of the server. They are told as consumed once noVNC has worked through them, so that a slow page slows the machine down and not itself. */
  receive(connection: number, bytes: Uint8Array<ArrayBuffer>): void {
    const current = this.#current
    if (current?.connection !== connection) return
    try {
      current.channel.onmessage?.({ data: bytes })
    } catch (error) {
      this.#fail(connection, String(error))
      return
    }
    this.#consumed(current, bytes.byteLength)
  }

  setViewOnly(viewOnly: boolean): void {
    this.#viewOnly = viewOnly
    if (this.#current === undefined) return
    this.#current.rfb.viewOnly = viewOnly
    this.#current.rfb.focusOnClick = !viewOnly
  }

  sendKey(keysym: number, code: string, down: boolean): void {
    this.#current?.rfb.sendKey(keysym, code, down)
  }

  focus(): void {
    this.#current?.rfb.focus({ preventScroll: true })
  }

  /** Ends the connection and takes the canvas away. */
  close(): void {
    const current = this.#current
    this.#current = undefined
    current?.resized.disconnect()
    current?.rfb.disconnect()
  }

  #consumed(current: Current, bytes: number): void {
    if (current !== this.#current) return
    if ((current.rfb as unknown as Busy)._flushing) return void requestAnimationFrame(() => this.#consumed(current, bytes))
    if (!current.pictured) this.#look(current)
    this.#events.consumed(current.connection, bytes)
  }

  /** A canvas is transparent where nothing was drawn yet; pictures come from top to bottom. */
  #look(current: Current): void {
    const { width, height } = current.canvas
    if (width === 0 || height === 0) return
    // Through a canvas of one pixel: browsers take one that is read out from the graphics card.
    this.#corner.clearRect(0, 0, 1, 1)
    this.#corner.drawImage(current.canvas, width - 1, height - 1, 1, 1, 0, 0, 1, 1)
    if (this.#corner.getImageData(0, 0, 1, 1).data[3] === 0) return
    current.pictured = true
    this.#events.firstPicture()
  }

  #fail(connection: number, reason: string): void {
    if (this.#current?.connection !== connection) return
    this.close()
    this.#events.failed(connection, reason)
  }
}

function onePixel(): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas')
  canvas.width = 1
  canvas.height = 1
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null) throw new Error('The browser draws no pictures.')
  return context
}
