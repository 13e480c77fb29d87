import assert from 'node:assert/strict'
import { FakeFleet } from '../../fakes/fake-fleet.ts'
import { EditorWindow } from './lib/editor-window.ts'
import { closeScenery, openScenery, type Scenery } from './lib/scenery.ts'
import { until } from './lib/until.ts'

describe('a window that closes', function () {
  this.timeout(180_000)
  let fleet: FakeFleet
  let scenery: Scenery

  before(async () => {
    fleet = await FakeFleet.start(3)
    scenery = await openScenery(fleet.kubeconfig())
  })
  after(async () => {
    if (scenery) await closeScenery(scenery)
    await fleet?.stop()
  })

  it('while the view was never seen, no cluster is asked and no program runs', async () => {
    assert.deepEqual(fleet.api.requests, [])
    assert.deepEqual(scenery.host.foreign(), [])
  })

  it('two windows watch the same fleet, and each lets go of it alone', async () => {
    const { window, host, folder } = scenery
    const second = await EditorWindow.open(host, { folder })
    for (const one of [window, second]) {
      await one.page.bringToFront()
      await one.views.open('Loco Cluster')
      await one.views.waitRow('Fleet', ({ label, description }) => label === 'instance-2' && /healthy/.test(description))
    }
    const both = fleet.api.connections
    await second.close()
    await until(() => host.extensionHosts().length === 1, 'one extension host left')
    await until(() => fleet.api.connections < both, 'the connections of the second window closed')
    await window.page.bringToFront()
    fleet.say(2, { verdict: 'degraded', stage: 'P1', sentence: 'Its screen is black.', code: 'LOCO-GST-006' })
    await window.views.waitRow('Fleet', ({ label, description }) => label === 'instance-2' && /degraded/.test(description))
  })

  it('the last one leaves no connection and no process', async () => {
    const { window, host } = scenery
    await window.close()
    await until(() => host.extensionHosts().length === 0, 'no extension host left')
    await until(
      () => fleet.api.connections === 0,
      () => `no connection left; there are ${fleet.api.connections}`,
    )
    assert.deepEqual(host.foreign(), [])
  })
})
