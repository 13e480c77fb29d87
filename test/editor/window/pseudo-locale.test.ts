import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { packageRoot } from '../../../src/base/package-root.ts'
import { FakeFleet } from '../../fakes/fake-fleet.ts'
import { ask } from './lib/in-page.ts'
import { closeScenery, keepPicture, openScenery, type Scenery } from './lib/scenery.ts'
import { ScreenTab } from './lib/screen-tab.ts'
import { until } from './lib/until.ts'

/** What the machine says of itself; a translator never sees it. */
const fromTheGuest = '[[guest]]'

/** Names, which are the same in every language: of the product, of things in a cluster, of codes and files. */
const names =
  /Loco( Cluster)?|instance-\d+|loco-loco-emulator-\d+|disk-loco-\S+|fake|loco\/loco|LOCO-[A-Z]+-\d+|emulator|values\.yaml|kubeconfig|P\d|VNC|RFB|Esc|fps|KB\/s|ms/g

/** What is left of a text without what is translated (which the pseudo-locale puts in brackets), names and numbers. */
function untranslated(text: string): string {
  const inner = text.replace(/\[\[[^[\]]*\]\]/g, '')
  return inner === text ? text.replace(names, '').replace(/[^\p{L}]+/gu, '') : untranslated(inner)
}

const assertTranslated = (texts: readonly string[], where: string): void => {
  assert.ok(texts.length > 0, `nothing was read in ${where}`)
  assert.deepEqual(
    texts.filter((text) => untranslated(text) !== ''),
    [],
    `not translated in ${where}`,
  )
}

/** The extension as it is shipped, with the pseudo-locale beside it, which is not. */
function extensionInPseudoLocale(folder: string): string {
  const source = join(folder, 'extension')
  for (const part of ['package.json', 'package.nls.json', 'dist', 'l10n', 'media', 'helm', 'docs']) {
    cpSync(join(packageRoot(), part), join(source, part), { recursive: true, filter: (path) => !/\.map$/.test(basename(path)) })
  }
  execFileSync(process.execPath, [join(packageRoot(), 'scripts', 'l10n.ts'), '--pseudo', source])
  return source
}

describe('the editor in another language', function () {
  this.timeout(240_000)
  let scratch: string
  let fleet: FakeFleet
  let scenery: Scenery

  before(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'loco-pseudo-'))
    fleet = await FakeFleet.start(3)
    for (const ordinal of [0, 1, 2]) fleet.say(ordinal, { sentence: fromTheGuest })
    scenery = await openScenery(fleet.kubeconfig(), { source: extensionInPseudoLocale(scratch), displayLanguage: 'qps-ploc' })
    await scenery.window.views.open('Loco Cluster')
    await until(async () => (await ask(scenery.window.page, 'views')).some((name) => name.startsWith('[[')), 'a view with a translated name')
  })
  afterEach(async function () {
    await keepPicture(this.currentTest, scenery?.window)
  })
  after(async () => {
    if (scenery) await closeScenery(scenery)
    await fleet?.stop()
    rmSync(scratch, { recursive: true, force: true })
  })

  const fleetView = async (): Promise<string> => (await ask(scenery.window.page, 'views'))[0] ?? ''

  it('names of views, their actions and their welcomes', async () => {
    const { page } = scenery.window
    assertTranslated(await ask(page, 'views'), 'the headers of the views')
    // One text of package.json becomes several lines and buttons.
    const welcome = await ask(page, 'texts', '.welcome-view-content p, .welcome-view-content .monaco-button')
    assertTranslated([welcome.join(' ')], 'the welcome of the operations')
  })

  it('rows of the fleet, as they are drawn and as they are read aloud', async () => {
    const view = await fleetView()
    await scenery.window.views.waitRow(view, ({ label, description }) => label === 'instance-2' && description.includes('[['))
    const rows = await scenery.window.views.rows(view)
    assertTranslated(
      rows.flatMap(({ label, description, ariaLabel, actions }) => [label, description, ariaLabel, ...actions]),
      'the rows',
    )
  })

  it('hover and menu of a row', async () => {
    const view = await fleetView()
    assertTranslated((await scenery.window.views.hover(view, 'instance-1')).split('\n'), 'the hover')
    assertTranslated(await scenery.window.views.menu(view, 'instance-1'), 'the menu')
  })

  it('the status bar', async () => {
    const { text, ariaLabel } = await scenery.window.statusBar.wait('3')
    assertTranslated([text, ariaLabel], 'the status bar')
  })

  it('a tab with a screen, and nothing in it is cut off or overlaps, also when it is narrow', async () => {
    const { window } = scenery
    await window.views.click(await fleetView(), 'instance-0')
    const open = (await window.views.waitRow(await fleetView(), 'instance-0')).actions[0] ?? ''
    await window.views.inline(await fleetView(), 'instance-0', open)
    const tab = new ScreenTab(window, 'instance-0')
    await tab.live()
    for (const width of [1280, 640]) {
      await window.page.setViewportSize({ width, height: 800 })
      const frame = await tab.frame()
      const { texts, wide } = (await frame.evaluate(`(() => {
        const shown = [...document.querySelectorAll('button, .words, .meter, .notice')].filter((element) => element.getBoundingClientRect().width > 0)
        const texts = shown.flatMap((element) => [element.innerText, element.title, element.getAttribute('aria-label')]).filter(Boolean).flatMap((text) => text.split('\\n')).filter(Boolean)
        const room = document.documentElement.clientWidth
        const wide = shown.filter((element) => { const { left, right } = element.getBoundingClientRect(); return left < -1 || right > room + 1 }).map((element) => element.className + ' ' + (element.title || element.innerText))
        return { texts, wide }
      })()`)) as { texts: string[]; wide: string[] }
      assertTranslated(texts, `the tab, ${width} wide`)
      assert.deepEqual(wide, [], `out of the tab, ${width} wide`)
    }
  })
})
