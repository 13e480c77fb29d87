import assert from 'node:assert/strict'
import { LocoError } from '../../../src/base/error.ts'
import type { Finding } from '../../../src/contracts/fleet.ts'
import { rebuildOutlook } from '../../../src/operations/base-disk.ts'
import { bootstrap } from '../../../src/operations/bootstrap.ts'
import { bootstrapWarnings } from '../../../src/operations/bootstrap-outlook.ts'
import { destroy, destroyLosses } from '../../../src/operations/destroy.ts'
import type { BootstrapOptions, DestroyOptions, RebuildOptions } from '../../../src/operations/options.ts'
import type { ObjectFacts, Site } from '../../../src/operations/ports.ts'
import { rebuild } from '../../../src/operations/rebuild.ts'
import type { StepList } from '../../../src/operations/runner.ts'
import { FakeWorld } from './fake-world.ts'

const fleet = { cluster: 'auto', namespace: 'loco', release: 'loco' } as const
const bootstrapOf = (world: FakeWorld, over: Partial<BootstrapOptions> = {}): StepList =>
  bootstrap(
    { operation: 'bootstrap', ...fleet, values: [], set: [], rebuildEmulators: false, only: [], timeout: 2000, ...over },
    { place: world, chart: '/chart', reached: async () => {}, clock: world.clock },
  )
const rebuildOf = (world: FakeWorld, over: Partial<RebuildOptions> = {}): StepList =>
  rebuild({ operation: 'rebuild', ...fleet, parts: [], timeout: 2000, ...over }, { place: world, chart: '/chart', reached: async () => {}, clock: world.clock })
const destroyOf = (world: FakeWorld, over: Partial<DestroyOptions> = {}): StepList =>
  destroy({ operation: 'destroy', ...fleet, deleteData: false, timeout: 300, ...over }, { place: world, reached: async () => {}, clock: world.clock })

const fatal = (code: string): Finding => ({ code, title: 'T', cause: `It is ill (${code}).`, evidence: [], fix: ['heal it'], severity: 'fatal' })
const foreign: ObjectFacts = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  resource: 'configmaps',
  name: 'of-a-person',
  uid: 'x',
  labels: {},
  owned: false,
  finalizers: [],
  deleted: false,
}
const allAlready = 'cluster=already namespace=already folders=already build=already transfer=already install=already renew=already'

/** A world with a fleet that works. */
async function fleetUp(): Promise<FakeWorld> {
  const world = new FakeWorld()
  assert.equal((await world.run(bootstrapOf(world))).report.exit, 0)
  world.done.length = 0
  return world
}

