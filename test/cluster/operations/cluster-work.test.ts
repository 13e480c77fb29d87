import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { waitFor } from '../../../src/base/wait.ts'
import type { RenderedObject } from '../../../src/chart/manifest.ts'
import { emulatorName, labels, partOf } from '../../../src/contracts/names.ts'
import { asPatch, KubeClient } from '../../../src/kube/client.ts'
import { loadKubeconfig } from '../../../src/kube/kubeconfig.ts'
import { KubeClusterWork } from '../../../src/operations/cluster-work.ts'
import { skipBecause } from '../../skip.ts'

const file = process.env['LOCO_TEST_KUBECONFIG']
const image = process.env['LOCO_TEST_IMAGE'] ?? 'docker.io/library/busybox:1'

describe('cluster work of operations, in a real cluster', function () {
  this.timeout(60_000)
  let client: KubeClient
  let work: KubeClusterWork
  const namespace = `loco-test-${randomUUID().slice(0, 8)}`
  const release = 'loco'
  const name = emulatorName(release)
  const own = { [labels.component]: 'emulator', [labels.partOf]: partOf, [labels.instance]: release }
  const helms = {
    metadata: {
      labels: { ...own, 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: { 'meta.helm.sh/release-name': release, 'meta.helm.sh/release-namespace': namespace },
    },
  }
  const service: RenderedObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels: own },
    spec: { clusterIP: 'None', selector: own, ports: [{ name: 'vnc', port: 5901 }] },
  }
  const claim = { metadata: { name: 'disk', labels: own }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } } }
  const container = {
    name: 'emulator',
    image,
    imagePullPolicy: 'Never',
    command: ['sh', '-c', "trap 'exit 0' TERM; while :; do sleep 0.2; done"],
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    volumeMounts: [{ name: 'disk', mountPath: '/images' }],
  }
  const set: RenderedObject = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, labels: own },
    spec: {
      replicas: 1,
      serviceName: name,
      selector: { matchLabels: own },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' },
      volumeClaimTemplates: [claim],
      template: {
        metadata: { labels: own },
        spec: {
          terminationGracePeriodSeconds: 1,
          securityContext: { runAsNonRoot: true, runAsUser: 10001, fsGroup: 10001, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [container],
        },
      },
    },
  }
  const objects = [service, set]

  before(async function () {
    if (file === undefined || file === '') skipBecause(this, 'no cluster: LOCO_TEST_KUBECONFIG is not set')
    const kubeconfig = await loadKubeconfig({ env: { KUBECONFIG: file } })
    client = new KubeClient(kubeconfig, kubeconfig.currentContext ?? '')
    work = new KubeClusterWork(client, { namespace, release })
  })

  after(async () => {
    await client?.core.deleteNamespace({ name: namespace }).catch(() => {})
    client?.dispose()
  })

  it('makes the namespace as ours, with enforced Pod Security; making it twice is fine', async () => {
    assert.equal(await work.namespace(), undefined)
    await work.createNamespace()
    await work.createNamespace()
    const found = await work.namespace()
    assert.deepEqual([found?.ours, found?.terminating], [true, false])
    await assert.rejects(client.core.createNamespacedPod({ namespace, body: { metadata: { name: 'root' }, spec: { containers: [{ name: 'a', image }] } } }))
    assert.deepEqual(await work.contents(), [])
  })

  it('drift: everything is missing before, nothing afterwards; what is deleted or changed is named', async () => {
    const both = [`Service/${name}`, `StatefulSet/${name}`]
    assert.deepEqual((await work.drift(objects)).sort(), both)
    await client.core.createNamespacedService({ namespace, body: { ...service, metadata: { ...helms.metadata, name } } })
    await client.apps.createNamespacedStatefulSet({ namespace, body: { ...set, metadata: { ...helms.metadata, name } } as object })
    assert.deepEqual(await work.drift(objects), [])
    await client.apps.patchNamespacedStatefulSet({ namespace, name, body: { spec: { replicas: 0 } } }, asPatch('merge'))
    assert.deepEqual(await work.drift(objects), [`StatefulSet/${name}`])
    await client.apps.patchNamespacedStatefulSet({ namespace, name, body: { spec: { replicas: 1 } } }, asPatch('merge'))
    await client.core.deleteNamespacedService({ namespace, name })
    assert.deepEqual(await work.drift(objects), [`Service/${name}`])
  })

  it('an object that the cluster would refuse is refused in the trial', async () => {
    const broken: RenderedObject = { ...service, spec: { ...service.spec, ports: [{ port: 99_999 }] } }
    await assert.rejects(work.drift([broken]), { code: 'LOCO-KUB-015' })
  })

  it('sees pods with the id of their image and their revision, and objects by their labels', async () => {
    const [pod] = await waitFor(
      async () => {
        const pods = await work.pods()
        return pods[0]?.ready === true && pods
      },
      (last) => new Error(`the pod does not run: ${last}`),
      { timeout: 30_000 },
    )
    assert.match(pod?.imageId ?? '', /^sha256:[0-9a-f]{64}$/)
    assert.equal(pod?.revision, await work.revision())
    const found = (await work.releaseObjects()).map(({ kind }) => kind)
    assert.ok(found.includes('StatefulSet'), found.join())
  })

  it('a deleted pod comes again as another one', async () => {
    const [before] = await work.pods()
    assert.ok(before)
    await work.deletePod(before)
    await waitFor(
      async () => (await work.pods()).some((pod) => pod.uid !== before.uid),
      () => new Error('no new pod'),
      { timeout: 30_000 },
    )
    // The old one is not meant any more: nothing happens to the new one.
    await work.deletePod(before)
  })

  it('claims that would go with the StatefulSet are kept when asked', async () => {
    assert.equal((await work.claims())[0]?.owned, true)
    await work.keepClaims()
    await waitFor(
      async () => (await work.claims())[0]?.owned === false,
      () => new Error('the claim is still owned'),
      { timeout: 20_000 },
    )
    assert.equal((await work.claims())[0]?.deletesData, true)
  })

  it('takes everything away by what it saw, and proves it', async () => {
    for (const object of await work.releaseObjects()) if (!object.owned) await work.deleteObject(object)
    await waitFor(
      async () => (await work.pods()).length === 0,
      () => new Error('pods stay'),
      { timeout: 30_000 },
    )
    const [claim] = await work.claims()
    assert.ok(claim)
    assert.deepEqual(
      (await work.contents())?.map(({ kind }) => kind),
      ['PersistentVolumeClaim'],
    )
    await work.deleteClaim(claim)
    await waitFor(
      async () => (await work.claims()).length === 0,
      () => new Error('the claim stays'),
      { timeout: 30_000 },
    )
    await waitFor(
      async () => (await work.volumes([claim.volume ?? ''])).length === 0,
      () => new Error('the volume stays'),
      { timeout: 60_000 },
    )
    const found = await work.namespace()
    await work.deleteNamespace(found?.uid ?? '')
    await waitFor(
      async () => (await work.namespace()) === undefined,
      () => new Error('the namespace stays'),
      { timeout: 60_000 },
    )
  })
})
