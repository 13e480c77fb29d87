import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import type { Strip } from '../../guest/strip.ts'
import { skipBecause } from '../../skip.ts'
import { ProofFleet } from '../journey/fleet.ts'

const shared = '/var/lib/loco-test-migrate'

/** Disks that move between strategies on the real node; each step stands on the one before. The guest's own counters are the witness. */
describe('loco storage migrate', function () {
  this.timeout(5 * 60_000)
  this.bail(true)
  const fleet = new ProofFleet('loco-migrate')
  const bootstrap = ['bootstrap', '--replicas', '2', '--timeout', '3m', '--set', `storage.hostPath.sharedDirectory=${shared}`]
  const migrate = (to: string): string[] => ['storage', 'migrate', '--to', to, '--timeout', '3m']
  const diskOf = (ordinal: number): string => `${shared}/disks/${fleet.namespace}/loco/${ordinal}`
  const lived = (ordinal: number): Promise<Strip> => fleet.strip(ordinal, ({ savedSeconds }) => savedSeconds > 1)
  const goesOn = async (ordinal: number, before: Strip): Promise<void> => {
    await fleet.until(ordinal, ({ verdict }) => verdict === 'healthy', 120_000)
    const after = await fleet.strip(ordinal)
    assert.ok(after.boots > before.boots && after.savedSeconds >= before.savedSeconds, JSON.stringify({ before, after }))
  }
  const claims = async (): Promise<string[]> =>
    (await (await fleet.client()).core.listNamespacedPersistentVolumeClaim({ namespace: fleet.namespace })).items.map(({ metadata }) => metadata?.name ?? '')

  before(async function () {
    if (!process.env['LOCO_TEST_KUBECONFIG']) skipBecause(this, 'no sandbox: LOCO_TEST_KUBECONFIG is not set')
    if (process.getuid?.() !== 0) skipBecause(this, 'folders of the node can be made by root only')
    await fleet.operate(['destroy', '--delete-data', '--yes'])
    assert.equal((await fleet.operate(bootstrap)).exit, 0)
  })
  after(async () => {
    if (process.env['LOCO_TEST_KUBECONFIG'] && process.getuid?.() === 0) await fleet.operate(['destroy', '--delete-data', '--yes'])
    rmSync(shared, { recursive: true, force: true })
    fleet.dispose()
  })

  it('a Bootstrap with another strategy is refused before anything is touched, with the way to go', async () => {
    const pods = await fleet.pods()
    const { report, outcomes } = await fleet.operate([...bootstrap, '--storage', 'hostpath'])
    assert.deepEqual([outcomes.get('checks'), report.findings[0]?.code], ['failed', 'LOCO-CHT-023'])
    assert.match(report.findings[0]?.cause ?? '', /loco storage migrate --to hostpath/)
    assert.deepEqual(await fleet.pods(), pods)
  })

  it('a copy that finds no room fails, and the fleet can go back as if nothing had been', async () => {
    const before = await lived(0)
    mkdirSync(shared, { recursive: true })
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', shared])
    try {
      const { report } = await fleet.operate(migrate('hostpath'))
      assert.deepEqual([report.outcome, report.findings[0]?.code], ['failed', 'LOCO-VOL-014'], JSON.stringify(report))
      assert.match(report.findings[0]?.cause ?? '', /No space left/)
      assert.equal((await fleet.operate(bootstrap)).exit, 0)
      await goesOn(0, before)
    } finally {
      execFileSync('umount', [shared])
    }
  })

  it('a migration that is killed while it copies is gone on with', async () => {
    const before = await Promise.all([lived(0), lived(1)])
    const killed = await fleet.run(migrate('hostpath'), {
      onDocument: (event, end) => {
        if (event['kind'] === 'step-progress' && event['step'] === 'copy' && event['done'] === 1) end('SIGKILL')
      },
    })
    assert.notEqual(killed.exit, 0)
    const { exit, report } = await fleet.operate(migrate('hostpath'))
    assert.equal(exit, 0, JSON.stringify(report.findings))
    for (const ordinal of [0, 1]) await goesOn(ordinal, before[ordinal] as Strip)
    assert.ok(existsSync(`${diskOf(1)}/win98_instance_1.qcow2`))
    assert.ok(report.kept.some((line) => line.includes('disk-loco-loco-emulator-0')))
    assert.ok((await claims()).includes('disk-loco-loco-emulator-0'))
  })

  it('again, it finds everything true', async () => {
    const pods = await fleet.pods()
    assert.equal((await fleet.operate(migrate('hostpath'))).exit, 0)
    assert.deepEqual(await fleet.pods(), pods)
  })

  it('and so does a Bootstrap, whether it names the new strategy or says nothing of it', async () => {
    const pods = await fleet.pods()
    for (const words of [bootstrap, [...bootstrap, '--storage', 'hostpath']]) {
      const { exit, report } = await fleet.operate(words)
      assert.equal(exit, 0, JSON.stringify(report.findings))
      assert.deepEqual(await fleet.pods(), pods)
    }
  })

  it('back again: what is newer wins, and what lay there from before is set aside', async () => {
    const before = await Promise.all([lived(0), lived(1)])
    const { exit, report } = await fleet.operate(migrate('persistent'))
    assert.equal(exit, 0, JSON.stringify(report.findings))
    for (const ordinal of [0, 1]) await goesOn(ordinal, before[ordinal] as Strip)
  })

  it('to hybrid, with the same claims: nothing is copied', async () => {
    const before = await lived(0)
    const { exit, outcomes, report } = await fleet.operate(migrate('hybrid'))
    assert.equal(exit, 0, JSON.stringify(report.findings))
    assert.deepEqual([outcomes.get('stop'), outcomes.get('copy'), outcomes.get('switch')], ['already', 'already', 'done'])
    await goesOn(0, before)
    assert.equal((await (await fleet.agent(0)).health()).disk.source, 'shared')
  })

  it('to ephemeral it is refused, before anything is planned', async () => {
    const { exit, documents } = await fleet.run(migrate('ephemeral'))
    assert.deepEqual([exit, documents.at(-1)?.['code']], [66, 'LOCO-VOL-013'])
  })
})
