import type { Duplex } from 'node:stream'
import type { Clock } from '../base/clock.ts'
import { type Disposable, disposable } from '../base/disposable.ts'
import { asLocoError, type LocoError } from '../base/error.ts'
import { Alarm } from './alarm.ts'
import { lost, stalled } from './faults.ts'
import type { Greeted } from './greet.ts'
import { Held } from './held.ts'
import { type Measured, Meter } from './meter.ts'
import type { Pacing, ScreenPace } from './pacing.ts'
import { Pump, type Wish } from './pump.ts'
import { agreedEncodings } from './rfb/encodings.ts'
import { type Size, SizeChanges } from './rfb/limits.ts'
import { clientMessage, setEncodings, updateRequest, wake } from './rfb/messages.ts'
import { Parsing } from './rfb/parsing.ts'
import { type ServerEvent, serverMessages } from './rfb/server-messages.ts'
import { Upstream } from './upstream.ts'
import { Viewer } from './viewer.ts'

/** A probe asks for the smallest piece that QEMU sends, which is no new picture. */
const probePixels = 16
/** Milliseconds after which a server that takes nothing is looked at again. */
const patience = 1000

export interface RelayOptions {
  stream: Duplex
  greeted: Greeted
  clock: Clock
  pacing: Pacing
  pace: ScreenPace
  driver: boolean
  /** Bytes for the viewer. */
  output(piece: Uint8Array<ArrayBuffer>): void
  /** The first picture is with the viewer. */
  pictured(): void
  /** The connection has ended by itself, and why. Called once, last; never after `dispose`. */
  ended(error: LocoError): void
}

/** One connection between a viewer and a server that was greeted: passes on what the server sends and asks it for updates at a pace of its own. */
export class Relay implements Disposable {
  readonly #options: RelayOptions
  readonly #clock: Clock
  readonly #pump: Pump
  readonly #meter: Meter
  readonly #held = new Held()
  readonly #sizeChanges = new SizeChanges()
  readonly #screen: Size
  readonly #upstream: Upstream
  readonly #viewer: Viewer
  readonly #parsing: Parsing<ServerEvent>
  readonly #alarm: Alarm
  readonly #end: Disposable
  #over = false
  #atBorder = true
  #pictured = false
  /** The server tells its size whenever something is asked for that did not change, as QEMU does. */
  #tellsSize = false
  /** Bytes of the update that is coming. */
  #coming = 0