describe('Bootstrap', () => {
  it('from nothing: starts the cluster and does every step once', async () => {
    const world = new FakeWorld()
    world.runs = false
    const { report } = await world.run(bootstrapOf(world))
    assert.deepEqual([report.exit, report.outcome], [0, 'succeeded'])
    assert.deepEqual(world.done, ['start', 'create namespace', 'build a', 'transfer a', 'upgrade 1'])
  })

  it('again: everything is already true, and nothing is changed', async () => {
    const world = await fleetUp()
    const { report, sink } = await world.run(bootstrapOf(world))
    assert.equal(report.exit, 0)
    assert.deepEqual(world.done, [])
    const already = sink
      .outcomes()
      .split(' ')
      .filter((one) => one.endsWith('already'))
    assert.deepEqual(already.sort(), allAlready.split(' ').sort())
  })

  it('a Service that was deleted behind its back is restored', async () => {
    const world = await fleetUp()
    world.objects.delete('Service')
    assert.equal((await world.run(bootstrapOf(world))).report.exit, 0)
    assert.deepEqual(world.done, ['upgrade 2'])
    assert.ok(world.objects.has('Service'))
  })

  it('values: KVM as the node offers it, content tag, and what a person asks for comes last', async () => {
    const world = new FakeWorld()
    world.offersKvm = false
    await world.run(bootstrapOf(world, { values: ['/mine.yaml'], replicas: 9, storage: 'ephemeral' }))
    assert.deepEqual(world.requests[0]?.values, [
      '/chart/values-native.yaml',
      { emulator: { kvm: { enabled: false }, tag: 'c-a' }, storage: { hostPath: { hookNamespace: 'loco-node-work' } } },
      '/mine.yaml',
      { replicas: 9, storage: { strategy: 'ephemeral' } },
    ])
  })

  it('stops within seconds when waiting is hopeless, with one entry for one cause', async () => {
    const world = new FakeWorld()
    world.sick.set('a', fatal('LOCO-IMG-001'))
    const begun = world.clock.now()
    const { report } = await world.run(bootstrapOf(world, { timeout: 600_000 }))
    assert.ok(world.clock.now() - begun < 3000)
    assert.equal(report.outcome, 'failed')
    assert.deepEqual(
      report.findings.map(({ code, where }) => [code, where]),
      [['LOCO-IMG-001', ['instance-0', 'instance-1', 'instance-2']]],
    )
  })

  it('too slow is a time-out that names whom it waited for', async () => {
    const world = new FakeWorld()
    world.sick.set('a', { ...fatal('LOCO-PRB-001'), severity: 'warning' })
    const { report } = await world.run(bootstrapOf(world, { timeout: 50 }))
    assert.equal(report.outcome, 'failed')
    assert.equal(report.findings[0]?.where.length, 3)
  })

  it('emulators of a broken earlier revision are replaced, working ones are left alone and named', async () => {
    const world = new FakeWorld()
    world.sick.set('a', fatal('LOCO-IMG-001'))
    await world.run(bootstrapOf(world))
    world.done.length = 0
    world.content = 'b'
    assert.equal((await world.run(bootstrapOf(world))).report.exit, 0)
    assert.deepEqual(world.done, ['build b', 'transfer b', 'upgrade 2', 'delete pod 0', 'delete pod 1', 'delete pod 2'])
    world.done.length = 0
    world.content = 'c'
    const { report } = await world.run(bootstrapOf(world))
    assert.deepEqual(world.done, ['build c', 'transfer c', 'upgrade 3'])
    assert.equal(report.kept.length, 3)
    assert.ok(
      report.next.some((line) => line.includes('--rebuild-emulators')),
      report.next.join(),
    )
  })

  it('--rebuild-emulators restarts those on an earlier image, one after the other', async () => {
    const world = await fleetUp()
    world.content = 'b'
    assert.equal((await world.run(bootstrapOf(world, { rebuildEmulators: true }))).report.exit, 0)
    assert.deepEqual(world.done, ['build b', 'transfer b', 'upgrade 2', 'delete pod 0', 'delete pod 1', 'delete pod 2'])
  })

  it('a missing tool skips what needs it and nothing else; all missing tools are told', async () => {
    const world = new FakeWorld()
    world.engine = new LocoError('LOCO-ENV-001', { what: 'Docker does not answer.' })
    world.helmBroken = new LocoError('LOCO-CHT-001', { what: 'No helm.' })
    const { report, sink } = await world.run(bootstrapOf(world))
    assert.equal(report.findings.length, 2)
    assert.match(sink.outcomes(), /namespace=done/)
    assert.match(sink.outcomes(), /build=skipped/)
    assert.deepEqual(world.done, ['create namespace'])
  })

  it('a namespace that somebody else works in is not touched', async () => {
    const world = new FakeWorld()
    world.heldBySomebody = true
    const { report } = await world.run(bootstrapOf(world))
    assert.equal(report.exit, 41)
    assert.ok(!world.done.some((one) => one.startsWith('upgrade')))
  })

  it('a release of another chart is refused', async () => {
    const world = await fleetUp()
    if (world.release !== undefined) world.release = { ...world.release, chart: 'nginx-1.0.0' }
    assert.equal((await world.run(bootstrapOf(world))).report.exit, 31)
    assert.deepEqual(world.done, [])
  })

  for (const [part, code] of [
    ['backend', 'LOCO-BLD-001'],
    ['toaster', 'LOCO-BLD-002'],
  ] as const) {
    it(`--only ${part} is refused before anything happens`, () => {
      assert.throws(() => bootstrapOf(new FakeWorld(), { only: [part] }), { code })
    })
  }
})

