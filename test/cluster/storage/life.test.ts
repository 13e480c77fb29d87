import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import type { Strip } from '../../guest/strip.ts'
import { skipBecause } from '../../skip.ts'
import { ProofFleet } from '../journey/fleet.ts'

/** What becomes of a guest's disk: `kept`, or `lost` and begun anew. `gone`: the emulator does not start, and says why. */
type Fate = 'kept' | 'lost' | 'gone'

/** The survival table of docs/storage.md, for the sandbox. The demo guest counts the boots of its disk: a disk that was lost counts from one again. */
interface Life {
  name: string
  strategy: string
  /** Folder on the node, for the strategies that have one. */
  folder?: string
  /** The folder is emptied while the node is off, as a memory file system is. */
  emptied?: boolean
  pod: Fate
  upgrade: Fate
  node: Fate
  uninstall: Fate
}

const surviving = '/var/lib/loco-test-shared'
const volatile = '/tmp/loco-test-shared'
const volatileToo = '/tmp/loco-test-hybrid'
const lives: Life[] = [
  { name: 'ephemeral', strategy: 'ephemeral', pod: 'lost', upgrade: 'lost', node: 'kept', uninstall: 'lost' },
  { name: 'persistent', strategy: 'persistent', pod: 'kept', upgrade: 'kept', node: 'kept', uninstall: 'kept' },
  { name: 'hostpath', strategy: 'hostpath', folder: surviving, pod: 'kept', upgrade: 'kept', node: 'kept', uninstall: 'kept' },
  { name: 'hostpath-in-tmp', strategy: 'hostpath', folder: volatile, emptied: true, pod: 'kept', upgrade: 'kept', node: 'gone', uninstall: 'kept' },
  { name: 'hybrid', strategy: 'hybrid', folder: surviving, pod: 'kept', upgrade: 'kept', node: 'kept', uninstall: 'kept' },
  { name: 'hybrid-in-tmp', strategy: 'hybrid', folder: volatileToo, emptied: true, pod: 'kept', upgrade: 'kept', node: 'kept', uninstall: 'kept' },
]

