import assert from 'node:assert/strict'
import type { V1StatefulSet } from '@kubernetes/client-node'
import { bootstrap } from '../../../src/operations/bootstrap.ts'
import { claimsFor, moverPod, movesOf } from '../../../src/operations/disk-move.ts'
import { migrate } from '../../../src/operations/migrate.ts'
import type { BootstrapOptions, MigrateOptions } from '../../../src/operations/options.ts'
import type { StepList } from '../../../src/operations/runner.ts'
import { FakeWorld } from './fake-world.ts'

const fleet = { cluster: 'auto', namespace: 'loco', release: 'loco' } as const
const migrateTo = (world: FakeWorld, to: MigrateOptions['to']): StepList =>
  migrate({ operation: 'migrate', ...fleet, to, set: [], timeout: 2000 }, { place: world, chart: '/chart', reached: async () => {}, clock: world.clock })

/** A world with a fleet that was installed with this strategy. */
async function fleetWith(storage?: BootstrapOptions['storage']): Promise<FakeWorld> {
  const world = new FakeWorld()
  world.folders = { wrong: async () => [], make: async () => {}, remove: async () => {} }
  world.persistent = storage !== 'ephemeral'
  const options: BootstrapOptions = { operation: 'bootstrap', ...fleet, values: [], set: [], rebuildEmulators: false, only: [], replicas: 2, timeout: 2000 }
  const list = bootstrap(
    { ...options, ...(storage !== undefined && { storage }) },
    { place: world, chart: '/chart', reached: async () => {}, clock: world.clock },
  )
  assert.equal((await world.run(list)).report.exit, 0)
  world.done.length = 0
  return world
}

describe('migration of disks', () => {
  it('copies each disk, and only then changes the release; the old claims stay', async () => {
    const world = await fleetWith()
    const { report } = await world.run(migrateTo(world, 'hostpath'))
    assert.equal(report.exit, 0, JSON.stringify(report.findings))
    assert.deepEqual(world.done, [
      'scale to zero',
      'apply PersistentVolumeClaim hostdisk-loco-loco-emulator-0',
      'apply PersistentVolumeClaim hostdisk-loco-loco-emulator-1',
      'run loco-loco-emulator-move-0',
      'run loco-loco-emulator-move-1',
      'keep claims',
      'delete StatefulSet',
      'upgrade 2',
    ])
    assert.deepEqual(world.requests.at(-1)?.values?.at(-1), { storage: { strategy: 'hostpath', hostPath: { createdBy: 'bootstrap', node: 'node-a' } } })
    assert.ok(world.claimList.some(({ name }) => name === 'disk-loco-loco-emulator-0'))
    assert.deepEqual(
      report.kept.map((line) => line.split(' ')[1]),
      ['disk-loco-loco-emulator-0:', 'disk-loco-loco-emulator-1:'],
    )
    assert.ok(report.next.some((line) => line.startsWith('kubectl delete pvc')))
  })

  it('again: nothing is left to do, and nothing is touched', async () => {
    const world = await fleetWith()
    await world.run(migrateTo(world, 'hostpath'))
    world.done.length = 0
    const { report } = await world.run(migrateTo(world, 'hostpath'))
    assert.equal(report.exit, 0)
    assert.deepEqual(world.done, [])
  })

  it('strategies with the same claims need no copy and no halt', async () => {
    const world = await fleetWith()
    assert.equal((await world.run(migrateTo(world, 'hybrid'))).report.exit, 0)
    assert.ok(!world.done.some((one) => /scale|run|delete StatefulSet/.test(one)), world.done.join())
  })

  it('a copy that fails leaves the release and the old disks, says why, and can be gone on with', async () => {
    const world = await fleetWith()
    world.copies = 'fail'
    const { report } = await world.run(migrateTo(world, 'hostpath'))
    assert.deepEqual([report.outcome, report.findings[0]?.code], ['failed', 'LOCO-VOL-014'])
    assert.match(report.findings[0]?.cause ?? '', /No space left/)
    assert.ok(!world.done.some((one) => /upgrade|delete/.test(one)))
    assert.ok(report.next.some((line) => line.includes('loco bootstrap')))
    world.copies = 'work'
    assert.equal((await world.run(migrateTo(world, 'hostpath'))).report.exit, 0)
  })

  const refused: [name: string, from: BootstrapOptions['storage'], to: MigrateOptions['to'], spoil: (world: FakeWorld) => unknown][] = [
    ['out of pods that die', 'ephemeral', 'persistent', () => {}],
    ['to a node that cannot be reached', 'persistent', 'hostpath', (world) => Object.assign(world, { folders: undefined })],
    ['to one of several nodes', 'persistent', 'hostpath', (world) => Object.assign(world, { nodes: ['a', 'b'] })],
  ]
  for (const [name, from, to, spoil] of refused) {
    it(`is refused ${name}, before anything is touched`, async () => {
      const world = await fleetWith(from)
      spoil(world)
      const { report } = await world.run(migrateTo(world, to))
      assert.deepEqual([report.outcome, report.findings[0]?.code, world.done], ['failed', 'LOCO-VOL-013', []])
    })
  }

  it('is refused into pods that die, before it is even planned', () => {
    assert.throws(() => migrateTo(new FakeWorld(), 'ephemeral'), { code: 'LOCO-VOL-013' })
  })

  it('without a release there is nothing to move', async () => {
    const world = new FakeWorld()
    const { report } = await world.run(migrateTo(world, 'hostpath'))
    assert.equal(report.findings[0]?.code, 'LOCO-CHT-020')
  })
})

