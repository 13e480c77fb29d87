import assert from 'node:assert/strict'
import type { Chart } from '../../../../src/values/chart.ts'
import { check } from '../../../../src/values/check.ts'
import { applied } from '../../../../src/values/edit.ts'
import { fixesFor, withText } from '../../../../src/values/fixes.ts'
import { rules } from '../../../../src/values/rules/registry.ts'
import type { ClusterFacts, DeployedFacts } from '../../../../src/values/types.ts'
import { clusterOf, expandable, given, local, node, otherChart, ourChart } from './given.ts'

const minikube: Partial<ClusterFacts> = {
  kind: 'minikube',
  storageClasses: [{ ...local, name: 'standard', provisioner: 'k8s.io/minikube-hostpath', binding: 'Immediate' }],
}
const claim = (name: string) => ({ name, storageClass: 'standard', request: 10 * 2 ** 30, modes: ['ReadWriteOnce'], phase: 'Bound' })
const guest = (more: string): string => `emulator:\n${more.replaceAll(/^/gm, '  ')}\n`
const storage = (more: string): string => `storage:\n${more.replaceAll(/^/gm, '  ')}\n`
const hostpath = (folder: string, more = ''): string =>
  storage(`strategy: hostpath\nhostPath:\n  sharedDirectory: ${folder}\n  createIfNotExists: false${more}`)
const hybrid = (folder: string): string => hostpath(folder).replace('hostpath', 'hybrid')

/** The defaults of the chart with a few values changed, as a release that runs. */
const deployed = (changes: Record<string, unknown> = {}, emulators = 3): ((chart: Chart) => Partial<ClusterFacts>) => {
  return (chart) => {
    const values = structuredClone(chart.defaults.values) as Record<string, unknown>
    for (const [path, value] of Object.entries(changes)) {
      const keys = path.split('.')
      const last = keys.pop() ?? ''
      const map = keys.reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, values)
      map[last] = value
    }
    const facts: DeployedFacts = { revision: 1, values, emulators }
    return {
      deployed: facts,
      storageClasses: [
        { ...local, isDefault: false },
        { ...expandable, isDefault: true },
      ],
    }
  }
}

/** On a cluster of which nobody knows what its nodes keep. */
const unknownKind =
  (facts: (chart: Chart) => Partial<ClusterFacts>) =>
  (chart: Chart): Partial<ClusterFacts> => ({ ...facts(chart), kind: 'unknown' })

type Facts = Partial<ClusterFacts> | ((chart: Chart) => Partial<ClusterFacts>)
/** [values, facts of the cluster, what is to be told (`undefined`: nothing), the severity where it is not the rule's] */
type Row = [text: string, facts: Facts | undefined, tells: string | undefined, severity?: string]