describe('a Bootstrap that makes the fleet smaller', () => {
  const warnings = async (world: FakeWorld, over: Partial<BootstrapOptions>) =>
    bootstrapWarnings(
      (await world.reach()) as Site,
      { operation: 'bootstrap', ...fleet, values: [], set: [], rebuildEmulators: false, only: [], timeout: 1, ...over },
      '/chart',
      new AbortController().signal,
    )

  it('is warned of in its plan, with who goes and that the claims stay', async () => {
    const world = await fleetUp()
    const [warning = ''] = await warnings(world, { replicas: 1 })
    assert.match(warning, /now: 3, afterwards: 1\..*instance-1, instance-2\..*claims are kept/)
    assert.deepEqual(world.done, [])
  })

  it('with disks that go with their pods, that is said', async () => {
    const world = new FakeWorld()
    world.persistent = false
    await world.run(bootstrapOf(world))
    assert.match((await warnings(world, { replicas: 0 })).join(), /their disks go with their pods/)
  })

  it('the same size, a larger one, or no fleet yet: no warning', async () => {
    assert.deepEqual(await warnings(await fleetUp(), { replicas: 3 }), [])
    assert.deepEqual(await warnings(await fleetUp(), { replicas: 9 }), [])
    assert.deepEqual(await warnings(new FakeWorld(), { replicas: 1 }), [])
  })
})

