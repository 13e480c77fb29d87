import assert from 'node:assert/strict'
import { checkManifest } from '../../../../src/values/check-manifest.ts'
import { manifestRules } from '../../../../src/values/manifest-rules/registry.ts'
import type { ClusterFacts } from '../../../../src/values/types.ts'
import { clusterOf, local, node } from './given.ts'

const secure = '{ runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: RuntimeDefault } }'
const ownRights = '{ allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }'

/** A StatefulSet of emulators. Pieces are YAML in braces. */
interface Emulator {
  replicas?: number
  pod?: string
  volumes?: string
  mounts?: string
  container?: string
  templates?: string
  retention?: string
  init?: string
  name?: string
}
const emulator = ({
  replicas = 3,
  pod = '',
  volumes = '[]',
  mounts = '[]',
  container = '',
  templates = '',
  retention = 'whenScaled: Retain',
  init = '',
  name = 'loco-loco-emulator',
}: Emulator): string => `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ${name} }
spec:
  replicas: ${replicas}
  ${templates === '' ? '' : `volumeClaimTemplates: [{ metadata: { name: disk }, spec: ${templates} }]`}
  ${templates === '' || retention === '' ? '' : `persistentVolumeClaimRetentionPolicy: { ${retention} }`}
  template:
    metadata: { labels: { app.kubernetes.io/component: emulator } }
    spec:
      securityContext: ${secure}
      ${init === '' ? '' : `initContainers: [{ name: init, image: i, securityContext: ${ownRights}, ${init} }]`}
      volumes: ${volumes}
      containers: [{ name: emulator, image: i, securityContext: ${ownRights}, volumeMounts: ${mounts}${container === '' ? '' : `, ${container}`} }]
${pod.replaceAll(/^(?=.)/gm, '      ')}
`
const claim = (modes: string, more = ''): string => `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: shared }
spec: { accessModes: [${modes}], resources: { requests: { storage: 10Gi } }${more} }
`
const volume = (spec: string, name = 'loco-loco-art'): string => `
apiVersion: v1
kind: PersistentVolume
metadata: { name: ${name} }
spec: { ${spec} }
`
const service = (name: string, ports: string): string => `
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { ports: [${ports}] }
`
const hostPath = (more: string, readOnly = false): Emulator => ({
  volumes: `[{ name: art, hostPath: { path: /data/art${more} } }]`,
  mounts: `[{ name: art, mountPath: /art, readOnly: ${readOnly} }]`,
})
const usesClaim = (more = '', readOnly = false): Emulator => ({
  volumes: `[{ name: disk, persistentVolumeClaim: { claimName: shared } }]`,
  mounts: `[{ name: disk, mountPath: /images, readOnly: ${readOnly}${more} }]`,
})
const disk = '{ accessModes: [ReadWriteOnce], resources: { requests: { storage: 10Gi } } }'
const affinity = 'nodeAffinity: { required: { nodeSelectorTerms: [] } }'
const imagesOn = (volume: string): Emulator => ({ volumes: `[{ name: disk, ${volume} }]`, mounts: '[{ name: disk, mountPath: /images }]' })

/** [manifests, what is told (`undefined`: nothing of this code), facts] */
type Row = [manifests: string[], tells: string | undefined, facts?: Partial<ClusterFacts>]