const tables: Record<string, Row[]> = {
  'LOCO-ST-01': [
    [storage('strategy: hostPath'), undefined, '"hostPath" is not a strategy'],
    [storage('strategy: nfs'), undefined, '"nfs" is not a strategy'],
    [storage('strategy:\n  hostPath:\n    enabled: true'), undefined, 'The strategy is one word: hostpath'],
    [storage('strategy:\n  hybrid:\n    enabled: true\n    primary: hostPath\nclass: standard\ndiskSize: 10Gi'), undefined, 'The strategy is one word: hybrid'],
    [storage('strategy: { a: 1 }'), undefined, 'one word, not a map'],
    [storage('strategy: true'), undefined, '"true" is not a strategy'],
    [storage('strategy: hostpath'), undefined, undefined],
    [storage('strategy: "csi-snapshot"'), undefined, undefined],
    ['replicas: 1\n', undefined, undefined],
  ],
  'LOCO-ST-02': [
    [storage('strategy: hybrid\nhostPath: null'), undefined, 'no folder of the node'],
    [storage('strategy: hostpath\nhostPath:\n  sharedDirectory: null'), undefined, 'no folder of the node'],
    [storage('strategy: hybrid\npersistentVolume: null'), undefined, 'no claims'],
    [storage('strategy: [hostpath, hybrid]'), undefined, 'Only one strategy'],
    [storage('strategy:\n  hostPath: { enabled: true }\n  hybrid: { enabled: true }'), undefined, 'Two strategies are switched on'],
    [storage('strategy: hybrid'), undefined, undefined],
    [storage('strategy: ephemeral\nhostPath:\n  createIfNotExists: false'), undefined, undefined],
    [hybrid('/data/art'), undefined, undefined],
  ],
  'LOCO-ST-03': [
    [storage('persistentVolume:\n  size: 10GB'), undefined, '"10Gi" is'],
    [storage('persistentVolume:\n  size: 10G b'), undefined, '"10Gi" is'],
    [storage('persistentVolume:\n  size: -10Gi'), undefined, '"10Gi" is'],
    [storage('persistentVolume:\n  size: plenty'), undefined, '"10Gi" is one'],
    [guest('resources:\n  limits:\n    memory: 512MB'), undefined, '"512Mi" is'],
    [storage('persistentVolume:\n  size: 10G'), undefined, 'powers of 1000', 'warning'],
    [storage('persistentVolume:\n  size: 10Gi'), undefined, undefined],
    [storage('persistentVolume:\n  size: 1.5Ti'), undefined, undefined],
    [guest('resources:\n  limits:\n    memory: ""'), undefined, undefined],
  ],
  'LOCO-ST-04': [
    [storage('persistentVolume:\n  size: 1Gi'), undefined, 'fit in 3Gi'],
    [storage('persistentVolume:\n  size: 2Gi\nephemeral:\n  sizeMiB: 4096'), undefined, 'fit in 6Gi'],
    [`${storage('persistentVolume:\n  size: 3Gi')}${guest('memoryMiB: 512')}`, undefined, 'fit in 4Gi'],
    [storage('persistentVolume:\n  size: 10Gi'), undefined, undefined],
    [storage('strategy: ephemeral\npersistentVolume:\n  size: 1Gi'), undefined, undefined],
    [storage('persistentVolume:\n  size: 3Gi'), undefined, undefined],
    [hostpath('/var/a', '\npersistentVolume:\n  size: 1Gi'), undefined, undefined],
  ],
  'LOCO-ST-05': [
    [hostpath('/etc'), undefined, 'belongs to the node'],
    [hostpath('/'), undefined, 'belongs to the node'],
    [hostpath('/var/run/docker.sock'), undefined, 'belongs to the node'],
    [hostpath('/var/lib/kubelet/pods'), undefined, 'belongs to the node'],
    [hostpath('art'), undefined, 'no absolute path'],
    [hostpath('/data/../etc'), undefined, 'climbs'],
    [hostpath('/data/loco-art'), undefined, undefined],
    [hostpath('/etcetera'), undefined, undefined],
    [hostpath('/tmp/loco-art-shared'), undefined, undefined],
  ],
  'LOCO-ST-07': [
    [hostpath('/data/art'), { nodes: [node('a'), node('b')] }, 'has 2 nodes'],
    [hybrid('/data/art'), { nodes: [node('a'), node('b'), node('c')] }, 'has 3 nodes'],
    [hostpath('/data/art', '\n  node: z'), { nodes: [node('a'), node('b')] }, 'no node z. It has: a, b'],
    [hostpath('/data/art', '\n  node: b'), { nodes: [node('a'), node('b')] }, undefined],
    [hostpath('/data/art'), { nodes: [node('a')] }, undefined],
    [storage('strategy: persistent'), { nodes: [node('a'), node('b')] }, undefined],
  ],
  'LOCO-ST-08': [
    [hostpath('/tmp/loco-art-shared'), { kind: 'minikube' }, '/data/loco-art-shared stays'],
    [hostpath('/tmp/loco-art-shared'), { kind: 'kind' }, '/var/lib/loco-art-shared stays'],
    [hostpath('/srv/art'), { kind: 'minikube' }, '/data/loco-art-shared stays'],
    [hybrid('/tmp/loco-art-shared'), { kind: 'minikube' }, 'does not outlive', 'warning'],
    // The node of the sandbox is this machine, which empties /tmp when it starts.
    [hostpath('/tmp/loco-art-shared'), { kind: 'native' }, '/var/lib/loco-art-shared stays'],
    [hostpath('/data/loco-art'), { kind: 'minikube' }, undefined],
    [hostpath('/tmp/hostpath_pv/art'), { kind: 'minikube' }, undefined],
    [hostpath('/var/loco-art'), { kind: 'kind' }, undefined],
    [hostpath('/tmp/loco-art-shared'), { kind: 'k3d' }, undefined],
    [hostpath('/tmp/loco-art-shared'), { kind: 'unknown' }, undefined],
  ],
  'LOCO-ST-09': [
    [hostpath('/home/ann/art'), { kind: 'kind' }, 'extraMounts'],
    [hostpath('/Users/ann/art'), { kind: 'k3d' }, '--volume'],
    [hybrid('/mnt/art'), { kind: 'kind' }, 'extraMounts'],
    [hostpath('/home/ann/art'), { kind: 'native' }, undefined],
    [hostpath('/var/lib/art'), { kind: 'kind' }, undefined],
    [storage('hostPath:\n  sharedDirectory: /home/ann/art'), { kind: 'kind' }, undefined],
  ],
  'LOCO-ST-11': [
    [
      hostpath('/data/art').replace('false', 'true'),
      { kind: 'unknown', namespaces: [{ name: 'loco', podSecurity: 'restricted' }] },
      'loco enforces restricted',
    ],
    [hybrid('/var/art').replace('false', 'true'), { namespaces: [{ name: 'loco', podSecurity: 'baseline' }] }, 'enforces baseline', 'warning'],
    [
      hostpath('/var/art', '\n  hookNamespace: kube').replace('false', 'true'),
      { kind: 'unknown', namespaces: [{ name: 'kube', podSecurity: 'baseline' }] },
      'kube enforces baseline',
    ],
    [hostpath('/data/art'), { namespaces: [{ name: 'loco', podSecurity: 'restricted' }] }, undefined],
    [hostpath('/data/art', '\n  createdBy: bootstrap').replace('false', 'true'), { namespaces: [{ name: 'loco', podSecurity: 'restricted' }] }, undefined],
    [hostpath('/data/art').replace('false', 'true'), {}, undefined],
    [storage('strategy: persistent'), { namespaces: [{ name: 'loco', podSecurity: 'restricted' }] }, undefined],
  ],
  'LOCO-ST-12': [
    [storage('persistentVolume:\n  storageClass: standard'), {}, 'no storage class "standard". It has: local-path (default)'],
    ['replicas: 1\n', { storageClasses: [] }, 'the cluster has none at all'],
    ['replicas: 1\n', { storageClasses: [{ ...local, isDefault: false }] }, 'none of the cluster is the default'],
    ['replicas: 1\n', { storageClasses: [local, { ...expandable, isDefault: true }] }, '2 of the cluster are the default'],
    [storage('persistentVolume:\n  storageClass: local-path'), {}, undefined],
    ['replicas: 1\n', {}, undefined],
    [storage('strategy: ephemeral'), { storageClasses: [] }, undefined],
  ],
  'LOCO-ST-19': [
    [storage('persistentVolume:\n  size: 5Gi'), deployed(), 'cannot shrink: 10Gi → 5Gi'],
    [storage('persistentVolume:\n  size: 9Gi'), deployed(), 'cannot shrink'],
    [
      storage('persistentVolume:\n  size: 20Gi\n  storageClass: local-path'),
      deployed({ 'storage.persistentVolume.storageClass': 'local-path' }),
      'cannot grow',
    ],
    [storage('persistentVolume:\n  size: 20Gi'), deployed(), undefined],
    [storage('persistentVolume:\n  size: 10240Mi'), deployed(), undefined],
    [storage('persistentVolume:\n  size: 5Gi'), {}, undefined],
  ],
  'LOCO-ST-20': [
    [hostpath('/data/b'), deployed({ 'storage.strategy': 'hostpath', 'storage.hostPath.sharedDirectory': '/data/a' }), '/data/a → /data/b'],
    [hostpath('/var/b'), deployed({ 'storage.strategy': 'hostpath', 'storage.hostPath.sharedDirectory': '/tmp/a' }), '/tmp/a → /var/b'],
    [storage('strategy: hostpath'), unknownKind(deployed({ 'storage.strategy': 'hostpath', 'storage.hostPath.sharedDirectory': '/data/a' })), '/data/a → /tmp'],
    [hostpath('/data/a'), deployed({ 'storage.strategy': 'hostpath', 'storage.hostPath.sharedDirectory': '/data/a' }), undefined],
    // For another folder of shared art there is another volume.
    [hybrid('/data/b'), deployed({ 'storage.strategy': 'hybrid', 'storage.hostPath.sharedDirectory': '/data/a' }), undefined],
    [storage('hostPath:\n  sharedDirectory: /data/b'), deployed(), undefined],
  ],
  'LOCO-ST-21': [
    [storage('strategy: ephemeral'), deployed(), 'from persistent to ephemeral'],
    [hostpath('/var/art'), deployed(), '"loco storage migrate --to hostpath" takes the disks along'],
    [storage('strategy: persistent'), deployed({ 'storage.strategy': 'ephemeral' }), 'If they may be lost'],
    [storage('persistentVolume:\n  storageClass: local-path'), deployed(), 'storage.persistentVolume.storageClass is part of the claim template'],
    [storage('persistentVolume:\n  size: 20Gi'), deployed(), 'storage.persistentVolume.size is part'],
    [
      hostpath('/tmp/loco-art-shared', '\npersistentVolume:\n  size: 5Gi').replace('/tmp/loco-art-shared', '/var/a'),
      deployed({ 'storage.strategy': 'hostpath', 'storage.hostPath.sharedDirectory': '/var/a' }),
      'size is part',
    ],
    [storage('persistentVolume:\n  size: 5Gi'), deployed(), undefined],
    // Their claims are the same.
    [hybrid('/var/art'), deployed(), undefined],
    [storage('strategy: csi-snapshot'), deployed(), undefined],
    ['replicas: 9\n', deployed(), undefined],
    [storage('strategy: ephemeral'), {}, undefined],
  ],
  'LOCO-ST-22': [
    ['replicas: 1\n', deployed(), 'keeps the claims of 2'],
    ['replicas: 0\n', deployed({}, 9), 'keeps the claims of 9'],
    [`replicas: 1\n${storage('retention:\n  whenScaled: Delete')}`, deployed(), 'deletes the claims of 2', 'warning'],
    [hostpath('/var/a', '\nretention:\n  whenDeleted: Delete'), undefined, 'deletes no folder of a node', 'error'],
    [hostpath('/var/a', '\nretention:\n  whenScaled: Delete'), undefined, 'deletes no folder of a node', 'error'],
    [storage('retention:\n  whenDeleted: Delete'), undefined, undefined],
    ['replicas: 3\n', deployed(), undefined],
    ['replicas: 9\n', deployed(), undefined],
    [`replicas: 1\n${storage('strategy: ephemeral')}`, deployed({ 'storage.strategy': 'ephemeral' }), undefined],
  ],
  'LOCO-ST-23': [
    ['replicas: 1\n', { ...minikube, claims: [claim('disk-loco-loco-emulator-0')] }, 'the first is disk-loco-loco-emulator-0'],
    ['replicas: 9\n', { ...minikube, claims: [0, 1, 2].map((n) => claim(`disk-loco-loco-emulator-${n}`)) }, 'Claims of an earlier release are still there'],
    [
      storage('persistentVolume:\n  storageClass: standard'),
      { ...minikube, claims: [claim('disk-loco-loco-emulator-0')] },
      'the first is disk-loco-loco-emulator-0',
    ],
    ['replicas: 1\n', { ...minikube, claims: [claim('data-postgres-0')] }, undefined],
    ['replicas: 1\n', { claims: [claim('disk-loco-loco-emulator-0')] }, undefined],
    [storage('strategy: ephemeral'), { ...minikube, claims: [claim('disk-loco-loco-emulator-0')] }, undefined],
  ],
  'LOCO-ST-25': [
    [`${storage('strategy: ephemeral')}${guest('resources:\n  limits:\n    ephemeral-storage: 1Gi')}`, undefined, 'need 2304Mi'],
    [`${storage('strategy: ephemeral\nephemeral:\n  sizeMiB: 4096')}${guest('resources:\n  limits:\n    ephemeral-storage: 4Gi')}`, undefined, 'need 4352Mi'],
    [`${storage('strategy: ephemeral')}${guest('resources:\n  limits:\n    ephemeral-storage: 2303Mi')}`, undefined, 'need 2304Mi'],
    [`${storage('strategy: ephemeral')}${guest('resources:\n  limits:\n    ephemeral-storage: 2304Mi')}`, undefined, undefined],
    [storage('strategy: ephemeral'), undefined, undefined],
    [guest('resources:\n  limits:\n    ephemeral-storage: 256Mi'), undefined, undefined],
  ],
  'LOCO-ST-29': [
    [`replicas: 9\n${storage('strategy: ephemeral\nephemeral:\n  sizeMiB: 20480')}`, {}, '9 emulators can write 180 GiB'],
    [hostpath('/data/art', '\npersistentVolume:\n  size: 60Gi'), {}, '3 emulators can write 180 GiB'],
    [storage('strategy: ephemeral\nephemeral:\n  sizeMiB: 90000'), {}, 'can write 263.7 GiB'],
    [storage('strategy: ephemeral'), {}, undefined],
    [hostpath('/data/art'), {}, undefined],
    [storage('persistentVolume:\n  size: 900Gi'), {}, undefined],
  ],
  'LOCO-ST-36': [
    [storage('strategy: csi-snapshot'), {}, 'No snapshot class has the driver rancher.io/local-path'],
    [storage('strategy: csi-snapshot'), { snapshotClasses: [{ name: 's', driver: 'other' }] }, 'No snapshot class has the driver'],
    [storage('strategy: csi-snapshot\npersistentVolume:\n  storageClass: block'), { storageClasses: [local, expandable] }, 'ebs.csi.aws.com'],
    [storage('strategy: csi-snapshot'), { snapshotClasses: [{ name: 's', driver: 'rancher.io/local-path' }] }, undefined],
    [storage('strategy: persistent'), {}, undefined],
    ['replicas: 1\n', {}, undefined],
  ],
  'LOCO-VA-06': [
    [guest('imagePullPolicy: Never\ntag: abc'), {}, 'No node has compose-emulator-0:abc, and the policy Never'],
    [guest('tag: abc'), {}, 'without imageRepo'],
    [
      `imageRepo: ghcr.io/acme\n${guest('imagePullPolicy: Never\ntag: abc')}`,
      { nodes: [node('a', { images: ['docker.io/library/compose-emulator-0:abc'] })] },
      'ghcr.io/acme/compose-emulator-0:abc',
    ],
    [guest('imagePullPolicy: Never\ntag: abc'), { nodes: [node('a', { images: ['docker.io/library/compose-emulator-0:abc'] })] }, undefined],
    [`imageRepo: ghcr.io/acme\n${guest('tag: abc')}`, {}, undefined],
    // Bootstrap gives the tag and loads the image itself.
    [guest('imagePullPolicy: Never'), {}, undefined],
  ],
  'LOCO-VA-07': [
    [guest('tag: latest'), undefined, 'hides which build runs', 'error'],
    [guest('tag: "latest"'), undefined, 'hides which build runs', 'error'],
    [guest("image: a\ntag: 'latest'"), undefined, 'emulator.tag', 'error'],
    [guest('tag: ""'), undefined, undefined],
    [guest('tag: latest-2'), undefined, undefined],
    [guest('tag: v1'), undefined, undefined],
  ],
  'LOCO-VA-08': [
    [guest('resources:\n  limits:\n    memory: 256Mi'), undefined, 'must be 288Mi'],
    [guest('memoryMiB: 512\nresources:\n  limits:\n    memory: 512Mi'), undefined, 'must be 672Mi'],
    [guest('memoryMiB: 32\nresources:\n  limits:\n    memory: 100Mi'), undefined, 'must be 192Mi'],
    [guest('resources:\n  limits:\n    memory: 288Mi'), undefined, undefined],
    [guest('resources:\n  limits:\n    memory: 1Gi'), undefined, undefined],
    [guest('memoryMiB: 512'), undefined, undefined],
  ],
  'LOCO-VA-09': [
    [guest('memoryMiB: 513'), undefined, 'does not start with 513 MiB'],
    [guest('memoryMiB: 1024'), undefined, 'does not start with 1024 MiB'],
    [guest('memoryMiB: 2048\nresources:\n  limits:\n    memory: 1Gi'), undefined, 'does not start'],
    [guest('memoryMiB: 512'), undefined, undefined],
    [guest('memoryMiB: 8'), undefined, undefined],
    ['replicas: 1\n', undefined, undefined],
  ],
  'LOCO-VA-10': [
    [`replicas: 9\n${guest('resources:\n  requests:\n    cpu: 1')}`, {}, 'the nodes offer 4 CPUs and 8 GiB: 5 stay Pending'],
    [`replicas: 9\n${guest('resources:\n  requests:\n    memory: 2Gi')}`, {}, '5 stay Pending'],
    ['replicas: 50\n', {}, 'stay Pending'],
    ['replicas: 9\n', {}, undefined],
    [`replicas: 9\n${guest('resources:\n  requests:\n    cpu: 1')}`, { nodes: [node('a'), node('b'), node('c')] }, undefined],
    ['replicas: 0\n', {}, undefined],
  ],
  'LOCO-VA-11': [
    [guest('env:\n  GUEST_MAC: "52:54:00:10:00:01"'), undefined, 'All 3 emulators would answer to GUEST_MAC'],
    [guest('env:\n  GUEST_HOSTNAME: LOCO-01'), undefined, 'GUEST_HOSTNAME LOCO-01'],
    [`replicas: 1\n${guest('env:\n  GUEST_MAC: "52:54:00:12:34:56"')}`, undefined, 'is the address of every QEMU'],
    [`replicas: 1\n${guest('env:\n  GUEST_MAC: "52:54:00:10:00:01"')}`, undefined, undefined],
    [guest('env:\n  WORKGROUP: LOCOLAND'), undefined, undefined],
    ['replicas: 9\n', undefined, undefined],
  ],
  'LOCO-VA-12': [
    [guest('healthPort: 5901'), undefined, 'The health port 5901'],
    [guest('healthPort: 9000\nservicePort: 9000'), undefined, 'The health port 9000'],
    [guest('servicePort: 8080'), undefined, 'The health port 8080'],
    ['hub:\n  lanPort: 8080\n', undefined, 'The health port 8080 of the hub'],
    [guest('healthPort: 9000'), undefined, undefined],
    [guest('servicePort: 5900'), undefined, undefined],
    ['replicas: 1\n', undefined, undefined],
  ],
  'LOCO-VA-14': [
    [storage('class: standard'), undefined, 'today it is storage.persistentVolume.storageClass', 'error'],
    ['nfs:\n  enabled: true\n', undefined, 'There is no NFS server', 'error'],
    [guest('diskPVC: win98-disk'), undefined, 'each gets its own', 'error'],
    [guest('kvm:\n  hostPath: /dev/kvm'), undefined, 'device plugin', 'error'],
    [guest('replicas: 3'), undefined, 'today it is replicas', 'error'],
    [guest('image: compose-emulator-0'), undefined, undefined],
    [storage('persistentVolume:\n  storageClass: standard'), undefined, undefined],
    ['networkPolicy:\n  enabled: false\n', undefined, undefined],
  ],
  'LOCO-VA-15': [
    [guest('env:\n  QEMU_MEMORY: "64"'), undefined, 'The chart sets QEMU_MEMORY itself', 'error'],
    [guest('env:\n  POD_NAME: a'), undefined, 'The chart sets POD_NAME itself', 'error'],
    [guest('env:\n  A: b\n  HEALTH_PORT: "1"'), undefined, 'HEALTH_PORT', 'error'],
    [guest('env:\n  QEMU_SMP: "1"'), undefined, undefined],
    [guest('env: {}'), undefined, undefined],
    [guest('env:\n  LOCO_BASE_CHANGED: fresh'), undefined, undefined],
  ],
  'LOCO-VA-16': [
    [guest('nodeSelector:\n  disk: ssd'), {}, 'No schedulable node has the label disk=ssd'],
    [guest('kvm:\n  enabled: true'), {}, 'No schedulable node offers devices.kubevirt.io/kvm'],
    [guest('nodeSelector:\n  kubernetes.io/hostname: z'), {}, 'Nodes have a'],
    [guest('nodeSelector:\n  kubernetes.io/hostname: a'), {}, undefined],
    [guest('kvm:\n  enabled: true'), { nodes: [node('a', { allocatable: { cpu: 4, memory: 2 ** 33, devices: ['devices.kubevirt.io/kvm'] } })] }, undefined],
    [guest('nodeSelector: {}'), {}, undefined],
  ],
  'LOCO-VA-17': [
    [guest('memoryMiB: 64'), deployed(), 're-creates 3 of 3 emulators'],
    [storage('strategy: csi-snapshot'), deployed(), 're-creates 3 of 3 emulators'],
    [`replicas: 2\n${guest('image: other')}`, deployed({}, 9), 're-creates 2 of 9 emulators'],
    ['replicas: 5\n', deployed(), 'grows from 3 to 5 emulators'],
    [`replicas: 1\n${storage('strategy: ephemeral')}`, deployed({ 'storage.strategy': 'ephemeral' }), 'shrinks from 3 to 1 emulators'],
    ['replicas: 3\n', deployed(), undefined],
    [guest('servicePort: 5900'), deployed(), undefined],
    [guest('memoryMiB: 64'), {}, undefined],
    // The tag that Bootstrap gave is no change of the file.
    ['replicas: 3\n', deployed({ 'emulator.tag': 'abc', 'emulator.kvm.enabled': true }), undefined],
  ],
  'LOCO-VA-19': [
    ['namespace: loco\n', undefined, 'has no effect', 'error'],
    ['namespace: ""\n', undefined, 'has no effect', 'error'],
    ['replicas: 1\n', { release: 'a'.repeat(39) }, 'has 39 letters', 'error'],
    ['replicas: 1\n', { release: 'a'.repeat(38) }, undefined],
    ['replicas: 1\n', undefined, undefined],
    [guest('image: namespace'), undefined, undefined],
  ],
}

