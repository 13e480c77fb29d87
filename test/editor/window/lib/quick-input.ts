import type { Page } from 'playwright-core'
import { ask, middle, type QuickInputState, type QuickRow } from './in-page.ts'
import { patience, same, until, type Wanted } from './until.ts'

/** The command palette, picks and input boxes. */
export class QuickInput {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  /** What it shows; undefined when it is closed. */
  state(): Promise<QuickInputState | undefined> {
    return ask(this.#page, 'quickInput')
  }

  get #input(): ReturnType<Page['locator']> {
    return this.#page.locator('.quick-input-box input')
  }

  async #open(keys: string): Promise<void> {
    const visible = (): Promise<boolean> => this.#page.locator('.quick-input-widget').isVisible()
    await this.#page.keyboard.press(keys)
    const opened = await until(visible, 'the quick input', 2_500).catch(() => false)
    if (opened) return
    const dialog = await ask(this.#page, 'dialog')
    if (dialog !== undefined) throw new Error(`${keys} did nothing: a modal dialog is open: ${dialog.message}`)
    // A focused webview swallows keys, as it does a person's: click beside it.
    await this.#page.locator('.part.titlebar').click({ position: { x: 200, y: 6 } })
    await this.#page.keyboard.press(keys)
    await until(visible, 'the quick input')
  }

  /** Runs a command from the palette by its whole title, `Category: Title`. */
  async run(title: string): Promise<void> {
    await this.#open('F1')
    await this.#input.fill(`>${title}`)
    let rows: QuickRow[] = []
    const row = await until(
      async () => {
        rows = (await this.state())?.rows ?? []
        return rows.find(({ label }) => same(title, label))
      },
      () => `the command '${title}' in the palette; shown: ${labels(rows)}`,
    ).catch(async (error: unknown) => {
      await this.#page.keyboard.press('Escape')
      throw error
    })
    for (let i = 0; i < row.index; i += 1) await this.#page.keyboard.press('ArrowDown')
    await until(async () => (await this.state())?.rows.find(({ focused }) => focused)?.index === row.index, `the command '${title}' in focus`)
    await this.#page.keyboard.press('Enter')
    await until(async () => !((await this.state())?.value.startsWith('>') ?? false), 'the palette closed')
  }

  /** Titles that the palette offers for some typed text. */
  async commands(filter: string): Promise<string[]> {
    await this.#open('F1')
    await this.#input.fill(`>${filter}`)
    let titles: string[] = []
    await until(async () => {
      const now = (await this.state())?.rows.map(({ label }) => label) ?? []
      const settled = now.length > 0 && now.join() === titles.join()
      titles = now
      return settled
    }, 'a list of commands').catch(() => undefined)
    await this.#page.keyboard.press('Escape')
    return titles
  }

  /** Chooses a row of the open pick by its label. */
  async pick(wanted: Wanted): Promise<void> {
    const row = await this.waitRow(wanted)
    if (row.focused) return this.#page.keyboard.press('Enter')
    const at = await ask(this.#page, 'revealOption', row.index)
    if (at === undefined) throw new Error(`the row ${wanted} went away`)
    await this.#page.mouse.click(...middle(at))
  }

  /** Chooses a row by typing its label: for lists that are still being filled, where a row moves between a look and a click. */
  async choose(label: string): Promise<void> {
    await this.waitRow(new RegExp(label))
    await this.#input.fill(label)
    await until(async () => {
      const rows = (await this.state())?.rows ?? []
      return rows.find(({ focused }) => focused)?.label.includes(label)
    }, `the row '${label}' in focus`)
    await this.#page.keyboard.press('Enter')
    await until(async () => !(await this.state())?.rows.some((row) => row.label.includes(label)), `the choice of '${label}' taken`)
  }

  async waitRow(wanted: Wanted, timeout: number = patience): Promise<QuickRow> {
    let rows: QuickRow[] = []
    return until(
      async () => {
        rows = (await this.state())?.rows ?? []
        return rows.find(({ label }) => same(wanted, label))
      },
      () => `a row '${wanted}' to pick; shown: ${labels(rows)}`,
      timeout,
    )
  }

  /** Types into the open box; `keep` leaves it open. */
  async answer(text: string, { keep = false } = {}): Promise<void> {
    await until(async () => (await this.state()) !== undefined, 'an input box')
    await this.#input.fill(text)
    if (!keep) await this.#page.keyboard.press('Enter')
  }
}

const labels = (rows: readonly QuickRow[]): string =>
  rows
    .slice(0, 12)
    .map(({ label }) => label)
    .join(' | ') || '(none)'
