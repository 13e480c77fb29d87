import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sandboxPaths } from '../../../src/sandbox/paths.ts'
import { loco } from '../../loco.ts'
import { skipBecause } from '../../skip.ts'
import { EditorWindow } from './lib/editor-window.ts'
import { closeScenery, keepPicture, openScenery, type Scenery } from './lib/scenery.ts'
import { until } from './lib/until.ts'

const namespace = 'loco-operations-editor'
const fleet = `${namespace}/loco`
/** The emulator is Ready only after a while: an operation that lasts. */
const slow = 'replicas: 1\nemulator:\n  memoryMiB: 64\n  probes:\n    startup:\n      initialDelaySeconds: 90\nstorage:\n  strategy: ephemeral\n'

/** Tasks on the real cluster that go wrong, are stopped, or outlive their window. */
describe('operations as tasks', function () {
  this.timeout(5 * 60_000)
  let scenery: Scenery
  const window = (): EditorWindow => scenery.window

  const run = async (task: string): Promise<void> => {
    await window().runTask(task)
  }
  const begin = async (): Promise<void> => {
    await run('Slow fleet')
    await window().notices.waitDialog(/Bring up the fleet/, 60_000)
    await window().notices.answerDialog('Bootstrap')
    await window().notices.wait(/Waiting for instance-0/, 90_000)
  }

  before(async function () {
    if (process.env['LOCO_TEST_KUBECONFIG'] === undefined) skipBecause(this, 'no sandbox runs')
    scenery = await openScenery(undefined, { env: { LOCO_SANDBOX_ROOT: sandboxPaths(process.env).root } })
    const { folder } = scenery
    mkdirSync(join(folder, '.vscode'))
    writeFileSync(join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'loco.namespace': namespace }))
    const tasks = [
      { type: 'loco', operation: 'bootstrap', label: 'Slow fleet', values: ['slow.yaml'], problemMatcher: [] },
      { type: 'loco', operation: 'bootstrap', label: 'Wrong values', values: ['wrong.yaml'], problemMatcher: [] },
      { type: 'loco', operation: 'bootstrap', label: 'Wrong task', replicas: 'three', problemMatcher: [] },
    ]
    writeFileSync(join(folder, '.vscode', 'tasks.json'), JSON.stringify({ version: '2.0.0', tasks }))
    writeFileSync(join(folder, 'slow.yaml'), slow)
    writeFileSync(join(folder, 'wrong.yaml'), '# A value that the chart refuses.\nreplicas: 1\nemulator:\n  memoryMiB: 4096\n')
    await scenery.window.reload()
    await scenery.window.views.open('Loco Cluster')
  })
  afterEach(async function () {
    await keepPicture(this.currentTest, scenery?.window)
    if (scenery) await scenery.window.palette.run('Notifications: Clear All Notifications')
  })
  after(async () => {
    if (scenery === undefined) return
    await closeScenery(scenery)
    await loco(['destroy', '--namespace', namespace, '--delete-data', '--yes', '--output', 'json'])
  })

  it('a task with a wrong property is refused with the name of the property', async () => {
    await run('Wrong task')
    const { message } = await window().notices.wait(/replicas/)
    assert.match(message, /LOCO-OPS-006/)
  })

  it('a plan that is not confirmed changes nothing', async () => {
    await run('Wrong values')
    await window().notices.waitDialog(/Bring up the fleet/, 60_000)
    await window().notices.answerDialog('Cancel')
    await window().editors.terminal(/Nothing was changed/)
  })

  it('what the chart refuses stands in the problems, on its line', async () => {
    await run('Wrong values')
    await window().notices.waitDialog(/Bring up the fleet/, 60_000)
    await window().notices.answerDialog('Bootstrap')
    await window().notices.wait(/did not succeed/, 90_000)
    await window().palette.run('Problems: Focus on Problems View')
    const problems = window().page.locator('.markers-panel')
    await until(async () => /4096 MiB[\s\S]*Ln 4/.test((await problems.first().textContent()) ?? ''), 'a problem on line 4')
  })

  it('Cancel in the notification stops at a safe point, and says what stands', async () => {
    await begin()
    await window().notices.press('Cancel')
    await window().notices.wait(/was stopped/, 60_000)
    assert.match(await window().editors.terminal(/was stopped/), /kept: release loco in namespace/)
  })

  it('an operation of which the window was closed goes on, and the next window has it', async () => {
    await begin()
    const { host, folder } = scenery
    await scenery.window.close()
    await until(() => host.extensionHosts().length === 0, 'the extension host ended with its window')
    scenery = { ...scenery, window: await EditorWindow.open(host, { folder }) }
    await window().views.open('Loco Cluster')
    const row = await window().views.waitRow('Operations', ({ description }) => /^\d+ of \d+ steps/.test(description), 60_000)
    await window().notices.wait(/Waiting for instance-0/, 60_000)
    await window().views.menu('Operations', row.label, 'Cancel Operation')
    await window().notices.wait(/was stopped/, 60_000)
  })

  it('Loco: Rebuild plans, asks, and finds that everything is up to date', async () => {
    await window().palette.run('Loco: Rebuild')
    // With other fleets on this cluster it asks which one is meant.
    const which = await until(
      async () => ((await window().palette.state())?.rows.some(({ label }) => label === fleet) ? 'which' : (await window().notices.dialog()) && 'sure'),
      'a question',
      60_000,
    )
    if (which === 'which') await window().palette.pick(fleet)
    const { message, detail } = await window().notices.waitDialog(/Rebuild the fleet/, 60_000)
    assert.match(message, new RegExp(namespace))
    assert.match(detail, /Compare the base disk/)
    await window().notices.answerDialog('Rebuild')
    await window().notices.wait(/Everything is up to date/, 90_000)
    await window().editors.terminal(/Everything is up to date/)
  })
})
