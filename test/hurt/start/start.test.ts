import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { PNG } from 'pngjs'
import { serverRefusal } from '../../../src/cli/editor/install-server.ts'
import { marked } from '../../editor/lib/processes.ts'
import { StartCommand } from '../../editor/lib/start-command.ts'
import { loco } from '../../loco.ts'
import { skipBecause } from '../../skip.ts'
import { difference, listing } from '../sandbox/listing.ts'

const namespace = 'loco-start-test'

describe('npm start', function () {
  this.timeout(12 * 60_000)

  before(function () {
    if (!process.env['LOCO_TEST_MAY_HURT']) skipBecause(this, 'a sandbox was running before the tests')
  })

  it('shows the fleet and its pictures, stays until Ctrl-C, and then nothing runs any more', async () => {
    const start = new StartCommand(['--replicas', '1', '--namespace', namespace, '--no-editor'], `start-${process.pid}`)
    await start.line(/^The fleet runs until Ctrl-C/, 9 * 60_000)
    start.interrupt()
    assert.equal(await start.ended, 0, start.said)
    assert.match(start.said, /instance-0 {2}healthy/)
    assert.match(start.said, /What to do next/)
    assert.match(start.said, /Everything is off/)
    assert.doesNotMatch(start.said, /The editor/)
    const file = /^picture {2}(.*)$/m.exec(start.said)?.[1] ?? ''
    const { width, height } = PNG.sync.read(readFileSync(file))
    assert.deepEqual([width, height], [1024, 768])
    const status = await loco(['sandbox', 'status', '--output', 'json'])
    assert.equal(status.documents[0]?.['state'], 'down')
  })

  it('npm run stop from elsewhere ends it with its editor, and the machine is as before', async function () {
    const noEditor = serverRefusal()
    if (noEditor !== undefined) skipBecause(this, noEditor.what)
    const untouched = listing()
    const mark = `stop-${process.pid}`
    const start = new StartCommand(['--replicas', '1', '--namespace', namespace, '--editor', 'server'], mark)
    const [, address = ''] = await start.line(/^The editor: (http:\S+)$/, 9 * 60_000)
    assert.equal((await fetch(address, { redirect: 'manual' })).status, 302)
    assert.equal((await loco(['sandbox', 'down', '--output', 'json'])).exit, 0)
    assert.equal(await start.ended, 0, start.said)
    await assert.rejects(fetch(address))
    assert.deepEqual(marked(mark), [])
    assert.deepEqual(difference(untouched, listing()), [])
  })

  after(async () => {
    if (!process.env['LOCO_TEST_MAY_HURT']) return
    await loco(['sandbox', 'up', '--output', 'json'])
    await loco(['destroy', '--namespace', namespace, '--delete-data', '--yes', '--output', 'json'])
    await loco(['sandbox', 'down', '--output', 'json'])
  })
})
