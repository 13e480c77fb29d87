import type { Scaling } from '../../src/contracts/screen.ts'
import { element } from './element.ts'
import { fitted, type Size } from './fit.ts'

export interface StageState {
  readonly scaling: Scaling
  /** The picture is the machine's, now. */
  readonly live: boolean
  readonly captured: boolean
  /** Size of the last known picture, if there is one. */
  readonly last: Size | undefined
}

/** Where the picture is: sized by the scaling, greyed while it is not live. noVNC fills the room it gets, so all three scalings are the size of that room. */
export class Stage {
  readonly element: HTMLElement
  readonly #scroll: HTMLElement
  readonly #frame: HTMLElement
  #scaling: Scaling = 'fit'
  /** Size of the machine's own picture, and of the last known one. */
  #machine: Size | undefined
  #last: Size | undefined
  #live = false
  #captured = false

  constructor(label: string, screen: HTMLElement, last: HTMLCanvasElement, notice: HTMLElement) {
    last.setAttribute('aria-hidden', 'true')
    this.#frame = element('div', { class: 'frame' }, screen, last)
    this.#scroll = element('div', { class: 'scroll' }, this.#frame)
    this.element = element('main', { class: 'stage', 'aria-label': label }, this.#scroll, notice)
    // Before the machine has the keyboard the wheel scrolls a picture that is larger than the tab; noVNC would take it.
    this.#scroll.addEventListener('wheel', (event) => (this.#wheelScrolls ? event.stopPropagation() : undefined), { capture: true, passive: true })
    new ResizeObserver(() => this.#fit()).observe(this.element)
  }

  setMachine(size: Size): void {
    if (size.width > 0 && size.height > 0) this.#machine = size
    this.#fit()
  }

  show({ scaling, live, captured, last }: StageState): void {
    this.#scaling = scaling
    this.#captured = captured
    this.#live = live
    this.#last = last
    // Read by tests and by the style sheet.
    document.body.dataset['picture'] = live ? 'live' : last === undefined ? 'none' : 'last'
    document.body.dataset['keys'] = captured ? 'machine' : 'editor'
    document.body.dataset['scaling'] = scaling
    this.#fit()
  }

  get #wheelScrolls(): boolean {
    const { scrollHeight, clientHeight, scrollWidth, clientWidth } = this.#scroll
    return this.#scaling !== 'fit' && !this.#captured && (scrollHeight > clientHeight || scrollWidth > clientWidth)
  }

  #fit(): void {
    const shown = this.#live ? this.#machine : (this.#last ?? this.#machine)
    if (shown === undefined) return
    const room = { width: this.element.clientWidth, height: this.element.clientHeight }
    if (room.width === 0 || room.height === 0) return
    const { width, height } = fitted(this.#scaling, shown, room, window.devicePixelRatio)
    this.#frame.style.width = `${width}px`
    this.#frame.style.height = `${height}px`
  }
}
