import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readClusterFacts } from '../../../src/cluster/facts/read.ts'
import { KubeClient } from '../../../src/kube/client.ts'
import { loadKubeconfig } from '../../../src/kube/kubeconfig.ts'
import { check } from '../../../src/values/check.ts'
import type { ClusterFacts } from '../../../src/values/types.ts'
import { skipBecause } from '../../skip.ts'
import { chartFolder, given, ourChart } from '../../unit/values/rules/given.ts'

const file = process.env['LOCO_TEST_KUBECONFIG']

describe('rules over values with what a real cluster says', function () {
  this.timeout(60_000)
  let client: KubeClient
  let facts: ClusterFacts

  before(async function () {
    if (file === undefined || file === '') skipBecause(this, 'no cluster: LOCO_TEST_KUBECONFIG is not set')
    const kubeconfig = await loadKubeconfig({ env: { KUBECONFIG: file } })
    client = new KubeClient(kubeconfig, kubeconfig.currentContext ?? '')
    // A namespace in which nothing runs.
    facts = await readClusterFacts(client, { namespace: 'loco-test-rules', release: 'loco' })
  })
  after(() => client?.dispose())

  const told = async (text: string): Promise<string[]> =>
    check(given({ text, chart: await ourChart(), facts })).problems.flatMap(({ code, severity }) => (severity === 'info' ? [] : [code]))

  it('nothing is left unchecked', async () => {
    const text = 'storage:\n  strategy: csi-snapshot\nemulator:\n  nodeSelector:\n    a: b\n'
    assert.deepEqual(check(given({ text, chart: await ourChart(), facts })).unchecked, [])
  })

  it('of the overlay for this cluster there is nothing to say but, where it has no KVM, that', async () => {
    const found = await told(readFileSync(join(chartFolder, 'values-native.yaml'), 'utf8'))
    assert.deepEqual(
      found.filter((code) => code !== 'LOCO-VA-16'),
      [],
    )
  })

  const rows: [text: string, code: string][] = [
    ['storage:\n  persistentVolume:\n    storageClass: not-there\n', 'LOCO-ST-12'],
    ['emulator:\n  tag: not-there\n  imagePullPolicy: Never\n', 'LOCO-VA-06'],
    ['emulator:\n  nodeSelector:\n    not: there\n', 'LOCO-VA-16'],
    ['replicas: 256\nemulator:\n  resources:\n    requests:\n      cpu: "64"\n', 'LOCO-VA-10'],
    ['storage:\n  strategy: hybrid\n  hostPath:\n    sharedDirectory: /tmp/art\n', 'LOCO-ST-08'],
    ['storage:\n  strategy: hostpath\n  hostPath:\n    sharedDirectory: /var/lib/art\n    node: not-there\n', 'LOCO-ST-07'],
  ]
  for (const [text, code] of rows)
    it(`${JSON.stringify(text)} → ${code}`, async () => {
      // A node with many images does not tell all of them; then nothing is claimed of one.
      const hidden = code === 'LOCO-VA-06' && facts.nodes?.some(({ images }) => images.length >= 50) === true
      assert.deepEqual(await told(text), hidden ? [] : [code])
    })
})
