import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { mustLoco } from '../../loco.ts'
import { skipBecause } from '../../skip.ts'
import { launchChromium } from '../lib/chromium.ts'
import { marked } from '../lib/processes.ts'
import { StartCommand } from '../lib/start-command.ts'
import { EditorWindow } from './lib/editor-window.ts'
import { keepPicture } from './lib/scenery.ts'
import { until } from './lib/until.ts'

const namespace = 'loco-start-editor'

describe('npm start ends in the editor', function () {
  this.timeout(8 * 60_000)
  const mark = `start-${process.pid}`
  let scratch: string
  let start: StartCommand
  let browser: Browser
  let window: EditorWindow | undefined
  let url: URL

  before(async function () {
    if (process.env['LOCO_TEST_KUBECONFIG'] === undefined) skipBecause(this, 'no sandbox runs')
    scratch = mkdtempSync(join(tmpdir(), 'loco-start-'))
    browser = await launchChromium()
    start = new StartCommand(['--namespace', namespace, '--replicas', '1', '--editor', 'server'], mark, { XDG_DATA_HOME: scratch })
  })
  afterEach(async function () {
    await keepPicture(this.currentTest, window)
  })
  after(async () => {
    if (start === undefined) return
    start.interrupt()
    await start.ended
    await browser.close()
    rmSync(scratch, { recursive: true, force: true })
    await mustLoco(['destroy', '--namespace', namespace, '--delete-data', '--yes', '--output', 'json'])
  })

  it('prints an address on the loopback with a token', async () => {
    const [, address] = await start.line(/^The editor: (http:\S+)$/, 6 * 60_000)
    url = new URL(address ?? '')
    assert.equal(url.hostname, '127.0.0.1')
    assert.match(url.searchParams.get('tkn') ?? '', /^[\w-]{32}$/)
  })

  it('lets nobody in without the token', async () => {
    const { status } = await fetch(url.origin)
    assert.equal(status, 403)
    const words = marked(mark).map(({ command }) => command)
    assert.ok(words.some((command) => command.includes('server-main.js')))
    assert.ok(
      !words.some((command) => command.includes(url.searchParams.get('tkn') ?? '-')),
      'the token stands in a command line, which everybody on this machine may read',
    )
  })

  it('shows the values file and, once the folder is trusted, the fleet', async () => {
    window = await EditorWindow.visit(browser, url.href)
    await window.notices.waitDialog(/trust/i, 90_000)
    await window.notices.answerDialog(/^Yes/)
    await window.editors.waitTab('values.yaml')
    assert.match(await window.editors.text('replicas: 1'), /Loco: Bootstrap/)
    await window.views.open('Loco Cluster')
    await window.views.waitRow('Fleet', ({ label, description }) => label === 'instance-0' && /^healthy/.test(description), 60_000)
    assert.deepEqual(window.consoleErrors, [])
  })

  it('ends with Ctrl-C, and nothing of the editor is left', async () => {
    await window?.close()
    start.interrupt()
    assert.equal(await start.ended, 0, start.said)
    await until(
      () => marked(mark).length === 0,
      () =>
        `nothing left running; there is ${marked(mark)
          .map(({ command }) => command)
          .join('; ')}`,
    )
    await assert.rejects(fetch(url.origin))
  })
})
