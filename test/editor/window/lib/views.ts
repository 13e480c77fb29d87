import type { Page } from 'playwright-core'
import { ask, middle, type TreeRow } from './in-page.ts'
import { chooseFromMenu, menuLabels } from './menus.ts'
import { patience, same, until, type Wanted } from './until.ts'

/** Which row: by its label, by a test, or either below another row, where several fleets have an `instance-0`. */
export type WantedRow = PlainRow | { under: PlainRow; row: PlainRow }
type PlainRow = Wanted | ((row: TreeRow) => boolean)

/** The middle of the editors: away from everything that shows a tool tip. */
const aside = [760, 420] as const

/** The side bar: view containers, trees, their rows, and welcome texts. */
export class Views {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  /** Opens a view container by its title. @returns its label in words and its badge */
  async open(title: string): Promise<{ label: string; badge: string }> {
    const find = async () => (await ask(this.#page, 'containers')).find((container) => same(title, container.title) || same(title, container.label))
    const container = await until(find, `a view container '${title}'`)
    if (!container.active) {
      await this.#page.mouse.click(...middle(container.box))
      await until(async () => (await find())?.active, `the view container '${title}' opened`)
      await this.#page.mouse.move(...aside)
    }
    return (await find()) ?? container
  }

  /** All rows of a tree view. */
  async rows(view: string): Promise<TreeRow[]> {
    return until(
      () => ask(this.#page, 'rows', view),
      () => `a tree in the view '${view}'`,
    )
  }

  async waitRow(view: string, wanted: WantedRow, timeout: number = patience): Promise<TreeRow> {
    let rows: TreeRow[] = []
    return until(
      async () => {
        rows = (await ask(this.#page, 'rows', view)) ?? []
        return findRow(rows, wanted)
      },
      () => `a row ${inWords(wanted)} in '${view}'; shown: ${rows.map(({ label, description }) => `${label} ${description}`).join(' | ')}`,
      timeout,
    )
  }

  /** Scrolls to a row; looks again when a live tree moves it. @returns the point where a person would click, and the row as it is there */
  async #locate(view: string, wanted: WantedRow): Promise<{ at: [number, number]; row: TreeRow }> {
    return until(
      async () => {
        const row = findRow(await this.rows(view), wanted)
        const there = row && (await ask(this.#page, 'reveal', view, row.index))
        if (there === undefined || there.row.label !== row?.label) return undefined
        const { x, y, width, height } = there.at
        return { at: [x + Math.min(width / 2, 140), y + height / 2] as [number, number], row: there.row }
      },
      () => `the row ${inWords(wanted)} in '${view}'`,
    )
  }

  async click(view: string, wanted: WantedRow, { twice = false, add = false } = {}): Promise<void> {
    const { at } = await this.#locate(view, wanted)
    if (add) await this.#page.keyboard.down('Control')
    await this.#page.mouse.click(...at, { clickCount: twice ? 2 : 1 })
    if (add) await this.#page.keyboard.up('Control')
  }

  /** Opens a row by its twistie. */
  async expand(view: string, wanted: WantedRow): Promise<void> {
    const { row } = await this.#locate(view, wanted)
    if (row.expanded === undefined) throw new Error(`the row '${row.label}' has nothing to expand`)
    if (row.expanded) return
    const twistie = await ask(this.#page, 'twistie', view, row.index)
    if (twistie === undefined) throw new Error(`the row '${row.label}' went away`)
    await this.#page.mouse.click(twistie.x + twistie.width - 8, twistie.y + twistie.height / 2)
    await this.waitRow(view, (one) => one.label === row.label && one.level === row.level && one.expanded === true)
  }

  /** The tool tip of a row, as text. */
  async hover(view: string, wanted: WantedRow): Promise<string> {
    const shown = async (): Promise<string | undefined> => (await ask(this.#page, 'hovers')).find((text) => !/^Loading/.test(text))
    return until(
      async () => {
        // A row that is drawn anew under the mouse takes its tool tip with it: rest there again.
        const { at } = await this.#locate(view, wanted)
        await this.#page.mouse.move(...aside)
        await until(async () => (await ask(this.#page, 'hovers')).length === 0, 'no other tool tip')
        await this.#page.mouse.move(at[0] - 5, at[1])
        await this.#page.mouse.move(...at, { steps: 3 })
        return until(shown, 'a tool tip', 4_000).catch(() => undefined)
      },
      `a tool tip of ${inWords(wanted)}`,
    )
  }

  /** Right-clicks a row: chooses an item, or gives all and closes the menu. */
  async menu(view: string, wanted: WantedRow, item?: Wanted): Promise<string[]> {
    const { at } = await this.#locate(view, wanted)
    await this.#page.mouse.click(...at, { button: 'right' })
    return item === undefined ? menuLabels(this.#page) : chooseFromMenu(this.#page, item)
  }

  /** Presses an inline action of a row by its label. */
  async inline(view: string, wanted: WantedRow, label: string): Promise<void> {
    const { at, row } = await this.#locate(view, wanted)
    await this.#page.mouse.move(...at)
    const action = await until(
      () => ask(this.#page, 'inlineAction', view, row.index, label),
      `the action '${label}' on '${row.label}'; it has ${row.actions.join(' | ')}`,
    )
    await this.#page.mouse.click(...middle(action))
  }

  /** A view's message, description, welcome text and buttons. */
  async text(view: string): Promise<{ message: string; description: string; welcome: string[]; buttons: string[] }> {
    return until(
      () => ask(this.#page, 'viewText', view),
      () => `a view '${view}'`,
    )
  }

  async clickWelcome(view: string, label: string): Promise<void> {
    const button = await until(() => ask(this.#page, 'welcomeButton', view, label), `'${label}' in the welcome text of '${view}'`)
    await this.#page.mouse.click(...middle(button))
  }
}

function findRow(rows: readonly TreeRow[], wanted: WantedRow): TreeRow | undefined {
  if (typeof wanted === 'string' || typeof wanted === 'function' || wanted instanceof RegExp) return rows.find(matching(wanted))
  const parent = rows.findIndex(matching(wanted.under))
  const below = rows.slice(parent + 1)
  const end = below.findIndex(({ level }) => level <= (rows[parent]?.level ?? 0))
  return parent < 0 ? undefined : below.slice(0, end < 0 ? undefined : end).find(matching(wanted.row))
}

const matching = (wanted: PlainRow): ((row: TreeRow) => boolean) => (typeof wanted === 'function' ? wanted : ({ label }) => same(wanted, label))

const inWords = (wanted: WantedRow): string => (typeof wanted === 'object' && 'under' in wanted ? `${wanted.row} under ${wanted.under}` : String(wanted))
