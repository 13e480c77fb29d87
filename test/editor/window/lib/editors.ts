import type { Frame, Page } from 'playwright-core'
import { ask } from './in-page.ts'
import { holds, patience, same, until, type Wanted } from './until.ts'

/** Editor tabs, their text, webviews in them, and terminals. */
export class Editors {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  tabs(): Promise<{ label: string; active: boolean; dirty: boolean }[]> {
    return ask(this.#page, 'tabs')
  }

  async waitTab(wanted: Wanted, timeout: number = patience): Promise<{ label: string; active: boolean }> {
    let tabs: { label: string; active: boolean }[] = []
    return until(
      async () => {
        tabs = await this.tabs()
        return tabs.find(({ label }) => same(wanted, label))
      },
      () => `a tab '${wanted}'; shown: ${tabs.map(({ label }) => label).join(' | ') || '(none)'}`,
      timeout,
    )
  }

  async focus(wanted: Wanted): Promise<void> {
    const tab = await this.waitTab(wanted)
    if (tab.active) return
    await this.#page.locator('.tabs-container .tab').filter({ hasText: tab.label }).first().click()
    await until(async () => (await this.tabs()).some(({ label, active }) => active && label === tab.label), `the tab '${tab.label}' in front`)
  }

  /** The visible text of the editor in front, once it holds the wanted text. */
  async text(wanted: Wanted = '', timeout: number = patience): Promise<string> {
    let last = ''
    return until(
      async () => {
        last = await ask(this.#page, 'editorText')
        return last !== '' && holds(wanted, last) ? last : undefined
      },
      () => `'${wanted}' in the editor; it shows:\n${last.slice(0, 800)}`,
      timeout,
    )
  }

  /** The text of the terminal in front, once it holds the wanted text. */
  async terminal(wanted: Wanted, timeout: number = patience): Promise<string> {
    let last = ''
    return until(
      async () => {
        last = await ask(this.#page, 'terminal')
        return last !== '' && holds(wanted, last) ? last : undefined
      },
      () => `'${wanted}' in the terminal; it shows:\n${last.slice(-800)}`,
      timeout,
    )
  }

  /** The frame in which the page of a webview runs, by the title of its tab, which is brought to the front. */
  async webview(title: Wanted, timeout: number = patience): Promise<Frame> {
    await this.focus(title)
    let seen: string[] = []
    return until(
      async () => {
        const all = await ask(this.#page, 'webviews')
        seen = all.map((one) => `${one.title}${one.visible ? '' : ' (hidden)'}`)
        const view = all.find((one) => one.visible && same(title, one.title))
        const outer = view && this.#page.frames().find((frame) => frame.name() === view.name)
        for (const inner of outer?.childFrames() ?? []) {
          const element = await inner.frameElement().catch(() => undefined)
          if ((await element?.getAttribute('id')) === 'active-frame') return inner
        }
        return undefined
      },
      () => `the page of the webview '${title}'; shown: ${seen.join(' | ') || '(none)'}`,
      timeout,
    )
  }
}
