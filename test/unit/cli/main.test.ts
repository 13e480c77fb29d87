import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { packageRoot } from '../../../src/base/package-root.ts'
import { main } from '../../../src/cli/main.ts'
import { makeProgram } from '../../../src/cli/program.ts'
import { fakeTerminal } from './fake-terminal.ts'

/** Command lines that are refused before anything is asked of a cluster: [words, exit, code, what must be said]. */
const refused: [string, number, string, RegExp][] = [
  ['bootstap', 2, 'LOCO-USE-001', /Unknown command 'bootstap'.*\n.*Did you mean bootstrap\?/],
  ['status --bogus', 2, 'LOCO-USE-001', /Unknown option '--bogus'/],
  ['bootstrap --replicas many', 2, 'LOCO-USE-001', /whole number from 0 to 1000/],
  ['bootstrap --replicas -1', 2, 'LOCO-USE-001', /whole number/],
  ['bootstrap --timeout soon', 2, 'LOCO-USE-001', /90s, 15m, 1h/],
  ['bootstrap --storage floppy', 2, 'LOCO-USE-001', /Allowed choices are ephemeral, persistent/],
  ['bootstrap --cluster moon', 2, 'LOCO-USE-001', /Allowed choices are auto, native/],
  ['status --namespace Loco', 2, 'LOCO-USE-001', /lower-case letters/],
  ['status --output yaml', 2, 'LOCO-USE-001', /Allowed choices are text, json/],
  ['destroy --keep-data --delete-data', 2, 'LOCO-USE-001', /cannot be used with/],
  ['logs', 2, 'LOCO-USE-001', /Missing required argument 'instance'/],
  ['logs nobody', 55, 'LOCO-USE-006', /nobody does not name an emulator/],
  ['screen shot instance-0', 2, 'LOCO-USE-001', /Required option '-o, --out/],
  ['screen keys instance-0', 2, 'LOCO-USE-001', /either a text or --chord/],
  ['screen keys instance-0 hi --chord ret', 2, 'LOCO-USE-001', /either a text or --chord/],
  ['sandbox', 2, 'LOCO-USE-001', /needs one of: up, down, add, remove, status/],
  ['sandbox add', 2, 'LOCO-USE-001', /Missing required argument 'name'/],
  ['sandbox add ceph', 2, 'LOCO-USE-001', /Argument 'name' does not take 'ceph'. Allowed choices are csi/],
  ['operations', 2, 'LOCO-USE-001', /needs one of/],
  ['operations show nothing', 45, 'LOCO-OPS-010', /no operation nothing/],
  ['bootstrap --resume nothing', 45, 'LOCO-OPS-010', /no operation nothing/],
]

describe('the terminal host', () => {
  for (const [line, exit, code, said] of refused) {
    it(`refuses "loco ${line}" with ${code}`, async () => {
      const terminal = fakeTerminal({ env: { HOME: '/nonexistent', KUBECONFIG: '/nonexistent/config', LOCO_SANDBOX_ROOT: '/nonexistent/sandbox' } })
      assert.equal(await main(line.split(' '), terminal), exit, terminal.err())
      assert.match(terminal.err(), new RegExp(code))
      assert.match(terminal.err(), said)
      assert.doesNotMatch(terminal.err(), /\n\s+at /, 'a stack trace is no message')
      assert.equal(terminal.out(), '')
    })
  }

  it('tells errors as a JSON document where JSON was asked for', async () => {
    const terminal = fakeTerminal({ env: { HOME: '/nonexistent' } })
    assert.equal(await main(['operations', 'show', 'nothing', '--output', 'json'], terminal), 45)
    const document = JSON.parse(terminal.out()) as Record<string, unknown>
    assert.equal(document['schema'], 'loco.error/1')
    assert.equal(document['code'], 'LOCO-OPS-010')
    assert.equal(document['exit'], 45)
  })

  it('a request that is none is refused, in the form that the editor reads', async () => {
    const terminal = fakeTerminal({ env: { HOME: '/nonexistent' }, stdin: '{"schema":"loco.operation.request/1"}' })
    assert.equal(await main(['operations', 'run', '--output', 'json'], terminal), 2)
    assert.equal((JSON.parse(terminal.out()) as { code: string }).code, 'LOCO-USE-001')
  })

  it('says that nothing ran yet', async () => {
    const terminal = fakeTerminal({ env: { HOME: '/nonexistent' } })
    assert.equal(await main(['operations', 'list'], terminal), 0)
    assert.match(terminal.out(), /No operation has run yet/)
  })

  const page = readFileSync(join(packageRoot(), 'docs', 'cli.md'), 'utf8')
  const walk = (command: Command, path: string): void => {
    it(`${path} --help answers, and docs/cli.md knows it with its options`, async () => {
      const terminal = fakeTerminal()
      assert.equal(await main([...path.split(' ').slice(1), '--help'], terminal), 0)
      assert.match(terminal.out(), new RegExp(`Usage: ${path}`))
      const name = path.split(' ').slice(0, 2).join(' ')
      if (path !== 'loco') assert.ok(page.includes(`### ${name}`), `docs/cli.md has no section ${name}`)
      for (const option of command.options)
        if (option.long && option.long !== '--version') assert.ok(page.includes(option.long), `docs/cli.md does not name ${option.long}`)
    })
    for (const child of command.commands) walk(child, `${path} ${child.name()}`)
  }
  walk(
    makeProgram(fakeTerminal(), () => {}),
    'loco',
  )
})
