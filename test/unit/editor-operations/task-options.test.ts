import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { LocoError } from '../../../src/base/error.ts'
import { packageRoot } from '../../../src/base/package-root.ts'
import { optionsOf, type TaskDefaults, taskProperties } from '../../../src/editor/operations/task-options.ts'
import { operationOptions } from '../../../src/operations/options.ts'

const defaults: TaskDefaults = { cluster: 'auto', namespace: 'loco', release: 'fleet', values: ['from-settings.yaml'], folder: '/work' }
const target = { cluster: 'auto', namespace: 'loco', release: 'fleet' }

describe('a task as options of an operation', () => {
  const right: [string, Record<string, unknown>, Partial<TaskDefaults>, Record<string, unknown>][] = [
    [
      'nothing but the operation: the settings decide',
      { operation: 'bootstrap' },
      {},
      { ...target, values: ['/work/from-settings.yaml'], set: [], rebuildEmulators: false, only: [], timeout: 900_000 },
    ],
    [
      'what the task says wins over the settings',
      { operation: 'bootstrap', context: 'kind-a', namespace: 'n', release: 'r', values: ['/abs.yaml', 'sub/rel.yaml'], set: ['a=b=c'] },
      { cluster: 'kind' },
      { cluster: 'kind', context: 'kind-a', namespace: 'n', release: 'r', values: ['/abs.yaml', '/work/sub/rel.yaml'], set: ['a=b=c'] },
    ],
    ['no values at all can be asked for', { operation: 'bootstrap', values: [] }, {}, { values: [] }],
    ['storage and replicas', { operation: 'bootstrap', storage: 'ephemeral', replicas: 0 }, {}, { storage: 'ephemeral', replicas: 0 }],
    ['emulators that are restarted', { operation: 'bootstrap', rebuildEmulators: true }, {}, { rebuildEmulators: true }],
    ['a rebuild of parts', { operation: 'rebuild', parts: ['emulator'] }, {}, { ...target, parts: ['emulator'], timeout: 300_000 }],
    ['a rebuild that may begin anew', { operation: 'rebuild', base: 'fresh' }, {}, { base: 'fresh' }],
    ['a destroy keeps data unless told otherwise', { operation: 'destroy' }, {}, { ...target, deleteData: false, timeout: 120_000 }],
    ['a destroy of data', { operation: 'destroy', deleteData: true }, {}, { deleteData: true }],
    ['paths of values are not needed by a destroy, folder or not', { operation: 'destroy' }, { folder: undefined }, { deleteData: false }],
  ]
  for (const [name, definition, over, expected] of right) {
    it(name, () => {
      const options = optionsOf({ type: 'loco', ...definition }, { ...defaults, ...over })
      v.parse(operationOptions, options)
      assert.deepEqual({ ...options, ...expected }, options)
      assert.equal(options.operation, definition['operation'])
    })
  }

  const wrong: [string, Record<string, unknown>, RegExp][] = [
    ['an operation that is none', { operation: 'explode' }, /"operation".*"explode".*bootstrap, rebuild, destroy/],
    ['no operation', {}, /"operation".*nothing/],
    ['a context that is no name', { operation: 'bootstrap', context: 7 }, /"context".*7/],
    ['a namespace that Kubernetes refuses', { operation: 'bootstrap', namespace: 'Loco' }, /"namespace".*lower-case/],
    ['a release that is too long', { operation: 'destroy', release: 'r'.repeat(54) }, /"release".*at most 53/],
    ['one path instead of a list', { operation: 'bootstrap', values: 'a.yaml' }, /"values".*list of paths/],
    ['a value without a key', { operation: 'bootstrap', set: ['=x'] }, /"set".*key=value/],
    ['a strategy that does not exist', { operation: 'bootstrap', storage: 'floppy' }, /"storage".*ephemeral/],
    ['half an emulator', { operation: 'bootstrap', replicas: 1.5 }, /"replicas".*whole number/],
    ['too many emulators', { operation: 'bootstrap', replicas: 10 }, /"replicas".*0 to 9/],
    ['a word for yes', { operation: 'bootstrap', rebuildEmulators: 'yes' }, /"rebuildEmulators".*true or false/],
    ['a part that does not exist', { operation: 'rebuild', parts: ['engine'] }, /"parts".*emulator/],
    ['a choice about the base disk that does not exist', { operation: 'rebuild', base: 'ask' }, /"base".*keep, fresh/],
    ['a property of another operation', { operation: 'bootstrap', deleteData: true }, /"deleteData".*belongs to destroy/],
  ]
  for (const [name, definition, said] of wrong) {
    it(`refused, with the property named: ${name}`, () =>
      assert.throws(
        () => optionsOf(definition, defaults),
        (error) => error instanceof LocoError && error.code === 'LOCO-OPS-006' && said.test(error.message),
      ))
  }

  it('a relative path without a folder is refused', () =>
    assert.throws(() => optionsOf({ operation: 'bootstrap' }, { ...defaults, folder: undefined }), { code: 'LOCO-OPS-006' }))

  it('knows the properties that package.json declares, and no other', () => {
    const manifest = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
      contributes: { taskDefinitions: { properties: Record<string, unknown> }[] }
    }
    const declared = Object.keys(manifest.contributes.taskDefinitions[0]?.properties ?? {})
    assert.deepEqual(['operation', ...Object.keys(taskProperties)].sort(), declared.sort())
  })
})
