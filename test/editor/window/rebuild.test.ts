import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../../src/base/package-root.ts'
import { sandboxPaths } from '../../../src/sandbox/paths.ts'
import { copyOfProduct } from '../../cluster/journey/fleet.ts'
import { loco, mustLoco } from '../../loco.ts'
import { skipBecause } from '../../skip.ts'
import { closeScenery, keepPicture, openScenery, type Scenery } from './lib/scenery.ts'
import { until } from './lib/until.ts'

const namespace = 'loco-rebuild-editor'
const fleet = `${namespace}/loco`

/** An extension that brings another base disk than that over which the guests wrote, on the real cluster. */
describe('Rebuild with another base disk, in the editor', function () {
  this.timeout(5 * 60_000)
  let copy: ReturnType<typeof copyOfProduct>
  let scenery: Scenery

  /** Rebuild from the palette, up to the choice. */
  const rebuild = async (): Promise<void> => {
    await scenery.window.palette.run('Loco: Rebuild')
    // With other fleets on this cluster it asks which one is meant.
    const asked = await until(
      async () => {
        const labels = (await scenery.window.palette.state())?.rows.map(({ label }) => label) ?? []
        return labels.includes(fleet) ? 'which' : labels.some((label) => /fresh overlays/.test(label)) && 'base'
      },
      'a question',
      60_000,
    )
    if (asked === 'which') await scenery.window.palette.pick(fleet)
    await scenery.window.palette.waitRow(/fresh overlays/, 60_000)
  }

  before(async function () {
    if (process.env['LOCO_TEST_KUBECONFIG'] === undefined) skipBecause(this, 'no sandbox runs')
    await mustLoco(['bootstrap', '--namespace', namespace, '--replicas', '1', '--storage', 'persistent', '--output', 'json'])
    copy = copyOfProduct()
    for (const part of ['media', 'l10n', 'package.nls.json']) cpSync(join(packageRoot(), part), join(copy.folder, part), { recursive: true })
    const words = join(copy.folder, 'containers', 'qemu-softgpu', 'guest', 'panel.asm')
    writeFileSync(words, readFileSync(words, 'utf8').replace("'Boots '", `'${Date.now().toString(36).slice(-5)} '`))
    scenery = await openScenery(undefined, { source: copy.folder, env: { LOCO_SANDBOX_ROOT: sandboxPaths(process.env).root } })
    mkdirSync(join(scenery.folder, '.vscode'))
    writeFileSync(join(scenery.folder, '.vscode', 'settings.json'), JSON.stringify({ 'loco.namespace': namespace }))
    await scenery.window.views.open('Loco Cluster')
    await scenery.window.views.waitRow('Fleet', ({ label }) => label === fleet, 60_000)
  })
  afterEach(async function () {
    await keepPicture(this.currentTest, scenery?.window)
    if (scenery) await scenery.window.palette.run('Notifications: Clear All Notifications')
  })
  after(async () => {
    if (copy === undefined) return
    if (scenery) await closeScenery(scenery)
    copy.dispose()
    await loco(['destroy', '--namespace', namespace, '--delete-data', '--yes', '--output', 'json'])
  })

  it('to keep what the guests wrote stops before a machine is touched, and says why', async () => {
    const { window } = scenery
    await rebuild()
    await window.palette.pick(/Keep what the guests wrote/)
    const { detail } = await window.notices.waitDialog(/Rebuild the fleet/, 60_000)
    assert.doesNotMatch(detail, /lost for good/)
    await window.notices.answerDialog('Rebuild')
    await window.notices.wait(/LOCO-OPS-026/, 3 * 60_000)
    await window.editors.terminal(/No emulator was touched/)
  })

  it('fresh overlays are named as a loss, agreed to, and begun', async () => {
    const { window } = scenery
    await rebuild()
    await window.palette.pick(/Begin with fresh overlays/)
    const { detail } = await window.notices.waitDialog(/Rebuild the fleet/, 60_000)
    assert.match(detail, /lost for good:[\s\S]*what the guest of instance-0 wrote/)
    await window.notices.answerDialog('Rebuild')
    await window.notices.wait(/run on the new image now: 1/, 3 * 60_000)
    assert.deepEqual(window.consoleErrors, [])
  })

  it('closing the question starts nothing', async () => {
    const { window } = scenery
    // The way back to the product's own image is another base disk once more: the same question.
    writeFileSync(
      join(copy.folder, 'containers', 'qemu-softgpu', 'guest', 'panel.asm'),
      readFileSync(join(packageRoot(), 'containers', 'qemu-softgpu', 'guest', 'panel.asm'), 'utf8'),
    )
    await rebuild()
    await window.page.keyboard.press('Escape')
    await window.editors.terminal(/Nothing was changed/)
  })
})
