import type { Page } from 'playwright-core'
import { ask, type Dialog, type Notice } from './in-page.ts'
import { holds, patience, same, until, type Wanted } from './until.ts'

/** Notifications and modal dialogs. */
export class Notices {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  toasts(): Promise<Notice[]> {
    return ask(this.#page, 'toasts')
  }

  /** Waits for a notification that holds the text. */
  async wait(text: Wanted, timeout: number = patience): Promise<Notice> {
    let seen: Notice[] = []
    return until(
      async () => {
        seen = await this.toasts()
        return seen.find(({ message }) => holds(text, message))
      },
      () => `a notification '${text}'; shown: ${seen.map(({ message }) => message).join(' | ') || '(none)'}`,
      timeout,
    )
  }

  /** Presses a button of the notification that holds the text. */
  async press(button: string, text: string | RegExp = ''): Promise<void> {
    const item = this.#page.locator('.notification-list-item').filter({ has: this.#page.locator('.monaco-button', { hasText: button }), hasText: text })
    await until(async () => (await item.count()) > 0, `a notification '${text}' with '${button}'`)
    await item.first().hover()
    await item.first().locator('.monaco-button', { hasText: button }).click()
  }

  dialog(): Promise<Dialog | undefined> {
    return ask(this.#page, 'dialog')
  }

  async waitDialog(text: Wanted = '', timeout: number = patience): Promise<Dialog> {
    return until(
      async () => {
        const dialog = await this.dialog()
        return dialog !== undefined && holds(text, `${dialog.message} ${dialog.detail}`) ? dialog : undefined
      },
      `a dialog '${text}'`,
      timeout,
    )
  }

  async answerDialog(button: Wanted): Promise<void> {
    const dialog = await this.waitDialog()
    const label = dialog.buttons.find((one) => same(button, one))
    if (label === undefined) throw new Error(`no button '${button}' in the dialog; it has ${dialog.buttons.join(' | ')}`)
    await this.#page.locator('.monaco-dialog-box .monaco-button').getByText(label, { exact: true }).first().click()
    await until(async () => (await this.dialog())?.message !== dialog.message, 'the dialog closed')
  }
}