describe('Rebuild', () => {
  it('unchanged: up to date, nothing is touched', async () => {
    const world = await fleetUp()
    const { report } = await world.run(rebuildOf(world))
    assert.equal(report.exit, 0)
    assert.match(report.sentence, /up to date/)
    assert.deepEqual(world.done, [])
  })

  it('changed: build, transfer, upgrade with the values of the release, then pods one by one', async () => {
    const world = new FakeWorld()
    await world.run(bootstrapOf(world, { replicas: 2 }))
    world.done.length = 0
    world.content = 'b'
    assert.equal((await world.run(rebuildOf(world))).report.exit, 0)
    assert.deepEqual(world.done, ['build b', 'transfer b', 'upgrade 2', 'delete pod 0', 'delete pod 1'])
    assert.equal(world.release?.values['replicas'], 2)
  })

  it('only pods on another image are restarted', async () => {
    const world = await fleetUp()
    world.content = 'b'
    await world.run(rebuildOf(world))
    world.done.length = 0
    const old = world.podList[1]
    if (old !== undefined) world.podList[1] = { ...old, imageId: `sha256:${'a'.repeat(64)}` }
    await world.run(rebuildOf(world))
    assert.deepEqual(world.done, ['delete pod 1'])
  })

  it('stops at the first that is not healthy, and says who stands on what', async () => {
    const world = await fleetUp()
    world.content = 'b'
    world.sick.set('b', fatal('LOCO-RUN-001'))
    const { report } = await world.run(rebuildOf(world))
    assert.equal(report.outcome, 'failed')
    assert.deepEqual(world.done, ['build b', 'transfer b', 'upgrade 2', 'delete pod 0'])
    assert.deepEqual(report.kept, ['On the new image: instance-0. On the earlier image: instance-1, instance-2.'])
    assert.deepEqual(report.findings[0]?.where, ['instance-0'])
  })

  describe('when the base disk of the new image is another one', () => {
    /** A fleet whose guests wrote over the base of image a; image b brings another. */
    async function changed(over: Partial<FakeWorld> = {}): Promise<FakeWorld> {
      const world = Object.assign(new FakeWorld(), over)
      assert.equal((await world.run(bootstrapOf(world, { replicas: 2 }))).report.exit, 0)
      world.done.length = 0
      world.content = 'b'
      world.bases.set('b', '1'.repeat(64))
      return world
    }
    const outlook = async (world: FakeWorld, base?: RebuildOptions['base']) =>
      rebuildOutlook((await world.reach()) as Site, { ...(base !== undefined && { base }) }, new AbortController().signal)

    for (const base of [undefined, 'keep'] as const) {
      it(`${base ?? 'no choice'}: it stops after the build, and nothing was touched`, async () => {
        const world = await changed()
        const { report } = await world.run(rebuildOf(world, { ...(base !== undefined && { base }) }))
        assert.deepEqual([report.outcome, report.exit, report.findings[0]?.code], ['failed', 61, 'LOCO-OPS-026'])
        assert.match(report.findings[0]?.cause ?? '', /instance-0, instance-1/)
        assert.deepEqual(world.done, ['build b'])
      })
    }

    it('fresh: they begin anew over that base and no other', async () => {
      const world = await changed()
      assert.equal((await world.run(rebuildOf(world, { base: 'fresh' }))).report.exit, 0)
      assert.deepEqual(world.done, ['build b', 'transfer b', 'upgrade 2', 'delete pod 0', 'delete pod 1'])
      world.content = 'c'
      world.bases.set('c', '2'.repeat(64))
      assert.equal((await world.run(rebuildOf(world))).report.exit, 61)
    })

    it('machines that refuse to start already are taken up by fresh', async () => {
      const world = await changed()
      await world.run(bootstrapOf(world, { replicas: 2, rebuildEmulators: true }))
      assert.ok(world.podList.some(({ ready }) => !ready))
      assert.equal((await world.run(rebuildOf(world, { base: 'fresh' }))).report.exit, 0)
      assert.ok(world.podList.every(({ ready }) => ready))
    })

    it('disks that go with their pods are nobody’s loss: no question', async () => {
      const world = await changed({ persistent: false })
      assert.deepEqual(await outlook(world), { losses: [], warnings: [], baseDisk: undefined })
      assert.equal((await world.run(rebuildOf(world))).report.exit, 0)
    })

    it('the plan asks for a choice: for sure once the image is built, before that as a possibility', async () => {
      const world = await changed()
      assert.deepEqual((await outlook(world)).baseDisk, { certain: false, emulators: ['instance-0', 'instance-1'] })
      world.engineImages.add('b')
      const certain = await outlook(world)
      assert.deepEqual(certain.baseDisk, { certain: true, emulators: ['instance-0', 'instance-1'] })
      assert.match(certain.warnings.join(), /another base disk.*--base fresh/)
      assert.deepEqual(certain.losses, [])
    })

    it('fresh names what is lost; keep loses nothing', async () => {
      const world = await changed({ engineImages: new Set(['b']) })
      const { losses, baseDisk } = await outlook(world, 'fresh')
      assert.deepEqual(
        losses,
        ['instance-0', 'instance-1'].map((id) => `what the guest of ${id} wrote: it begins with a fresh overlay (the old one is kept aside on its claim)`),
      )
      assert.equal(baseDisk, undefined)
      assert.deepEqual(await outlook(world, 'keep'), { losses: [], warnings: [], baseDisk: undefined })
    })

    it('an image with the same base asks nothing', async () => {
      const world = await changed({ engineImages: new Set(['b']) })
      world.bases.delete('b')
      assert.equal((await outlook(world)).baseDisk, undefined)
      assert.equal((await world.run(rebuildOf(world))).report.exit, 0)
    })
  })

  it('without a release there is nothing to rebuild', async () => {
    const world = new FakeWorld()
    world.namespaceFacts = { uid: 'n', ours: false, terminating: false, remaining: [] }
    assert.equal((await world.run(rebuildOf(world))).report.exit, 35)
  })
})

