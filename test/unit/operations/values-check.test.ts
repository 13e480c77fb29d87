import assert from 'node:assert/strict'
import { join } from 'node:path'
import { packageRoot } from '../../../src/base/package-root.ts'
import { disk } from '../../../src/operations/chart-disk.ts'
import { layerOf, valuesErrors } from '../../../src/operations/values-check.ts'
import type { ClusterFacts } from '../../../src/values/types.ts'

type Layer = string | Readonly<Record<string, unknown>>
const chart = join(packageRoot(), 'helm', 'loco-chart')

/** Errors as `file:line code` of files with these texts, and layers of values between them. */
async function errors(layers: readonly (readonly [file: string, text: string] | Record<string, unknown>)[], facts?: ClusterFacts): Promise<string[]> {
  const texts = new Map(layers.flatMap((layer) => (Array.isArray(layer) ? [layer as [string, string]] : [])))
  const read = async (path: string): Promise<string> => texts.get(path) ?? disk.read(path)
  const names = layers.map((layer): Layer => (Array.isArray(layer) ? (layer[0] as string) : (layer as Record<string, unknown>)))
  const found = await valuesErrors({ chart, layers: names, facts, fs: { ...disk, read } })
  return found.map(({ finding, where }) => `${where} ${finding.code}`)
}

describe('the values files of a Bootstrap', () => {
  const cases: [what: string, layers: Parameters<typeof errors>[0], expected: string[]][] = [
    ['no file', [{ replicas: 2 }], []],
    ['right values', [['/a', 'replicas: 2\n']], []],
    ['an error at its line', [['/a', '# mine\nreplica: 2\n']], ['/a:2 LOCO-VA-02']],
    [
      'all errors at once',
      [
        ['/a', 'replica: 2\n'],
        ['/b', 'storage: {persistentVolume: {size: 10GB}}\n'],
      ],
      ['/a:1 LOCO-VA-02', '/b:1 LOCO-ST-03'],
    ],
    [
      'what a later file puts right is none',
      [
        ['/a', 'replicas: many\n'],
        ['/b', 'replicas: 2\n'],
      ],
      [],
    ],
    ['what an option puts right is none', [['/a', 'storage: {strategy: floppy}\n'], { storage: { strategy: 'ephemeral' } }], []],
    ['the same key twice stays wrong', [['/a', 'replicas: 1\nreplicas: 2\n'], { replicas: 3 }], ['/a:2 LOCO-VA-01']],
    ['a file that is not there is left to helm', [['/a', 'replicas: 1\n'], '/nowhere' as never], []],
    ['advice is no error', [['/a', 'emulator: {resources: {limits: {memory: 999Gi}}}\n']], []],
  ]
  for (const [what, layers, expected] of cases) it(what, async () => assert.deepEqual(await errors(layers), expected))

  it('an image that the node does not have yet is none: Bootstrap brings it later', async () => {
    const node = { name: 'a', schedulable: true, labels: {}, allocatable: { cpu: 9, memory: 2 ** 40, devices: [] }, images: [] }
    const none = { snapshotClasses: [], claims: [], namespaces: [], nodePorts: new Map<number, string>(), deployed: undefined }
    const storageClasses = [{ name: 'standard', isDefault: true, provisioner: 'p', binding: 'Immediate', expandable: true } as const]
    const facts: ClusterFacts = { context: 'c', kind: 'native', nodes: [node], storageClasses, ...none, namespace: 'loco', release: 'loco' }
    assert.deepEqual(await errors([['/a', 'emulator: {imagePullPolicy: Never}\n']], facts), [])
    assert.deepEqual(await errors([['/a', 'storage: {persistentVolume: {storageClass: fast}}\n']], facts), ['/a:1 LOCO-ST-12'])
    // The examples of the original notes are taken as they are written, whatever becomes of /tmp there; Bootstrap warns.
    const notes = [
      'storage: {strategy: hostpath, hostPath: {sharedDirectory: /tmp/loco-art-shared, createIfNotExists: true}}\n',
      'storage: {strategy: hybrid, hostPath: {sharedDirectory: /tmp/loco-art-shared}, persistentVolume: {size: 10Gi, storageClass: standard}}\n',
    ]
    for (const kind of ['native', 'minikube', 'kind'] as const) {
      for (const text of notes)
        assert.deepEqual(await errors([{ storage: { hostPath: { createdBy: 'bootstrap' } } }, ['/notes', text]], { ...facts, kind }), [])
    }
  })
})

describe('values of --set as a layer', () => {
  const cases: [set: string[], layer: Record<string, unknown> | undefined][] = [
    [[], {}],
    [['replicas=3'], { replicas: 3 }],
    [['emulator.kvm.enabled=true', 'emulator.tag=a1'], { emulator: { kvm: { enabled: true }, tag: 'a1' } }],
    [['a=null', 'a.b=1'], { a: { b: 1 } }],
    [['imageRepo=example.org:5000/loco'], { imageRepo: 'example.org:5000/loco' }],
    [['a=1,b=2'], undefined],
    [['list[0]=1'], undefined],
    [['a={x,y}'], undefined],
    [['a\\.b=1'], undefined],
    [['__proto__.x=1'], undefined],
    [['nonsense'], undefined],
  ]
  for (const [set, layer] of cases) it(set.join(' ') || 'none', () => assert.deepEqual(layerOf(set), layer))
})
