import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../../src/base/package-root.ts'
import { FakeFleet } from '../../fakes/fake-fleet.ts'
import type { FakeVncServer } from '../../fakes/fake-vnc-server.ts'
import { ask } from './lib/in-page.ts'
import { closeScenery, keepPicture, openScenery, type Scenery } from './lib/scenery.ts'
import { ScreenTab } from './lib/screen-tab.ts'
import { TextEditor } from './lib/text-editor.ts'
import { until } from './lib/until.ts'

/** X keysyms of key presses that a screen was told. */
const keysOf = (server: FakeVncServer): number[] =>
  server.messages.filter((message) => message[0] === 4 && message[1] === 1).map((message) => message.readUInt32BE(4))
const firstEmulator = (rows: { label: string }[]): string => rows.find(({ label }) => label.startsWith('instance-'))?.label ?? ''

describe('settings: each changes what happens', function () {
  this.timeout(180_000)
  let fleet: FakeFleet
  let scenery: Scenery
  let elsewhere: string
  /** Where operations keep their journals. */
  let state: string
  const tested = new Set<string>()

  let written = 0
  /** Writes the settings of the workspace, and waits until the window has them: its title is one. What is not named any more goes back to its default. */
  const set = async (settings: Record<string, unknown>): Promise<void> => {
    for (const name of Object.keys(settings)) tested.add(name)
    written += 1
    const title = `settings ${written}`
    writeFileSync(join(scenery.folder, '.vscode', 'settings.json'), JSON.stringify({ 'window.title': title, 'loco.kubeconfig': [elsewhere], ...settings }))
    await until(async () => (await scenery.window.page.title()) === title, 'the settings read')
  }
  const screen = async (): Promise<{ tab: ScreenTab; server: FakeVncServer }> => {
    const tab = await ScreenTab.open(scenery.window, 'instance-0')
    await tab.live()
    return {
      tab,
      server: await until(
        () =>
          fleet
            .screens(0)
            .filter(({ closed }) => !closed)
            .at(-1),
        'a connection to the screen',
      ),
    }
  }
  /** Requests a second, measured over some of them. */
  const rate = async (server: FakeVncServer): Promise<number> => {
    const { length } = server.requests
    await until(() => server.requests.length >= length + 12, 'requests for pictures')
    const [first, last] = [server.requests[length], server.requests.at(-1)]
    return ((server.requests.length - length - 1) * 1_000) / ((last?.at ?? 0) - (first?.at ?? 0))
  }

  before(async () => {
    fleet = await FakeFleet.start(3)
    scenery = await openScenery(undefined, { others: [join(packageRoot(), 'test', 'fakes', 'yaml-extension')] })
    elsewhere = join(scenery.scratch, 'elsewhere')
    state = join(scenery.scratch, 'state')
    writeFileSync(elsewhere, fleet.kubeconfig())
    mkdirSync(join(scenery.folder, '.vscode'))
    const task = { label: 'Bring it up', type: 'loco', operation: 'bootstrap', context: 'fake', problemMatcher: [] }
    writeFileSync(join(scenery.folder, '.vscode', 'tasks.json'), JSON.stringify({ version: '2.0.0', tasks: [task] }))
    await scenery.window.views.open('Loco Cluster')
  })
  afterEach(async function () {
    await keepPicture(this.currentTest, scenery?.window)
  })
  after(async () => {
    if (scenery) await closeScenery(scenery)
    await fleet?.stop()
  })

  it('kubeconfig: a further file is read', async () => {
    tested.add('loco.kubeconfig')
    await until(async () => (await scenery.window.views.text('Fleet')).welcome.length > 0, 'no fleet without it')
    await set({})
    await scenery.window.views.waitRow('Fleet', ({ label, description }) => label === 'instance-2' && /healthy/.test(description))
  })

  it('fleet.sortBy: worst first', async () => {
    fleet.say(2, { verdict: 'unhealthy', stage: 'P1', sentence: 'The guest hangs.', code: 'LOCO-GST-006' })
    await scenery.window.views.waitRow('Fleet', ({ label, badge }) => label === 'instance-2' && badge === '✗')
    assert.equal(firstEmulator(await scenery.window.views.rows('Fleet')), 'instance-0')
    await set({ 'loco.fleet.sortBy': 'verdict' })
    await until(async () => firstEmulator(await scenery.window.views.rows('Fleet')) === 'instance-2', 'the worst one first')
    fleet.say(2, {})
  })

  it('fleet.pictureInHover: no picture', async () => {
    await set({})
    await until(async () => firstEmulator(await scenery.window.views.rows('Fleet')) === 'instance-0', 'the order of old')
    await scenery.window.views.hover('Fleet', 'instance-1')
    await until(async () => (await ask(scenery.window.page, 'hoverPictures')).some((width) => width > 0), 'a picture in the hover')
    await set({ 'loco.fleet.pictureInHover': false })
    await until(async () => {
      await scenery.window.views.hover('Fleet', 'instance-0')
      return (await ask(scenery.window.page, 'hoverPictures')).length === 0
    }, 'a hover without a picture')
  })

  it('statusBar: nothing in the status bar', async () => {
    await set({})
    await scenery.window.statusBar.wait('3/3')
    await set({ 'loco.statusBar': false })
    await until(async () => (await scenery.window.statusBar.items()).every(({ text }) => !text.includes('3/3')), 'no item in the status bar')
  })

  it('fleet.watch: only while the view is visible', async () => {
    await set({ 'loco.fleet.watch': 'whileVisible' })
    await scenery.window.views.open('Explorer')
    await until(
      () => fleet.api.watchers === 0,
      () => `no watch; there are ${fleet.api.watchers}`,
    )
    await scenery.window.views.open('Loco Cluster')
    await until(() => fleet.api.watchers > 0, 'watches')
    await set({})
    await scenery.window.views.open('Explorer')
    await until(() => fleet.api.watchers > 0, 'watches that go on')
    await scenery.window.views.open('Loco Cluster')
  })

  it('logs.tailLines: so many lines are asked for', async () => {
    await set({ 'loco.logs.tailLines': 7 })
    await scenery.window.views.menu('Fleet', 'instance-0', 'Show Logs')
    const logs = (): string[] => fleet.api.requests.filter((request) => request.includes('/log?'))
    await until(
      () => logs().some((request) => /tailLines=7(&|$)/.test(request)),
      () => `a request with tailLines=7; there were ${logs().join(' ')}`,
    )
    await scenery.window.palette.run('Terminal: Kill All Terminals')
  })

  it('cluster: which one Bootstrap works on', async () => {
    const { palette, notices } = scenery.window
    // The fake one is not proved to be on this machine, so it is refused, which tells that it was looked at.
    for (const [cluster, code] of [
      ['current', 'LOCO-ENV-010'],
      ['minikube', 'LOCO-ENV-012'],
    ]) {
      await set({ 'loco.cluster': cluster })
      await palette.run('Loco: Bootstrap')
      await notices.wait(code ?? '', 60_000)
      await palette.run('Notifications: Clear All Notifications')
    }
  })

  it('namespace and release: which fleet it makes', async () => {
    await set({ 'loco.namespace': 'games', 'loco.release': 'toys' })
    await scenery.window.runTask('Bring it up')
    const { message } = await scenery.window.notices.waitDialog(/Bring up the fleet/, 60_000)
    assert.match(message, /toys in namespace games of fake/)
    await scenery.window.notices.answerDialog('Cancel')
  })

  it('values: the files that Bootstrap lays over the chart', async () => {
    await set({ 'loco.values': ['missing.yaml'], 'loco.confirm': 'losses' })
    await scenery.window.runTask('Bring it up')
    const requests = (): string[] => readdirSync(state, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.asked.json'))
    const asked = (name: string): boolean => readFileSync(join(state, name), 'utf8').includes(join(scenery.folder, 'missing.yaml'))
    await until(() => existsSync(state) && requests().some(asked), 'an operation that was asked to take that file', 60_000)
    await scenery.window.notices.wait(/did not succeed/, 60_000)
    await scenery.window.palette.run('Notifications: Clear All Notifications')
  })

  it('confirm and helm.path: without a question, and with another helm', async () => {
    await set({ 'loco.confirm': 'losses', 'loco.helm.path': '/nonexistent/helm' })
    await scenery.window.runTask('Bring it up')
    await scenery.window.notices.wait(/\/nonexistent\/helm/, 60_000)
    assert.equal(await scenery.window.notices.dialog(), undefined)
    await scenery.window.palette.run('Notifications: Clear All Notifications')
    await scenery.window.palette.run('Terminal: Kill All Terminals')
  })

  it('screen.scaling, screen.viewOnly, screen.meter, screen.releaseChord: what the tab shows', async () => {
    await set({})
    const { tab } = await screen()
    const before = await tab.waitState(({ scaling, meter, words }) => scaling === 'fit' && meter !== '' && /Ctrl\+Alt/.test(words), 'the defaults')
    assert.doesNotMatch(before.words, /View only/)
    await set({ 'loco.screen.scaling': 'integer' })
    await tab.waitState(({ scaling }) => scaling === 'integer', 'whole multiples')
    await set({ 'loco.screen.meter': false })
    await tab.waitState(({ meter, scaling }) => meter === '' && scaling === 'fit', 'no meter')
    await set({ 'loco.screen.releaseChord': 'ctrl+shift' })
    await tab.waitState(({ words }) => /Ctrl\+Shift/.test(words), 'the other chord')
    await set({ 'loco.screen.viewOnly': true })
    await tab.waitState(({ words }) => /View only/.test(words), 'view only')
  })

  it('screen.frameRate and screen.unfocusedFrameRate: how often a picture is asked for', async () => {
    await set({ 'loco.screen.frameRate': 2, 'loco.screen.unfocusedFrameRate': 20 })
    const { tab, server } = await screen()
    await tab.live()
    const focused = await rate(server)
    assert.ok(focused < 4, `${focused.toFixed(1)} a second in front, 2 were wanted`)
    await scenery.window.palette.run('View: Split Editor Right')
    await scenery.window.palette.run('File: New Untitled Text File')
    const unfocused = await until(async () => {
      const measured = await rate(server)
      return measured > 6 && measured
    }, 'more pictures while the tab is visible without the focus')
    assert.ok(unfocused < 26, `${unfocused.toFixed(1)} a second, 20 were wanted`)
    await scenery.window.palette.run('View: Close All Editors')
  })

  it('screen.keyboardLayout: the keys for a text', async () => {
    await set({ 'loco.screen.keyboardLayout': 'us' })
    const { server } = await screen()
    await scenery.window.page.evaluate("navigator.clipboard.writeText('ö')")
    await scenery.window.palette.run('Loco: Screen: Type Clipboard')
    await scenery.window.notices.wait(/LOCO-SCR-028/)
    await scenery.window.palette.run('Notifications: Clear All Notifications')
    await set({ 'loco.screen.keyboardLayout': 'de' })
    const before = keysOf(server).length
    await until(async () => {
      await scenery.window.palette.run('Loco: Screen: Type Clipboard')
      return keysOf(server).length > before
    }, 'a key for ö on a German keyboard')
  })

  it('screen.disconnectAfter: a hidden tab gives up its connection', async () => {
    await set({ 'loco.screen.disconnectAfter': 0 })
    const { tab, server } = await screen()
    await scenery.window.palette.run('File: New Untitled Text File')
    await until(() => server.closed, 'the connection given up')
    await scenery.window.editors.focus('instance-0')
    await tab.live()
  })

  describe('values files', () => {
    let editor: TextEditor
    before(async () => {
      editor = new TextEditor(scenery.window.page)
      cpSync(join(packageRoot(), 'helm', 'loco-chart'), join(scenery.folder, 'chart'), { recursive: true })
      writeFileSync(join(scenery.folder, 'chart', 'values-mine.yaml'), 'replica: 2\n')
      mkdirSync(join(scenery.folder, 'other'))
      writeFileSync(join(scenery.folder, 'other', 'Chart.yaml'), 'apiVersion: v2\nname: other\nversion: 1.0.0\n')
      writeFileSync(join(scenery.folder, 'other', 'values.yaml'), 'colour: red\n')
      writeFileSync(join(scenery.folder, 'other', 'values.schema.json'), JSON.stringify({ properties: { colour: { enum: ['blue', 'green'] } } }))
      await set({})
      await editor.open(join(scenery.folder, 'chart', 'values-mine.yaml'))
      await until(async () => (await editor.squiggles('error')) === 1, 'an unknown key underlined')
    })
    after(() => scenery.window.palette.run('View: Close All Editors'))

    it('valuesLanguage.severity: a rule that is off says nothing', async () => {
      await set({ 'loco.valuesLanguage.severity': { 'LOCO-VA-02': 'off' } })
      await until(async () => (await editor.squiggles('error')) === 0, 'nothing underlined')
    })

    it('valuesLanguage.features: with the YAML extension for schema errors there are none of ours', async () => {
      await set({})
      await until(async () => (await editor.squiggles('error')) === 1, 'an unknown key underlined')
      await set({ 'loco.valuesLanguage.features': 'redhat' })
      await until(async () => (await editor.squiggles('error')) === 0, 'nothing underlined')
    })

    it('valuesLanguage.inheritedDefaults: what a map leaves as it is stands at its end', async () => {
      await set({ 'loco.valuesLanguage.inheritedDefaults': true })
      await until(async () => /inherited:/.test(await editor.text()), 'what is inherited')
    })

    it('valuesLanguage.charts: another chart gets help too', async () => {
      await set({ 'loco.valuesLanguage.charts': ['other'] })
      await editor.open(join(scenery.folder, 'other', 'values.yaml'))
      await until(async () => (await editor.squiggles('error')) === 1, 'a word that its schema does not have underlined')
    })
  })

  describe('all of them', () => {
    it('every setting of package.json is among these', () => {
      const manifest = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { contributes: { configuration: { properties: object }[] } }
      const declared = manifest.contributes.configuration.flatMap(({ properties }) => Object.keys(properties))
      assert.deepEqual(declared.toSorted(), [...tested].toSorted())
    })
  })
})
