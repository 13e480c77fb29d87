import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { skipBecause } from '../../skip.ts'
import { ProofFleet } from '../journey/fleet.ts'

const shared = '/var/lib/loco-test-hybrid'
const art = `${shared}/art`

/** `hybrid` on the real node while its shared folder is missing, read-only, full or holds another disk: no pod is ever kept from its start. */
describe('hybrid without its shared folder', function () {
  this.timeout(5 * 60_000)
  const fleet = new ProofFleet('loco-hybrid')
  const run = (program: string, ...args: string[]): void => void execFileSync(program, args, { stdio: 'ignore' })
  let mounted = false
  const mount = (...args: string[]): void => {
    run('mount', ...args)
    mounted = true
  }
  const unmount = (): void => {
    if (mounted) run('umount', '--lazy', art)
    mounted = false
  }

  before(async function () {
    if (!process.env['LOCO_TEST_KUBECONFIG']) skipBecause(this, 'no sandbox: LOCO_TEST_KUBECONFIG is not set')
    if (process.getuid?.() !== 0) skipBecause(this, 'only root can break a folder of the node')
    await fleet.operate(['destroy', '--delete-data', '--yes'])
    const { exit, report } = await fleet.operate(bootstrap)
    assert.equal(exit, 0, JSON.stringify(report.findings))
  })
  after(async () => {
    unmount()
    if (process.env['LOCO_TEST_KUBECONFIG'] && process.getuid?.() === 0) await fleet.operate(['destroy', '--delete-data', '--yes'])
    rmSync(shared, { recursive: true, force: true })
    fleet.dispose()
  })
  afterEach(() => unmount())
  const bootstrap = ['bootstrap', '--replicas', '1', '--timeout', '3m', '--storage', 'hybrid', '--set', `storage.hostPath.sharedDirectory=${shared}`]
  const disk = async () => (await (await fleet.agent(0)).health()).disk

  it('with it, the base disk is the one in the folder', async () => {
    const { source, base, art: choice } = await disk()
    assert.deepEqual([source, base, choice], ['shared', '/art/win98.qcow2', { choice: 'shared', why: null, standby: false }])
  })

  const troubles: [name: string, breakIt: () => void, why: string][] = [
    ['missing', () => rmSync(art, { recursive: true }), 'denied'],
    [
      'read-only and empty',
      () => {
        rmSync(art, { recursive: true, force: true })
        mkdirSync(art)
        mount('-t', 'tmpfs', '-o', 'ro,mode=777', 'tmpfs', art)
      },
      'read-only',
    ],
    [
      'full',
      () => {
        rmSync(art, { recursive: true, force: true })
        mkdirSync(art)
        mount('-t', 'tmpfs', '-o', 'size=8k,mode=777', 'tmpfs', art)
        writeFileSync(`${art}/filler`, Buffer.alloc(4096))
      },
      'full',
    ],
  ]
  for (const [name, breakIt, why] of troubles) {
    it(`${name}: the emulator comes up on the disk in its image with what its guest wrote, and says why`, async () => {
      const before = await fleet.strip(0, ({ savedSeconds }) => savedSeconds > 1)
      breakIt()
      await fleet.deletePod(0)
      const seen = await fleet.until(0, ({ verdict }) => verdict === 'healthy', 120_000)
      assert.deepEqual(
        seen.findings.map(({ code, severity }) => [code, severity]),
        [['LOCO-VOL-010', 'warning']],
      )
      const { source, art: choice } = await disk()
      assert.deepEqual([source, choice], ['builtin', { choice: 'builtin', why, standby: false }])
      // The disk in the image and the one in the folder are the same, so the guest's own disk goes on over either.
      const after = await fleet.strip(0, ({ boots }) => boots > before.boots)
      assert.ok(after.savedSeconds >= before.savedSeconds)
    })
  }

  it('read-only with a disk in it is no trouble', async () => {
    rmSync(art, { recursive: true, force: true })
    assert.equal((await fleet.operate(bootstrap)).exit, 0)
    await fleet.deletePod(0)
    await fleet.until(0, ({ verdict, findings }) => verdict === 'healthy' && findings.length === 0, 120_000)
    mount('--bind', art, art)
    run('mount', '-o', 'remount,bind,ro', art)
    await fleet.deletePod(0)
    await fleet.until(0, ({ verdict }) => verdict === 'healthy', 120_000)
    assert.equal((await disk()).source, 'shared')
  })

  it('a Bootstrap makes the folder right, and the next start takes it again', async () => {
    rmSync(art, { recursive: true, force: true })
    await fleet.deletePod(0)
    await fleet.until(0, ({ findings }) => findings.some(({ code }) => code === 'LOCO-VOL-010'), 120_000)
    assert.equal((await fleet.operate(bootstrap)).exit, 0)
    await fleet.deletePod(0)
    await fleet.until(0, ({ verdict, findings }) => verdict === 'healthy' && findings.length === 0, 120_000)
    assert.equal((await disk()).source, 'shared')
  })
})
