import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readLock, takeLock } from '../../../src/operations/lock.ts'
import { type Owner, stateOf, thisProcess } from '../../../src/operations/owner.ts'

const person = { home: '/nowhere' }
const first = { op: '20261125-000000-000-aaaa', operation: 'bootstrap' } as const
const second = { op: '20261125-000000-000-bbbb', operation: 'destroy' } as const
const held = (error: unknown): boolean => (error as { code?: string }).code === 'LOCO-OPS-001'

describe('owner of an operation', () => {
  const me = thisProcess()
  const rows: [string, Owner, string][] = [
    ['this process', me, 'alive'],
    ['a number that no process has', { ...me, pid: 2 ** 30 }, 'dead'],
    ['a later process with the same number', { ...me, started: 'another-boot:1' }, 'dead'],
    ['a process whose start is not known', { ...me, started: null }, 'alive'],
    ['a process on another machine', { ...me, host: 'elsewhere.example' }, 'elsewhere'],
  ]
  for (const [name, owner, state] of rows) it(`${name} is ${state}`, () => assert.equal(stateOf(owner), state))

  it('a process that was killed is dead', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    const owner = { ...me, pid: child.pid ?? 0, started: null }
    assert.equal(stateOf(owner), 'alive')
    child.kill('SIGKILL')
    await once(child, 'exit')
    assert.equal(stateOf(owner), 'dead')
  })
})

describe('local lock', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'loco-lock-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const path = (): string => join(folder, 'lock')
  /** The lock as another owner would have left it. */
  const leave = (over: Partial<Owner>): void => {
    takeLock(folder, first, person)
    const content = JSON.parse(readFileSync(path(), 'utf8')) as { owner: Owner }
    writeFileSync(path(), JSON.stringify({ ...content, owner: { ...content.owner, ...over } }))
  }

  it('is held by one and free afterwards', () => {
    const lock = takeLock(folder, first, person)
    assert.throws(() => takeLock(folder, second, person), held)
    lock.dispose()
    takeLock(folder, second, person).dispose()
    assert.deepEqual(readdirSync(folder), [])
  })

  it('names its holder and how to see and stop it', () => {
    takeLock(folder, first, person)
    assert.throws(
      () => takeLock(folder, second, person),
      (error: { message: string; fix: string[] }) =>
        error.message.includes(first.op) && error.message.includes(String(process.pid)) && error.fix.includes(`loco operations cancel ${first.op}`),
    )
  })

  const stale: [string, Partial<Owner>][] = [
    ['whose owner is dead', { pid: 2 ** 30 }],
    ['whose number belongs to a later process now', { started: 'another-boot:1' }],
  ]
  for (const [name, over] of stale) {
    it(`one ${name} is taken over, and nothing is left lying`, () => {
      leave(over)
      const lock = takeLock(folder, second, person)
      assert.equal(readLock(folder)?.op, second.op)
      assert.deepEqual(readdirSync(folder), ['lock'])
      lock.dispose()
    })
  }

  it('one of another machine is never taken over; the way out is named', () => {
    leave({ host: 'elsewhere.example' })
    assert.throws(
      () => takeLock(folder, second, person),
      (error: { fix: string[] }) => held(error) && error.fix.some((fix) => fix.includes(`rm ${path()}`)),
    )
  })

  for (const content of ['', '{"schema":', '{"schema":"loco.lock/9"}']) {
    it(`one that says nothing (${JSON.stringify(content)}) is taken over`, () => {
      writeFileSync(path(), content)
      takeLock(folder, second, person).dispose()
    })
  }

  it('a holder that lost it does not remove the lock of the next one', () => {
    const lock = takeLock(folder, first, person)
    rmSync(path())
    takeLock(folder, second, person)
    lock.dispose()
    assert.equal(readLock(folder)?.op, second.op)
  })

  it('of two processes that try at once one succeeds', async () => {
    leave({ pid: 2 ** 30 })
    const script = `
      import { takeLock } from ${JSON.stringify(join(import.meta.dirname, '../../../src/operations/lock.ts'))}
      process.stdin.once('data', () => {
        try { takeLock(${JSON.stringify(folder)}, { op: '20261125-000000-000-' + process.argv[1], operation: 'destroy' }, { home: '/nowhere' }); console.log('took') }
        catch (error) { console.log(error.code ?? error) }
        process.stdin.once('end', () => process.exit(0)).resume()
      })
      console.log('ready')`
    const children = ['cccc', 'dddd'].map((name) =>
      spawn(process.execPath, ['--input-type=module', '-e', script, name], { stdio: ['pipe', 'pipe', 'inherit'] }),
    )
    const said = await Promise.all(
      children.map(async (child) => {
        const lines = child.stdout[Symbol.asyncIterator]()
        await lines.next()
        return { child, lines }
      }),
    )
    for (const { child } of said) child.stdin.write('go\n')
    const answers = await Promise.all(said.map(async ({ lines }) => String((await lines.next()).value).trim()))
    for (const { child } of said) child.stdin.end()
    await Promise.all(said.map(({ child }) => once(child, 'exit')))
    assert.deepEqual(answers.sort(), ['LOCO-OPS-001', 'took'])
  })
})
