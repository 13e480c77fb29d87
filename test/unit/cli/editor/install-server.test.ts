import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { type InstallOptions, installServer, serverRefusal } from '../../../../src/cli/editor/install-server.ts'

const build = { version: '0.0.1-test', integrity: 'sha512-of-something-else', addons: [] }

describe('the installation of the VS Code server', function () {
  if (process.platform !== 'linux') return
  this.timeout(10_000)
  let home: string
  let options: InstallOptions
  const said: string[] = []
  /** An npm that does what this shell text says; the compilers are there. */
  const fakeNpm = (script: string): void => {
    for (const [name, text] of Object.entries({ npm: script, 'g++': '', make: '', python3: '' }))
      writeFileSync(join(home, 'bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  }

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'loco-install-'))
    mkdirSync(join(home, 'bin'))
    const env = { ...process.env, PATH: [join(home, 'bin'), process.env['PATH']].join(delimiter) }
    options = { build, cache: join(home, 'cache'), person: { home }, env, tell: ({ sentence }) => said.push(sentence) }
    said.length = 0
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))

  it('says how long it takes, and the last words of a step that fails', async () => {
    fakeNpm('echo "npm error network down" >&2; exit 7')
    await assert.rejects(installServer(options), { code: 'LOCO-ENV-020', message: /npm pack ended with 7\. npm error network down/ })
    assert.match(said[0] ?? '', /about two minutes/)
  })

  it('refuses what is not the pinned file, and leaves nothing that looks installed', async () => {
    fakeNpm('echo not-code-server > code-server-0.0.1-test.tgz')
    await assert.rejects(installServer(options), { code: 'LOCO-ENV-020', message: /its checksum differs/ })
    const left = readdirSync(join(options.cache, 'vscode')).filter((name) => !name.endsWith('.making'))
    assert.deepEqual(left, [])
  })

  it('does nothing where it is there already', async () => {
    fakeNpm('exit 7')
    const folder = join(options.cache, 'vscode', `code-server-${build.version}-linux-${process.arch}`, 'out')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'server-main.js'), '')
    const { main } = await installServer(options)
    assert.ok(existsSync(main))
    assert.deepEqual(said, [])
  })

  it('is refused where there is no such server', () => {
    assert.equal(serverRefusal('linux', 'x64'), undefined)
    assert.equal(serverRefusal('linux', 'arm64'), undefined)
    for (const [platform, arch] of [
      ['darwin', 'arm64'],
      ['win32', 'x64'],
      ['linux', 'riscv64'],
    ] as const)
      assert.equal(serverRefusal(platform, arch)?.code, 'LOCO-ENV-021')
  })
})
