import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Metafile } from 'esbuild'
import { packageRoot } from '../../../src/base/package-root.ts'

/** Node's own loader, which tells what a bundle loads. */
const loader = Module as unknown as { _load: (name: string, ...rest: unknown[]) => unknown }

describe('the bundle of the extension, as it is shipped', function () {
  this.timeout(20_000)
  let folder: string
  let metafile: Metafile
  /** What loading it loads, as it is named there. */
  const loaded = new Set<string>()

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'loco-bundle-'))
    const bundles = (await import(join(packageRoot(), 'scripts', 'lib', 'bundles.mjs'))) as {
      bundleExtension(root: string, folder: string, production: boolean): Promise<Metafile>
    }
    metafile = await bundles.bundleExtension(packageRoot(), folder, true)
    const load = loader._load
    loader._load = (name, ...rest) => {
      loaded.add(name)
      // Whatever is asked of vscode at load time is there: classes to extend, enums to read.
      return name === 'vscode' ? anything() : load(name, ...rest)
    }
    try {
      createRequire(import.meta.url)(join(folder, 'extension.cjs'))
    } finally {
      loader._load = load
    }
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('is at most 300 KiB, with the pieces that are read at once', () => {
    const files = [...loaded].map((name) => basename(name)).filter((name) => name.endsWith('.cjs'))
    assert.ok(files.includes('extension.cjs'))
    const size = files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0) / 1024
    const largest = Object.entries(metafile.outputs)
      .filter(([name]) => files.includes(basename(name)))
      .flatMap(([, { inputs }]) => Object.entries(inputs))
      .sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
      .slice(0, 8)
      .map(([name, { bytesInOutput }]) => `${name} ${Math.round(bytesInOutput / 1024)}`)
    assert.ok(size <= 300, `it has ${Math.round(size)} KiB; the largest: ${largest.join(', ')}`)
  })

  it('holds neither the Kubernetes client nor the Docker client', () => {
    const heavy = Object.keys(metafile.inputs).filter((name) => /node_modules\/(@kubernetes|dockerode|ssh2|@grpc|@novnc)\//.test(name))
    assert.deepEqual(heavy, [])
  })

  it('loads without the Kubernetes client, and reads nothing but its own pieces', () => {
    const others = [...loaded].filter((name) => name !== 'vscode' && !Module.isBuiltin(name) && !/^\.\/part-\w+\.cjs$/.test(name))
    assert.deepEqual(others, [join(folder, 'extension.cjs')])
  })
})

/** Something that has every property, also for those who inherit from it (a bundle copies the modules that it loads). */
function anything(): object {
  const made: object = new Proxy(class {}, {
    get: (target, name) => (name === 'prototype' ? target.prototype : typeof name === 'symbol' ? undefined : anything()),
    getPrototypeOf: () => anything(),
  })
  return made
}
