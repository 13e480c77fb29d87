import assert from 'node:assert/strict'
import { FakeFleet } from '../../fakes/fake-fleet.ts'
import { EditorWindow } from './lib/editor-window.ts'
import { closeScenery, keepPicture, openScenery, type Scenery } from './lib/scenery.ts'
import { ScreenTab } from './lib/screen-tab.ts'
import { until } from './lib/until.ts'

/** What tabs with screens do when things go away, come back, or are not what they should be. The cluster is a fake. */
describe('tabs with screens', function () {
  this.timeout(180_000)
  let fleet: FakeFleet
  let scenery: Scenery
  let tab: ScreenTab
  const open = (): number => fleet.screens(0).filter(({ closed }) => !closed).length
  const greyed = (words: RegExp, timeout?: number) =>
    tab.waitState(({ picture, notice, words: line }) => picture === 'last' && words.test(`${notice} ${line}`), `a greyed picture and ${words}`, timeout)

  before(async () => {
    fleet = await FakeFleet.start(3)
    scenery = await openScenery(fleet.kubeconfig())
    await scenery.window.views.open('Loco Cluster')
    await scenery.window.views.waitRow('Fleet', ({ label, description }) => label === 'instance-2' && /^healthy/.test(description))
    tab = await ScreenTab.open(scenery.window, 'instance-0')
    await tab.live()
  })
  afterEach(async function () {
    await keepPicture(this.currentTest, scenery?.window)
  })
  after(async () => {
    if (scenery) await closeScenery(scenery)
    await fleet?.stop()
  })

  it('a stream that breaks leaves the last picture, and a new one takes its place', async () => {
    const before = fleet.screens(0).length
    fleet.cutScreen(0)
    await until(() => fleet.screens(0).length > before, 'a new connection')
    await tab.live()
    assert.equal(open(), 1)
  })

  it('an API server that stops is told over the greyed picture, and its return is enough', async () => {
    await fleet.api.stop()
    await greyed(/./)
    await fleet.api.start()
    await tab.live(30_000)
  })

  it('a pod that goes is told, and the next one is taken', async () => {
    fleet.removePod(0)
    fleet.cutScreen(0)
    await greyed(/pod|gone|no /i)
    fleet.pod(0)
    await tab.live(30_000)
  })

  it('a hidden tab asks for nothing, and is live again when it is shown', async () => {
    const other = await ScreenTab.open(scenery.window, 'instance-1')
    await other.live()
    const asked = (): number => fleet.screens(0).reduce((sum, { requests }) => sum + requests.length, 0)
    let last = asked()
    // What was on its way may still come; then nothing for three seconds.
    await until(async () => {
      const before = last
      await scenery.window.page.waitForTimeout(3_000)
      last = asked()
      return last === before
    }, 'a hidden tab that asks for nothing')
    await scenery.window.editors.focus(tab.title)
    await tab.live()
  })

  it('a right that is withdrawn is named, and its return is enough for Reconnect', async () => {
    fleet.api.allowed.delete('create pods')
    fleet.api.refuseStream = (url) => (url.searchParams.get('ports') === '5901' ? 403 : undefined)
    fleet.cutScreen(0)
    await greyed(/portforward|right|not allowed|may not|forbid/i, 60_000)
    fleet.api.refuseStream = undefined
    fleet.api.allowed.add('create pods')
    await scenery.window.editors.focus(tab.title)
    await scenery.window.palette.run('Loco: Screen: Reconnect')
    // What the account may do is remembered for half a minute.
    await tab.live(45_000)
  })

  it('another protocol is refused with a code, and not tried for ever', async () => {
    fleet.greeting = 'SSH-2.0-fake\r\n'
    fleet.cutScreen(0)
    await greyed(/LOCO-SCR-\d+/)
    const tries = fleet.screens(0).length
    await scenery.window.page.waitForTimeout(4_000)
    assert.ok(fleet.screens(0).length <= tries + 1, 'it goes on trying')
    fleet.greeting = undefined
    await scenery.window.palette.run('Loco: Screen: Reconnect')
    await tab.live(30_000)
  })

  it('two windows see one emulator, and each lets go of it alone', async () => {
    const { host, folder, window } = scenery
    const second = await EditorWindow.open(host, { folder })
    await second.views.open('Loco Cluster')
    await second.views.waitRow('Fleet', ({ label, description }) => label === 'instance-0' && /^healthy/.test(description))
    const theirs = await ScreenTab.open(second, 'instance-0')
    await theirs.live()
    await until(() => open() === 2, 'two viewers')
    await second.close()
    await until(() => open() === 1, 'one viewer')
    await window.page.bringToFront()
    await tab.live()
  })

  it('after a reload the tab is there with its last picture, and comes back', async () => {
    await scenery.window.reload()
    await scenery.window.editors.waitTab(tab.title)
    await tab.waitState(({ picture }) => picture !== 'none', 'a picture')
    await tab.live(60_000)
  })

  it('a tab that is closed leaves no connection', async () => {
    await scenery.window.palette.run('View: Close All Editors')
    await until(() => [0, 1, 2].every((ordinal) => fleet.screens(ordinal).every(({ closed }) => closed)), 'no viewer left')
    assert.deepEqual(scenery.window.consoleErrors, [])
  })
})