describe('copies of disks', () => {
  const claims = ['disk-loco-loco-emulator-0', 'disk-loco-loco-emulator-2', 'hostdisk-loco-loco-emulator-1']
  const cases: [from: string, to: string, replicas: number, moves: string[]][] = [
    ['persistent', 'hostpath', 3, ['disk-loco-loco-emulator-0', 'disk-loco-loco-emulator-2']],
    ['hybrid', 'hostpath', 1, ['disk-loco-loco-emulator-0']],
    ['hostpath', 'csi-snapshot', 3, ['hostdisk-loco-loco-emulator-1']],
    ['persistent', 'hybrid', 3, []],
    ['ephemeral', 'hostpath', 3, []],
    ['persistent', 'ephemeral', 3, []],
  ]
  for (const [from, to, replicas, moves] of cases) {
    it(`${from} → ${to}, ${replicas} emulators: ${moves.length}`, () =>
      assert.deepEqual(
        movesOf({ release: 'loco', from, to, replicas, claims }).map((move) => move.from),
        moves,
      ))
  }

  it('the pod that copies has no right, reads the old disk and writes the new one', () => {
    const set = {
      spec: {
        template: {
          spec: {
            securityContext: { runAsNonRoot: true, runAsUser: 10001 },
            containers: [{ name: 'emulator', image: 'compose-emulator-0:c-a', securityContext: { readOnlyRootFilesystem: true } }],
          },
        },
        volumeClaimTemplates: [{ metadata: { name: 'hostdisk', labels: { a: 'b' } }, spec: { storageClassName: '' } }],
      },
    } as unknown as V1StatefulSet
    const move = { ordinal: 1, from: 'disk-x-1', to: 'hostdisk-x-1' }
    const { metadata, spec } = moverPod(move, { release: 'loco', namespace: 'loco', set })
    assert.equal(metadata?.name, 'loco-loco-emulator-move-1')
    const [container] = spec?.containers ?? []
    assert.deepEqual(
      container?.volumeMounts?.map(({ name, readOnly }) => [name, readOnly]),
      [
        ['from', true],
        ['to', false],
        ['tmp', false],
      ],
    )
    assert.deepEqual(
      [container?.image, container?.securityContext?.readOnlyRootFilesystem, spec?.securityContext?.runAsUser],
      ['compose-emulator-0:c-a', true, 10001],
    )
    assert.deepEqual(claimsFor(set, [move], 'loco')[0], {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'hostdisk-x-1', namespace: 'loco', labels: { a: 'b' } },
      spec: { storageClassName: '' },
    })
  })
})
