import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { V1PodSpec } from '@kubernetes/client-node'
import { Emitter } from '../../../src/base/emitter.ts'
import { waitFor } from '../../../src/base/wait.ts'
import { labels, ports } from '../../../src/contracts/names.ts'
import { KubeClient } from '../../../src/kube/client.ts'
import { loadKubeconfig } from '../../../src/kube/kubeconfig.ts'
import { openPortForward } from '../../../src/kube/portforward.ts'
import { Reflector } from '../../../src/kube/reflector.ts'
import { ScreenSession, type ScreenSource } from '../../../src/screen/session.ts'
import { FakeViewer, keyMessage } from '../../fakes/fake-viewer.ts'
import { readStrip, type Strip } from '../../guest/strip.ts'
import { skipBecause } from '../../skip.ts'

interface SeenPod {
  metadata: { name: string; uid: string; deletionTimestamp?: string }
  status?: { conditions?: { type: string; status: string }[] }
}

/** Milliseconds until another test of the same run has put an image of the emulator on the node. */
const imagePatience = 200_000

/** An emulator as the chart makes it, with a disk that goes with its pod. */
const emulator = (image: string): V1PodSpec => ({
  automountServiceAccountToken: false,
  terminationGracePeriodSeconds: 1,
  securityContext: { runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001 },
  containers: [
    {
      name: 'emulator',
      image,
      imagePullPolicy: 'Never',
      env: [
        { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'QEMU_MEMORY', value: '32' },
        { name: 'QEMU_ACCEL', value: 'tcg' },
      ],
      readinessProbe: { httpGet: { path: '/ready', port: ports.health }, periodSeconds: 1 },
      volumeMounts: ['/images', '/run/loco', '/tmp'].map((mountPath) => ({ name: 'room', mountPath, subPath: mountPath.slice(1) })),
    },
  ],
  volumes: [{ name: 'room', emptyDir: {} }],
})

describe('screen session through a real API server', function () {
  this.timeout(imagePatience + 60_000)
  const namespace = `loco-test-screen-${randomBytes(3).toString('hex')}`
  let client: KubeClient
  let pods: Reflector<SeenPod>
  let session: ScreenSession
  let viewer: FakeViewer

  before(async function () {
    const file = process.env['LOCO_TEST_KUBECONFIG']
    if (!file) skipBecause(this, 'no cluster: LOCO_TEST_KUBECONFIG is not set')
    const kubeconfig = await loadKubeconfig({ env: { KUBECONFIG: file } })
    client = new KubeClient(kubeconfig, kubeconfig.currentContext ?? '')
    const image = await imageOnNode(client)
    if (image === undefined) skipBecause(this, 'no emulator runs in the cluster, so no image of one is known to be on a node')
    await client.core.createNamespace({ body: { metadata: { name: namespace } } })
    const own = { app: 'screen' }
    await client.apps.createNamespacedStatefulSet({
      namespace,
      body: {
        metadata: { name: 'emulator' },
        spec: { serviceName: 'x', replicas: 1, selector: { matchLabels: own }, template: { metadata: { labels: own }, spec: emulator(image) } },
      },
    })
    pods = new Reflector<SeenPod>({ client, path: `/api/v1/namespaces/${namespace}/pods` })
    pods.start()
    session = new ScreenSession({
      source: sourceOf(pods),
      connect: (pod, signal) => openPortForward(client, { namespace, pod, port: ports.vnc, signal }),
    })
    viewer = new FakeViewer(session)
    session.setPace('focused')
    session.setDriver(true)
  })

  after(async () => {
    session?.dispose()
    pods?.dispose()
    await client?.core.deleteNamespace({ name: namespace }).catch(() => undefined)
    client?.dispose()
  })

  const strip = (): Strip | undefined => (viewer.reader === undefined ? undefined : readStrip(viewer.reader.picture))
  const until = <T>(what: string, look: () => T | undefined | false): Promise<T> =>
    waitFor(look, () => new Error(`${what}: ${JSON.stringify(session.state)} ${String(viewer.fault)}`), { timeout: 60_000, interval: 20 })

  it('says that it waits, then shows the machine, and takes keys', async () => {
    assert.notEqual(session.state.phase, 'live')
    const seen = await until('a strip', strip)
    await until('it moves', () => (strip()?.frame ?? 0) > seen.frame + 20)
    for (const down of [true, false]) viewer.send(keyMessage(down, 0x61, 0x1e))
    await until('the key is seen', () => (strip()?.keyPresses ?? 0) > seen.keyPresses)
    const { fps, kbps, delayMs } = session.meter()
    assert.ok(fps > 0 && kbps > 0 && delayMs !== null, JSON.stringify(session.meter()))
  })

  it('comes back by itself when the pod is deleted', async () => {
    const before = await until('a strip', strip)
    const connection = viewer.connection
    await client.core.deleteNamespacedPod({ namespace, name: 'emulator-0', gracePeriodSeconds: 1 })
    await until('it waits', () => session.state.phase === 'waiting')
    await until('it is live again', () => session.state.phase === 'live' && viewer.connection > connection)
    const after = await until('a strip', strip)
    assert.ok(after.frame < before.frame + 1000 && after.boots === 1)
    assert.equal(viewer.fault, undefined)
  })
})

function sourceOf(pods: Reflector<SeenPod>): ScreenSource {
  const changes = new Emitter<void>()
  pods.changes(() => changes.fire())
  return {
    get pod() {
      const [pod] = [...pods.items.values()].filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      const ready = pod?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')
      return ready ? pod?.metadata.name : undefined
    },
    reason: undefined,
    changes: changes.event,
  }
}

/** The image that an emulator in this cluster runs on. */
async function imageOnNode(client: KubeClient): Promise<string | undefined> {
  const look = async (): Promise<string | undefined> => {
    const { items } = await client.core.listPodForAllNamespaces({ labelSelector: `${labels.component}=emulator` })
    const running = items.filter(({ status }) => status?.containerStatuses?.some(({ ready }) => ready))
    return running.flatMap(({ spec }) => spec?.containers ?? []).find(({ image }) => image?.includes('compose-emulator'))?.image
  }
  return waitFor(look, () => new Error('none'), { timeout: imagePatience, interval: 2000 }).catch(() => undefined)
}
