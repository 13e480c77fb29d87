import assert from 'node:assert/strict'
import type { V1Container, V1PersistentVolumeClaim, V1PodSpec, V1StatefulSet } from '@kubernetes/client-node'
import { waitFor } from '../../../src/base/wait.ts'
import type { Finding } from '../../../src/contracts/fleet.ts'
import { diagnoseClaim, diagnoseController, diagnosePod } from '../../../src/diagnosis/diagnose.ts'
import { eventsOf, type KubeEvent, type Pod } from '../../../src/diagnosis/evidence.ts'
import { skipBecause } from '../../skip.ts'
import { busybox, ClusterRig, saveFixture, type View } from './rig.ts'

const shell = (line: string, more: Partial<V1Container> = {}): V1PodSpec => ({ containers: [container({ command: ['sh', '-c', line], ...more })] })
const container = (more: Partial<V1Container>): V1Container => ({ name: 'main', image: busybox, imagePullPolicy: 'IfNotPresent', ...more })
const asks = (resource: Record<string, string>): V1PodSpec => ({
  containers: [container({ command: ['sleep', '600'], resources: { requests: resource, limits: resource } })],
})
const env = (from: NonNullable<V1Container['envFrom']>[number]): V1PodSpec => shell('sleep 600', { envFrom: [from] })
const mounts = (volume: NonNullable<V1PodSpec['volumes']>[number]): V1PodSpec => ({
  ...shell('sleep 600', { volumeMounts: [{ name: volume.name, mountPath: '/mnt' }] }),
  volumes: [volume],
})
const claims = (claimName: string): V1PodSpec => mounts({ name: 'disk', persistentVolumeClaim: { claimName } })
const probe = { periodSeconds: 1, failureThreshold: 1, timeoutSeconds: 1 }

