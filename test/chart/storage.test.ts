import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { V1Job, V1PersistentVolume, V1PersistentVolumeClaim, V1StatefulSet } from '@kubernetes/client-node'
import type { Helm } from '../../src/chart/helm.ts'
import { nameOf, type RenderedObject } from '../../src/chart/manifest.ts'
import { podSpecOf, restrictedViolations } from '../../src/chart/pod-security.ts'
import { chart, realHelm } from './real-helm.ts'

const allOf = <T>(objects: readonly RenderedObject[], kind: string): T[] => objects.filter((object) => object.kind === kind) as T[]
const one = <T>(objects: readonly RenderedObject[], kind: string): T => {
  const found = allOf<T>(objects, kind)
  assert.equal(found.length, 1, `${kind}: ${found.length}`)
  return found[0] as T
}
const storage = (values: Record<string, unknown>): Record<string, unknown> => ({ replicas: 2, storage: values })
const isHook = (object: RenderedObject): boolean => object.kind === 'Job'

describe('chart: storage strategies', () => {
  let helm: Helm
  before(function () {
    helm = realHelm(this)
  })
  const render = (values: Record<string, unknown>, namespace = 'toys', release = 'loco'): Promise<RenderedObject[]> =>
    helm.render({ chart, release, namespace, values: [values] })

  const made: [strategy: string, template: string | undefined, more: string[]][] = [
    ['ephemeral', undefined, []],
    ['persistent', 'disk', []],
    [
      'hostpath',
      'hostdisk',
      [
        'Job/toys-loco-loco-storage-init',
        'PersistentVolume/toys.loco-loco.art-cfb79d58',
        'PersistentVolume/toys.loco-loco.disk-0',
        'PersistentVolume/toys.loco-loco.disk-1',
        'PersistentVolumeClaim/loco-loco-art-cfb79d58',
      ],
    ],
    ['hybrid', 'disk', ['Job/toys-loco-loco-storage-init', 'PersistentVolume/toys.loco-loco.art-cfb79d58', 'PersistentVolumeClaim/loco-loco-art-cfb79d58']],
    ['csi-snapshot', 'disk', ['VolumeSnapshot/loco-loco-before-0', 'VolumeSnapshot/loco-loco-before-1']],
  ]
  for (const [strategy, template, more] of made) {
    it(`${strategy}: what is made, and nothing but the hook touches the node`, async () => {
      const objects = await render(storage({ strategy, csiSnapshot: { states: ['before'] } }))
      const common = [
        'ConfigMap/loco-loco-instances',
        'NetworkPolicy/loco-loco-emulator',
        'NetworkPolicy/loco-loco-test',
        'Pod/loco-loco-test',
        'Role/loco-loco-fleet',
        'Service/loco-loco-emulator',
        'ServiceAccount/loco-loco-emulator',
        'StatefulSet/loco-loco-emulator',
      ]
      assert.deepEqual(objects.map(nameOf).sort(), [...common, ...more].sort())
      const { spec } = one<V1StatefulSet>(objects, 'StatefulSet')
      assert.deepEqual(
        (spec!.volumeClaimTemplates ?? []).map(({ metadata }) => metadata!.name),
        template === undefined ? [] : [template],
      )
      const { containers, volumes } = spec!.template.spec!
      assert.ok(containers[0]!.volumeMounts!.some(({ name, mountPath }) => name === (template ?? 'disk') && mountPath === '/images'))
      assert.equal(containers[0]!.env!.find(({ name }) => name === 'IMAGES_PERSISTENT')!.value, String(strategy !== 'ephemeral'))
      assert.ok(volumes!.every((volume) => volume.hostPath === undefined))
      assert.deepEqual(restrictedViolations(objects.filter((object) => !isHook(object))), [])
    })
  }

  it('hostpath: each emulator has a folder and a volume of its own, bound to its claim from the start', async () => {
    const objects = await render(
      storage({ strategy: 'hostpath', hostPath: { sharedDirectory: '/srv/loco', node: 'node-a' }, persistentVolume: { size: '3Gi' } }),
    )
    const volumes = allOf<V1PersistentVolume>(objects, 'PersistentVolume')
    assert.deepEqual(
      volumes.map(({ spec }) => [spec!.hostPath!.path, spec!.hostPath!.type, spec!.claimRef!.name]),
      [
        ['/srv/loco/art', 'DirectoryOrCreate', one<V1PersistentVolumeClaim>(objects, 'PersistentVolumeClaim').metadata!.name],
        ['/srv/loco/disks/toys/loco/0', 'Directory', 'hostdisk-loco-loco-emulator-0'],
        ['/srv/loco/disks/toys/loco/1', 'Directory', 'hostdisk-loco-loco-emulator-1'],
      ],
    )
    for (const { spec } of volumes) {
      assert.equal(spec!.claimRef!.namespace, 'toys')
      assert.equal(spec!.storageClassName, '')
      assert.equal(spec!.persistentVolumeReclaimPolicy, 'Retain')
      assert.deepEqual(spec!.nodeAffinity!.required!.nodeSelectorTerms, [
        { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node-a'] }] },
      ])
    }
    const [claim] = one<V1StatefulSet>(objects, 'StatefulSet').spec!.volumeClaimTemplates!
    assert.deepEqual([claim!.spec!.storageClassName, claim!.spec!.resources!.requests!['storage']], ['', '3Gi'])
    assert.equal(one<V1Job>(objects, 'Job').spec!.template.spec!.nodeSelector!['kubernetes.io/hostname'], 'node-a')
  })

  it('volumes of two releases never have one name', async () => {
    const names = async (namespace: string, release: string): Promise<string[]> =>
      allOf<V1PersistentVolume>(await render(storage({ strategy: 'hostpath' }), namespace, release), 'PersistentVolume').map(({ metadata }) => metadata!.name!)
    const all = [...(await names('a', 'b-c')), ...(await names('a-b', 'c')), ...(await names('a', 'b'))]
    assert.equal(new Set(all).size, all.length)
  })

  it('another shared folder is another volume and another claim, because a volume cannot change', async () => {
    const claimOf = async (sharedDirectory: string): Promise<string> =>
      one<V1PersistentVolumeClaim>(await render(storage({ strategy: 'hybrid', hostPath: { sharedDirectory } })), 'PersistentVolumeClaim').metadata!.name!
    assert.notEqual(await claimOf('/srv/a'), await claimOf('/srv/b'))
  })

  for (const strategy of ['hostpath', 'hybrid']) {
    it(`${strategy}: emulators read what they share, and a step before them fills it`, async () => {
      const pod = podSpecOf(one<RenderedObject>(await render(storage({ strategy })), 'StatefulSet'))!
      assert.deepEqual(
        pod.initContainers!.map(({ name, args, volumeMounts }) => [name, args, volumeMounts!.map(({ mountPath, readOnly = false }) => [mountPath, readOnly])]),
        [
          [
            'art',
            ['art'],
            [
              ['/art', false],
              ['/run/loco', false],
            ],
          ],
        ],
      )
      assert.equal(pod.containers[0]!.volumeMounts!.find(({ mountPath }) => mountPath === '/art')!.readOnly, true)
      assert.equal(pod.initContainers![0]!.image, pod.containers[0]!.image)
    })
  }

  describe('the hook that makes the folders', () => {
    const job = async (hostPath: Record<string, unknown>, strategy = 'hostpath'): Promise<V1Job | undefined> =>
      allOf<V1Job>(await render(storage({ strategy, hostPath })), 'Job')[0]

    it('runs before an installation and an upgrade, mounts that folder alone, and goes', async () => {
      const { metadata, spec } = (await job({ sharedDirectory: '/srv/loco' }))!
      assert.deepEqual(metadata!.annotations, {
        'helm.sh/hook': 'pre-install,pre-upgrade',
        'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
      })
      const pod = spec!.template.spec!
      assert.deepEqual(
        pod.volumes!.map(({ hostPath }) => hostPath?.path),
        ['/srv/loco'],
      )
      const [container] = pod.containers
      assert.equal(container!.securityContext!.privileged, undefined)
      assert.deepEqual(container!.securityContext!.capabilities, { drop: ['ALL'], add: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'] })
      assert.ok(!JSON.stringify(container).includes('777'))
      // The names go in as variables, never into the text of the program.
      assert.ok(!container!.args![0]!.includes('toys'))
    })

    const absent: [name: string, hostPath: Record<string, unknown>][] = [
      ['nobody is to touch the node', { createIfNotExists: false }],
      ['Bootstrap makes them', { createdBy: 'bootstrap' }],
    ]
    for (const [name, hostPath] of absent) it(`is left out when ${name}`, async () => assert.equal(await job(hostPath), undefined))
    for (const strategy of ['ephemeral', 'persistent', 'csi-snapshot'])
      it(`is left out with ${strategy}`, async () => assert.equal(await job({}, strategy), undefined))

    it('can run in a namespace that allows it', async () => assert.equal((await job({ hookNamespace: 'node-work' }))!.metadata!.namespace, 'node-work'))
  })

  const notes: [name: string, values: Record<string, unknown>][] = [
    ['hostpath', { storage: { strategy: 'hostpath', hostPath: { sharedDirectory: '/tmp/loco-art-shared', createIfNotExists: true } } }],
    [
      'hybrid',
      { storage: { strategy: 'hybrid', hostPath: { sharedDirectory: '/tmp/loco-art-shared' }, persistentVolume: { size: '10Gi', storageClass: 'standard' } } },
    ],
  ]
  for (const [name, values] of notes) {
    it(`the example of the notes for ${name} is taken as it is written`, async () => {
      const messages = await helm.lint({ chart, release: 'loco', namespace: 'loco', values: [values] })
      assert.deepEqual(
        messages.filter(({ severity }) => severity !== 'info'),
        [],
      )
      assert.ok((await render(values)).some(({ kind }) => kind === 'PersistentVolume'))
    })
  }

  for (const [overlay, strategy] of [
    ['values-minikube-hostpath.yaml', 'hostdisk'],
    ['values-minikube-hybrid.yaml', 'disk'],
  ] as const) {
    it(`${overlay} lies on a folder that survives a restart of the node`, async () => {
      const objects = await helm.render({ chart, release: 'loco', namespace: 'loco', values: [join(chart, overlay)] })
      for (const { spec } of allOf<V1PersistentVolume>(objects, 'PersistentVolume')) assert.match(spec!.hostPath!.path, /^\/data\//)
      assert.equal(one<V1StatefulSet>(objects, 'StatefulSet').spec!.volumeClaimTemplates![0]!.metadata!.name, strategy)
    })
  }
})
