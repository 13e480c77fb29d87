import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '../../../src/base/wait.ts'
import type { Part } from '../../../src/sandbox/part.ts'
import { parseStat } from '../../../src/sandbox/proc.ts'
import { parsePidNote, Supervisor } from '../../../src/sandbox/supervisor.ts'
import { skipBecause } from '../../skip.ts'

const notes: [text: string, expected: ReturnType<typeof parsePidNote>][] = [
  ['12 3456\n', { pid: 12, start: '3456', ending: false }],
  ['12 3456 ending\n', { pid: 12, start: '3456', ending: true }],
  ['', undefined],
  ['12', undefined],
  ['-1 5', undefined],
  ['0 5', undefined],
  ['12 soon', undefined],
  ['nonsense here', undefined],
]
const after = ' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 98765 20 21'
const stats: [text: string, expected: ReturnType<typeof parseStat>][] = [
  [`42 (etcd) S${after}`, { state: 'S', start: '98765' }],
  [`42 (a) b (c)) Z${after}`, { state: 'Z', start: '98765' }], // A name may hold anything.
  ['42 (cut', undefined],
  ['', undefined],
]

describe('supervisor', () => {
  for (const [text, expected] of notes) it(`pid note ${JSON.stringify(text)}`, () => assert.deepEqual(parsePidNote(text), expected))
  for (const [text, expected] of stats) it(`stat ${JSON.stringify(text.slice(0, 24))}`, () => assert.deepEqual(parseStat(text), expected))

  let folder: string
  let tracked: number[]
  let supervisor: Supervisor
  const part = (name: string, ...argv: [string, ...string[]]): Part => ({ name, argv, after: [], ready: { kind: 'process' }, patience: 1_000 })
  const env = { PATH: process.env['PATH'] ?? '/bin' }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'loco-supervisor-'))
    tracked = []
    supervisor = new Supervisor({ pids: join(folder, 'pids'), logs: join(folder, 'logs') }, (pid) => tracked.push(pid))
  })
  afterEach(async () => {
    await supervisor.stop(supervisor.noted(), 0)
    rmSync(folder, { recursive: true })
  })

  it('starts once, is found again by another supervisor, ends on TERM', async function () {
    if (process.platform !== 'linux') skipBecause(this, 'the sandbox is for Linux')
    supervisor.start(part('sleeper', 'sleep', '60'), env)
    const pid = supervisor.alive('sleeper')
    supervisor.start(part('sleeper', 'sleep', '60'), env)
    assert.deepEqual(tracked, [pid])
    const other = new Supervisor({ pids: join(folder, 'pids'), logs: join(folder, 'logs') }, () => undefined)
    assert.equal(other.alive('sleeper'), pid)
    await other.stop(['sleeper'], 2_000)
    assert.equal(supervisor.alive('sleeper'), undefined)
    assert.deepEqual(supervisor.noted(), [])
  })

  it('kills what does not listen to TERM', async function () {
    if (process.platform !== 'linux') skipBecause(this, 'the sandbox is for Linux')
    supervisor.start(part('deaf', 'sh', '-c', 'trap "" TERM; echo up; while :; do sleep 0.1; done'), env)
    await waitFor(
      async () => (await supervisor.lastWords('deaf')).includes('up'),
      () => new Error('not up'),
      { timeout: 2_000, interval: 20 },
    )
    await supervisor.stop(['deaf'], 100)
    assert.equal(supervisor.alive('deaf'), undefined)
  })

  it('a part that was asked to end is known as such, also to the next one, until it has ended', async function () {
    if (process.platform !== 'linux') skipBecause(this, 'the sandbox is for Linux')
    supervisor.start(part('slow', 'sh', '-c', 'trap "sleep 0.5; exit" TERM; echo up; while :; do sleep 0.05; done'), env)
    await waitFor(
      async () => (await supervisor.lastWords('slow')).includes('up'),
      () => new Error('not up'),
      { timeout: 2_000, interval: 20 },
    )
    assert.deepEqual(supervisor.ending(), [])
    const stopped = supervisor.stop(['slow'], 2_000)
    const other = new Supervisor({ pids: join(folder, 'pids'), logs: join(folder, 'logs') }, () => undefined)
    assert.deepEqual(other.ending(), ['slow'])
    await stopped
    assert.deepEqual(other.ending(), [])
  })

  it('a pid that somebody else has now is not ours', async function () {
    if (process.platform !== 'linux') skipBecause(this, 'the sandbox is for Linux')
    supervisor.start(part('sleeper', 'sleep', '60'), env)
    const note = join(folder, 'pids', 'sleeper')
    const [, start] = readFileSync(note, 'utf8').trim().split(' ')
    writeFileSync(join(folder, 'pids', 'stale'), `${process.pid} ${start}1\n`)
    assert.equal(supervisor.alive('stale'), undefined)
    await supervisor.stop(['stale'], 0) // Must not kill the test itself.
  })

  it('a part that ends is told with its last words', async function () {
    if (process.platform !== 'linux') skipBecause(this, 'the sandbox is for Linux')
    supervisor.start(part('brief', 'sh', '-c', 'echo flag provided but not defined: -x >&2; exit 2'), env)
    await waitFor(
      () => supervisor.alive('brief') === undefined,
      () => new Error('still there'),
      { timeout: 2_000, interval: 20 },
    )
    await assert.rejects(supervisor.mustLive('brief'), { code: 'LOCO-SBX-013', message: /flag provided but not defined: -x/ })
  })

  it('a program that is not there is told at once', () => {
    assert.throws(() => supervisor.start(part('absent', '/no/such/program'), env), { code: 'LOCO-SBX-013' })
  })
})