  constructor(options: RelayOptions) {
    const { stream, greeted, clock } = options
    this.#options = options
    this.#clock = clock
    this.#pump = new Pump(options.pacing)
    this.#pump.driver = options.driver
    this.#pump.setPace(options.pace)
    this.#meter = new Meter(clock.now())
    this.#screen = { ...greeted.screen }
    this.#alarm = new Alarm(clock, () => this.#drive())
    this.#upstream = new Upstream(stream, { overflow: () => this.#fail(stalled()), drained: () => this.#drive() })
    this.#viewer = this.#viewerOf(greeted)
    this.#parsing = new Parsing(serverMessages(this.#screen), { passed: (bytes) => this.#pass(bytes), told: (event) => this.#told(event) })
    const heard = (piece: Uint8Array): void => this.#heard(piece)
    const closed = (): void => this.#fail(lost(stream.errored))
    // The listener for errors stays: one that comes after the end must not end the process.
    stream.on('error', (error) => this.#fail(lost(error)))
    stream.on('data', heard).on('end', closed).on('close', closed)
    this.#end = disposable(() => {
      this.#over = true
      stream.off('data', heard).off('end', closed).off('close', closed)
      this.#alarm.dispose()
      this.#viewer.dispose()
      stream.destroy()
    })
    if (stream.destroyed) setImmediate(closed)
    else this.#readOrNot()
  }

  /** What the viewer sends. */
  input(bytes: Uint8Array): void {
    this.#guard(() => this.#viewer.input(bytes))
  }

  acknowledge(bytes: number): void {
    this.#viewer.acknowledge(bytes)
    this.#readOrNot()
    this.#drive()
  }

  setPace(pace: ScreenPace): void {
    if (this.#pump.pace === 'hidden') this.#pump.wantWhole()
    this.#pump.setPace(pace)
    this.#readOrNot()
    this.#drive()
  }

  setDriver(driver: boolean): void {
    if (!driver) this.#upstream.write(...this.#held.release())
    this.#pump.driver = driver
    this.#drive()
  }

  setPacing(pacing: Pacing): void {
    this.#pump.pacing = pacing
    this.#drive()
  }

  measured(): Measured {
    return this.#meter.read(this.#clock.now())
  }

  dispose(): void {
    this.#end.dispose()
  }

  #viewerOf({ serverInit }: Greeted): Viewer {
    return new Viewer(serverInit, {
      now: () => this.#clock.now(),
      output: (piece) => {
        this.#options.output(piece)
        this.#readOrNot()
      },
      pixelFormat: (message) => this.#upstream.write(message),
      encodings: (wanted) => this.#upstream.write(setEncodings(agreedEncodings(wanted))),
      wantsWhole: () => {
        this.#pump.begin()
        this.#drive()
      },
      steers: (type, message) => this.#steer(type, message),
      drew: (ms) => {
        this.#meter.drawn(this.#clock.now(), ms)
        this.#drive()
      },
    })
  }

  #steer(type: number, message: Buffer): void {
    if (!this.#pump.driver) return
    const moves = type === clientMessage.pointer && this.#held.buttons === message.readUInt8(1)
    this.#held.note(type, message)
    this.#pump.input(this.#clock.now())
    if (moves) this.#upstream.move(message)
    else this.#upstream.write(message)
    this.#drive()
  }

  #heard(piece: Uint8Array): void {
    const now = this.#clock.now()
    this.#pump.heard(now)
    this.#meter.received(now, piece.length)
    this.#guard(() => this.#parsing.feed(piece))
    this.#drive()
  }

  #pass(bytes: Uint8Array): void {
    this.#atBorder = false
    this.#coming += bytes.length
    this.#viewer.pass(bytes)
  }

  #told(event: ServerEvent): void {
    const now = this.#clock.now()
    switch (event.kind) {
      case 'update':
        this.#coming = 0
        this.#pump.updating(now)
        // At once, not when the update is complete: the next one is made while this one is on its way.
        this.#drive()
        break
      case 'updated':
        this.#updated(now, event.pixels)
        break
      case 'resized':
        this.#sizeChanges.add(now)
        break
      case 'size-told': {
        this.#tellsSize = true
        const ms = this.#pump.answered(now)
        if (ms !== undefined) this.#meter.answered(now, ms)
        break
      }
      case 'clipboard':
        this.#pump.canWake = true
        break
      case 'border':
        this.#atBorder = true
        this.#viewer.border()
        this.#readOrNot()
        break
    }
  }

  #updated(now: number, pixels: number): void {
    const moved = pixels > probePixels
    this.#pump.updated(now, this.#coming, moved)
    // A server that does not tell its size answers a probe so, when it looks at its screen next: an answer, but no measure of the way.
    if (pixels > 0 && !this.#tellsSize) this.#pump.answered(now)
    this.#viewer.mark()
    if (!moved) return
    this.#meter.frame(now)
    if (this.#pictured) return
    this.#pictured = true
    this.#viewer.flush()
    this.#options.pictured()
  }

  /** Reads while the page keeps up and somebody looks. A server that goes on sending to a hidden screen has to wait. */
  #readOrNot(): void {
    const { stream } = this.#options
    if (this.#viewer.full || (this.#pump.pace === 'hidden' && this.#atBorder)) stream.pause()
    else if (stream.isPaused()) {
      // It could not be heard: only from now on it can be silent.
      this.#pump.heard(this.#clock.now())
      stream.resume()
    }
  }

  /** Sends what is due, and sees to it that this is called again when something is. A page that takes nothing is asked for nothing: it calls when it does. */
  #drive(): void {
    if (this.#over || this.#viewer.full) return
    const now = this.#clock.now()
    if (this.#pump.stalled(now)) this.#fail(stalled())
    else if (this.#upstream.blocked) this.#alarm.setNoLaterThan(now + patience)
    else {
      this.#pump.behind = this.#viewer.behind
      const wishes = this.#pump.due(now)
      if (wishes.length > 0) this.#upstream.write(...wishes.map((wish) => this.#message(wish)))
      this.#alarm.setNoLaterThan(this.#pump.next())
    }
  }

  #message(wish: Wish): Buffer {
    if (wish === 'wake') return wake
    if (wish === 'probe') return updateRequest({ width: 1, height: 1 }, true)
    return updateRequest(this.#screen, wish === 'whole')
  }

  #guard(work: () => unknown): void {
    if (this.#over) return
    try {
      work()
    } catch (error) {
      this.#fail(asLocoError(error))
    }
  }

  #fail(error: LocoError): void {
    if (this.#over) return
    this.dispose()
    this.#options.ended(error)
  }
}
