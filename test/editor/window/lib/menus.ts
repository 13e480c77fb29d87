import type { Page } from 'playwright-core'
import { ask } from './in-page.ts'
import { same, until, type Wanted } from './until.ts'

/** Labels of the open menu, which is closed again. */
export async function menuLabels(page: Page): Promise<string[]> {
  const labels = await until(async () => nonEmpty(await ask(page, 'menu')), 'a menu')
  await page.keyboard.press('Escape')
  await until(async () => (await ask(page, 'menu')).length === 0, 'the menu closed')
  return labels
}

/** Chooses from the open menu. @returns all its labels */
export async function chooseFromMenu(page: Page, wanted: Wanted): Promise<string[]> {
  let labels: string[] = []
  const label = await until(
    async () => {
      labels = await ask(page, 'menu')
      return labels.find((one) => same(wanted, one))
    },
    () => `the menu item '${wanted}'; shown: ${labels.join(' | ')}`,
  ).catch(async (error: unknown) => {
    await page.keyboard.press('Escape')
    throw error
  })
  const item = page.locator('.monaco-menu .action-menu-item').filter({ has: page.locator('.action-label').getByText(label, { exact: true }) })
  // A menu takes no click in its first moments; on a busy machine those are long.
  await until(async () => {
    if (!(await item.last().isVisible())) return true
    await item
      .last()
      .click({ delay: 50, timeout: 1_000 })
      .catch(() => undefined)
    return !(await item.last().isVisible())
  }, `the menu closed after '${label}'`)
  return labels
}

const nonEmpty = (labels: string[]): string[] | undefined => (labels.length > 0 ? labels : undefined)
