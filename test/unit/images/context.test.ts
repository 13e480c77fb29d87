import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { contextArchive } from '../../../src/images/archive.ts'
import { ignored, readContext } from '../../../src/images/context.ts'

const rules: [path: string, patterns: string[], expected: boolean][] = [
  ['README.md', ['*.md'], true],
  ['guest/README.md', ['*.md'], true],
  ['guest/readme.mdx', ['*.md'], false],
  ['agent/main.ts', ['agent'], true],
  ['guest/agent', ['agent'], true],
  ['agent.cjs', ['agent'], false],
  ['.git/config', ['.*'], true],
  ['a.b', ['.*'], false],
  ['guest/out/demo', ['guest/out'], true],
  ['out/demo', ['guest/out'], false],
  ['Dockerfile', ['*.md', 'agent'], false],
]

describe('build context', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'loco-context-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const read = (ignore: string[] = [], injected: Record<string, string> = {}): ReturnType<typeof readContext> => readContext({ folder, ignore, injected })

  for (const [path, patterns, expected] of rules) {
    it(`${path} with ${patterns.join(' ')}: ${expected ? 'ignored' : 'taken'}`, () => assert.equal(ignored(path, patterns), expected))
  }

  it('reads files, executables and links below the folder, ordered, and puts injected files beside them', async () => {
    mkdirSync(join(folder, 'guest'))
    writeFileSync(join(folder, 'guest', 'boot.asm'), 'boot')
    writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch')
    writeFileSync(join(folder, 'run'), 'x', { mode: 0o755 })
    symlinkSync('run', join(folder, 'link'))
    writeFileSync(join(folder, 'notes.md'), 'no')
    const files = await read(['*.md'], { 'agent.cjs': join(folder, 'notes.md') })
    assert.deepEqual(
      files.map(({ path, kind, content }) => [path, kind, content.toString()]),
      [
        ['Dockerfile', 'file', 'FROM scratch'],
        ['agent.cjs', 'file', 'no'],
        ['guest/boot.asm', 'file', 'boot'],
        ['link', 'link', 'run'],
        ['run', 'executable', 'x'],
      ],
    )
  })

  it('the same files give the same archive, whatever umask and time of the checkout', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, 'x')
    chmodSync(file, 0o600)
    const one = await buffer(contextArchive(await read()))
    chmodSync(file, 0o664)
    utimesSync(file, 1, 1)
    const two = await buffer(contextArchive(await read()))
    assert.ok(one.equals(two))
  })

  it('an injected file that is missing is named with the command that makes it', async () => {
    await assert.rejects(read([], { 'agent.cjs': join(folder, 'absent.cjs') }), { code: 'LOCO-BLD-003', message: /absent\.cjs is missing/ })
  })

  it('a folder that is missing is named', async () => {
    rmSync(folder, { recursive: true })
    await assert.rejects(read(), { code: 'LOCO-BLD-003' })
  })

  it('a disk that lies in the folder is refused before it is read', async () => {
    writeFileSync(join(folder, 'win98.vhd'), '')
    truncateSync(join(folder, 'win98.vhd'), 8 * 1024 ** 3)
    await assert.rejects(read(), { code: 'LOCO-BLD-004', message: /win98\.vhd/ })
  })
})
