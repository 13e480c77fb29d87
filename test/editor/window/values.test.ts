import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { silentLogger } from '../../../src/base/logger.ts'
import { packageRoot } from '../../../src/base/package-root.ts'
import { Helm } from '../../../src/chart/helm.ts'
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

  it('fix-all mends all at once', async () => {
    await given('values.yaml', 'replicas: 2\nstorage:\n  strategy: hostpth # mine\n  persistentVolume:\n    size: 10GB\n')
    await until(async () => (await editor.squiggles('error')) >= 2, 'two wavy lines')
    await scenery.window.palette.run('Fix All')
    const text = await editor.saved(fileOf('values.yaml'), /size: 10Gi/)
    assert.match(text, /strategy: hostpath # mine/)
  })

  it('a definition leads from a file of a person to the defaults of the chart', async () => {
    await given('chart/values-mine.yaml', 'emulator:\n  memoryMiB: 64\n')
    await editor.goTo(2, 5)
    await editor.jump('F12', 'values.yaml')
    const line = readFileSync(join(scenery.folder, 'chart', 'values.yaml'), 'utf8')
      .split('\n')
      .findIndex((text) => text.startsWith('  memoryMiB:'))
    await until(async () => (await editor.cursor()).startsWith(`Ln ${line + 1},`), 'the cursor at the default')
    await scenery.window.palette.run('View: Close Editor')
  })

  it('a definition leads from a template to the value that it reads', async () => {
    const template = readFileSync(join(scenery.folder, 'chart', 'templates', 'emulator-service.yaml'), 'utf8')
    const at = template.indexOf('.Values.emulator')
    const line = template.slice(0, at).split('\n').length
    const column = at - template.lastIndexOf('\n', at)
    await editor.open(fileOf('chart/templates/emulator-service.yaml'))
    await editor.goTo(line, column + '.Values.'.length + 2)
    await editor.jump('F12', 'values.yaml')
    await until(async () => !/^Ln 1,/.test(await editor.cursor()), 'the cursor at the value')
    await scenery.window.palette.run('View: Close Editor')
  })

  it('a rename changes the value in the chart, its templates and every overlay', async () => {
    await given('chart/values-mine.yaml', 'imageRepo: example.org/loco # mine\n')
    await editor.goTo(1, 3)
    await editor.rename('imagePlace')
    await scenery.window.palette.run('File: Save All Files')
    await until(() => readFileSync(fileOf('chart/values.yaml'), 'utf8').includes('\nimagePlace:'), 'the default renamed')
    assert.equal(readFileSync(fileOf('chart/values-mine.yaml'), 'utf8'), 'imagePlace: example.org/loco # mine\n')
    const templates = readdirSync(fileOf('chart/templates'), { recursive: true, encoding: 'utf8' }).filter((name) => /\.(yaml|tpl|txt)$/.test(name))
    const texts = templates.map((name) => readFileSync(fileOf(`chart/templates/${name}`), 'utf8')).join('\n')
    assert.match(texts, /\.Values\.imagePlace/)
    assert.doesNotMatch(texts, /\.Values\.imageRepo/)
  })

  it('the outline names what is in the file', async () => {
    await given('values.yaml', 'replicas: 2\nemulator:\n  memoryMiB: 64\n')
    const { keyboard } = scenery.window.page
    await keyboard.press('Control+Shift+O')
    await scenery.window.palette.waitRow('memoryMiB')
    await keyboard.press('Escape')
  })

  it('the status of the language says who helps', async () => {
    await given('values.yaml', 'replicas: 2\n')
    const { page } = scenery.window
    await page
      .locator('.statusbar-item')
      .filter({ has: page.locator('.codicon-json, .codicon-bracket, .codicon-bracket-dot') })
      .first()
      .hover()
    await until(async () => /Values: Loco/.test((await page.locator('.monaco-hover').allTextContents()).join(' ')), 'who helps')
    await page.mouse.move(600, 400)
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

describe('what values would change, in an editor', function () {
  this.timeout(180_000)
  let fleet: FakeFleet
  let scenery: Scenery
  let editor: TextEditor

  before(async function () {
    const helm = helmBinary()
    if (helm === undefined) skipBecause(this, 'no helm: LOCO_HELM is not set, the sandbox has not been built, and PATH has none')
    fleet = await FakeFleet.start(2)
    const rendered = new Helm({ binary: helm, log: silentLogger })
    const chart = join(packageRoot(), 'helm', 'loco-chart')
    const values = { replicas: 2 }
    const manifest = await rendered.manifest({ chart, release: 'loco', namespace: 'loco', values: [values] }, { upgrade: true })
    fleet.install({ values, manifest, defaults: parse(readFileSync(join(chart, 'values.yaml'), 'utf8')) as object })
    scenery = await openScenery(fleet.kubeconfig(), { env: { LOCO_HELM: helm } })
    mkdirSync(join(scenery.folder, '.vscode'))
    writeFileSync(join(scenery.folder, '.vscode', 'settings.json'), JSON.stringify({ 'loco.values': ['values.yaml'] }))
    writeFileSync(join(scenery.folder, 'values.yaml'), 'replicas: 2\n')
    editor = new TextEditor(scenery.window.page)
    await scenery.window.views.open('Loco Cluster')
    await scenery.window.views.waitRow('Fleet', 'instance-1')
    await editor.open(join(scenery.folder, 'values.yaml'))
  })
  afterEach(async function () {
    await keepPicture(this.currentTest, scenery?.window)
  })
  after(async () => {
    if (scenery) await closeScenery(scenery)
    await fleet?.stop()
  })

  it('above a value that is another one in the release, both are told', async () => {
    await editor.goTo(1, 12)
    await scenery.window.page.keyboard.press('Backspace')
    await editor.type('4')
    await until(async () => (await editor.lenses()).join().includes('deployed: 2, here: 4'), 'the line above')
  })

  it('the preview shows the resource that changes, with the text that is not saved', async () => {
    await scenery.window.palette.run('Loco: Preview Rendered Changes')
    await scenery.window.palette.waitRow(/All changes/)
    await scenery.window.palette.pick(/StatefulSet\/loco-loco-emulator/)
    await scenery.window.editors.waitTab(/StatefulSet\/loco-loco-emulator: revision 1/)
    await until(async () => /replicas:.4/.test(await editor.differenceText()), 'four emulators on the right')
    assert.match(await editor.differenceText(), /replicas:.2/)
  })

  it('it follows what is typed', async () => {
    await scenery.window.editors.focus('values.yaml')
    await editor.focus()
    await editor.goTo(1, 12)
    await scenery.window.page.keyboard.press('Backspace')
    await editor.type('7')
    await scenery.window.editors.focus(/StatefulSet/)
    await until(async () => /replicas:.7/.test(await editor.differenceText()), 'seven emulators on the right')
  })

  it('all changes stand in one tab', async () => {
    await scenery.window.editors.focus('values.yaml')
    await scenery.window.palette.run('Loco: Preview Rendered Changes')
    await scenery.window.palette.pick(/All changes/)
    await scenery.window.editors.waitTab(/Release: revision 1 ↔ values\.yaml/)
    await until(
      async () =>
        /ConfigMap[\s\S]*StatefulSet/.test(
          await scenery.window.page
            .locator('.multiDiffEntry')
            .allTextContents()
            .then((all) => all.join('\n')),
        ),
      'each resource',
    )
  })

  it('what helm refuses stands at the value, in the words of helm', async () => {
    await scenery.window.editors.focus('values.yaml')
    await editor.focus()
    await scenery.window.page.keyboard.press('Control+A')
    await editor.type('replicas: 2\nemulator: {accel: kvm, kvm: {enabled: false')
    await until(async () => /emulator\.accel is kvm, but emulator\.kvm\.enabled is false/.test(await editor.nextProblem()), 'the words of helm')
    await until(async () => /^Ln 2, Col 12/.test(await editor.cursor()), 'the cursor at the value')
  })
})

describe('values files in a workspace that is not trusted', function () {
  this.timeout(180_000)
  let fleet: FakeFleet
  let scenery: Scenery

  before(async () => {
    fleet = await FakeFleet.start(1)
    scenery = await openScenery(fleet.kubeconfig(), { trust: 'ask' })
    cpSync(join(packageRoot(), 'helm', 'loco-chart'), join(scenery.folder, 'chart'), { recursive: true })
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

  it('have completion and errors; no helm runs and no cluster is asked', async () => {
    const { window, folder, host } = scenery
    const editor = new TextEditor(window.page)
    writeFileSync(join(folder, 'chart', 'values-mine.yaml'), 'replicas: many\nstorage:\n  strategy:\n')
    await editor.open(join(folder, 'chart', 'values-mine.yaml'))
    await until(async () => (await editor.squiggles('error')) > 0, 'a wavy line')
    await editor.goTo(3, 12)
    await editor.type(' ')
    await editor.waitSuggestion('persistent')
    await window.page.keyboard.press('Escape')
    await window.palette.run('Loco: Preview Rendered Changes')
    await window.notices.wait(/not trusted/)
    assert.deepEqual(fleet.api.requests, [])
    // VS Code looks for open ports by short processes of its own.
    assert.deepEqual(
      host.foreign().filter(({ command }) => !/\/proc\/|socket:/.test(command)),
      [],
    )
  })
})

describe('values files beside the YAML extension (a fake of it)', function () {
  this.timeout(180_000)
  let scenery: Scenery
  let editor: TextEditor
  let answers: string

  before(async () => {
    answers = join(mkdtempSync(join(tmpdir(), 'loco-yaml-')), 'answers')
    writeFileSync(answers, '')
    scenery = await openScenery(undefined, { others: [join(packageRoot(), 'test', 'fakes', 'yaml-extension')], env: { LOCO_TEST_YAML_ANSWERS: answers } })
    cpSync(join(packageRoot(), 'helm', 'loco-chart'), join(scenery.folder, 'chart'), { recursive: true })
    editor = new TextEditor(scenery.window.page)
  })
  afterEach(async function () {
    await keepPicture(this.currentTest, scenery?.window)
    await scenery?.window.palette.run('View: Revert and Close Editor')
  })
  after(async () => {
    if (scenery) await closeScenery(scenery)
    rmSync(dirname(answers), { recursive: true, force: true })
  })

  /** The last answer that it got about a file, once there is one. */
  const answer = (name: string): Promise<{ schema?: string; content?: string }> =>
    until(
      () =>
        readFileSync(answers, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as { file: string; schema?: string; content?: string })
          .filter(({ file }) => file === join(scenery.folder, name))
          .at(-1),
      `an answer about ${name}`,
    )
  const given = async (name: string, text: string): Promise<void> => {
    writeFileSync(join(scenery.folder, name), text)
    await editor.open(join(scenery.folder, name))
  }

  it('its schema help is silenced for a file of ours, ours is there, and equal keys are left to it', async () => {
    await given('chart/values-mine.yaml', 'replicas: 1\nreplicas: 2\nstorage:\n  strategy: floppy\n')
    assert.deepEqual(JSON.parse((await answer('chart/values-mine.yaml')).content ?? ''), {})
    await until(async () => (await editor.squiggles('error')) > 0, 'our wavy line')
    assert.match(await editor.nextProblem(), /floppy/)
    assert.equal(await editor.squiggles('error'), 1)
  })

  it('a file that names its schema is left to it; our rules stay', async () => {
    const modeline = '# yaml-language-server: $schema=./mine.json\n'
    await given('chart/values-named.yaml', `${modeline}replica: 1\nstorage:\n  persistentVolume:\n    size: 10GB\n`)
    assert.equal((await answer('chart/values-named.yaml')).schema, undefined)
    await until(async () => (await editor.squiggles('error')) > 0, 'our wavy line')
    assert.match(await editor.nextProblem(), /10GB/)
    assert.equal(await editor.squiggles('error'), 1)
  })

  it('a file that is none of ours is its own', async () => {
    await given('deployment.yaml', 'kind: Deployment\n')
    assert.equal((await answer('deployment.yaml')).schema, undefined)
  })
})
