import type { Frame } from 'playwright-core'
import { type Picture, readStrip, type Strip } from '../../../guest/strip.ts'
import type { EditorWindow } from './editor-window.ts'
import { patience, until } from './until.ts'
import type { WantedRow } from './views.ts'

/** What the page of a screen says of itself. */
export interface ScreenState {
  /** `live`, `last` (greyed) or `none`. */
  picture: string
  /** Who gets the keys: `machine` or `editor`. */
  keys: string
  scaling: string
  /** The line below the picture, the meter, and the notice over the picture. */
  words: string
  meter: string
  notice: string
}

/** The tab with the screen of one machine. Found anew for each look, because VS Code makes the page anew after a reload. */
export class ScreenTab {
  readonly #window: EditorWindow
  readonly title: RegExp

  /** `emulator` as its id; with several fleets in the window the title names the fleet too. */
  constructor(window: EditorWindow, emulator: string) {
    this.#window = window
    this.title = new RegExp(`^${emulator}( ·|$)`)
  }

  /** Opens it by the button of the emulator's row. */
  static async open(window: EditorWindow, emulator: string, row: WantedRow = emulator): Promise<ScreenTab> {
    await window.views.inline('Fleet', row, 'Open Screen')
    const tab = new ScreenTab(window, emulator)
    await window.editors.waitTab(tab.title)
    return tab
  }

  frame(): Promise<Frame> {
    return this.#window.editors.webview(this.title)
  }

  async state(): Promise<ScreenState> {
    const frame = await this.frame()
    return frame.evaluate(`(() => {
      const text = (selector) => { const found = document.querySelector(selector); return found && !found.hidden ? found.innerText.trim() : '' }
      const { picture = '', keys = '', scaling = '' } = document.body.dataset
      return { picture, keys, scaling, words: text('.words'), meter: text('.meter'), notice: text('.notice') }
    })()`) as Promise<ScreenState>
  }

  async waitState(wanted: (state: ScreenState) => boolean, what: string, timeout: number = patience): Promise<ScreenState> {
    let last: ScreenState | undefined
    return until(
      async () => {
        last = await this.state()
        return wanted(last) ? last : undefined
      },
      () => `${what} in the tab ${this.title}; it says ${JSON.stringify(last)}`,
      timeout,
    )
  }

  live(timeout?: number): Promise<ScreenState> {
    return this.waitState(({ picture }) => picture === 'live', 'a live picture', timeout)
  }

  /** What the guest says of itself in the pixels of the canvas; undefined in the moment in which it draws them. */
  async strip(): Promise<Strip | undefined> {
    const frame = await this.frame()
    const pixels = (await frame.evaluate(`(() => {
      const canvas = document.querySelector('.screen canvas')
      if (!canvas || canvas.width !== 1024) return undefined
      return [...canvas.getContext('2d').getImageData(0, canvas.height - 16, 1024, 16).data]
    })()`)) as number[] | undefined
    if (pixels === undefined) return undefined
    const picture: Picture = { width: 1024, height: 16, rgb: new Uint8Array(1024 * 16 * 3) }
    for (let i = 0; i < 1024 * 16; i += 1) picture.rgb.set(pixels.slice(i * 4, i * 4 + 3), i * 3)
    return readStrip(picture)
  }

  async waitStrip(wanted: (strip: Strip) => boolean, what: string, timeout: number = patience): Promise<Strip> {
    let last: Strip | undefined
    return until(
      async () => {
        last = await this.strip()
        return last !== undefined && wanted(last) ? last : undefined
      },
      () => `${what} in the pixels of ${this.title}; they say ${JSON.stringify(last)}`,
      timeout,
    )
  }

  /** Clicks into the picture, so that the machine gets the keys. */
  async capture(): Promise<void> {
    const frame = await this.frame()
    await frame.locator('.screen canvas').click({ position: { x: 120, y: 90 } })
    await this.waitState(({ keys }) => keys === 'machine', 'keys that go to the machine')
  }

  async type(text: string): Promise<void> {
    await this.#window.page.keyboard.type(text, { delay: 40 })
  }

  /** Gives the keys back by the chord. */
  async release(): Promise<void> {
    const { keyboard } = this.#window.page
    await keyboard.down('Control')
    await keyboard.down('Alt')
    await keyboard.up('Alt')
    await keyboard.up('Control')
    await this.waitState(({ keys }) => keys === 'editor', 'keys that go to the editor')
  }
}
