import assert from 'node:assert/strict'
import { bootstrapValues } from '../../../src/operations/release-values.ts'

type Values = Record<string, unknown>

describe('values of a Bootstrap: where the disks lie stays until somebody says otherwise', () => {
  const layers = (installed: Values | undefined, over: { files?: string[]; storage?: string } = {}): unknown[] =>
    bootstrapValues({
      overlay: '/chart/values-native.yaml',
      imageRef: 'compose-emulator-0:c-a',
      kvm: true,
      folders: 'bootstrap',
      installed,
      files: over.files ?? [],
      storage: over.storage,
      replicas: undefined,
    }).slice(2)

  const cases: [name: string, installed: Values | undefined, kept: unknown[]][] = [
    ['no release', undefined, []],
    ['a release that says nothing of it', { emulator: { tag: 'a' }, storage: { retention: { whenScaled: 'Delete' } } }, []],
    ['a strategy', { storage: { strategy: 'hostpath' } }, [{ storage: { strategy: 'hostpath' } }]],
    [
      'all of it, and nothing that may change',
      {
        replicas: 9,
        storage: {
          strategy: 'hybrid',
          persistentVolume: { size: '3Gi', storageClass: 'fast' },
          hostPath: { sharedDirectory: '/srv/loco', node: 'a', createdBy: 'hook', createIfNotExists: false },
          csiSnapshot: { states: ['a'] },
        },
      },
      [{ storage: { strategy: 'hybrid', persistentVolume: { size: '3Gi', storageClass: 'fast' }, hostPath: { sharedDirectory: '/srv/loco', node: 'a' } } }],
    ],
  ]
  for (const [name, installed, kept] of cases) it(name, () => assert.deepEqual(layers(installed), kept))

  it('files and options of a person come after it', () => {
    assert.deepEqual(layers({ storage: { strategy: 'hostpath' } }, { files: ['/mine.yaml'], storage: 'persistent' }), [
      { storage: { strategy: 'hostpath' } },
      '/mine.yaml',
      { storage: { strategy: 'persistent' } },
    ])
  })
})
