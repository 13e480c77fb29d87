import assert from 'node:assert/strict'
import { type ChildProcess, execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { silentLogger } from '../../../src/base/logger.ts'
import { packageRoot } from '../../../src/base/package-root.ts'
import { waitFor } from '../../../src/base/wait.ts'
import { readAdditions } from '../../../src/sandbox/additions.ts'
import { type SandboxPaths, sandboxPaths } from '../../../src/sandbox/paths.ts'
import { Sandbox, type SandboxAccess } from '../../../src/sandbox/sandbox.ts'
import { skipBecause } from '../../skip.ts'
import { claim, holder, snapshot } from './csi-objects.ts'
import { difference, type Listing, listing } from './listing.ts'

const execute = promisify(execFile)
const minute = 60_000

describe('a sandbox with csi', function () {
  // Where the programs are not in the cache, they are built: three minutes on two idle cores.
  this.timeout(15 * minute)
  let paths: SandboxPaths
  let sandbox: Sandbox
  let untouched: Listing
  let access: SandboxAccess

  const kubectl = async (...args: string[]): Promise<string> => (await execute(access.bin.kubectl, ['--kubeconfig', access.kubeconfig, ...args])).stdout
  const apply = async (...objects: object[]): Promise<void> => {
    const child = execute(access.bin.kubectl, ['--kubeconfig', access.kubeconfig, 'apply', '-f', '-'])
    child.child.stdin?.end(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }))
    await child
  }
  const becomes = (what: string, look: () => Promise<boolean>): Promise<unknown> =>
    waitFor(
      () => look().catch(() => false),
      () => new Error(`not within a minute: ${what}`),
      { timeout: minute },
    )
  const inPod = (pod: string, command: string): Promise<string> => kubectl('exec', pod, '--', 'sh', '-c', command)
  const runs = (pod: string, times: number): Promise<unknown> =>
    becomes(`${pod} started ${times} times`, async () => (await inPod(pod, 'grep -c started /data/log')).trim() === String(times))
  const loco = (...args: string[]): ChildProcess =>
    execFile(process.execPath, [join(packageRoot(), 'dist', 'cli.cjs'), 'sandbox', ...args], { env: { ...process.env, LOCO_SANDBOX_ROOT: paths.root } })
  const partsNow = async (): Promise<Record<string, string>> =>
    Object.fromEntries((await sandbox.status()).parts.map(({ name, state, pid }) => [name, `${state} ${pid}`]))
  const kept = (kind: 'volumes' | 'snapshots'): string[] => readdirSync(join(paths.root, 'csi', kind))

  before(async function () {
    if (process.env['LOCO_TEST_MAY_HURT'] !== '1')
      skipBecause(this, 'tests that hurt a sandbox run only where the test run may start one of its own (LOCO_TEST_MAY_HURT=1)')
    const root = mkdtempSync(join(tmpdir(), 'loco-csi-'))
    paths = sandboxPaths({ ...process.env, LOCO_SANDBOX_ROOT: root })
    sandbox = new Sandbox({ paths, log: silentLogger, progress: () => undefined })
    if (existsSync(paths.run)) skipBecause(this, 'a sandbox was running before the tests')
    const refusals = await sandbox.preflight()
    if (refusals.length > 0) skipBecause(this, `this machine cannot hold the sandbox: ${refusals.map(({ message }) => message).join(' ')}`)
    untouched = listing()
    access = await sandbox.up()
  })

  after(async () => {
    if (paths === undefined) return
    await sandbox.down({ purge: true })
    rmSync(paths.root, { recursive: true, force: true })
  })

  it('an add that is cancelled is taken back, and the node runs on', async () => {
    const before = await partsNow()
    const cancel = new AbortController()
    const adding = sandbox.add('csi', { signal: cancel.signal })
    const look = async (): Promise<boolean> => (await readAdditions(paths.root)).length > 0
    await waitFor(look, () => new Error('nothing was noted'), { timeout: 14 * minute, interval: 5 })
    cancel.abort()
    await assert.rejects(adding, { name: 'AbortError' })
    assert.deepEqual(await partsNow(), before)
    assert.equal((await sandbox.status()).state, 'up')
  })

  it('an add that is killed is finished by the next up', async () => {
    const before = await partsNow()
    const child = loco('add', 'csi')
    const look = async (): Promise<boolean> => (await readAdditions(paths.root)).length > 0
    await waitFor(look, () => new Error('nothing was noted'), { timeout: minute, interval: 5 })
    child.kill('SIGKILL')
    await sandbox.up()
    const status = await sandbox.status()
    assert.deepEqual([status.state, status.additions], ['up', ['csi']])
    const after = await partsNow()
    for (const [name, state] of Object.entries(before)) assert.equal(after[name], state, name)
    assert.deepEqual(Object.keys(after).slice(Object.keys(before).length), ['csi-driver', 'csi-provisioner', 'csi-snapshotter', 'snapshot-controller'])
  })

  it('add again changes nothing', async () => {
    const before = await partsNow()
    assert.deepEqual(await sandbox.add('csi'), access)
    assert.deepEqual(await partsNow(), before)
  })

  it('a claim waits for its first pod, which is not root and writes through its group', async () => {
    await apply(claim('first'))
    assert.equal(await kubectl('get', 'pvc', 'first', '-o', 'jsonpath={.status.phase}'), 'Pending')
    await apply(holder('first'))
    await runs('first', 1)
    // 2: the folder hands its group on to what is made in it.
    assert.equal((await inPod('first', 'stat -c "%a %u %g" /data')).trim(), '2775 0 2000')
    assert.equal((await inPod('first', 'stat -c %g /data/log')).trim(), '2000')
    await inPod('first', 'echo one >/data/art')
  })

  it('a snapshot holds what was there then: restored it gives that, a clone gives what is there now', async () => {
    await apply(snapshot('then', 'first'))
    await becomes('the snapshot is ready', async () => (await kubectl('get', 'volumesnapshot', 'then', '-o', 'jsonpath={.status.readyToUse}')) === 'true')
    await inPod('first', 'echo two >/data/art')
    await apply(claim('restored', { snapshot: 'then' }), holder('restored'), claim('cloned', { claim: 'first' }), holder('cloned'))
    await runs('restored', 2)
    await runs('cloned', 2)
    assert.deepEqual([await inPod('restored', 'cat /data/art'), await inPod('cloned', 'cat /data/art')], ['one\n', 'two\n'])
    await inPod('restored', 'echo three >/data/art')
    assert.equal(await inPod('first', 'cat /data/art'), 'two\n')
  })

  it('it is not taken away while anything lies on it', async () => {
    await assert.rejects(sandbox.remove('csi'), { code: 'LOCO-SBX-024', message: /claim default\/first.*snapshot default\/then/ })
    assert.deepEqual([(await sandbox.status()).state, (await sandbox.status()).additions], ['up', ['csi']])
  })

  it('every part killed: up heals it, pods run on, and claims are served', async () => {
    const killed = (await sandbox.status()).parts.filter(({ name }) => /csi|snapshot/.test(name))
    assert.equal(killed.length, 4)
    for (const { pid } of killed) process.kill(pid as number, 'SIGKILL')
    await becomes('broken', async () => (await sandbox.status()).state === 'broken')
    await sandbox.up()
    assert.equal((await sandbox.status()).state, 'up')
    assert.equal(await inPod('first', 'cat /data/art'), 'two\n')
    await apply(claim('later'), holder('later'))
    await runs('later', 1)
  })

  it('down leaves nothing but its state on the machine', async () => {
    await sandbox.down()
    assert.deepEqual(difference(untouched, listing()), [])
    assert.deepEqual((await sandbox.status()).additions, ['csi'])
  })

  it('up after down is the node back with csi: the same pods, their claims and their data', async () => {
    await sandbox.up()
    assert.deepEqual((await sandbox.status()).additions, ['csi'])
    await runs('first', 2)
    await runs('restored', 3)
    assert.deepEqual([await inPod('first', 'cat /data/art'), await inPod('restored', 'cat /data/art')], ['two\n', 'three\n'])
  })

  it('what is deleted is gone: first the claims, then the snapshot, which outlived its claim', async () => {
    await kubectl('delete', 'pod', '--all', '--grace-period=1')
    await kubectl('delete', 'pvc', '--all')
    await becomes('no volume is left', async () => (await kubectl('get', 'pv', '-o', 'name')) === '')
    assert.deepEqual([kept('volumes'), kept('snapshots').length], [[], 1])
    await apply(claim('again', { snapshot: 'then' }), holder('again'))
    await runs('again', 2)
    assert.equal(await inPod('again', 'cat /data/art'), 'one\n')
    await kubectl('delete', 'pod/again', 'pvc/again', 'volumesnapshot/then', '--grace-period=1')
    await becomes('nothing is left', async () => kept('volumes').length + kept('snapshots').length === 0)
  })

  it('taken away, nothing of it is left; it can be added again', async () => {
    const base = Object.keys(await partsNow()).filter((name) => !/csi|snapshot/.test(name))
    await sandbox.remove('csi')
    assert.deepEqual((await sandbox.status()).additions, [])
    assert.equal((await sandbox.status()).state, 'up')
    assert.deepEqual(Object.keys(await partsNow()), base)
    assert.doesNotMatch(await kubectl('get', 'storageclass,csidriver,clusterrole', '-o', 'name'), /csi.loco|loco:csi|loco:snapshot/)
    assert.doesNotMatch(await kubectl('get', 'crd', '-o', 'name'), /snapshot/)
    assert.equal(existsSync(join(paths.root, 'csi')), false)
    await sandbox.remove('csi')
  })

  it('added again it works; a removal that is killed half-way can be repeated', async () => {
    await sandbox.add('csi')
    await apply(claim('anew'), holder('anew'))
    await runs('anew', 1)
    await kubectl('delete', 'pod/anew', 'pvc/anew', '--grace-period=1')
    await becomes('no volume is left', async () => (await kubectl('get', 'pv', '-o', 'name')) === '')
    const child = loco('remove', 'csi')
    await becomes('the class is gone', async () => !(await kubectl('get', 'storageclass', '-o', 'name')).includes('csi-loco'))
    child.kill('SIGKILL')
    await sandbox.up()
    assert.equal((await sandbox.status()).state, 'up')
    await sandbox.remove('csi')
    assert.deepEqual([(await sandbox.status()).state, (await sandbox.status()).additions], ['up', []])
    assert.doesNotMatch(await kubectl('get', 'storageclass,csidriver,clusterrole,crd', '-o', 'name'), /csi.loco|loco:csi|snapshot/)
  })

  it('purge takes it all', async () => {
    await sandbox.down({ purge: true })
    assert.equal(existsSync(paths.root), false)
    assert.deepEqual(difference(untouched, listing()), [])
    assert.deepEqual((await sandbox.status()).additions, [])
  })
})
