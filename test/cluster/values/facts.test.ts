import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '../../../src/base/logger.ts'
import { packageRoot } from '../../../src/base/package-root.ts'
import { Helm } from '../../../src/chart/helm.ts'
import { previewRelease } from '../../../src/chart/preview.ts'
import { newestRecord } from '../../../src/chart/release-record.ts'
import { main } from '../../../src/cli/main.ts'
import { readClusterFacts } from '../../../src/cluster/facts/read.ts'
import { KubeClient } from '../../../src/kube/client.ts'
import { loadKubeconfig } from '../../../src/kube/kubeconfig.ts'
import { helmProgram } from '../../../src/operations/helm-program.ts'
import { skipBecause } from '../../skip.ts'
import { fakeTerminal } from '../../unit/cli/fake-terminal.ts'

const file = process.env['LOCO_TEST_KUBECONFIG']
const chart = join(packageRoot(), 'helm', 'loco-chart')

describe('what values may ask of a real cluster', function () {
  this.timeout(120_000)
  const namespace = `loco-test-${randomUUID().slice(0, 8)}`
  const release = 'loco'
  let client: KubeClient
  let helm: Helm

  before(async function () {
    if (file === undefined || file === '') skipBecause(this, 'no cluster: LOCO_TEST_KUBECONFIG is not set')
    const kubeconfig = await loadKubeconfig({ env: { KUBECONFIG: file } })
    const context = kubeconfig.currentContext ?? ''
    client = new KubeClient(kubeconfig, context)
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' }
    await client.core.createNamespace({ body: { metadata: { name: namespace, labels } } })
    helm = new Helm({ binary: helmProgram('', process.env), kubeconfig: file, context, log: silentLogger })
  })
  after(async () => {
    await client?.core.deleteNamespace({ name: namespace }).catch(() => {})
    client?.dispose()
  })

  it('nodes, classes, namespaces and node ports are lists; nothing is deployed yet', async () => {
    const facts = await readClusterFacts(client, { namespace, release })
    const [node] = facts.nodes ?? []
    assert.ok(node?.schedulable && node.allocatable.cpu > 0 && node.allocatable.memory > 2 ** 28, JSON.stringify(node))
    assert.ok(facts.storageClasses?.some(({ isDefault, binding }) => isDefault && binding === 'WaitForFirstConsumer') ?? false)
    assert.deepEqual(
      facts.namespaces?.find(({ name }) => name === namespace),
      { name: namespace, podSecurity: 'restricted' },
    )
    assert.equal(facts.namespaces?.find(({ name }) => name === 'kube-system')?.podSecurity, 'privileged')
    assert.deepEqual(facts.claims, [])
    assert.ok(facts.snapshotClasses !== undefined && facts.nodePorts !== undefined)
    assert.deepEqual([facts.deployed, facts.namespace, facts.release], [undefined, namespace, release])
  })

  it('a release: what it was made of, defaults included, and its claims', async () => {
    await client.core.createNamespacedPersistentVolumeClaim({
      namespace,
      body: { metadata: { name: 'disk' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } } },
    })
    // No pod runs: the fleet has no emulator, and this is about what helm writes down.
    await helm.upgrade({ chart, release, namespace, values: [{ replicas: 0, emulator: { memoryMiB: 64 } }] })
    const { deployed, claims } = await readClusterFacts(client, { namespace, release })
    const { replicas, emulator, storage } = (deployed?.values ?? {}) as Record<string, Record<string, unknown>>
    assert.deepEqual([deployed?.revision, replicas, emulator?.['memoryMiB'], storage?.['strategy'], deployed?.emulators], [1, 0, 64, 'persistent', 0])
    assert.deepEqual(
      claims?.map(({ name, request, modes, phase }) => ({ name, request, modes, phase })),
      [{ name: 'disk', request: 1_048_576, modes: ['ReadWriteOnce'], phase: 'Pending' }],
    )
  })

  it('a preview of the values that it was made of changes nothing; one more emulator changes the StatefulSet, as helm then does', async () => {
    const record = await newestRecord(client, { namespace, release })
    const preview = async (text: string): Promise<string[]> => {
      const values = [{ file: '/home/me/values.yaml', text }]
      const { resources, lookedAround } = await previewRelease(helm, { chart, release, namespace, values, deployed: record, rendered: { lookingAround: true } })
      assert.ok(lookedAround)
      return resources.filter(({ change }) => change !== 'unchanged').map(({ name, change }) => `${name} ${change}`)
    }
    assert.deepEqual(await preview('replicas: 0\nemulator: {memoryMiB: 64}\n'), [])
    const changed = await preview('replicas: 0\nemulator: {memoryMiB: 96}\n')
    assert.deepEqual(changed, ['StatefulSet/loco-loco-emulator changed'])
    // Only a look into the cluster tells that.
    await assert.rejects(preview('storage: {strategy: ephemeral}\n'), { code: 'LOCO-CHT-023', message: /claims of the emulators cannot change/ })
  })

  it('loco values check --context: what only the cluster knows is checked, too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'loco-check-'))
    try {
      await writeFile(join(folder, 'values.yaml'), 'replicas: 0\nstorage:\n  persistentVolume:\n    storageClass: fast\n')
      const terminal = { ...fakeTerminal({ env: { ...process.env, KUBECONFIG: file } }), cwd: folder }
      const where = ['--context', client.context, '--namespace', namespace, '--output', 'json']
      assert.equal(await main(['values', 'check', 'values.yaml', ...where], terminal), 38, terminal.err())
      const { problems, unchecked } = JSON.parse(terminal.out()) as { problems: { code: string; range: { start: { line: number } } }[]; unchecked: object[] }
      assert.ok(
        problems.some(({ code, range }) => code === 'LOCO-ST-12' && range.start.line === 4),
        terminal.out(),
      )
      assert.deepEqual(unchecked, [])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('an account that may see its namespace only: what it may not list is not known, the rest is', async () => {
    const account = { metadata: { name: 'guest' } }
    await client.core.createNamespacedServiceAccount({ namespace, body: account })
    const token = await client.core.createNamespacedServiceAccountToken({ namespace, name: 'guest', body: { spec: { audiences: [], expirationSeconds: 600 } } })
    const kubeconfig = await loadKubeconfig({ env: { KUBECONFIG: file } })
    const { cluster } = kubeconfig.resolve(kubeconfig.currentContext ?? '')
    const folder = await mkdtemp(join(tmpdir(), 'loco-guest-'))
    const path = join(folder, 'config')
    await writeFile(
      path,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'c', cluster: { server: cluster.server, 'insecure-skip-tls-verify': true } }],
        users: [{ name: 'u', user: { token: token.status?.token } }],
        contexts: [{ name: 'guest', context: { cluster: 'c', user: 'u', namespace } }],
        'current-context': 'guest',
      }),
      { mode: 0o600 },
    )
    const guest = new KubeClient(await loadKubeconfig({ env: { KUBECONFIG: path } }), 'guest')
    try {
      const facts = await readClusterFacts(guest, { namespace, release })
      const { nodes, storageClasses, claims, namespaces, nodePorts, deployed, kind } = facts
      assert.deepEqual([nodes, storageClasses, claims, namespaces, nodePorts, deployed, kind], [...Array<undefined>(6), 'unknown'])
    } finally {
      guest.dispose()
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('a cluster that is away is an error with a code, not an empty answer', async () => {
    const stop = AbortSignal.timeout(1)
    await assert.rejects(readClusterFacts(client, { namespace, release, signal: stop }), { name: 'LocoError' })
  })
})