const tables: Record<string, Row[]> = {
  'LOCO-ST-06': [
    [[emulator(hostPath(''))], 'without a type'],
    [[emulator(hostPath(', type: FileOrCreate'))], 'FileOrCreate'],
    [[volume('hostPath: { path: /data/art }')], 'without a type'],
    [[emulator(hostPath(', type: Directory', true))], undefined],
    [[volume('hostPath: { path: /data/art, type: DirectoryOrCreate }')], undefined],
    [[emulator(imagesOn('emptyDir: {}'))], undefined],
  ],
  'LOCO-ST-10': [
    [[emulator(hostPath(', type: DirectoryOrCreate'))], 'cannot write /data/art'],
    [[emulator({ init: 'command: [sh, -c, "mkdir -p /x && chmod -R 777 /x"]' })], 'chmod 777'],
    [[emulator({ init: 'command: [sh, -c], args: ["chmod 0777 /x"]' })], 'chmod 777'],
    [[emulator(hostPath(', type: DirectoryOrCreate', true))], undefined],
    [[emulator({ init: 'command: [sh, -c, "chmod 750 /x"]' })], undefined],
    [[emulator(hostPath(', type: Directory'))], undefined],
  ],
  'LOCO-ST-11': [
    [[emulator(hostPath(', type: Directory', true))], 'enforces restricted', { namespaces: [{ name: 'loco', podSecurity: 'restricted' }] }],
    [[emulator(hostPath(', type: Directory', true))], 'enforces baseline', { namespaces: [{ name: 'loco', podSecurity: 'baseline' }] }],
    [[emulator(hostPath(''))], 'enforces baseline', { namespaces: [{ name: 'loco', podSecurity: 'baseline' }] }],
    [[emulator(hostPath(', type: Directory', true))], undefined, {}],
    [[emulator(usesClaim())], undefined, { namespaces: [{ name: 'loco', podSecurity: 'restricted' }] }],
    [[volume('hostPath: { path: /data/art, type: Directory }')], undefined, { namespaces: [{ name: 'loco', podSecurity: 'restricted' }] }],
  ],
  'LOCO-ST-13': [
    [[claim('ReadWriteMany')], 'ReadWriteMany cannot be had', {}],
    [[emulator({ templates: '{ accessModes: [ReadWriteMany] }' })], 'ReadWriteMany cannot be had', {}],
    [
      [claim('ReadWriteMany', ', storageClassName: standard')],
      'does not enforce',
      { storageClasses: [{ ...local, name: 'standard', provisioner: 'k8s.io/minikube-hostpath' }] },
    ],
    [[claim('ReadWriteOnce')], undefined, {}],
    [[claim('ReadWriteMany', ', storageClassName: nfs')], undefined, { storageClasses: [{ ...local, name: 'nfs', provisioner: 'nfs.csi.k8s.io' }] }],
    [[claim('ReadWriteMany', ', storageClassName: gone')], undefined, {}],
  ],
  'LOCO-ST-14': [
    [[claim('ReadWriteOnce'), emulator(usesClaim())], 'share the claim shared'],
    [[claim('ReadWriteOnce'), emulator({ ...usesClaim(), replicas: 9 })], 'share the claim shared'],
    [[claim('ReadWriteOnce, ReadOnlyMany'), emulator(usesClaim())], 'share the claim shared'],
    [[claim('ReadWriteOnce'), emulator({ ...usesClaim(), replicas: 1 })], undefined],
    [[claim('ReadWriteOnce'), emulator(usesClaim('', true))], undefined],
    [[emulator({ templates: disk, mounts: '[{ name: disk, mountPath: /images }]' })], undefined],
  ],
  'LOCO-ST-15': [
    [[emulator(hostPath(', type: Directory'))], 'write the same /art'],
    [[claim('ReadWriteMany'), emulator(usesClaim())], 'write the same /images'],
    [[emulator(imagesOn('nfs: { server: a, path: / }'))], 'write the same /images'],
    [[claim('ReadWriteMany'), emulator(usesClaim(', subPathExpr: $(POD_NAME)'))], undefined],
    [[emulator(hostPath(', type: Directory', true))], undefined],
    [[emulator({ ...hostPath(', type: Directory'), replicas: 1 })], undefined],
  ],
  'LOCO-ST-16': [
    [[emulator({ templates: disk, pod: 'nodeName: a' })], 'names the node a'],
    [[claim('ReadWriteOnce'), emulator({ ...usesClaim(), replicas: 1, pod: 'nodeName: b' })], 'names the node b'],
    [[emulator({ templates: disk, pod: 'nodeName: a' })], 'names the node a', {}],
    [[emulator({ templates: disk, pod: 'nodeName: a' })], undefined, { storageClasses: [{ ...local, binding: 'Immediate' }] }],
    [[emulator({ templates: disk, pod: 'nodeSelector: { kubernetes.io/hostname: a }' })], undefined],
    [[emulator({ pod: 'nodeName: a' })], undefined],
  ],
  'LOCO-ST-17': [
    [[volume('capacity: { storage: 1Gi }', 'win98-disk-pv')], 'a second release would collide'],
    [[volume('claimRef: { namespace: other, name: shared }')], 'is kept for a claim in other'],
    [[volume('accessModes: [ReadWriteOnce], capacity: { storage: 1Gi }'), claim('ReadWriteOnce', ', volumeName: loco-loco-art')], 'smaller than the claim'],
    [
      [volume('accessModes: [ReadOnlyMany], capacity: { storage: 10Gi }'), claim('ReadWriteOnce', ', volumeName: loco-loco-art')],
      'does not offer ReadWriteOnce',
    ],
    [[volume('storageClassName: a, accessModes: [ReadWriteOnce]'), claim('ReadWriteOnce', ', volumeName: loco-loco-art')], 'different storage classes'],
    [
      [volume('claimRef: { namespace: loco, name: disk-loco-loco-emulator-0 }, storageClassName: x'), emulator({ templates: disk })],
      'different storage classes',
    ],
    [
      [
        volume('accessModes: [ReadWriteOnce], capacity: { storage: 10Gi }, claimRef: { namespace: loco, name: shared }'),
        claim('ReadWriteOnce', ', volumeName: loco-loco-art'),
      ],
      undefined,
    ],
    [[volume('capacity: { storage: 1Gi }')], undefined],
    [[claim('ReadWriteOnce')], undefined],
  ],
  'LOCO-ST-18': [
    [[volume('local: { path: /data/art }')], 'is local'],
    [[volume(`local: { path: art }, ${affinity}`)], 'is local'],
    [[volume('local: { path: /data/art }, nodeAffinity: {}')], 'is local'],
    [[volume(`local: { path: /data/art }, ${affinity}`)], undefined],
    [[volume('hostPath: { path: /data/art, type: Directory }')], undefined],
    [[volume('csi: { driver: a, volumeHandle: b }')], undefined],
  ],
  'LOCO-ST-22': [
    [[emulator({ templates: disk, retention: '' })], 'does not say what becomes of its claims'],
    [[emulator({ templates: disk, retention: '', replicas: 1 })], 'loco-loco-emulator'],
    [[emulator({ templates: disk, retention: '', name: 'other' })], 'other does not say'],
    [[emulator({ templates: disk })], undefined],
    [[emulator({})], undefined],
    [[claim('ReadWriteOnce')], undefined],
  ],
  'LOCO-ST-24': [
    [[emulator(imagesOn('emptyDir: { medium: Memory }'))], 'without a sizeLimit'],
    [[emulator({ ...imagesOn('emptyDir: { medium: Memory, sizeLimit: 1Gi }'), container: 'resources: { limits: { memory: 512Mi } }' })], 'may take 1024 MiB'],
    [
      [
        emulator({
          ...imagesOn('emptyDir: { medium: Memory, sizeLimit: 256Mi }'),
          container: 'resources: { limits: { memory: 288Mi } }, env: [{ name: QEMU_MEMORY, value: "128" }]',
        }),
      ],
      'leaves 160 MiB',
    ],
    [
      [
        emulator({
          ...imagesOn('emptyDir: { medium: Memory, sizeLimit: 64Mi }'),
          container: 'resources: { limits: { memory: 288Mi } }, env: [{ name: QEMU_MEMORY, value: "128" }]',
        }),
      ],
      undefined,
    ],
    [[emulator(imagesOn('emptyDir: { medium: Memory, sizeLimit: 64Mi }'))], undefined],
    [[emulator(imagesOn('emptyDir: {}'))], undefined],
  ],
  'LOCO-ST-25': [
    [[emulator(imagesOn('emptyDir: {}'))], 'Missing: sizeLimit, requests.ephemeral-storage, limits.ephemeral-storage'],
    [[emulator(imagesOn('emptyDir: { sizeLimit: 2Gi }'))], 'Missing: requests.ephemeral-storage'],
    [
      [emulator({ ...imagesOn('emptyDir: { sizeLimit: 2Gi }'), container: 'resources: { requests: { ephemeral-storage: 1Gi } }' })],
      'Missing: limits.ephemeral-storage',
    ],
    [
      [
        emulator({
          ...imagesOn('emptyDir: { sizeLimit: 2Gi }'),
          container: 'resources: { requests: { ephemeral-storage: 1Gi }, limits: { ephemeral-storage: 3Gi } }',
        }),
      ],
      undefined,
    ],
    [[emulator({ templates: disk, mounts: '[{ name: disk, mountPath: /images }]' })], undefined],
    [[emulator({ volumes: '[{ name: tmp, emptyDir: {} }]', mounts: '[{ name: tmp, mountPath: /tmp }]' })], undefined],
  ],
  'LOCO-ST-26': [
    [
      [
        emulator({
          volumes: '[{ name: base, hostPath: { path: /data, type: Directory } }]',
          mounts: '[{ name: base, mountPath: /base }]',
          container: 'env: [{ name: DISK, value: /base/win98.qcow2 }]',
        }),
      ],
      'mounted writable',
    ],
    [
      [
        emulator({
          volumes: '[{ name: base, persistentVolumeClaim: { claimName: b } }]',
          mounts: '[{ name: base, mountPath: /base }]',
          container: 'env: [{ name: DISK, value: /base/a/b.qcow2 }]',
        }),
      ],
      'lies on base',
    ],
    [
      [
        emulator({
          volumes: '[{ name: base, emptyDir: {} }]',
          mounts: '[{ name: base, mountPath: /vm }]',
          container: 'env: [{ name: DISK, value: /vm/win98.qcow2 }]',
        }),
      ],
      'mounted writable',
    ],
    [
      [
        emulator({
          volumes: '[{ name: base, persistentVolumeClaim: { claimName: b, readOnly: true } }]',
          mounts: '[{ name: base, mountPath: /base }]',
          container: 'env: [{ name: DISK, value: /base/b.qcow2 }]',
        }),
      ],
      undefined,
    ],
    [[emulator({ ...imagesOn('emptyDir: {}'), container: 'env: [{ name: DISK, value: /images/win98.qcow2 }]' })], undefined],
    [[emulator({ container: 'env: [{ name: DISK, value: "" }]' })], undefined],
  ],
  'LOCO-ST-27': [
    [[emulator({ container: 'env: [{ name: DISK, value: /vm/win98.qcow2 }]' })], 'is in no volume'],
    [[emulator({ ...imagesOn('emptyDir: {}'), container: 'env: [{ name: DISK, value: /images2/win98.qcow2 }]' })], 'is in no volume'],
    [[emulator({ container: 'env: [{ name: DISK, value: win98.qcow2 }]' })], 'is in no volume'],
    [[emulator({ container: 'env: [{ name: DISK, value: /opt/builtin-images/a.qcow2 }]' })], undefined],
    [[emulator({ ...imagesOn('emptyDir: {}'), container: 'env: [{ name: DISK, value: /images/win98.qcow2 }]' })], undefined],
    [[emulator({})], undefined],
  ],
  'LOCO-ST-28': [
    [[emulator({ ...imagesOn('nfs: { server: a, path: / }'), replicas: 1 })], 'network file system'],
    [[emulator({ ...imagesOn('csi: { driver: smb.csi.k8s.io }'), replicas: 1 })], 'network file system'],
    [[volume('nfs: { server: a, path: / }, accessModes: [ReadWriteMany]')], 'network file system'],
    [[volume('nfs: { server: a, path: / }, accessModes: [ReadOnlyMany]')], undefined],
    [[emulator({ volumes: '[{ name: disk, nfs: { server: a, path: / } }]', mounts: '[{ name: disk, mountPath: /images, readOnly: true }]' })], undefined],
    [[volume('csi: { driver: ebs.csi.aws.com, volumeHandle: a }')], undefined],
  ],
  'LOCO-ST-30': [
    [[emulator({ mounts: '[{ name: gone, mountPath: /a }]' })], 'there is no such volume'],
    [
      [emulator({ volumes: '[{ name: a, emptyDir: {} }, { name: b, emptyDir: {} }]', mounts: '[{ name: a, mountPath: /x }, { name: b, mountPath: /x }]' })],
      'one hides the other',
    ],
    [[emulator({ volumes: '[{ name: a, emptyDir: {} }]', mounts: '[{ name: a, mountPath: x }]' })], 'no absolute path'],
    [
      [
        emulator({
          volumes: '[{ name: a, hostPath: { path: /data, type: Directory } }]',
          mounts: '[{ name: a, mountPath: /opt/builtin-images, readOnly: true }]',
        }),
      ],
      'hides /opt/builtin-images',
    ],
    [[emulator({ templates: disk, mounts: '[{ name: disk, mountPath: /images }]' })], undefined],
    [[emulator(imagesOn('emptyDir: {}'))], undefined],
    [
      [emulator({ volumes: '[{ name: a, emptyDir: {} }]', mounts: '[{ name: a, mountPath: /x, subPath: a }, { name: a, mountPath: /y, subPath: b }]' })],
      undefined,
    ],
  ],
  'LOCO-ST-31': [
    [[emulator({ volumes: '[{ name: a, emptyDir: {} }]', mounts: '[{ name: a, mountPath: /opt/builtin-images }]' })], 'no disk to boot'],
    [
      [
        emulator({
          volumes: '[{ name: a, emptyDir: {} }, { name: d, emptyDir: {} }]',
          mounts: '[{ name: a, mountPath: /opt }, { name: d, mountPath: /images }]',
        }),
      ],
      'no disk to boot',
    ],
    [[emulator({ replicas: 1, volumes: '[{ name: a, emptyDir: {} }]', mounts: '[{ name: a, mountPath: /opt/builtin-images }]' })], 'no disk to boot'],
    [
      [
        emulator({
          templates: disk,
          volumes: '[{ name: a, emptyDir: {} }]',
          mounts: '[{ name: a, mountPath: /opt/builtin-images }, { name: disk, mountPath: /images }]',
        }),
      ],
      undefined,
    ],
    [[emulator({ init: 'command: [cp]', volumes: '[{ name: a, emptyDir: {} }]', mounts: '[{ name: a, mountPath: /opt/builtin-images }]' })], undefined],
    [[emulator(imagesOn('emptyDir: {}'))], undefined],
  ],
  'LOCO-ST-33': [
    [[claim('ReadWriteOncePod'), emulator(usesClaim())], 'admits one pod'],
    [[claim('ReadWriteOncePod'), emulator(usesClaim('', true))], 'admits one pod'],
    [[claim('ReadWriteOncePod'), emulator({ ...usesClaim(), replicas: 2 })], 'admits one pod'],
    [[claim('ReadWriteOncePod'), emulator({ ...usesClaim(), replicas: 1 })], undefined],
    [[emulator({ templates: '{ accessModes: [ReadWriteOncePod] }', mounts: '[{ name: disk, mountPath: /images }]' })], undefined],
    [[claim('ReadWriteOnce'), emulator(usesClaim())], undefined],
  ],
  'LOCO-ST-34': [
    [[emulator({ templates: disk, mounts: '[{ name: disk, mountPath: /images, subPath: a }]' })], 'will belong to root'],
    [[claim('ReadWriteMany'), emulator(usesClaim(', subPathExpr: $(POD_NAME)'))], '$(POD_NAME)'],
    [
      [emulator({ volumes: '[{ name: d, persistentVolumeClaim: { claimName: a, readOnly: true } }]', mounts: '[{ name: d, mountPath: /art, subPath: a }]' })],
      'is read only',
    ],
    [
      [
        emulator({
          templates: disk,
          mounts: '[{ name: disk, mountPath: /images, subPath: a }]',
          init: 'command: [mkdir], volumeMounts: [{ name: disk, mountPath: /d }]',
        }),
      ],
      undefined,
    ],
    [[emulator({ volumes: '[{ name: c, configMap: { name: c } }]', mounts: '[{ name: c, mountPath: /a.json, subPath: a.json }]' })], undefined],
    [[emulator({ templates: disk, mounts: '[{ name: disk, mountPath: /images }]' })], undefined],
  ],
  'LOCO-ST-35': [
    [[emulator({ templates: disk }).replace('runAsUser: 10001', 'runAsUser: 10001, fsGroup: 10001')], 'OnRootMismatch'],
    [[emulator({ templates: disk }).replace('runAsUser: 10001', 'runAsUser: 1, fsGroup: 1, fsGroupChangePolicy: Always')], 'OnRootMismatch'],
    [[emulator({ ...usesClaim(), replicas: 1 }).replace('runAsUser: 10001', 'runAsUser: 10001, fsGroup: 10001')], 'OnRootMismatch'],
    [[emulator({ templates: disk }).replace('runAsUser: 10001', 'runAsUser: 1, fsGroup: 1, fsGroupChangePolicy: OnRootMismatch')], undefined],
    [[emulator(imagesOn('emptyDir: {}')).replace('runAsUser: 10001', 'runAsUser: 10001, fsGroup: 10001')], undefined],
    [[emulator({ templates: disk })], undefined],
  ],
  'LOCO-VA-12': [
    [[service('a', '{ port: 80, nodePort: 30001 }'), service('b', '{ port: 80, nodePort: 30001 }')], 'ask for the node port 30001'],
    [[service('a', '{ port: 80 }, { port: 80 }')], 'has the port 80 twice'],
    [[emulator({ container: 'ports: [{ containerPort: 80, hostPort: 80 }]' })], 'ask for the port 80 of their node'],
    [[service('a', '{ port: 80 }'), service('b', '{ port: 80 }')], undefined],
    [[service('a', '{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }')], undefined],
    [[emulator({ replicas: 1, container: 'ports: [{ containerPort: 80, hostPort: 80 }]' })], undefined],
  ],
  'LOCO-VA-13': [
    [[emulator({ pod: 'hostNetwork: true' })], 'hostNetwork'],
    [[emulator({}).replace('allowPrivilegeEscalation: false', 'privileged: true, allowPrivilegeEscalation: false')], 'privileged'],
    [[emulator({}).replace('drop: [ALL]', 'drop: [ALL], add: [NET_ADMIN]')], 'capabilities.add'],
    [[emulator({})], undefined],
    [[emulator({ templates: disk })], undefined],
    [[service('a', '{ port: 80 }')], undefined],
  ],
  'LOCO-VA-19': [
    [[service('a'.repeat(64), '{ port: 80 }')], 'has 64 letters'],
    [[emulator({ name: 'b'.repeat(70) })], 'has 70 letters'],
    [[volume('local: {}', `loco${'c'.repeat(80)}`)], 'has 84 letters'],
    [[service('a'.repeat(63), '{ port: 80 }')], undefined],
    [[emulator({})], undefined],
    [[claim('ReadWriteOnce')], undefined],
  ],
}

