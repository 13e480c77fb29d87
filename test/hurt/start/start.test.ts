import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { PNG } from 'pngjs'
import { packageRoot } from '../../../src/base/package-root.ts'
import { loco } from '../../loco.ts'
import { skipBecause } from '../../skip.ts'

const namespace = 'loco-start-test'

describe('npm start', function () {
  this.timeout(10 * 60_000)

  before(function () {
    if (!process.env['LOCO_TEST_MAY_HURT']) skipBecause(this, 'a sandbox was running before the tests')
  })

  it('shows the fleet and its pictures, stays until Ctrl-C, and then nothing runs any more', async () => {
    const child = spawn(process.execPath, [join(packageRoot(), 'dist', 'cli.cjs'), 'start', '--replicas', '1', '--namespace', namespace], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const lines: string[] = []
    let errors = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text
    })
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line)
      if (line.startsWith('The fleet runs until Ctrl-C')) child.kill('SIGINT')
    })
    const exit = await new Promise((resolve) => child.on('close', resolve))
    const said = lines.join('\n')
    assert.equal(exit, 0, `${said}\n${errors}`)
    assert.match(said, /instance-0 {2}healthy/)
    assert.match(said, /What to do next/)
    assert.match(said, /Everything is off/)
    const file = /^picture {2}(.*)$/m.exec(said)?.[1] ?? ''
    const { width, height } = PNG.sync.read(readFileSync(file))
    assert.deepEqual([width, height], [1024, 768])
    const status = await loco(['sandbox', 'status', '--output', 'json'])
    assert.equal(status.documents[0]?.['state'], 'down')
  })

  after(async () => {
    if (!process.env['LOCO_TEST_MAY_HURT']) return
    await loco(['sandbox', 'up', '--output', 'json'])
    await loco(['destroy', '--namespace', namespace, '--delete-data', '--yes', '--output', 'json'])
    await loco(['sandbox', 'down', '--output', 'json'])
  })
})
