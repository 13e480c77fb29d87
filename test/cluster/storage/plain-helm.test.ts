import assert from 'node:assert/strict'
import { existsSync, lstatSync, rmSync, statSync } from 'node:fs'
import { silentLogger } from '../../../src/base/logger.ts'
import { waitFor } from '../../../src/base/wait.ts'
import { Helm } from '../../../src/chart/helm.ts'
import { emulatorName } from '../../../src/contracts/names.ts'
import { chart, helmBinary } from '../../chart/real-helm.ts'
import { skipBecause } from '../../skip.ts'
import { ProofFleet } from '../journey/fleet.ts'

const shared = '/tmp/loco-art-shared'
/** The two examples of the original notes, as they are written. */
const notes = {
  hostpath: { storage: { strategy: 'hostpath', hostPath: { sharedDirectory: shared, createIfNotExists: true } } },
  hybrid: { storage: { strategy: 'hybrid', hostPath: { sharedDirectory: shared }, persistentVolume: { size: '10Gi', storageClass: 'standard' } } },
}

/** `helm install` with nothing of ours around it: the hook of the chart is all that touches the node. */
describe('a plain helm install', function () {
  this.timeout(5 * 60_000)
  const first = new ProofFleet('loco-plain-first')
  const fleets = { hostpath: new ProofFleet('loco-plain-hostpath'), hybrid: new ProofFleet('loco-plain-hybrid') }
  let helm: Helm
  let image: Record<string, unknown>
  const may = (): boolean => Boolean(process.env['LOCO_TEST_KUBECONFIG']) && process.getuid?.() === 0

  before(async function () {
    if (!process.env['LOCO_TEST_KUBECONFIG']) skipBecause(this, 'no sandbox: LOCO_TEST_KUBECONFIG is not set')
    if (process.getuid?.() !== 0) skipBecause(this, 'folders of the node can be looked at by root only')
    const binary = helmBinary()
    if (binary === undefined) return skipBecause(this, 'no helm: LOCO_HELM is not set and PATH has none')
    if (existsSync(shared)) skipBecause(this, `${shared} is there already, and may be somebody’s`)
    const client = await first.client()
    helm = new Helm({ binary, kubeconfig: process.env['LOCO_TEST_KUBECONFIG'], context: client.context, log: silentLogger })
    // Any fleet puts the image on the node; its tag is what a person would give.
    assert.equal((await first.operate(['bootstrap', '--replicas', '0'])).exit, 0)
    const set = await client.apps.readNamespacedStatefulSet({ name: emulatorName('loco'), namespace: first.namespace })
    const tag = set.spec?.template.spec?.containers[0]?.image?.split(':')[1]
    image = { replicas: 1, emulator: { tag, imagePullPolicy: 'Never', memoryMiB: 32 } }
  })
  after(async () => {
    if (!may()) return
    for (const fleet of [first, ...Object.values(fleets)]) {
      await fleet.operate(['destroy', '--delete-data', '--yes'])
      await (await fleet.client()).core.deleteNamespace({ name: fleet.namespace }).catch(() => {})
      fleet.dispose()
    }
    rmSync(shared, { recursive: true, force: true })
  })
  const makeNamespace = async (fleet: ProofFleet, level?: string): Promise<void> => {
    const labels = level === undefined ? {} : { 'pod-security.kubernetes.io/enforce': level }
    await (await fleet.client()).core.createNamespace({ body: { metadata: { name: fleet.namespace, labels } } })
  }

  for (const [name, values] of Object.entries(notes)) {
    it(`the example of the notes for ${name} comes up, with folders for the emulators alone`, async () => {
      const fleet = fleets[name as keyof typeof fleets]
      await makeNamespace(fleet)
      await helm.upgrade({ chart, release: 'loco', namespace: fleet.namespace, values: [values, image] })
      await fleet.until(0, ({ verdict, findings }) => verdict === 'healthy' && findings.length === 0, 120_000)
      const { source, persistent } = (await (await fleet.agent(0)).health()).disk
      assert.deepEqual([source, persistent], ['shared', true])
      assert.deepEqual([statSync(`${shared}/art`).uid, (statSync(`${shared}/art`).mode & 0o777).toString(8)], [10001, '755'])
      const disk = `${shared}/disks/${fleet.namespace}/loco/0`
      if (name === 'hostpath') assert.deepEqual([statSync(disk).uid, (statSync(disk).mode & 0o777).toString(8)], [10001, '700'])
      else assert.ok(!existsSync(disk))
      assert.equal(lstatSync(shared).uid, 0)
      const jobs = await (await fleet.client()).batch.listNamespacedJob({ namespace: fleet.namespace })
      assert.deepEqual(jobs.items, [], 'the hook goes when it is done')
    })
  }

  it('an upgrade to more emulators makes the folder of the new one, and touches no other', async () => {
    const fleet = fleets.hostpath
    const before = await fleet.pods()
    await helm.upgrade({ chart, release: 'loco', namespace: fleet.namespace, values: [notes.hostpath, image, { replicas: 2 }] })
    await fleet.until(1, ({ verdict }) => verdict === 'healthy', 120_000)
    assert.equal((await fleet.pods()).get(0), before.get(0))
  })

  it('helm uninstall keeps disks and claims, and an installation takes them up again', async () => {
    const fleet = fleets.hostpath
    const before = await fleet.strip(0, ({ savedSeconds }) => savedSeconds > 1)
    await helm.uninstall({ release: 'loco', namespace: fleet.namespace })
    await waitFor(
      async () => (await fleet.pods()).size === 0,
      () => new Error('pods are still there'),
      { timeout: 60_000 },
    )
    await helm.upgrade({ chart, release: 'loco', namespace: fleet.namespace, values: [notes.hostpath, image] })
    await fleet.until(0, ({ verdict }) => verdict === 'healthy', 120_000)
    const after = await fleet.strip(0, ({ boots }) => boots > before.boots)
    assert.ok(after.savedSeconds >= before.savedSeconds)
  })

  it('a namespace that refuses the hook is told before anything is made, and another one for the hook helps', async () => {
    const fleet = new ProofFleet('loco-plain-strict')
    try {
      await makeNamespace(fleet, 'restricted')
      const values = [notes.hostpath, image]
      const refused = { code: 'LOCO-CHT-013', message: /pod-security.*restricted.*hookNamespace.*createIfNotExists.*loco bootstrap/ }
      await assert.rejects(helm.dryRun({ chart, release: 'loco', namespace: fleet.namespace, values }), refused)
      await assert.rejects(helm.upgrade({ chart, release: 'loco', namespace: fleet.namespace, values }), refused)
      const elsewhere = { storage: { hostPath: { hookNamespace: fleets.hostpath.namespace } } }
      await helm.upgrade({ chart, release: 'loco', namespace: fleet.namespace, values: [...values, elsewhere] })
      await fleet.until(0, ({ verdict }) => verdict === 'healthy', 120_000)
    } finally {
      await fleet.operate(['destroy', '--delete-data', '--yes'])
      await (await fleet.client()).core.deleteNamespace({ name: fleet.namespace })
      fleet.dispose()
    }
  })
})
