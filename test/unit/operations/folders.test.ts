import assert from 'node:assert/strict'
import type { RenderedObject } from '../../../src/chart/manifest.ts'
import type { NodeFolder } from '../../../src/cluster/node-folders.ts'
import { bootstrap } from '../../../src/operations/bootstrap.ts'
import { destroy } from '../../../src/operations/destroy.ts'
import { folderVolumes, volatileFinding } from '../../../src/operations/folders-step.ts'
import type { StepList } from '../../../src/operations/runner.ts'
import { FakeWorld } from './fake-world.ts'

const fleet = { cluster: 'auto', namespace: 'loco', release: 'loco' } as const
const bootstrapOf = (world: FakeWorld): StepList =>
  bootstrap(
    { operation: 'bootstrap', ...fleet, values: [], set: [], rebuildEmulators: false, only: [], timeout: 2000 },
    { place: world, chart: '/chart', reached: async () => {}, clock: world.clock },
  )
const destroyOf = (world: FakeWorld, deleteData: boolean): StepList =>
  destroy({ operation: 'destroy', ...fleet, deleteData, timeout: 300 }, { place: world, reached: async () => {}, clock: world.clock })

const volume = (path: string, by: string): RenderedObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: path, annotations: { 'loco-cluster/created-by': by } },
  spec: { hostPath: { path } },
})
const disk = { name: 'disk-0', uid: 'u', folder: '/srv/loco/disks/loco/loco/0', claim: 'hostdisk-loco-loco-emulator-0', disk: true, released: false }

/** A world whose chart wants two folders of the node. */
function world(by: string): FakeWorld & { made: NodeFolder[]; removed: string[] } {
  const made: NodeFolder[] = []
  const removed: string[] = []
  const one = new FakeWorld()
  one.folderVolumes = [volume('/srv/loco/art', by), volume(disk.folder, by)]
  one.folders = {
    wrong: async (folders) => folders.filter(({ path }) => !made.some((done) => done.path === path)),
    make: async (folders) => void made.push(...folders),
    remove: async (path) => void removed.push(path),
  }
  return Object.assign(one, { made, removed })
}

describe('folders of the node', () => {
  it('those that volumes of the chart need, with who makes them', () => {
    assert.deepEqual(
      folderVolumes([volume('/a/art', 'bootstrap'), volume('/a/disks/n/r/0', 'hook'), { apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' } }]),
      [
        { path: '/a/art', mode: 0o755, createdBy: 'bootstrap' },
        { path: '/a/disks/n/r/0', mode: 0o700, createdBy: 'hook' },
      ],
    )
  })

  it('one that a restart of the node takes is told, with one that survives', () => {
    const finding = volatileFinding('minikube', [volume('/tmp/loco-art-shared/art', 'hook')])
    assert.deepEqual(
      [finding?.code, finding?.severity, finding?.fix],
      ['LOCO-VOL-011', 'warning', ['--set storage.hostPath.sharedDirectory=/data/loco-art-shared']],
    )
    assert.equal(volatileFinding('minikube', [volume('/data/loco/art', 'hook')]), undefined)
    assert.equal(volatileFinding('minikube', []), undefined)
  })

  it('Bootstrap makes them before it installs, once', async () => {
    const it = world('bootstrap')
    assert.equal((await it.run(bootstrapOf(it))).report.exit, 0)
    assert.deepEqual(
      it.made.map(({ path, mode }) => [path, mode]),
      [
        ['/srv/loco/art', 0o755],
        [disk.folder, 0o700],
      ],
    )
    const { sink } = await it.run(bootstrapOf(it))
    assert.match(sink.outcomes(), /folders=already/)
    assert.equal(it.made.length, 2)
  })

  it('a pod that waits for a folder that was gone is replaced, one that works is not', async () => {
    const it = world('bootstrap')
    await it.run(bootstrapOf(it))
    it.done.length = 0
    it.made.length = 0
    it.podList = it.podList.map((pod) => ({ ...pod, ready: pod.ordinal !== 0 }))
    assert.equal((await it.run(bootstrapOf(it))).report.exit, 0)
    assert.deepEqual(
      it.done.filter((one) => one.startsWith('delete pod')),
      ['delete pod 0'],
    )
  })

  for (const by of ['hook', 'nobody']) {
    it(`Bootstrap leaves them alone when they are for: ${by}`, async () => {
      const it = world(by)
      assert.equal((await it.run(bootstrapOf(it))).report.exit, 0)
      assert.deepEqual(it.made, [])
    })
  }

  it('a volume whose claim was deleted takes it again', async () => {
    const it = world('bootstrap')
    it.ownVolumes = [{ ...disk, released: true }]
    assert.equal((await it.run(bootstrapOf(it))).report.exit, 0)
    assert.ok(it.done.includes('free disk-0'))
  })

  it('where Bootstrap cannot make them, the hook does, in a namespace that is there only meanwhile', async () => {
    const it = world('hook')
    it.folders = undefined
    it.folderVolumes.push({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'hook', namespace: 'loco-node-work', annotations: { 'helm.sh/hook': 'pre-install' } },
    })
    assert.equal((await it.run(bootstrapOf(it))).report.exit, 0)
    assert.deepEqual(
      it.done.filter((one) => /node-work|upgrade/.test(one)),
      ['open loco-node-work', 'upgrade 1', 'close loco-node-work'],
    )
  })

  it('Destroy with the data takes volumes and folders; without it neither', async () => {
    const it = world('bootstrap')
    await it.run(bootstrapOf(it))
    it.ownVolumes = [disk]
    it.volumesStay = false
    assert.equal((await it.run(destroyOf(it, false))).report.exit, 0)
    assert.deepEqual([it.ownVolumes.length, it.removed], [1, []])
    assert.equal((await it.run(destroyOf(it, true))).report.exit, 0)
    assert.deepEqual([it.ownVolumes.length, it.removed], [0, [disk.folder]])
  })

  it('Destroy says which folders it cannot reach', async () => {
    const it = world('hook')
    await it.run(bootstrapOf(it))
    it.ownVolumes = [disk]
    it.folders = undefined
    const { report } = await it.run(destroyOf(it, true))
    assert.ok(
      report.kept.some((line) => line.includes(disk.folder)),
      JSON.stringify(report.kept),
    )
  })
})
