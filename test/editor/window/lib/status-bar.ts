import type { Page } from 'playwright-core'
import { ask } from './in-page.ts'
import { holds, patience, until, type Wanted } from './until.ts'

export interface StatusItem {
  id: string
  text: string
  ariaLabel: string
  /** `warning` or `error` where VS Code paints it so. */
  kind: string
}

/** The status bar of the window. */
export class StatusBar {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  items(): Promise<StatusItem[]> {
    return ask(this.#page, 'statusBar')
  }

  /** Our own items, once one holds the text. */
  async wait(text: Wanted, timeout: number = patience): Promise<StatusItem> {
    let seen: StatusItem[] = []
    return until(
      async () => {
        seen = (await this.items()).filter(({ id }) => id.startsWith('loco-cluster.'))
        return seen.find((item) => holds(text, item.text))
      },
      () => `a status bar item '${text}'; ours: ${seen.map((item) => item.text).join(' | ') || '(none)'}`,
      timeout,
    )
  }

  /** The tool tip of the item that holds the text. */
  async hover(text: Wanted): Promise<string> {
    const { id } = await this.wait(text)
    await this.#page.locator(`.statusbar-item[id="${id}"]`).hover()
    return until(async () => (await ask(this.#page, 'hovers')).find(Boolean), 'a tool tip of the status bar item')
  }
}
