import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../../src/base/package-root.ts'
import { helmBinary } from '../../chart/real-helm.ts'
import { FakeFleet } from '../../fakes/fake-fleet.ts'
import { skipBecause } from '../../skip.ts'
import { closeScenery, keepPicture, openScenery, type Scenery } from './lib/scenery.ts'
import { TextEditor } from './lib/text-editor.ts'
import { until } from './lib/until.ts'

describe('values files in an editor', function () {
  this.timeout(180_000)
  let scenery: Scenery
  let editor: TextEditor
  const fileOf = (name: string): string => join(scenery.folder, name)
  /** Writes a file anew and opens it. */
  const given = async (name: string, text: string): Promise<void> => {
    writeFileSync(fileOf(name), text)
    await editor.open(fileOf(name))
  }

  before(async () => {
    scenery = await openScenery(undefined)
    const { folder, window } = scenery
    mkdirSync(join(folder, '.vscode'))
    writeFileSync(join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'loco.values': ['values.yaml'] }))
    cpSync(join(packageRoot(), 'helm', 'loco-chart'), join(folder, 'chart'), { recursive: true })
    editor = new TextEditor(window.page)
  })
  afterEach(async function () {
    await keepPicture(this.currentTest, scenery?.window)
    await scenery?.window.palette.run('View: Revert and Close Editor')
  })
  after(async () => {
    if (scenery) await closeScenery(scenery)
  })

  it('typing brings what can be written, and what is taken is right', async () => {
    await given('chart/values-mine.yaml', '')
    await editor.type('stor')
    await editor.accept('storage')
    const text = await editor.saved(fileOf('chart/values-mine.yaml'), /^storage:/m)
    assert.equal(text.match(/storage/g)?.length, 1)
  })

  it('the words of a value are offered with what they mean', async () => {
    await given('values.yaml', 'storage:\n  strategy:\n')
    await editor.goTo(2, 12)
    await editor.type(' ')
    const words = await editor.waitSuggestion('persistent')
    for (const word of ['ephemeral', 'hostpath', 'hybrid', 'csi-snapshot']) assert.ok(words.includes(word), words.join())
    await editor.accept('persistent')
    await editor.saved(fileOf('values.yaml'), /^ {2}strategy: persistent$/m)
  })

  it('a hover tells what a value is, and who sets it', async () => {
    await given('values.yaml', 'replicas: 4\n')
    await editor.goTo(1, 3)
    const text = await editor.hover(/Number of emulators/)
    assert.match(text, /values\.yaml/)
  })

  it('a mistake is underlined, told with its code, and mended by its fix; the comment stays', async () => {
    await given('values.yaml', 'storage:\n  strategy: persistent\n  persistentVolume:\n    size: 10GB # enough\n')
    await until(async () => (await editor.squiggles('error')) > 0, 'a wavy line')
    await editor.goTo(4, 12)
    await editor.fix(/10Gi/)
    await editor.saved(fileOf('values.yaml'), /^ {4}size: 10Gi # enough$/m)
    await until(async () => (await editor.squiggles('error')) === 0, 'no wavy line any more')
  })

  it('what nobody looks after stays as it is', async () => {
    await given('deployment.yaml', 'storage:\n  strategy: nonsense\nreplicas: many\n')
    await editor.goTo(2, 5)
    await editor.suggest()
    await until(async () => scenery.window.page.locator('.suggest-widget.visible').isVisible(), 'an answer')
    assert.deepEqual(
      (await editor.suggestions()).filter((label) => label === 'persistentVolume'),
      [],
    )
    assert.equal(await editor.squiggles('error'), 0)
    await scenery.window.page.keyboard.press('Escape')
  })
})