describe('Destroy', () => {
  it('keeps the data by default, and the namespace because of it', async () => {
    const world = await fleetUp()
    const { report } = await world.run(destroyOf(world))
    assert.equal(report.exit, 0)
    assert.deepEqual(world.done, ['uninstall'])
    assert.equal(world.claimList.length, 3)
    assert.ok(report.gone.includes('release loco') && report.gone.includes('instance-2'))
    assert.equal(report.kept.filter((one) => one.startsWith('claim')).length, 3)
    assert.ok(report.kept.some((one) => one.startsWith('namespace loco')))
  })

  it('with delete-data nothing is left, and each thing is named', async () => {
    const world = await fleetUp()
    const { report } = await world.run(destroyOf(world, { deleteData: true }))
    assert.equal(report.exit, 0)
    assert.deepEqual(report.kept, [])
    assert.ok(report.gone.includes('the namespace'))
    assert.equal(report.gone.filter((one) => one.startsWith('claim')).length, 3)
    assert.equal(world.namespaceFacts, undefined)
  })

  for (const deleteData of [false, true]) {
    it(`twice is the same, exit 0 (delete data: ${deleteData})`, async () => {
      const world = await fleetUp()
      await world.run(destroyOf(world, { deleteData }))
      world.done.length = 0
      const { report } = await world.run(destroyOf(world, { deleteData }))
      assert.deepEqual([report.exit, report.gone], [0, []])
      assert.deepEqual(world.done, [])
    })
  }

  it('what other people keep in the namespace stays, and so does the namespace', async () => {
    const world = await fleetUp()
    world.foreign.push(foreign)
    const { report } = await world.run(destroyOf(world, { deleteData: true }))
    assert.equal(report.exit, 0)
    assert.match(report.kept.join(), /ConfigMap\/of-a-person/)
    assert.notEqual(world.namespaceFacts, undefined)
  })

  it('a namespace that was there before us stays', async () => {
    const world = new FakeWorld()
    world.namespaceFacts = { uid: 'n', ours: false, terminating: false, remaining: [] }
    await world.run(bootstrapOf(world))
    const { report } = await world.run(destroyOf(world, { deleteData: true }))
    assert.match(report.kept.join(), /there before us/)
    assert.notEqual(world.namespaceFacts, undefined)
  })

  it('keep-data keeps claims that the StatefulSet would take along', async () => {
    const world = new FakeWorld()
    world.retention = 'Delete'
    await world.run(bootstrapOf(world))
    await world.run(destroyOf(world))
    assert.equal(world.claimList.length, 3)
    assert.ok(world.done.indexOf('keep claims') < world.done.indexOf('uninstall'))
  })

  it('objects that outlived their release go by their labels', async () => {
    const world = await fleetUp()
    world.release = undefined
    const { report } = await world.run(destroyOf(world))
    assert.equal(report.exit, 0)
    assert.equal(world.objects.size, 0)
  })

  it('what does not go is named with its finalizer, in bounded time', async () => {
    const world = await fleetUp()
    world.stuck.set('Service', 'example.com/never')
    const { report, sink } = await world.run(destroyOf(world))
    assert.equal(report.exit, 42)
    assert.match(report.findings[0]?.cause ?? '', /example\.com\/never/)
    assert.match(sink.outcomes(), /claims=skipped namespace=skipped/)
    assert.ok(report.kept.includes('Service/loco-loco-emulator'))
  })

  it('a volume whose policy is Retain is told as kept', async () => {
    const world = new FakeWorld()
    world.volumesStay = true
    await world.run(bootstrapOf(world))
    const { report } = await world.run(destroyOf(world, { deleteData: true }))
    assert.equal(report.exit, 0)
    assert.match(report.kept.join(), /pv-0.*Retain/)
  })

  it('does not need an engine that builds', async () => {
    const world = await fleetUp()
    world.engine = new LocoError('LOCO-ENV-001', { what: 'Docker does not answer.' })
    assert.equal((await world.run(destroyOf(world))).report.exit, 0)
  })

  it('data of a cluster that is not proved local is never deleted', () => {
    const world = new FakeWorld()
    world.target = { ...world.target, provider: 'production' }
    assert.throws(() => destroyOf(world, { deleteData: true }), { code: 'LOCO-OPS-030' })
    assert.doesNotThrow(() => destroyOf(world))
  })

  it('names what will be lost beforehand', async () => {
    const world = await fleetUp()
    const site = (await world.reach()) as Site
    const kept = await destroyLosses(site, { deleteData: false })
    assert.equal(kept.length, 1)
    const all = await destroyLosses(site, { deleteData: true })
    assert.equal(all.length, 4)
    assert.match(all.join('\n'), /disk-loco-loco-emulator-1 \(10Gi\) with its data/)
  })
})
