import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { LocoError } from '../../../src/base/error.ts'
import { silentLogger } from '../../../src/base/logger.ts'
import { waitFor } from '../../../src/base/wait.ts'
import type { ChartRequest } from '../../../src/chart/helm.ts'
import { Helm } from '../../../src/chart/helm.ts'
import type { RenderedObject } from '../../../src/chart/manifest.ts'
import { KubeClient } from '../../../src/kube/client.ts'
import { loadKubeconfig } from '../../../src/kube/kubeconfig.ts'
import { KubeClusterWork } from '../../../src/operations/cluster-work.ts'
import { chart, helmBinary } from '../../chart/real-helm.ts'
import { skipBecause } from '../../skip.ts'

/* Real helm against a real API server, in a namespace that enforces `restricted`. Images are never pulled: pods stay without containers, which is enough here. */

const release = 'loco'
const overlays = readdirSync(chart).filter((name) => /^values-.*\.yaml$/.test(name))
const few = { replicas: 1, emulator: { tag: 'none', imagePullPolicy: 'Never' }, storage: { hostPath: { createdBy: 'bootstrap' } } }

describe('an upgrade from each overlay to each other', function () {
  this.timeout(5 * 60_000)
  let client: KubeClient
  let helm: Helm
  const made: string[] = []

  before(async function () {
    const file = process.env['LOCO_TEST_KUBECONFIG'] ?? ''
    const binary = helmBinary()
    if (file === '') return skipBecause(this, 'no cluster: LOCO_TEST_KUBECONFIG is not set')
    if (binary === undefined) return skipBecause(this, 'no helm: LOCO_HELM is not set and PATH has none')
    const known = await loadKubeconfig({ env: { KUBECONFIG: file } })
    client = new KubeClient(known, process.env['LOCO_TEST_CONTEXT'] ?? known.currentContext ?? '')
    helm = new Helm({ binary, kubeconfig: file, context: client.context, log: silentLogger })
  })
  after(async () => {
    if (client === undefined) return
    for (const name of made) await client.core.deleteNamespace({ name, gracePeriodSeconds: 0 })
    const ours = (namespace: string | undefined): boolean => made.includes(namespace ?? '')
    await waitFor(
      async () => {
        // Volumes on folders of the node stay when a release goes: they are these tests' to take away.
        for (const { metadata } of (await client.core.listPersistentVolume()).items)
          if (ours(metadata?.labels?.['loco-cluster/namespace'])) await client.core.deletePersistentVolume({ name: metadata?.name ?? '' })
        return !(await client.core.listNamespace()).items.some(({ metadata }) => ours(metadata?.name))
      },
      () => new Error('namespaces of the test are still there'),
      { timeout: 120_000, interval: 500 },
    )
    client.dispose()
  })

  const namespaceFor = async (index: number): Promise<string> => {
    const name = `upgrades-${process.pid}-${index}`
    await client.core.createNamespace({ body: { metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } } })
    made.push(name)
    return name
  }
  const request = (namespace: string, overlay: string): ChartRequest => ({ release, namespace, chart, values: [join(chart, overlay), few] })
  const claimsOf = (objects: readonly RenderedObject[]): unknown =>
    (objects.find(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === 'loco-loco-emulator')?.spec?.['volumeClaimTemplates'] as unknown) ?? []

  for (const [index, from] of overlays.entries()) {
    it(`from ${from}: it works, or is refused at plan time with the reason, and then nothing is changed`, async () => {
      const namespace = await namespaceFor(index)
      await helm.upgrade(request(namespace, from))
      const cluster = new KubeClusterWork(client, { namespace, release })
      const told: string[] = []
      for (const to of overlays.filter((overlay) => overlay !== from)) {
        const same =
          JSON.stringify(claimsOf(await helm.render(request(namespace, from)))) === JSON.stringify(claimsOf(await helm.render(request(namespace, to))))
        const before = await helm.release({ release, namespace })
        try {
          const planned = await helm.dryRun(request(namespace, to))
          await cluster.drift(planned.objects)
        } catch (error) {
          assert.ok(error instanceof LocoError, String(error))
          assert.equal(error.code, 'LOCO-CHT-023', `${to}: ${error.message}`)
          assert.match(error.message, /loco storage migrate --to|size and class of claims stay/)
          assert.ok(!same, `${from} → ${to} was refused though the claims are the same`)
          await assert.rejects(helm.upgrade(request(namespace, to)), { code: 'LOCO-CHT-023' })
          // A failed upgrade would be a revision: a refusal is none.
          assert.equal((await helm.release({ release, namespace }))?.revision, before?.revision)
          told.push(`${to} refused`)
          continue
        }
        assert.ok(same, `${from} → ${to} was planned though the claims differ`)
        assert.equal((await helm.upgrade(request(namespace, to))).status, 'deployed')
        assert.equal((await helm.upgrade(request(namespace, from))).status, 'deployed')
        told.push(`${to} works`)
      }
      assert.equal(told.length, overlays.length - 1)
    })
  }
})
