import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { silentLogger } from '../../../src/base/logger.ts'
import { waitFor } from '../../../src/base/wait.ts'
import { Helm } from '../../../src/chart/helm.ts'
import { nameOf, type RenderedObject } from '../../../src/chart/manifest.ts'
import { podSpecOf } from '../../../src/chart/pod-security.ts'
import { KubeClient } from '../../../src/kube/client.ts'
import { loadKubeconfig } from '../../../src/kube/kubeconfig.ts'
import { ApiObjects } from '../../../src/operations/api-objects.ts'
import { storageStrategies } from '../../../src/operations/options.ts'
import { chart, helmBinary } from '../../chart/real-helm.ts'
import { everything, wholeChart } from '../../chart/whole-chart.ts'
import { skipBecause } from '../../skip.ts'

/* Every object of every overlay before a real API server that enforces `restricted`: checked, defaulted and admitted, but not stored. */

const overlays = [undefined, ...readdirSync(chart).filter((name) => /^values-.*\.yaml$/.test(name))]

describe('overlays of the chart before a real API server', () => {
  let client: KubeClient
  let objects: ApiObjects
  let helm: Helm
  let whole: ReturnType<typeof wholeChart>
  const namespace = `chart-overlays-${process.pid}`

  before(async function () {
    const file = process.env['LOCO_TEST_KUBECONFIG'] ?? ''
    const binary = helmBinary()
    if (file === '') return skipBecause(this, 'no cluster: LOCO_TEST_KUBECONFIG is not set')
    if (binary === undefined) return skipBecause(this, 'no helm: LOCO_HELM is not set and PATH has none')
    const known = await loadKubeconfig({ env: { KUBECONFIG: file } })
    client = new KubeClient(known, process.env['LOCO_TEST_CONTEXT'] ?? known.currentContext ?? '')
    objects = new ApiObjects(client)
    helm = new Helm({ binary, log: silentLogger })
    whole = wholeChart()
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted', 'pod-security.kubernetes.io/enforce-version': 'latest' }
    await client.core.createNamespace({ body: { metadata: { name: namespace, labels } } })
    await waitFor(
      () => client.core.readNamespacedServiceAccount({ name: 'default', namespace }),
      () => new Error('no default account'),
      { timeout: 20_000, interval: 100 },
    )
  })
  after(async () => {
    whole?.remove()
    if (client === undefined) return
    await client.core.deleteNamespace({ name: namespace, gracePeriodSeconds: 0 })
    client.dispose()
  })

  /** A pod as the controller of this object would make it. The account is not there as long as nothing is stored. */
  const podOf = (object: RenderedObject): RenderedObject | undefined => {
    const spec = podSpecOf(object)
    // The hook that makes folders on the node is not meant for a namespace like this (docs/storage.md); Bootstrap does without it.
    if (spec === undefined || object.metadata.name.endsWith('-storage-init')) return undefined
    const claims = (object.spec as { volumeClaimTemplates?: { metadata: { name: string } }[] }).volumeClaimTemplates ?? []
    const volumes = claims.map(({ metadata: { name } }) => ({ name, persistentVolumeClaim: { claimName: name } }))
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `try-${object.kind.toLowerCase()}-${object.metadata.name}`, namespace },
      spec: { ...spec, serviceAccountName: 'default', volumes: [...(spec.volumes ?? []), ...volumes] },
    }
  }
  const tryAll = async (made: readonly RenderedObject[]): Promise<void> => {
    for (const object of made) {
      // The kinds of the Prometheus operator are not in this cluster; test/chart/monitoring.test.ts looks at them.
      if (object.apiVersion.startsWith('monitoring.coreos.com/')) continue
      const pod = podOf(object)
      for (const one of object.kind === 'Pod' ? [pod] : [object, pod]) {
        if (one === undefined) continue
        await objects.dryApply(one, namespace).catch((error: unknown) => {
          throw new Error(`${nameOf(one)}: ${String(error)}`, { cause: error })
        })
      }
    }
  }

  for (const overlay of overlays) {
    const files = overlay === undefined ? [] : [join(chart, overlay)]
    it(`${overlay ?? 'the defaults'}`, async () => tryAll(await helm.render({ chart, release: 'loco', namespace, values: files })))
    for (const strategy of storageStrategies) {
      it(`${overlay ?? 'the defaults'}, ${strategy}`, async () =>
        tryAll(await helm.render({ chart, release: 'loco', namespace, values: [...files, { storage: { strategy } }] })))
    }
    it(`${overlay ?? 'the defaults'}, all workloads`, async () =>
      tryAll(await helm.render({ chart: whole.folder, release: 'loco', namespace, values: [...files, everything] })))
  }
})
