import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Page } from 'playwright-core'
import { patience, same, until, type Wanted } from './until.ts'

/** The text editor in front, used with the keyboard, and what VS Code shows in it. */
export class TextEditor {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  /** Opens a file by its path. */
  async open(file: string): Promise<void> {
    const name = basename(file)
    await this.#page.keyboard.press('Control+P')
    await this.#page.locator('.quick-input-box input').fill(file)
    const first = this.#page.locator('.quick-input-list .monaco-list-row').first()
    await until(async () => (await first.getAttribute('aria-label', { timeout: 1_000 }))?.startsWith(name) ?? false, `${file} to be offered`)
    await this.#page.keyboard.press('Enter')
    const active = (): Promise<string | null> => this.#page.locator('.tabs-container .tab.active').getAttribute('data-resource-name', { timeout: 1_000 })
    await until(async () => (await active()) === name, `the tab of ${file} in front`)
    await until(() => this.#page.locator('.editor-group-container.active .monaco-editor .view-line').first().isVisible(), `the text of ${file}`)
    await this.focus()
  }

  async focus(): Promise<void> {
    const lines = this.#page.locator('.editor-group-container.active .editor-instance .monaco-editor .view-lines').first()
    await lines.click({ position: { x: 400, y: 4 } })
  }

  /** Puts the cursor at a place, both from 1. */
  async goTo(line: number, column: number): Promise<void> {
    await this.#page.keyboard.press('Control+G')
    await this.#page.locator('.quick-input-box input').fill(`:${line}:${column}`)
    await this.#page.keyboard.press('Enter')
    await until(async () => (await this.cursor()) === `Ln ${line}, Col ${column}`, `the cursor at ${line}:${column}`)
  }

  /** Where the cursor is, as the status bar says it. */
  async cursor(): Promise<string> {
    return (await this.#page.locator('#status\\.editor\\.selection').textContent())?.trim() ?? ''
  }

  /** Types as a person does: what VS Code does at each key, it does. */
  async type(text: string): Promise<void> {
    for (const [index, part] of text.split('\n').entries()) {
      if (index > 0) await this.#page.keyboard.press('Enter')
      await this.#page.keyboard.type(part, { delay: 15 })
    }
  }

  /** Labels of the suggestions that are shown; none when there is no list. */
  async suggestions(): Promise<string[]> {
    const rows = this.#page.locator('.suggest-widget.visible .monaco-list-row .label-name')
    return (await rows.allTextContents()).map((text) => text.trim())
  }

  async waitSuggestion(label: string): Promise<string[]> {
    let last: string[] = []
    return until(
      async () => {
        last = await this.suggestions()
        return last.includes(label) ? last : undefined
      },
      () => `the suggestion '${label}'; shown: ${last.join(' | ') || '(none)'}`,
    )
  }

  /** Asks for suggestions. */
  async suggest(): Promise<void> {
    await this.#page.keyboard.press('Control+Space')
  }

  /** Takes a suggestion of the list that is shown. */
  async accept(label: string): Promise<void> {
    const shown = await this.waitSuggestion(label)
    const focused = (): Promise<string | null> => this.#page.locator('.suggest-widget.visible .monaco-list-row.focused .label-name').textContent()
    for (let step = 0; step < shown.length + 1 && (await focused())?.trim() !== label; step += 1) await this.#page.keyboard.press('ArrowDown')
    await this.#page.keyboard.press('Enter')
    await until(async () => (await this.suggestions()).length === 0, 'the list closed')
  }

  /** How many wavy lines of a kind are drawn. */
  squiggles(kind: 'error' | 'warning' | 'info'): Promise<number> {
    return this.#page.locator(`.editor-group-container.active .squiggly-${kind}`).count()
  }

  /** What is told of the next problem in the file. */
  async nextProblem(): Promise<string> {
    await this.#page.keyboard.press('F8')
    const widget = this.#page.locator('.marker-widget .descriptioncontainer')
    return until(async () => (await widget.first().textContent({ timeout: 1_000 })) ?? undefined, 'the words of a problem')
  }

  /** The fixes that the light bulb offers at the cursor. */
  async fixes(): Promise<string[]> {
    await this.#page.keyboard.press('Control+.')
    const rows = this.#page.locator('.action-widget:visible .monaco-list-row.action .title')
    await until(async () => (await rows.count()) > 0, 'a list of fixes')
    return (await rows.allTextContents()).map((text) => text.trim())
  }

  /** Takes one of them. */
  async fix(wanted: Wanted): Promise<void> {
    const titles = await this.fixes()
    const index = titles.findIndex((title) => same(wanted, title))
    if (index === -1) throw new Error(`no fix '${wanted}'; offered: ${titles.join(' | ')}`)
    await this.#page.locator('.action-widget .monaco-list-row.action').nth(index).click()
    await until(async () => !(await this.#page.locator('.action-widget').first().isVisible()), 'the list of fixes closed')
  }

  /** The text of the hover at the cursor. */
  async hover(wanted: RegExp): Promise<string> {
    let last = ''
    await this.#page.keyboard.press('Control+K')
    await this.#page.keyboard.press('Control+I')
    return until(
      async () => {
        last = (await this.#page.locator('.monaco-editor .monaco-hover:not(.hidden)').allTextContents()).join('\n')
        return wanted.test(last) ? last : undefined
      },
      () => `a hover like ${wanted}; it shows: ${last.slice(0, 400)}`,
    )
  }

  /** Saves, and gives what the file holds then. */
  async saved(file: string, wanted: RegExp, timeout: number = patience): Promise<string> {
    let last = ''
    await this.#page.keyboard.press('Control+S')
    return until(
      () => {
        last = readFileSync(file, 'utf8')
        return wanted.test(last) ? last : undefined
      },
      () => `${wanted} in ${file}; it holds:\n${last}`,
      timeout,
    )
  }

  /** Texts above lines that can be clicked. */
  lenses(): Promise<string[]> {
    return this.#page.locator('.editor-group-container.active .codelens-decoration').allTextContents()
  }

  /** Presses a key that leads to another file. */
  async jump(key: string, name: string): Promise<void> {
    await this.#page.keyboard.press(key)
    await until(
      async () => (await this.#page.locator('.tabs-container .tab.active').getAttribute('data-resource-name', { timeout: 1_000 })) === name,
      `the tab of ${name} in front after ${key}`,
    )
  }

  /** Renames what is at the cursor. */
  async rename(name: string): Promise<void> {
    await this.#page.keyboard.press('F2')
    const box = this.#page.locator('.monaco-editor .rename-box input.rename-input')
    await until(() => box.isVisible(), 'the box for the new name')
    await box.fill(name)
    await this.#page.keyboard.press('Enter')
    await until(async () => !(await box.isVisible()), 'the box closed')
  }

  /** What both sides of the difference in front show; blanks may be drawn as other characters. */
  async differenceText(): Promise<string> {
    return (await this.#page.locator('.editor-group-container.active .monaco-diff-editor .view-lines').allTextContents()).join('\n')
  }

  /** The visible text, hints in it included. */
  async text(): Promise<string> {
    return (await this.#page.locator('.editor-group-container.active .monaco-editor .view-lines').first().textContent()) ?? ''
  }
}
