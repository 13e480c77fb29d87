import { t } from '@vscode/l10n'
import { element } from './element.ts'
import { type StatusState, statusWords } from './status-words.ts'

/** What is measured, over the last seconds. */
export interface Measured {
  readonly fps: number
  readonly kbps: number
  readonly delayMs: number | null
}

/** The line below the picture: who has the keyboard, the release chord, the meter. Read out when it changes, the meter aside. */
export class StatusLine {
  readonly element: HTMLElement
  readonly #words = element('div', { role: 'status', 'aria-live': 'polite', class: 'words' })
  readonly #meter = element('div', { class: 'meter', title: t('Measured over the last seconds: frames, time from question to answer, data.') })

  constructor() {
    this.element = element('div', { class: 'status' }, this.#words, this.#meter)
  }

  show(state: StatusState): void {
    const words = statusWords(state)
    // The same words again would be read out again.
    if (this.#words.textContent !== words) this.#words.textContent = words
    this.#meter.hidden = !state.options.meter || state.state.phase !== 'live'
    if (this.#meter.hidden) this.#meter.textContent = ''
  }

  measured({ fps, kbps, delayMs }: Measured): void {
    const [frames, rate] = [Math.round(fps), Math.round(kbps)]
    this.#meter.textContent = delayMs === null ? t`${frames} fps · ${rate} KB/s` : t`${frames} fps · ${Math.round(delayMs)} ms · ${rate} KB/s`
  }
}
