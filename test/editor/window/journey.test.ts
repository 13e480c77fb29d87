import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { KubeClient } from '../../../src/kube/client.ts'
import { loadKubeconfig } from '../../../src/kube/kubeconfig.ts'
import { sandboxPaths } from '../../../src/sandbox/paths.ts'
import { loco } from '../../loco.ts'
import { skipBecause } from '../../skip.ts'
import { readPid } from '../lib/sandbox-pid.ts'
import { closeScenery, keepPicture, openScenery, type Scenery } from './lib/scenery.ts'
import { ScreenTab } from './lib/screen-tab.ts'
import { until } from './lib/until.ts'

const namespace = 'loco-journey-editor'
const fleet = `${namespace}/loco`
const pod = 'loco-loco-emulator-0'
const emulator = { under: fleet, row: 'instance-0' }

/** The way of a person through the product, on the real cluster, in the order of a day. Each step stands on the one before. */
describe('a day with a fleet, in the editor', function () {
  this.timeout(8 * 60_000)
  this.bail(true)
  let scenery: Scenery
  let client: KubeClient
  let tab: ScreenTab
  const described = (wanted: RegExp, timeout: number) =>
    scenery.window.views.waitRow('Fleet', { under: fleet, row: ({ label, description }) => label === 'instance-0' && wanted.test(description) }, timeout)

  before(async function () {
    const kubeconfig = process.env['LOCO_TEST_KUBECONFIG']
    if (kubeconfig === undefined) skipBecause(this, 'no sandbox runs')
    client = new KubeClient(await loadKubeconfig({ env: { KUBECONFIG: kubeconfig } }), 'loco-sandbox')
    // The cluster is found as on a person's machine: the sandbox's own kubeconfig, without any other.
    scenery = await openScenery(undefined, { env: { LOCO_SANDBOX_ROOT: sandboxPaths(process.env).root } })
    mkdirSync(join(scenery.folder, '.vscode'))
    writeFileSync(join(scenery.folder, '.vscode', 'settings.json'), JSON.stringify({ 'loco.namespace': namespace, 'loco.values': ['values.yaml'] }))
    writeFileSync(join(scenery.folder, 'values.yaml'), 'replicas: 1\nstorage:\n  strategy: ephemeral\n')
    await scenery.window.reload()
  })
  afterEach(async function () {
    await keepPicture(this.currentTest, scenery?.window)
  })
  after(async () => {
    client?.dispose()
    if (scenery === undefined) return
    const { host } = scenery
    await scenery.window.close()
    await until(() => host.extensionHosts().length === 0, 'the extension host ended with its window')
    const left = [...host.foreign(), ...(await closeScenery(scenery))]
    await loco(['destroy', '--namespace', namespace, '--delete-data', '--yes', '--output', 'json'])
    assert.deepEqual(left, [], 'something was left running')
  })

  it('Loco: Bootstrap shows its plan, and then brings the fleet up', async () => {
    const { window } = scenery
    await window.views.open('Loco Cluster')
    await window.palette.run('Loco: Bootstrap')
    const { message, detail } = await window.notices.waitDialog(/Bring up the fleet/, 60_000)
    assert.match(message, new RegExp(`${namespace} of loco-sandbox`))
    assert.match(detail, /Install the release/)
    await window.notices.answerDialog('Bootstrap')
    await window.views.waitRow('Operations', ({ label, description }) => /Bootstrap/.test(label) && /^\d+ of \d+ steps/.test(description), 60_000)
    await window.notices.wait(/fleet is up/, 6 * 60_000)
    await window.editors.terminal(/fleet is up/)
    await window.views.waitRow('Operations', ({ label, description }) => /Bootstrap/.test(label) && /^Succeeded/.test(description))
  })

  it('the tree shows it healthy', async () => {
    const row = await described(/^healthy/, 60_000)
    assert.match(row.ariaLabel, /instance-0.*healthy/)
  })

  it('a click opens its screen, and the picture moves', async () => {
    tab = await ScreenTab.open(scenery.window, 'instance-0', emulator)
    await tab.live(60_000)
    const { frame } = await tab.waitStrip(() => true, 'a picture of the demo guest')
    await tab.waitStrip((strip) => strip.frame > frame, 'a later frame')
  })

  it('typed text appears in the pixels of the guest', async () => {
    const before = await tab.waitStrip(() => true, 'a picture')
    await tab.capture()
    await tab.type('hello 98')
    await tab.waitStrip(({ keyPresses }) => keyPresses >= before.keyPresses + 8, 'eight keys')
  })

  it('after the hang key the badge turns, with the sentence that says why', async () => {
    await scenery.window.page.keyboard.press('F11')
    await tab.release()
    const row = await described(/unhealthy/, 3 * 60_000)
    assert.match(row.description, /frozen/)
    assert.equal(row.badge, '✗')
    assert.equal((await scenery.window.views.open('Loco Cluster')).badge, '1')
  })

  it('the pod is deleted: the tab says so, and comes back by itself', async () => {
    const { boots } = await tab.waitStrip(() => true, 'the last picture')
    await client.core.deleteNamespacedPod({ namespace, name: pod })
    const { notice } = await tab.waitState(({ picture }) => picture === 'last', 'a greyed picture', 60_000)
    assert.notEqual(notice, '', 'nothing is said over the greyed picture')
    await tab.live(2 * 60_000)
    const { frame } = await tab.waitStrip((strip) => strip.boots <= boots, 'the picture of a machine that was started anew')
    await tab.waitStrip((strip) => strip.frame > frame, 'a later frame')
    await described(/^healthy/, 60_000)
  })

  it('the API server stops: the tree says that it is stale, and heals', async function () {
    if (!process.env['LOCO_TEST_MAY_HURT']) skipBecause(this, 'a sandbox was running before the tests')
    const server = readPid('apiserver')
    process.kill(server, 'SIGSTOP')
    try {
      await scenery.window.views.waitRow('Fleet', ({ description }) => /stale|cannot be reached/.test(description), 8_000)
    } finally {
      process.kill(server, 'SIGCONT')
    }
    await described(/^healthy/, 15_000)
    await tab.live(30_000)
  })

  it('after a reload of the window tab and operations are back', async () => {
    await scenery.window.reload()
    await scenery.window.editors.waitTab(tab.title)
    await tab.live(60_000)
    await scenery.window.views.open('Loco Cluster')
    await scenery.window.views.waitRow('Operations', ({ label, description }) => /Bootstrap/.test(label) && /^Succeeded/.test(description))
  })

  it('Loco: Destroy asks in the real dialog, and leaves nothing', async () => {
    const { window } = scenery
    await window.palette.run('Loco: Destroy')
    // With other fleets on this cluster it asks which one is meant.
    const which = await until(
      async () => ((await window.palette.state())?.rows.some(({ label }) => label === fleet) ? 'which' : (await window.notices.dialog()) && 'sure'),
      'a question',
    )
    if (which === 'which') await window.palette.pick(fleet)
    await window.notices.waitDialog(/Take away the fleet/, 60_000)
    await window.notices.answerDialog('Destroy')
    await window.notices.wait(/fleet is gone|taken away/, 3 * 60_000)
    await until(async () => !(await window.views.rows('Fleet').catch(() => [])).some(({ label }) => label === fleet), 'the fleet gone from the tree')
    const gone = await client.core.readNamespace({ name: namespace }).then(
      () => false,
      () => true,
    )
    assert.ok(gone, 'the namespace is still there')
    assert.deepEqual(window.consoleErrors, [])
  })
})