/** Name of the pod, what is wrong with it, the code that must be told, and whether waiting is hopeless within the time of the test. */
const pods: [name: string, spec: V1PodSpec, code: string, severity: Finding['severity']][] = [
  ['never', { containers: [container({ image: 'compose-emulator-0:absent', imagePullPolicy: 'Never' })] }, 'LOCO-IMG-010', 'fatal'],
  ['lookup', { containers: [container({ image: 'registry.invalid/loco/emulator:1' })] }, 'LOCO-IMG-006', 'warning'],
  ['refused', { containers: [container({ image: 'localhost:1/loco/emulator:1' })] }, 'LOCO-IMG-006', 'warning'],
  ['upper-case', { containers: [container({ image: 'Loco/Emulator:1' })] }, 'LOCO-IMG-011', 'fatal'],
  ['double-colon', { containers: [container({ image: 'loco::1' })] }, 'LOCO-IMG-011', 'fatal'],
  ['exit-1', shell('exit 1'), 'LOCO-RUN-002', 'fatal'],
  ['exit-0', shell('exit 0'), 'LOCO-RUN-007', 'fatal'],
  ['exit-127', shell('no-such-program'), 'LOCO-RUN-003', 'fatal'],
  ['abort', shell("sh -c 'kill -ABRT $$$$'; exit $?"), 'LOCO-RUN-006', 'fatal'],
  ['memory', { containers: [container({ command: ['tail', '/dev/zero'], resources: { limits: { memory: '16Mi' } } })] }, 'LOCO-RUN-004', 'fatal'],
  ['no-command', { containers: [container({ command: ['/no/such/program'] })] }, 'LOCO-CFG-006', 'fatal'],
  ['not-in-path', { containers: [container({ command: ['no-such-program'] })] }, 'LOCO-CFG-006', 'fatal'],
  ['init', { ...shell('sleep 600'), initContainers: [container({ name: 'copy', command: ['sh', '-c', 'exit 3'] })] }, 'LOCO-RUN-008', 'fatal'],
  ['env-configmap', env({ configMapRef: { name: 'absent' } }), 'LOCO-CFG-001', 'fatal'],
  ['env-secret', env({ secretRef: { name: 'absent' } }), 'LOCO-CFG-002', 'fatal'],
  ['env-key', shell('sleep 600', { env: [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'kube-root-ca.crt', key: 'nope' } } }] }), 'LOCO-CFG-003', 'fatal'],
  ['root-user', shell('sleep 600', { securityContext: { runAsNonRoot: true } }), 'LOCO-CFG-004', 'fatal'],
  [
    'file-over-folder',
    {
      ...shell('sleep 600', { volumeMounts: [{ name: 'ca', mountPath: '/bin', subPath: 'ca.crt' }] }),
      volumes: [{ name: 'ca', configMap: { name: 'kube-root-ca.crt' } }],
    },
    'LOCO-CFG-007',
    'fatal',
  ],
  ['volume-configmap', mounts({ name: 'settings', configMap: { name: 'absent' } }), 'LOCO-VOL-001', 'fatal'],
  ['volume-secret', mounts({ name: 'token', secret: { secretName: 'absent' } }), 'LOCO-VOL-001', 'fatal'],
  ['volume-key', mounts({ name: 'settings', configMap: { name: 'kube-root-ca.crt', items: [{ key: 'nope', path: 'x' }] } }), 'LOCO-VOL-001', 'fatal'],
  ['host-folder', mounts({ name: 'art', hostPath: { path: '/no/such/folder', type: 'Directory' } }), 'LOCO-VOL-002', 'fatal'],
  ['host-device', mounts({ name: 'kvm', hostPath: { path: '/no/such/device', type: 'CharDevice' } }), 'LOCO-VOL-002', 'fatal'],
  ['cpu', asks({ cpu: '900' }), 'LOCO-SCH-001', 'fatal'],
  ['ram', asks({ memory: '90Ti' }), 'LOCO-SCH-002', 'fatal'],
  ['disk', asks({ 'ephemeral-storage': '900Ti' }), 'LOCO-SCH-003', 'fatal'],
  ['device', asks({ 'loco.test/absent': '1' }), 'LOCO-SCH-005', 'fatal'],
  ['selector', { ...shell('sleep 600'), nodeSelector: { 'loco.test/absent': 'yes' } }, 'LOCO-SCH-006', 'fatal'],
  ['absent-claim', claims('absent'), 'LOCO-SCH-012', 'fatal'],
  ['absent-class', claims('absent-class'), 'LOCO-SCH-008', 'fatal'],
  ['not-ready', shell('sleep 600', { readinessProbe: { ...probe, exec: { command: ['false'] } } }), 'LOCO-PRB-003', 'warning'],
  ['nothing-listens', shell('sleep 600', { readinessProbe: { ...probe, tcpSocket: { port: 9 } } }), 'LOCO-PRB-004', 'warning'],
  ['slow', shell('sleep 600', { readinessProbe: { ...probe, exec: { command: ['sleep', '10'] } } }), 'LOCO-PRB-005', 'warning'],
  [
    'not-alive',
    {
      ...shell('trap "exit 0" TERM; while :; do sleep 1; done', { livenessProbe: { ...probe, exec: { command: ['false'] } } }),
      terminationGracePeriodSeconds: 1,
    },
    'LOCO-PRB-002',
    'fatal',
  ],
  [
    'never-started',
    { ...shell('sleep 600', { startupProbe: { ...probe, exec: { command: ['false'] } } }), terminationGracePeriodSeconds: 1 },
    'LOCO-PRB-001',
    'fatal',
  ],
]

const claimCases: [name: string, spec: NonNullable<V1PersistentVolumeClaim['spec']>, code: string, severity: Finding['severity']][] = [
  ['absent-class', { accessModes: ['ReadWriteOnce'], storageClassName: 'absent' }, 'LOCO-PVC-001', 'fatal'],
  ['no-class', { accessModes: ['ReadWriteOnce'], storageClassName: '' }, 'LOCO-PVC-002', 'fatal'],
  ['waits', { accessModes: ['ReadWriteOnce'] }, 'LOCO-PVC-005', 'info'],
]

