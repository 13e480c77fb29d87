import assert from 'node:assert/strict'
import { join } from 'node:path'
import { Journal } from '../../../src/operations/journal.ts'
import { namespaceFolder, personOf } from '../../../src/operations/state-folder.ts'
import { ended, id, plan, report, started, target } from '../../unit/editor-operations/given.ts'
import { closeScenery, keepPicture, openScenery, type Scenery } from './lib/scenery.ts'
import { until } from './lib/until.ts'

/** Operations that ended before this window was opened: their rows and their reports, from the journals alone. No cluster is asked. */
describe('operations of yesterday', function () {
  this.timeout(120_000)
  let scenery: Scenery

  const preview = /^Preview bootstrap loco/
  const shown = async (): Promise<string> => {
    const frame = await scenery.window.editors.webview(preview)
    return (await frame.evaluate('document.body.innerText')) as string
  }

  before(async () => {
    scenery = await openScenery(undefined)
    const folder = namespaceFolder(join(scenery.scratch, 'state', 'loco'), target.clusterUid, target.namespace)
    const journal = new Journal(folder, id, personOf(process.env), {
      operation: 'destroy',
      cluster: 'auto',
      namespace: 'loco',
      release: 'loco',
      deleteData: false,
      timeout: 1,
    })
    for (const event of [plan, started('build'), ended('build', 'done', 'The image was built.'), report]) journal.emit(event)
    journal.close()
    await scenery.window.views.open('Loco Cluster')
  })
  afterEach(async function () {
    await keepPicture(this.currentTest, scenery?.window)
  })
  after(async () => {
    if (scenery) await closeScenery(scenery)
  })

  it('stand in the view in words that fit a narrow side bar', async () => {
    const row = await scenery.window.views.waitRow('Operations', 'Bootstrap loco')
    assert.match(row.description, /^Succeeded, Nov \d+/)
    assert.match(row.ariaLabel, /Bootstrap loco on loco-sandbox, Succeeded/)
  })

  it('a report is drawn, and a reload of the window leaves it as it is', async () => {
    await scenery.window.views.menu('Operations', 'Bootstrap loco', 'Show Report')
    await scenery.window.editors.waitTab(preview)
    await until(async () => /The image was built/.test(await shown()), 'the report')
    // With another container in the side bar nothing but the page itself calls for us.
    await scenery.window.views.open('Explorer')
    await scenery.window.reloadByCommand()
    await scenery.window.editors.waitTab(preview)
    await until(async () => /The image was built/.test(await shown()), 'the report after the reload')
    assert.deepEqual(scenery.window.consoleErrors, [])
  })
})
