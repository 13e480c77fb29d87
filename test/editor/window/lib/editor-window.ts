import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { packageRoot } from '../../../../src/base/package-root.ts'
import type { EditorHost } from '../../lib/editor-host.ts'
import { Editors } from './editors.ts'
import { inPage } from './in-page.ts'
import { Notices } from './notices.ts'
import { QuickInput } from './quick-input.ts'
import { StatusBar } from './status-bar.ts'
import { until } from './until.ts'
import { Views } from './views.ts'

export interface WindowOptions {
  folder: string
  /** Test module that VS Code runs in the extension host of this window. */
  tests?: string
}

/** One window of VS Code, used as a person does: with mouse and keyboard, reading what is on screen. */
export class EditorWindow {
  readonly page: Page
  readonly palette: QuickInput
  readonly views: Views
  readonly notices: Notices
  readonly editors: Editors
  readonly statusBar: StatusBar
  /** Errors on the browser's console that have to do with us; VS Code has enough of its own. */
  readonly consoleErrors: string[] = []
  /** How often an extension host of this editor has come up. */
  readonly #started: () => number

  private constructor(page: Page, started: () => number) {
    this.#started = started
    this.page = page
    this.palette = new QuickInput(page)
    this.views = new Views(page)
    this.notices = new Notices(page)
    this.editors = new Editors(page)
    this.statusBar = new StatusBar(page)
    const take = (text: string): void => {
      if (/loco-cluster|webview\/screen/i.test(text)) this.consoleErrors.push(text.slice(0, 400))
    }
    page.on('console', (message) => message.type() === 'error' && take(`${message.text()} ${message.location().url}`))
    page.on('pageerror', (error) => take(`uncaught: ${error.stack ?? error.message}`))
  }

  /** Opens a window and waits until its extension host is there. `prepare` gets the page before anything is loaded. */
  static async open(host: EditorHost, { folder, tests }: WindowOptions, prepare?: (page: Page) => Promise<void>): Promise<EditorWindow> {
    const page = await host.context.newPage()
    await prepare?.(page)
    const window = new EditorWindow(page, () => host.extensionHostLog().match(/Eager extensions activated/g)?.length ?? 0)
    const remote = `vscode-remote://127.0.0.1:${host.server.port}`
    const payload = [['skipWelcome', 'true']]
    if (host.options.extension === 'development') payload.push(['extensionDevelopmentPath', `${remote}${host.options.source ?? packageRoot()}`])
    if (tests !== undefined) payload.push(['extensionTestsPath', `${remote}${tests}`])
    const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) })
    await page.goto(`${host.origin}/?${query}`, { waitUntil: 'commit', timeout: 60_000 })
    if (tests === undefined) await window.#ready(0)
    return window
  }

  /** Opens the address of an editor that somebody else started, in a browser that was never there before. */
  static async visit(browser: Browser, url: string): Promise<EditorWindow> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.addInitScript({ path: inPage })
    const window = new EditorWindow(page, () => 1)
    await page.goto(url, { waitUntil: 'commit', timeout: 60_000 })
    await window.#ready(0)
    return window
  }

  async #ready(before: number): Promise<void> {
    await until(async () => (await this.page.locator('.monaco-workbench .part.statusbar .statusbar-item').count()) > 0, 'the workbench', 60_000)
    await until(() => this.#started() > before, 'the extension host', 60_000)
  }

  /** Reloads the page, as the browser does: VS Code may not have kept what was opened in the last moments. */
  async reload(): Promise<void> {
    const before = this.#started()
    await this.page.reload({ waitUntil: 'commit' })
    await this.#ready(before)
  }

  /** Reloads the window by VS Code's own command, which keeps everything first. */
  async reloadByCommand(): Promise<void> {
    const before = this.#started()
    await this.palette.run('Developer: Reload Window')
    await this.#ready(before)
  }

  /** Runs a task of tasks.json by its label. */
  async runTask(label: string): Promise<void> {
    await this.palette.run('Tasks: Run Task')
    await this.palette.choose(label)
  }

  /** Closes the window as a person does: leaving the page is what closes a window of the web build. */
  async close(): Promise<void> {
    await this.page.goto('about:blank', { timeout: 5_000 }).catch(() => undefined)
    await this.page.close()
  }

  /** Saves a picture of the window below out/editor. @returns the file */
  async shot(name: string): Promise<string> {
    const folder = join(packageRoot(), 'out', 'editor')
    mkdirSync(folder, { recursive: true })
    const path = join(folder, `${name}.png`)
    await this.page.screenshot({ path })
    return path
  }
}