const patience = 60_000

describe('diagnosis: what a real cluster says', function () {
  this.timeout(patience + 30_000)
  let rig: ClusterRig
  let namespace: string
  let view: View

  before(async function () {
    rig = await ClusterRig.open(this)
    ;({ name: namespace, view } = await rig.namespace())
    for (const [name, spec] of claimCases) await makeClaim(name, spec)
    for (const [name, spec] of pods) await makePod(name, spec)
  })

  after(async function () {
    this.timeout(120_000)
    await rig?.clean()
  })

  const makePod = async (name: string, spec: V1PodSpec): Promise<void> => {
    await rig.client.core.createNamespacedPod({
      namespace,
      body: { metadata: { name }, spec: { terminationGracePeriodSeconds: 0, automountServiceAccountToken: false, ...spec } },
    })
  }
  const makeClaim = async (name: string, spec: NonNullable<V1PersistentVolumeClaim['spec']>): Promise<void> => {
    await rig.client.core.createNamespacedPersistentVolumeClaim({
      namespace,
      body: { metadata: { name }, spec: { ...spec, resources: { requests: { storage: '1Mi' } } } },
    })
  }
  const makeSet = async (where: string, name: string, spec: V1PodSpec): Promise<void> => {
    const labels = { app: name }
    const body: V1StatefulSet = {
      metadata: { name },
      spec: { serviceName: name, replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    }
    await rig.client.apps.createNamespacedStatefulSet({ namespace: where, body })
  }
  const named = <T extends { metadata?: { name?: string } }>(items: ReadonlyMap<string, T>, name: string): T | undefined =>
    [...items.values()].find((one) => one.metadata?.name === name)

  /** Waits for the finding, and says what was found instead. */
  async function becomes(look: () => Finding[], code: string, severity: Finding['severity']): Promise<Finding> {
    return waitFor(
      () => look().find((finding) => finding.code === code && finding.severity === severity),
      () => new Error(`found ${JSON.stringify(look())}`),
      { timeout: patience, interval: 100 },
    )
  }

  for (const [name, , code, severity] of pods) {
    it(`pod ${name} → ${code} ${severity}`, async () => {
      const look = (): { pod: Pod; events: KubeEvent[] } => ({ pod: named(view.pods.items, name) ?? {}, events: view.allEvents })
      const finding = await becomes(() => diagnosePod({ ...look(), now: Date.now() }), code, severity)
      const { pod, events } = look()
      saveFixture(`pod-${name}`, { code, now: new Date().toISOString(), pod, events: eventsOf(pod, events) })
      assert.deepEqual(
        diagnosePod({ pod, events, now: Date.now() }).map((one) => one.code),
        [code],
        `more was found: ${JSON.stringify(finding)}`,
      )
    })
  }

  for (const [name, , code, severity] of claimCases) {
    it(`claim ${name} → ${code} ${severity}`, async () => {
      const look = (): Finding[] => diagnoseClaim({ claim: named(view.claims.items, name) ?? {}, events: view.allEvents }, { now: Date.now() })
      await becomes(look, code, severity)
      const claim = named(view.claims.items, name) ?? {}
      saveFixture(`claim-${name}`, { code, now: new Date().toISOString(), claim, events: eventsOf(claim, view.allEvents) })
    })
  }

  it('claim shared → LOCO-PVC-003 where volumes are folders of a node', async function () {
    const classes = await rig.client.storage.listStorageClass()
    const local = classes.items.find(({ provisioner }) => provisioner === 'rancher.io/local-path')
    if (local?.metadata?.name === undefined) skipBecause(this, 'the cluster has no class of the local-path provisioner')
    await makeClaim('shared', { accessModes: ['ReadWriteMany'], storageClassName: local.metadata.name })
    await makePod('shared', claims('shared'))
    await becomes(
      () => diagnoseClaim({ claim: named(view.claims.items, 'shared') ?? {}, events: view.allEvents }, { now: Date.now() }),
      'LOCO-PVC-003',
      'fatal',
    )
    const claim = named(view.claims.items, 'shared') ?? {}
    saveFixture('claim-shared', { code: 'LOCO-PVC-003', now: new Date().toISOString(), claim, events: eventsOf(claim, view.allEvents) })
  })

  it('two pods with one host port → LOCO-SCH-015', async () => {
    const spec = shell('sleep 600', { ports: [{ containerPort: 39_117, hostPort: 39_117 }] })
    await makePod('port-a', spec)
    await waitFor(
      () => named(view.pods.items, 'port-a')?.spec?.nodeName,
      () => new Error('port-a got no node'),
      { timeout: patience },
    )
    await makePod('port-b', spec)
    await becomes(() => diagnosePod({ pod: named(view.pods.items, 'port-b') ?? {}, events: view.allEvents, now: Date.now() }), 'LOCO-SCH-015', 'fatal')
    const pod = named(view.pods.items, 'port-b') ?? {}
    saveFixture('pod-host-port', { code: 'LOCO-SCH-015', now: new Date().toISOString(), pod, events: eventsOf(pod, view.allEvents) })
  })

  it('a runtime class that the node does not have → LOCO-POD-003', async () => {
    await makePod('runtime', { ...shell('sleep 600'), runtimeClassName: await rig.runtimeClass('loco-absent') })
    await becomes(() => diagnosePod({ pod: named(view.pods.items, 'runtime') ?? {}, events: view.allEvents, now: Date.now() }), 'LOCO-POD-003', 'fatal')
    const pod = named(view.pods.items, 'runtime') ?? {}
    saveFixture('pod-runtime', { code: 'LOCO-POD-003', now: new Date().toISOString(), pod, events: eventsOf(pod, view.allEvents) })
  })

  it('a running pod with another image than the one that was built → LOCO-IMG-016', async () => {
    await makePod('stale', shell('sleep 600'))
    const expectedImageIds = { main: `sha256:${'0'.repeat(64)}` }
    await becomes(
      () => diagnosePod({ pod: named(view.pods.items, 'stale') ?? {}, events: view.allEvents, now: Date.now(), expectedImageIds }),
      'LOCO-IMG-016',
      'fatal',
    )
  })

  describe('pods that are never made', () => {
    const sets: [name: string, code: string, prepare: (where: string) => Promise<unknown>, labels: Record<string, string>, spec: V1PodSpec][] = [
      [
        'quota',
        'LOCO-CTL-001',
        (where) => rig.client.core.createNamespacedResourceQuota({ namespace: where, body: { metadata: { name: 'few' }, spec: { hard: { pods: '0' } } } }),
        {},
        shell('sleep 600'),
      ],
      ['security', 'LOCO-CTL-002', async () => {}, { 'pod-security.kubernetes.io/enforce': 'restricted' }, shell('sleep 600')],
      ['account', 'LOCO-CTL-004', async () => {}, {}, { ...shell('sleep 600'), serviceAccountName: 'absent' }],
    ]
    for (const [name, code, prepare, labels, spec] of sets) {
      it(`${name} → ${code}`, async () => {
        const { name: where, view: own } = await rig.namespace(labels)
        await prepare(where)
        if (name === 'quota')
          await waitFor(
            async () => (await rig.client.core.readNamespacedResourceQuota({ namespace: where, name: 'few' })).status?.hard?.['pods'] === '0',
            () => new Error('the quota is not in force'),
            { timeout: patience },
          )
        await makeSet(where, name, spec)
        const look = (): Finding[] =>
          diagnoseController({ controller: named(own.sets.items, name) ?? {}, events: own.allEvents, pods: [] }, { now: Date.now() })
        const finding = await becomes(look, code, 'fatal')
        assert.equal(finding.evidence.length, 1)
        const controller = named(own.sets.items, name) ?? {}
        saveFixture(`set-${name}`, { code, now: new Date().toISOString(), controller, events: eventsOf(controller, own.allEvents) })
      })
    }
  })
})
