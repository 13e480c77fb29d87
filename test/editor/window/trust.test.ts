import assert from 'node:assert/strict'
import { FakeFleet } from '../../fakes/fake-fleet.ts'
import { closeScenery, keepPicture, openScenery, type Scenery } from './lib/scenery.ts'
import { until } from './lib/until.ts'

describe('a workspace that is not trusted', function () {
  this.timeout(240_000)
  let fleet: FakeFleet
  let scenery: Scenery

  before(async () => {
    fleet = await FakeFleet.start(2)
    scenery = await openScenery(fleet.kubeconfig(), { trust: 'ask' })
    await scenery.window.notices.waitDialog(/trust/i, 90_000)
    await scenery.window.notices.answerDialog(/^No/)
  })
  afterEach(async function () {
    await keepPicture(this.currentTest, scenery?.window)
  })
  after(async () => {
    if (scenery) await closeScenery(scenery)
    await fleet?.stop()
  })

  it('the view says that nothing is asked, and nothing is', async () => {
    const { window, host } = scenery
    await window.views.open('Loco Cluster')
    await until(
      async () => /asks no cluster and starts no program/.test((await window.views.text('Fleet')).welcome.join(' ')),
      'the welcome of a workspace that is not trusted',
    )
    assert.deepEqual(fleet.api.requests, [])
    assert.deepEqual(host.foreign(), [])
  })

  it('commands say why they do not run', async () => {
    const { window, host } = scenery
    for (const command of ['Loco: Bootstrap', 'Loco: Show Logs', 'Loco: Open Screen']) {
      await window.palette.run(command)
      await window.notices.wait(/not trusted/)
      await window.palette.run('Notifications: Clear All Notifications')
    }
    const { welcome, message } = await window.views.text('Fleet')
    assert.match(welcome.join(' '), /asks no cluster/)
    assert.equal(message, '')
    assert.deepEqual(fleet.api.requests, [])
    assert.deepEqual(host.foreign(), [])
  })

  it('once it is trusted, the fleet is there', async () => {
    const { window } = scenery
    await window.views.clickWelcome('Fleet', 'Manage Workspace Trust')
    await window.page
      .locator('.workspace-trust-editor .trust-settings-grid .monaco-button, .workspace-trust-editor .monaco-button')
      .getByText('Trust', { exact: true })
      .first()
      .click()
    await window.views.open('Loco Cluster')
    await window.views.waitRow('Fleet', ({ label, description }) => label === 'instance-1' && /healthy/.test(description), 60_000)
  })
})
