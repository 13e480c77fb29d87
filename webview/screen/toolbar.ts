import { t } from '@vscode/l10n'
import type { PageCommand, ScreenOptions } from '../../src/contracts/screen.ts'
import { element, icon } from './element.ts'
import { icons } from './icons.ts'

/** What the buttons depend on. */
export interface ToolbarState {
  readonly options: ScreenOptions
  readonly live: boolean
  readonly captured: boolean
}

/** The row of buttons: one stop of the Tab key, arrow keys within, each with a name and a tooltip. */
export class Toolbar {
  readonly element: HTMLElement
  readonly #capture: HTMLButtonElement
  readonly #viewOnly: HTMLButtonElement
  readonly #scaling: HTMLButtonElement
  readonly #forKeys: HTMLButtonElement[]

  constructor({ toggleCapture, run }: { toggleCapture(): void; run(command: PageCommand): void }) {
    const command = (name: PageCommand, label: string, face: Node | string): HTMLButtonElement => button(label, face, () => run(name))
    this.#capture = button(t('Type into the machine'), icon(icons.keyboard), toggleCapture)
    this.#forKeys = [
      command('ctrlAltDelete', t('Send Ctrl+Alt+Del to the machine'), t('Ctrl+Alt+Del')),
      command('ctrlEscape', t('Send Ctrl+Esc to the machine'), t('Ctrl+Esc')),
      command('altTab', t('Send Alt+Tab to the machine'), t('Alt+Tab')),
      command('typeClipboard', t('Type the text of the clipboard into the machine'), icon(icons.clipboard)),
    ]
    this.#scaling = command('selectScaling', t('Choose how the picture fills the tab'), icon(icons.scaling))
    this.#viewOnly = command('toggleViewOnly', t('View only: send neither keys nor pointer'), icon(icons.eye))
    const pictures = [
      command('savePicture', t('Save the picture as a file'), icon(icons.save)),
      command('copyPicture', t('Copy the picture to the clipboard'), icon(icons.copy)),
    ]
    const reconnect = command('reconnect', t('Connect again'), icon(icons.reconnect))
    const groups = [[this.#capture, ...this.#forKeys], pictures, [this.#scaling, this.#viewOnly, reconnect]]
    this.element = element(
      'div',
      { role: 'toolbar', class: 'toolbar', 'aria-label': t('Screen') },
      ...groups.map((group) => element('div', { class: 'group' }, ...group)),
    )
    roving(this.element, groups.flat())
  }

  show({ options, live, captured }: ToolbarState): void {
    this.#capture.setAttribute('aria-pressed', String(captured))
    this.#viewOnly.setAttribute('aria-pressed', String(options.viewOnly))
    // Not the attribute `disabled`: a button that had the focus would lose it.
    for (const one of [this.#capture, ...this.#forKeys]) one.setAttribute('aria-disabled', String(!live || options.viewOnly))
    this.#scaling.replaceChildren(icon(icons.scaling), { none: t('1:1'), fit: t('Fit'), integer: t('Integer') }[options.scaling])
  }

  /** Where the keyboard goes when the machine gives it back. */
  focus(): void {
    this.#capture.focus()
  }
}

function button(label: string, face: Node | string, press: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', title: label, 'aria-label': label, tabindex: '-1' }, face)
  made.addEventListener('click', () => {
    if (made.getAttribute('aria-disabled') !== 'true') press()
  })
  // A click must not take the keyboard from the machine.
  made.addEventListener('mousedown', (event) => event.preventDefault())
  return made
}

/** One of the buttons can be reached with Tab; the arrow keys, Home and End move among them. */
function roving(toolbar: HTMLElement, buttons: readonly HTMLButtonElement[]): void {
  const select = (index: number): void => {
    for (const [place, one] of buttons.entries()) one.tabIndex = place === index ? 0 : -1
  }
  select(0)
  toolbar.addEventListener('focusin', ({ target }) => select(Math.max(0, buttons.indexOf(target as HTMLButtonElement))))
  toolbar.addEventListener('keydown', (event) => {
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    buttons[(to + buttons.length) % buttons.length]?.focus()
  })
}