describe('values: rules of our chart', () => {
  let chart: Chart
  before(async () => {
    chart = await ourChart()
  })

  for (const [code, rows] of Object.entries(tables)) {
    describe(code, () => {
      for (const [text, facts, tells, severity] of rows) {
        it(`${JSON.stringify(text)} → ${tells ?? 'fine'}`, () => {
          const known = typeof facts === 'function' ? facts(chart) : facts
          const view = given({ text, chart, ...(known === undefined ? {} : { facts: known }) })
          assert.equal(view.document.broken, false)
          const { problems } = check(view)
          const found = problems.filter((problem) => problem.code === code)
          if (tells === undefined)
            return assert.deepEqual(
              found.map(({ message }) => message),
              [],
            )
          assert.equal(found.length, 1, JSON.stringify(problems.map((problem) => [problem.code, problem.message])))
          assert.ok(found[0]?.message.includes(tells), found[0]?.message)
          assert.equal(found[0]?.severity, severity ?? rules.find((rule) => rule.code === code)?.severity)
          // One mistake, one problem: nothing else is said of the same place.
          const same = problems.filter(({ range, severity: other }) => range.start === found[0]?.range.start && (other === 'error' || other === 'warning'))
          assert.ok(same.length <= 1, JSON.stringify(same.map((problem) => [problem.code, problem.message])))
        })

        if (tells === undefined) continue
        it(`${JSON.stringify(text)}: what mends it, mends it`, () => {
          const known = typeof facts === 'function' ? facts(chart) : facts
          const commented = `# first\n${text}# last\n`
          const view = given({ text: commented, chart, ...(known === undefined ? {} : { facts: known }) })
          const { problems } = check(view)
          const problem = problems.find((one) => one.code === code)
          assert.ok(problem)
          const fixes = fixesFor(view, problem)
          for (const { title, edits } of fixes) {
            const after = applied(commented, edits)
            const then = withText(view, after)
            assert.equal(then.document.broken, false, `${title}: ${after}`)
            assert.ok(!check(then).problems.some((one) => one.code === code && one.message === problem.message), `${title}: ${after}`)
            assert.match(after, /^(?:# loco-disable-file .*\n)?# first\n/, title)
            assert.match(after, /# last\n/, title)
          }
          const preferred = fixes.filter((fix) => fix.preferred)
          assert.ok(preferred.length <= 1, 'one fix at most is preferred')
          for (const { title, edits } of preferred) {
            const after = withText(view, applied(commented, edits))
            const before = problems.map((one) => `${one.code} ${String(one.path)}`)
            const fresh = check(after).problems.filter((one) => one.severity !== 'info' && !before.includes(`${one.code} ${String(one.path)}`))
            assert.deepEqual(
              fresh.map((one) => `${one.code} ${one.message}`),
              [],
              title,
            )
          }
        })
      }
    })
  }

  it('every rule over values has a table', () => {
    const elsewhere = ['LOCO-VA-03', 'LOCO-VA-04', 'LOCO-VA-18']
    const missing = rules.map(({ code }) => code).filter((code) => !(code in tables) && !elsewhere.includes(code))
    assert.deepEqual(missing, [])
  })

  it('every table has at least three good and three bad inputs', () => {
    for (const [code, rows] of Object.entries(tables)) {
      const bad = rows.filter(([, , tells]) => tells !== undefined).length
      assert.ok(bad >= 3 && rows.length - bad >= 3, `${code}: ${bad} bad, ${rows.length - bad} good`)
    }
  })
})

describe('values: node ports', () => {
  const text = 'backend:\n  nodePort: 30001\nfrontend:\n  nodePort: 30001\n'
  const chart = { ...otherChart('backend: {}\nfrontend: {}\n', {}), ours: true }
  const told = (facts: Partial<ClusterFacts> | undefined, values = text): string[] =>
    check(given({ text: values, chart, ...(facts === undefined ? {} : { facts }) })).problems.flatMap(({ code, message }) =>
      code === 'LOCO-VA-12' ? [message] : [],
    )

  it('two values with one port', () => assert.deepEqual(told(undefined), ['The node port 30001 is asked for by backend.nodePort, too.']))
  it('a port of somebody else', () =>
    assert.deepEqual(told({ nodePorts: new Map([[30001, 'web/shop']]) }, 'backend:\n  nodePort: 30001\n'), [
      'The node port 30001 belongs to the Service web/shop.',
    ]))
  it('a port of our own release', () =>
    assert.deepEqual(told({ nodePorts: new Map([[30001, 'loco/loco-loco-backend']]) }, 'backend:\n  nodePort: 30001\n'), []))
  it('Services that cannot be read', () => {
    const { unchecked } = check(given({ text: 'backend:\n  nodePort: 30001\n', chart, facts: clusterOf({ nodePorts: undefined }) }))
    assert.ok(unchecked.some(({ code, reason }) => code === 'LOCO-VA-12' && reason === 'the Services of the cluster cannot be read'))
  })
})
