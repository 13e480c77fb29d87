import { t } from '@vscode/l10n'
import type { PageBoot, SavedTab, ScreenOptions, ShownState, ToPage } from '../../src/contracts/screen.ts'
import { KeyCapture } from './capture.ts'
import { copyPicture } from './copy-picture.ts'
import { element } from './element.ts'
import { keep, tell } from './host.ts'
import { LastPicture } from './last-picture.ts'
import { Notice } from './notice.ts'
import { RfbClient } from './rfb-client.ts'
import { Stage } from './stage.ts'
import { StatusLine } from './status.ts'
import { Toolbar } from './toolbar.ts'
import { Typist } from './typist.ts'

/** The page of one screen: the parts, and who tells whom. */
export class ScreenPage {
  readonly #name: string
  readonly #client: RfbClient
  readonly #capture: KeyCapture
  readonly #typist: Typist
  readonly #toolbar: Toolbar
  readonly #stage: Stage
  readonly #status = new StatusLine()
  readonly #notice: Notice
  readonly #last: LastPicture
  #options: ScreenOptions
  #state: ShownState = { phase: 'connecting' }
  #typing = false
  /** The machine had the keyboard when its picture went away: it gets it again if nobody else took it. */
  #giveBack = false

  constructor({ saved, options }: PageBoot) {
    this.#name = saved.emulator
    this.#options = options
    keep(saved)
    const screen = element('div', { class: 'screen' })
    this.#client = new RfbClient(screen, {
      send: (connection, bytes) => tell({ type: 'input', connection, bytes }),
      consumed: (connection, bytes) => {
        this.#last.count(bytes)
        tell({ type: 'consumed', connection, bytes })
      },
      canvas: (canvas) => this.#newCanvas(canvas),
      size: (size) => this.#stage.setMachine(size),
      firstPicture: () => this.#draw(),
      failed: (connection, reason) => tell({ type: 'failed', connection, reason }),
    })
    this.#last = new LastPicture(
      () => (this.#state.phase === 'live' && this.#client.pictured ? this.#client.canvas : undefined),
      (png) => tell({ type: 'picture', png }),
    )
    this.#capture = new KeyCapture(options.releaseChord, {
      changed: (captured) => {
        tell({ type: 'captured', captured })
        this.#draw()
      },
      released: () => this.#releaseKeys(),
    })
    this.#typist = new Typist(
      ({ keysym, code, down }) => this.#client.sendKey(keysym, code, down),
      (typing) => {
        this.#typing = typing
        this.#draw()
      },
    )
    this.#toolbar = new Toolbar({
      toggleCapture: () => (this.#capture.captured ? this.#releaseKeys() : this.#client.focus()),
      run: (command) => tell({ type: 'run', command }),
    })
    this.#notice = new Notice({ explain: (code) => tell({ type: 'explain', code }), reconnect: () => tell({ type: 'run', command: 'reconnect' }) })
    this.#stage = new Stage(t`Screen of ${this.#name}`, screen, this.#last.canvas, this.#notice.element)
    document.body.append(this.#toolbar.element, this.#stage.element, this.#status.element)
    this.#draw()
    void this.#takeOver(document.querySelector<HTMLImageElement>('#last'))
  }

  /** Does what the host says. */
  hear(message: ToPage): void {
    switch (message.type) {
      case 'options':
        return void this.#setOptions(message.options, message.saved)
      case 'state':
        return void this.#setState(message.state)
      case 'lastPicture':
        return void this.#last.show(new Blob([message.png], { type: 'image/png' })).then(() => this.#draw())
      case 'open':
        return void this.#open(message.connection)
      case 'output':
        return void this.#client.receive(message.connection, message.bytes)
      case 'meter':
        return void this.#status.measured(message)
      case 'keys':
        return void this.#typist.type(message.keys)
      case 'releaseKeys':
        return void this.#releaseKeys()
      case 'takePicture':
        return void this.#sendPicture(message.request)
      case 'copyPicture':
        return void this.#copyPicture(message.request)
    }
  }

  /** The last known picture lies in the document, where it was seen before this script ran. */
  async #takeOver(picture: HTMLImageElement | null): Promise<void> {
    if (picture === null) return
    await picture.decode().then(
      () => this.#last.show(picture),
      () => {}, // No picture after all.
    )
    picture.remove()
    this.#draw()
  }

  #setOptions(options: ScreenOptions, saved: SavedTab): void {
    this.#options = options
    keep(saved)
    if (options.viewOnly) this.#releaseKeys()
    this.#client.setViewOnly(options.viewOnly)
    this.#capture.setChord(options.releaseChord)
    this.#draw()
  }

  #setState(state: ShownState): void {
    const lost = this.#state.phase === 'live' && state.phase !== 'live'
    this.#state = state
    if (lost) this.#lose()
    this.#draw()
  }

  #open(connection: number): void {
    this.#lose()
    // Not live before the host says so: the end of the connection before must not end this one.
    if (this.#state.phase === 'live') this.#state = { phase: 'connecting' }
    this.#client.open(connection)
    this.#draw()
  }

  /** The picture on the canvas is the last one of its connection: keep it, and take the canvas away. */
  #lose(): void {
    this.#typist.stop()
    if (this.#capture.captured) this.#giveBack = true
    const { canvas, pictured } = this.#client
    if (pictured && canvas !== undefined) void this.#last.take(canvas)
    this.#capture.attach(undefined)
    this.#client.close()
  }

  #newCanvas(canvas: HTMLCanvasElement): void {
    canvas.setAttribute('role', 'application')
    canvas.setAttribute('aria-label', t`Screen of ${this.#name}`)
    this.#client.setViewOnly(this.#options.viewOnly)
    this.#capture.attach(canvas)
  }

  #releaseKeys(): void {
    this.#giveBack = false
    this.#typist.stop()
    if (this.#capture.captured) this.#toolbar.focus()
  }

  async #sendPicture(request: number): Promise<void> {
    const png = await this.#picture()
    tell({ type: 'picture', request, ...(png !== undefined && { png }) })
  }

  async #copyPicture(request: number): Promise<void> {
    const problem = await copyPicture(await this.#picture())
    tell({ type: 'copied', request, ...(problem !== undefined && { problem }) })
  }

  async #picture(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const { canvas, pictured } = this.#client
    if (this.#state.phase === 'live' && pictured && canvas !== undefined) await this.#last.take(canvas)
    return this.#last.png()
  }

  #draw(): void {
    const live = this.#state.phase === 'live' && this.#client.pictured
    const [options, state, captured] = [this.#options, this.#state, this.#capture.captured]
    this.#toolbar.show({ options, live, captured })
    this.#status.show({ options, state, captured, typing: this.#typing })
    this.#notice.show(state)
    this.#stage.show({ scaling: options.scaling, live, captured, last: this.#last.size })
    if (live && this.#giveBack) this.#takeKeysAgain()
  }

  #takeKeysAgain(): void {
    this.#giveBack = false
    if (document.hasFocus() && (document.activeElement === document.body || document.activeElement === null)) this.#client.focus()
  }
}
