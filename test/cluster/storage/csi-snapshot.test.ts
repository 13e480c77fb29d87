import assert from 'node:assert/strict'
import { waitFor } from '../../../src/base/wait.ts'
import { emulatorName } from '../../../src/contracts/names.ts'
import type { Strip } from '../../guest/strip.ts'
import { skipBecause } from '../../skip.ts'
import { ProofFleet } from '../journey/fleet.ts'

const storageClass = 'csi-loco'
const snapshotApi = '/apis/snapshot.storage.k8s.io/v1'

/** Named states on a real driver (`loco sandbox add csi`): taken, gone back to, deleted. */
describe('csi-snapshot on the real node', function () {
  // Where the programs of the driver are not in the cache, they are built: three minutes on two idle cores.
  this.timeout(15 * 60_000)
  this.bail(true)
  const fleet = new ProofFleet('loco-states')
  const bootstrap = (...more: string[]): string[] => [
    ...['bootstrap', '--replicas', '1', '--timeout', '3m', '--storage', 'csi-snapshot'],
    ...['--set', `storage.persistentVolume.storageClass=${storageClass}`, '--set', 'storage.persistentVolume.size=64Mi', ...more],
  ]
  const withState = bootstrap('--set', 'storage.csiSnapshot.states={before}')
  const claim = `disk-${emulatorName('loco')}-0`
  let added = false
  let atState: Strip

  const snapshots = async (): Promise<{ metadata: { name: string }; status?: { readyToUse?: boolean } }[]> => {
    const client = await fleet.client()
    const { items } = await client.json<{ items: { metadata: { name: string }; status?: { readyToUse?: boolean } }[] }>(
      `${snapshotApi}/namespaces/${fleet.namespace}/volumesnapshots`,
    )
    return items
  }
  const lived = (): Promise<Strip> => fleet.strip(0, ({ savedSeconds }) => savedSeconds > 1)

  before(async function () {
    if (!process.env['LOCO_TEST_KUBECONFIG']) skipBecause(this, 'no sandbox: LOCO_TEST_KUBECONFIG is not set')
    const classes = await (await fleet.client()).storage.listStorageClass()
    if (!classes.items.some(({ metadata }) => metadata?.name === storageClass)) {
      if (!process.env['LOCO_TEST_MAY_HURT']) skipBecause(this, `the sandbox has no class ${storageClass}, and was running before the tests`)
      const { exit, documents } = await fleet.run(['sandbox', 'add', 'csi'])
      assert.equal(exit, 0, JSON.stringify(documents.at(-1)))
      added = true
    }
    await fleet.operate(['destroy', '--delete-data', '--yes'])
  })
  after(async () => {
    if (!process.env['LOCO_TEST_KUBECONFIG']) return
    await fleet.operate(['destroy', '--delete-data', '--yes'])
    if (added) assert.equal((await fleet.run(['sandbox', 'remove', 'csi'])).exit, 0)
    fleet.dispose()
  })

  it('comes up on claims of the driver', async () => {
    const { exit, report } = await fleet.operate(bootstrap())
    assert.equal(exit, 0, JSON.stringify(report.findings))
    const found = await (await fleet.client()).core.readNamespacedPersistentVolumeClaim({ name: claim, namespace: fleet.namespace })
    assert.deepEqual([found.spec?.storageClassName, found.status?.phase], [storageClass, 'Bound'])
  })

  it('a name in the values is a snapshot of each disk, and restarts nobody', async () => {
    const pods = await fleet.pods()
    atState = await lived()
    assert.equal((await fleet.operate(withState)).exit, 0)
    const [taken] = await waitFor(
      async () => {
        const all = await snapshots()
        return all.length === 1 && all[0]?.status?.readyToUse === true && all
      },
      () => new Error('the snapshot is not ready'),
      { timeout: 60_000 },
    )
    assert.equal(taken?.metadata.name, 'loco-loco-before-0')
    assert.deepEqual(await fleet.pods(), pods)
  })

  it('the guest goes on, and back to the state as docs/storage.md tells', async () => {
    for (let more = 0; more < 2; more += 1) {
      await fleet.deletePod(0)
      await fleet.until(0, ({ verdict }) => verdict === 'healthy', 120_000)
    }
    assert.equal((await fleet.strip(0)).boots, atState.boots + 2)
    const { core, apps } = await fleet.client()
    const scaled = await apps.readNamespacedStatefulSetScale({ name: emulatorName('loco'), namespace: fleet.namespace })
    await apps.replaceNamespacedStatefulSetScale({ name: emulatorName('loco'), namespace: fleet.namespace, body: { ...scaled, spec: { replicas: 0 } } })
    const old = await core.readNamespacedPersistentVolumeClaim({ name: claim, namespace: fleet.namespace })
    await core.deleteNamespacedPersistentVolumeClaim({ name: claim, namespace: fleet.namespace })
    const dataSource = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'loco-loco-before-0' }
    const spec = { accessModes: ['ReadWriteOnce'], storageClassName: storageClass, resources: { requests: { storage: '64Mi' } }, dataSource }
    await waitFor(
      () =>
        core.createNamespacedPersistentVolumeClaim({
          namespace: fleet.namespace,
          body: { metadata: { name: claim, labels: { ...old.metadata?.labels } }, spec },
        }),
      (cause) => new Error('the old claim does not go', { cause }),
      { timeout: 60_000 },
    )
    assert.equal((await fleet.operate(withState)).exit, 0)
    assert.equal((await fleet.strip(0)).boots, atState.boots + 1)
  })

  it('the same claims serve persistent and hybrid: nothing is copied', async () => {
    const before = await lived()
    const { exit, outcomes, report } = await fleet.operate(['storage', 'migrate', '--to', 'persistent', '--timeout', '3m'])
    assert.equal(exit, 0, JSON.stringify(report.findings))
    assert.equal(outcomes.get('copy'), 'already')
    await fleet.until(0, ({ verdict }) => verdict === 'healthy', 120_000)
    assert.ok((await fleet.strip(0)).boots >= before.boots)
    assert.equal((await snapshots()).length, 0, 'with the strategy its states go')
  })
})
