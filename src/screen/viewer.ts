import type { Disposable } from '../base/disposable.ts'
import { Gather } from './gather.ts'
import { type ClientEvent, clientMessages } from './rfb/client-messages.ts'
import { clientMessage, continuousUpdatesOffer, fence, offersContinuousUpdates, offersFence, readEncodings, readFence } from './rfb/messages.ts'
import { Parsing } from './rfb/parsing.ts'

/** Bytes that a page may owe an acknowledgement for before nothing more is read for it, and those at which reading goes on. */
const high = 1024 * 1024
const low = 256 * 1024

export interface ViewerHandlers {
  now(): number
  output(piece: Uint8Array<ArrayBuffer>): void
  /** The form of pixels that the viewer wants, as the message that says so. */
  pixelFormat(message: Buffer): void
  /** The encodings that the viewer can draw, in its order. Called once. */
  encodings(wanted: readonly number[]): void
  /** The viewer has nothing of the picture yet. */
  wantsWhole(): void
  /** A key or the pointer. */
  steers(type: number, message: Buffer): void
  /** The viewer has drawn what was handed to it so many milliseconds ago. */
  drew(ms: number): void
}

/**
 * The side of the viewer: speaks to it as a server would, gathers what it gets, and knows how far it is behind. It gets updates without asking for each
 * (continuous updates), and says by fences what it has drawn; a viewer that knows neither is asked nothing and counts by what its page has taken.
 */
export class Viewer implements Disposable {
  readonly #handlers: ViewerHandlers
  readonly #gather: Gather
  readonly #parsing: Parsing<ClientEvent>
  readonly #openFences = new Map<number, { at: number; total: number }>()
  #agreed = false
  #offer = false
  #fences = false
  #fenceNumber = 0
  /** A fence that has not left yet. */
  #newFence: number | undefined
  /** Bytes handed over in all, of these acknowledged, and drawn. */
  #total = 0
  #acknowledged = 0
  #drawn = 0
  #full = false

  constructor(serverInit: Uint8Array, handlers: ViewerHandlers) {
    this.#handlers = handlers
    this.#gather = new Gather((piece) => this.#emit(piece))
    this.#parsing = new Parsing(clientMessages(serverInit), { told: (event) => this.#told(event) })
  }

  /** What the viewer has not drawn yet: bytes, and updates as far as fences tell. */
  get behind(): { bytes: number; updates: number } {
    return { bytes: this.#total - (this.#fences ? this.#drawn : this.#acknowledged), updates: this.#openFences.size }
  }

  /** The page owes so many acknowledgements that it should get nothing more. */
  get full(): boolean {
    return this.#full
  }

  /** What the viewer sends. @throws LOCO-SCR-009 */
  input(bytes: Uint8Array): void {
    this.#parsing.feed(bytes)
  }

  /** Bytes of the server's messages. */
  pass(bytes: Uint8Array): void {
    this.#gather.add(bytes)
  }

  /** The server's bytes so far end a message: one of ours may go between. */
  border(): void {
    if (this.#offer) this.#gather.add(continuousUpdatesOffer)
    this.#offer = false
  }

  /** The server's bytes so far end an update: to be told when it is drawn. */
  mark(): void {
    if (!this.#fences) return
    this.#fenceNumber += 1
    this.#newFence = this.#fenceNumber
    this.#gather.add(fence(this.#fenceNumber))
  }

  flush(): void {
    this.#gather.flush()
  }

  acknowledge(bytes: number): void {
    this.#acknowledged = Math.min(this.#total, this.#acknowledged + Math.max(0, bytes))
    if (this.#total - this.#acknowledged <= low) this.#full = false
  }

  dispose(): void {
    this.#gather.dispose()
  }

  #told(event: ClientEvent): void {
    if (event.kind === 'say') this.#gather.add(event.bytes)
    else this.#message(event.type, event.bytes)
  }

  #message(type: number, message: Buffer): void {
    const { key, pointer, qemu, updateRequest } = clientMessage
    if (type === clientMessage.setPixelFormat) this.#handlers.pixelFormat(message)
    else if (type === clientMessage.setEncodings) this.#encodings(readEncodings(message))
    else if (type === clientMessage.fence) this.#fenced(readFence(message))
    else if (type === key || type === qemu || type === pointer) this.#handlers.steers(type, message)
    // Asking is not the viewer's: only that it has nothing yet counts. What is left (clipboard, size of the screen) goes nowhere.
    else if (type === updateRequest && message.readUInt8(1) === 0) this.#handlers.wantsWhole()
  }

  /** Once a connection: QEMU of some versions takes harm when a viewer agrees to the clipboard's extension a second time. */
  #encodings(wanted: readonly number[]): void {
    if (this.#agreed) return
    this.#agreed = true
    this.#fences = offersFence(wanted)
    this.#offer = offersContinuousUpdates(wanted)
    this.#handlers.encodings(wanted)
    // The server has said nothing yet.
    this.border()
  }

  #fenced(number: number | undefined): void {
    const reached = number === undefined ? undefined : this.#openFences.get(number)
    if (number === undefined || reached === undefined) return
    for (const open of this.#openFences.keys()) if (open <= number) this.#openFences.delete(open)
    this.#drawn = reached.total
    this.#handlers.drew(this.#handlers.now() - reached.at)
  }

  #emit(piece: Uint8Array<ArrayBuffer>): void {
    this.#total += piece.length
    if (this.#total - this.#acknowledged > high) this.#full = true
    // Of several fences in one piece the last one tells it all.
    if (this.#newFence !== undefined) this.#openFences.set(this.#newFence, { at: this.#handlers.now(), total: this.#total })
    this.#newFence = undefined
    this.#handlers.output(piece)
  }
}
