import { t } from '@vscode/l10n'
import type { ShownState } from '../../src/contracts/screen.ts'
import { element } from './element.ts'

/** The box over the greyed picture: why it is not live, with its code, and what can be done. Read out when it changes. */
export class Notice {
  readonly element: HTMLElement
  readonly #box: HTMLElement
  readonly #sentence = element('p')
  readonly #explain: HTMLButtonElement
  readonly #reconnect: HTMLButtonElement
  #code: string | undefined

  constructor({ explain, reconnect }: { explain(code: string): void; reconnect(): void }) {
    this.#explain = element('button', { type: 'button', class: 'link', title: t('Explain this code') })
    this.#explain.addEventListener('click', () => {
      if (this.#code !== undefined) explain(this.#code)
    })
    this.#reconnect = element('button', { type: 'button', class: 'primary' }, t('Connect Again'))
    this.#reconnect.addEventListener('click', reconnect)
    this.#box = element('div', { class: 'notice' }, this.#sentence, this.#explain, this.#reconnect)
    // The region is always there: screen readers tell of changes in one, not of one that appears.
    this.element = element('div', { role: 'status', class: 'notices' }, this.#box)
  }

  show({ phase, sentence = '', code }: ShownState): void {
    this.#code = code
    this.#box.hidden = phase === 'live' || sentence === ''
    this.#box.classList.toggle('bad', phase === 'refused')
    if (this.#sentence.textContent !== sentence) this.#sentence.textContent = sentence
    this.#explain.textContent = code ?? ''
    this.#explain.hidden = code === undefined
    // The others come back by themselves.
    this.#reconnect.hidden = phase !== 'refused' && phase !== 'paused'
  }
}
