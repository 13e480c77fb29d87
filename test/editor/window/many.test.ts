import assert from 'node:assert/strict'
import { FakeFleet } from '../../fakes/fake-fleet.ts'
import { closeScenery, keepPicture, openScenery, type Scenery } from './lib/scenery.ts'
import { until } from './lib/until.ts'

const size = 200

describe('two hundred emulators that change all the time', function () {
  this.timeout(240_000)
  let fleet: FakeFleet
  let scenery: Scenery
  let churn: NodeJS.Timeout | undefined

  before(async () => {
    fleet = await FakeFleet.start(size)
    scenery = await openScenery(fleet.kubeconfig())
    await scenery.window.views.open('Loco Cluster')
  })
  afterEach(async function () {
    clearInterval(churn)
    await keepPicture(this.currentTest, scenery?.window)
  })
  after(async () => {
    if (scenery) await closeScenery(scenery)
    await fleet?.stop()
  })

  it('are all there, and counted', async () => {
    await scenery.window.statusBar.wait('200/200', 60_000)
    const rows = await scenery.window.views.rows('Fleet')
    assert.equal(rows.filter(({ label }) => label.startsWith('instance-')).length, size)
  })

  it('keep the selection through fifty changes a second, and the row that was clicked is the row that was meant', async () => {
    const { window } = scenery
    const chosen = 'instance-7'
    await window.views.click('Fleet', chosen)
    let turn = 0
    churn = setInterval(() => {
      turn += 1
      const ordinal = turn % size
      if (turn % 2 === 0) fleet.pod(ordinal, { restarts: turn })
      else
        fleet.say(
          ordinal,
          turn % 4 === 1 ? { verdict: 'degraded', stage: 'P1', sentence: `Change ${turn}.`, code: 'LOCO-GST-006' } : { sentence: `Picture ${turn}.` },
        )
    }, 20)
    await window.views.waitRow('Fleet', ({ description }) => /Change \d+/.test(description))
    const items = await window.views.menu('Fleet', chosen)
    assert.ok(items.includes('Copy Name'), items.join())
    await window.views.menu('Fleet', chosen, 'Copy Name')
    await until(async () => (await window.page.evaluate('navigator.clipboard.readText()')) === 'loco-loco-emulator-7', 'the name of the pod on the clipboard')
    const rows = await window.views.rows('Fleet')
    assert.deepEqual(
      rows.filter(({ selected }) => selected).map(({ label }) => label),
      [chosen],
    )
  })

  it('the window stays responsive: a command from the palette runs meanwhile', async () => {
    fleet.say(3, { verdict: 'unhealthy', stage: 'P1', sentence: 'The guest hangs.', code: 'LOCO-GST-006' })
    await scenery.window.palette.run('Loco: Show Output')
    await scenery.window.views.waitRow('Fleet', ({ label, badge }) => label === 'instance-3' && badge === '✗')
  })
})