describe('what a disk outlives, by storage strategy', function () {
  this.timeout(5 * 60_000)
  const fleets = new Map(lives.map(({ name }) => [name, new ProofFleet(`loco-life-${name}`)]))
  const fleetOf = ({ name }: Life): ProofFleet => fleets.get(name) as ProofFleet
  const bootstrap = ({ strategy, folder }: Life, ...more: string[]): string[] => [
    ...['bootstrap', '--replicas', '1', '--timeout', '3m', '--storage', strategy],
    ...(folder === undefined ? [] : ['--set', `storage.hostPath.sharedDirectory=${folder}`]),
    ...more,
  ]
  const clean = async (): Promise<void> => {
    for (const fleet of fleets.values()) await fleet.operate(['destroy', '--delete-data', '--yes'])
    for (const folder of [surviving, volatile, volatileToo]) rmSync(folder, { recursive: true, force: true })
  }
  /** Seconds that the guest has lived and knows to be on its disk. */
  const lived = (fleet: ProofFleet): Promise<Strip> => fleet.strip(0, ({ savedSeconds }) => savedSeconds > 2)
  const healthy = (fleet: ProofFleet): Promise<unknown> => fleet.until(0, ({ verdict }) => verdict === 'healthy', 120_000)
  const assertFate = async (fleet: ProofFleet, fate: Fate, before: Strip): Promise<void> => {
    await healthy(fleet)
    const after = await fleet.strip(0)
    if (fate === 'lost') return assert.equal(after.boots, 1)
    assert.ok(after.boots > before.boots, `boots: ${after.boots} after ${before.boots}`)
    assert.ok(after.savedSeconds >= before.savedSeconds, `${after.savedSeconds} s after ${before.savedSeconds} s`)
  }

  before(async function () {
    if (!process.env['LOCO_TEST_KUBECONFIG']) skipBecause(this, 'no sandbox: LOCO_TEST_KUBECONFIG is not set')
    if (process.getuid?.() !== 0) skipBecause(this, 'folders of the node can be looked at by root only')
    await clean()
  })
  after(async () => {
    if (process.env['LOCO_TEST_KUBECONFIG'] && process.getuid?.() === 0) await clean()
    for (const fleet of fleets.values()) fleet.dispose()
  })

  for (const life of lives) {
    describe(life.name, () => {
      const fleet = fleetOf(life)

      it('comes up', async () => {
        const { exit, report } = await fleet.operate(bootstrap(life))
        assert.equal(exit, 0, JSON.stringify(report.findings))
        const { disk } = await (await fleet.agent(0)).health()
        assert.equal(disk.persistent, life.strategy !== 'ephemeral')
        assert.equal(disk.source, life.folder === undefined ? 'builtin' : 'shared')
        const warned = report.findings.some(({ code }) => code === 'LOCO-VOL-011')
        assert.equal(warned, life.emptied === true, 'a folder that a restart takes is told, and no other')
      })

      if (life.strategy === 'hostpath') {
        it('has a folder of its own on the node, for the user of the emulators alone', () => {
          const path = `${life.folder}/disks/${fleet.namespace}/loco/0`
          const { uid, gid, mode } = statSync(path)
          assert.deepEqual([uid, gid, (mode & 0o777).toString(8)], [10001, 10001, '700'])
          assert.ok(readdirSync(path).includes('win98_instance_0.qcow2'))
        })
      }

      it('a second Bootstrap finds everything true', async () => {
        const { exit, outcomes } = await fleet.operate(bootstrap(life))
        assert.equal(exit, 0)
        for (const step of ['folders', 'install', 'renew']) assert.equal(outcomes.get(step), 'already', step)
      })

      it(`its pod deleted: ${life.pod}`, async () => {
        const before = await lived(fleet)
        await fleet.deletePod(0)
        await assertFate(fleet, life.pod, before)
      })

      it(`an upgrade with a restart: ${life.upgrade}`, async () => {
        const before = await lived(fleet)
        const { exit } = await fleet.operate(bootstrap(life, '--set', 'emulator.env.LOG_LEVEL=debug', '--rebuild-emulators'))
        assert.equal(exit, 0)
        await assertFate(fleet, life.upgrade, before)
      })
    })
  }

  describe('the node switched off and on', () => {
    const strips = new Map<string, Strip>()

    it('is a node that was off, with its memory file systems empty', async function () {
      if (!process.env['LOCO_TEST_MAY_HURT']) skipBecause(this, 'a sandbox was running before the tests')
      for (const life of lives) strips.set(life.name, await lived(fleetOf(life)))
      const [any] = fleets.values()
      assert.equal((await any?.run(['sandbox', 'down']))?.exit, 0)
      for (const { folder, emptied } of lives) if (folder !== undefined && emptied) rmSync(folder, { recursive: true, force: true })
      assert.equal((await any?.run(['sandbox', 'up']))?.exit, 0)
      for (const fleet of fleets.values()) fleet.reconnect()
    })

    for (const life of lives) {
      it(`${life.name}: ${life.node}`, async function () {
        const was = strips.get(life.name)
        if (was === undefined) return skipBecause(this, 'the node was not switched off')
        const fleet = fleetOf(life)
        if (life.node !== 'gone') return assertFate(fleet, life.node, was)
        const seen = await fleet.until(0, ({ findings }) => findings.some(({ code }) => code === 'LOCO-VOL-002'), 120_000)
        assert.notEqual(seen.verdict, 'healthy')
        assert.equal((await fleet.operate(bootstrap(life))).exit, 0, 'a Bootstrap makes the folder anew')
        await assertFate(fleet, 'lost', was)
      })
    }

    it('hybrid whose folder was emptied runs on the disk in its image, and says so', async function () {
      if (strips.size === 0) return skipBecause(this, 'the node was not switched off')
      const fleet = fleets.get('hybrid-in-tmp') as ProofFleet
      await fleet.deletePod(0)
      const seen = await fleet.until(0, ({ verdict, findings }) => verdict === 'healthy' && findings.length > 0, 120_000)
      assert.deepEqual(
        seen.findings.map(({ code }) => code),
        ['LOCO-VOL-010'],
      )
    })
  })

  describe('the release taken away', () => {
    for (const life of lives) {
      it(`${life.name}: the release taken away and brought back: ${life.uninstall}`, async () => {
        const fleet = fleetOf(life)
        const before = await lived(fleet)
        assert.equal((await fleet.operate(['destroy', '--yes'])).exit, 0)
        assert.equal((await fleet.operate(bootstrap(life))).exit, 0)
        await assertFate(fleet, life.uninstall, before)
      })
    }

    for (const life of lives) {
      it(`${life.name}: Destroy with the data leaves neither claim nor volume nor the folder of a disk`, async () => {
        const fleet = fleetOf(life)
        const { exit, report } = await fleet.operate(['destroy', '--delete-data', '--yes'])
        assert.equal(exit, 0, JSON.stringify(report.findings))
        assert.ok(await fleet.isGone())
        if (life.folder !== undefined) assert.ok(!existsSync(`${life.folder}/disks/${fleet.namespace}/loco/0`))
      })
    }

    it('a folder that was there before keeps its owner, and what else lies in it', async () => {
      const fleet = fleets.get('hostpath') as ProofFleet
      rmSync(surviving, { recursive: true, force: true })
      mkdirSync(`${surviving}/of-a-person`, { recursive: true, mode: 0o711 })
      const life = lives.find(({ name }) => name === 'hostpath') as Life
      assert.equal((await fleet.operate(bootstrap(life))).exit, 0)
      assert.deepEqual([statSync(`${surviving}/of-a-person`).uid, statSync(surviving).uid], [0, 0])
      assert.equal((await fleet.operate(['destroy', '--delete-data', '--yes'])).exit, 0)
      assert.ok(existsSync(`${surviving}/of-a-person`))
    })
  })
})
