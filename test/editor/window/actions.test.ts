import assert from 'node:assert/strict'
import { FakeFleet } from '../../fakes/fake-fleet.ts'
import { FakeLog } from '../../fakes/fake-log.ts'
import { closeScenery, keepPicture, openScenery, type Scenery } from './lib/scenery.ts'
import { until } from './lib/until.ts'

/** Milliseconds in which a log of 50 MB must be there (the acceptance list of the editor); some more than asked, for a machine that does other work. */
const atOnce = 3_000

/** Actions on many rows, and on a log of any size. The cluster is a fake: a real kubelet keeps 10 MB of a log, and refuses no single pod. */
describe('actions on emulators', function () {
  this.timeout(120_000)
  let fleet: FakeFleet
  let scenery: Scenery

  /** Three rows selected, as a person selects them. */
  const selectAll = async (): Promise<void> => {
    const { views } = scenery.window
    await views.click('Fleet', 'instance-0')
    for (const name of ['instance-1', 'instance-2']) await views.click('Fleet', name, { add: true })
    await until(async () => (await views.rows('Fleet')).filter(({ selected }) => selected).length === 3, 'three selected rows')
  }

  before(async () => {
    fleet = await FakeFleet.start(3)
    scenery = await openScenery(fleet.kubeconfig())
    await scenery.window.views.open('Loco Cluster')
    await scenery.window.views.waitRow('Fleet', ({ label, description }) => label === 'instance-2' && /^healthy/.test(description))
  })
  afterEach(async function () {
    await keepPicture(this.currentTest, scenery?.window)
    if (scenery) await scenery.window.palette.run('Notifications: Clear All Notifications')
  })
  after(async () => {
    if (scenery) await closeScenery(scenery)
    await fleet?.stop()
  })

  it('a log of 50 MB: its end is there at once, and all of it as a document', async () => {
    const { views, editors, page } = scenery.window
    fleet.log = new FakeLog(500_000)
    const seconds = async (what: string, shown: Promise<unknown>): Promise<number> => {
      const begun = performance.now()
      await shown
      const taken = (performance.now() - begun) / 1_000
      process.stdout.write(`      a log of ${Math.round(fleet.log.bytes / 1e6)} MB, ${what}: ${taken.toFixed(1)} s\n`)
      return taken
    }
    await views.menu('Fleet', 'instance-0', 'Show Logs')
    const end = await seconds('its end in the terminal', editors.terminal(/line 499999 of 500000/))
    assert.ok(end * 1_000 < atOnce, `${end} s`)
    await views.menu('Fleet', 'instance-0', 'Open Whole Log')
    // Over a remote connection VS Code asks before it opens a file of this size.
    const anyway = page.locator('.monaco-editor-pane-placeholder .monaco-button', { hasText: 'Open Anyway' })
    await seconds(
      'fetched whole',
      until(() => anyway.isVisible(), 'the question about a large file', 30_000),
    )
    await anyway.click()
    await seconds('in the editor', editors.text('line 499999 of 500000', 60_000))
    fleet.log = new FakeLog(20)
    await scenery.window.palette.run('View: Close All Editors')
    await scenery.window.palette.run('Terminal: Kill the Active Terminal Instance')
  })

  it('logs of several selected rows: a terminal for each', async () => {
    await selectAll()
    await scenery.window.views.menu('Fleet', 'instance-1', 'Show Logs')
    const names = async (): Promise<string> => (await scenery.window.page.locator('.terminal-tabs-entry, .single-terminal-tab').allTextContents()).join('\n')
    await until(async () => /log of instance-0[\s\S]*log of instance-1[\s\S]*log of instance-2/.test(await names()), 'three terminals')
    await scenery.window.editors.terminal(/line 19 of 20/)
  })

  it('restart of several: one question that names all, and a result for each', async () => {
    fleet.kept.add(2)
    await selectAll()
    await scenery.window.views.menu('Fleet', 'instance-1', /^Restart/)
    const { message, detail } = await scenery.window.notices.waitDialog(/restart/i)
    for (const name of ['instance-0', 'instance-1', 'instance-2']) assert.ok(`${message} ${detail}`.includes(name), `${message} ${detail}`)
    await scenery.window.notices.answerDialog(/^Restart/)
    const told = await scenery.window.notices.wait(/Restarted and healthy again/, 30_000)
    assert.match(told.message, /healthy again: instance-0, instance-1\./)
    assert.match(told.message, /Not done for 1 of 3\. instance-2: .*LOCO-KUB-011/)
    fleet.kept.clear()
  })
})