describe('values: rules over manifests', () => {
  for (const [code, rows] of Object.entries(tables)) {
    describe(code, () => {
      for (const [index, [manifests, tells, facts]] of rows.entries()) {
        it(`${index + 1}: ${tells ?? 'fine'}`, () => {
          const { findings } = checkManifest(manifests.join('---\n'), 'loco', 'loco', facts === undefined ? undefined : clusterOf(facts))
          const found = findings.filter((finding) => finding.code === code).map(({ message }) => message)
          if (tells === undefined) assert.deepEqual(found, [])
          else assert.ok(found.length === 1 && found[0]?.includes(tells), JSON.stringify(findings))
        })
      }
    })
  }

  it('every rule has a table of at least three good and three bad manifests', () => {
    assert.deepEqual(
      [...new Set(manifestRules.map(({ code }) => code))].filter((code) => !(code in tables)),
      [],
    )
    for (const [code, rows] of Object.entries(tables)) {
      const bad = rows.filter(([, tells]) => tells !== undefined).length
      assert.ok(bad >= 3 && rows.length - bad >= 3, code)
    }
  })

  it('what needs a cluster says so', () => {
    const { unchecked } = checkManifest(emulator({}), 'loco', 'loco')
    assert.deepEqual(unchecked, [
      { code: 'LOCO-ST-11', reason: 'needs a cluster' },
      { code: 'LOCO-ST-13', reason: 'needs a cluster' },
    ])
  })

  it('minikube with a second node cannot do ReadWriteMany', () => {
    const minikube = clusterOf({ nodes: [node('a'), node('b')], storageClasses: [{ ...local, provisioner: 'k8s.io/minikube-hostpath' }] })
    assert.deepEqual(
      checkManifest(claim('ReadWriteMany'), 'loco', 'loco', minikube).findings.map(({ severity }) => severity),
      ['error'],
    )
  })
})
