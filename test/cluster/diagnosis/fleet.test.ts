import assert from 'node:assert/strict'
import type { V1PodSpec } from '@kubernetes/client-node'
import { waitFor } from '../../../src/base/wait.ts'
import { emulatorName, labels, partOf, podName } from '../../../src/contracts/names.ts'
import { AgentClient } from '../../../src/fleet/agent-client.ts'
import { FleetWatcher } from '../../../src/fleet/watcher.ts'
import { health } from '../../unit/fleet/given.ts'
import { busybox, ClusterRig } from './rig.ts'

const patience = 60_000

/** A pod in place of an emulator: its agent is an HTTP server with one fixed word of health. */
const standIn = (sentence: string): V1PodSpec => ({
  terminationGracePeriodSeconds: 0,
  automountServiceAccountToken: false,
  containers: [
    {
      name: 'emulator',
      image: busybox,
      imagePullPolicy: 'IfNotPresent',
      command: ['sh', '-c', 'mkdir -p /tmp/www && printf %s "$HEALTH" > /tmp/www/health && exec httpd -f -p 8080 -h /tmp/www'],
      env: [{ name: 'HEALTH', value: JSON.stringify(health({ sentence })) }],
      ports: [{ name: 'health', containerPort: 8080 }],
      readinessProbe: { httpGet: { path: '/health', port: 8080 }, periodSeconds: 1 },
    },
  ],
})

describe('fleet: on a real cluster', function () {
  this.timeout(patience + 30_000)
  let rig: ClusterRig
  let namespace: string
  let watcher: FleetWatcher

  before(async function () {
    rig = await ClusterRig.open(this)
    namespace = (await rig.namespace()).name
    const own = { [labels.component]: 'emulator', [labels.partOf]: partOf, [labels.instance]: 'loco' }
    const spec = {
      serviceName: 'x',
      replicas: 2,
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: own },
      template: { metadata: { labels: own }, spec: standIn('It is well.') },
    }
    watcher = new FleetWatcher({ client: rig.client, context: rig.client.context, namespace, release: 'loco' })
    watcher.start()
    await watcher.settled({ timeout: 2000 })
    await rig.client.apps.createNamespacedStatefulSet({ namespace, body: { metadata: { name: emulatorName('loco'), labels: own }, spec } })
  })

  after(async function () {
    this.timeout(120_000)
    watcher?.dispose()
    await rig?.clean()
  })

  const said = (): string => JSON.stringify(watcher.store.emulators.map(({ id, verdict, sentence }) => [id, verdict, sentence]))
  const becomes = (holds: () => boolean): Promise<unknown> => waitFor(holds, () => new Error(said()), { timeout: patience, interval: 20 })

  it('follows emulators from nothing to healthy', async () => {
    await becomes(() => watcher.store.emulators.length === 2 && watcher.store.emulators.every(({ verdict, stage }) => verdict === 'healthy' && stage === 'P2'))
    assert.equal(watcher.store.get('instance-0')?.sentence, 'It is well.')
  })

  it('a second watcher settles with the same words at once', async () => {
    const other = new FleetWatcher({ client: rig.client, context: rig.client.context, namespace, release: 'loco' })
    try {
      other.start()
      await other.settled({ timeout: 5000 })
      assert.deepEqual(
        other.store.emulators.map(({ id, verdict }) => [id, verdict]),
        [
          ['instance-0', 'healthy'],
          ['instance-1', 'healthy'],
        ],
      )
    } finally {
      other.dispose()
    }
  })

  it('a pod that is deleted is told, and comes again', async () => {
    const told = new Promise<void>((resolve) =>
      watcher.store.changes.event((changes) => {
        if (changes.some((change) => change.type === 'changed' && change.emulator.id === 'instance-1')) resolve()
      }),
    )
    await rig.client.core.deleteNamespacedPod({ namespace, name: podName('loco', 1) })
    await told
    await becomes(() => watcher.store.get('instance-1')?.verdict === 'healthy')
  })

  it('what is not an agent is refused in words', async () => {
    const agent = new AgentClient(rig.client, namespace, podName('loco', 0))
    await assert.rejects(agent.screen(), { code: 'LOCO-AGT-011' })
    const other = new AgentClient(rig.client, namespace, podName('loco', 0), { port: 9 })
    await assert.rejects(other.health(), { code: 'LOCO-KUB-040' })
  })
})
