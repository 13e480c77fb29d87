import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, type Metafile } from 'esbuild'
import { packageRoot } from '../../../src/base/package-root.ts'

const root = packageRoot()

/** Node's own loader, which tells what a bundle loads. */
const loader = Module as unknown as { _load: (name: string, ...rest: unknown[]) => unknown }

describe('the bundle of the extension, as it is shipped', function () {
  this.timeout(20_000)
  let folder: string
  let file: string
  let metafile: Metafile

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'loco-bundle-'))
    file = join(folder, 'extension.cjs')
    // As scripts/build.mjs --production makes it.
    const made = await build({
      absWorkingDir: root,
      entryPoints: ['src/extension.ts'],
      outfile: file,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node22',
      minify: true,
      metafile: true,
      logLevel: 'silent',
      define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
      external: ['vscode', 'cpu-features', '*.node'],
      plugins: [
        {
          name: 'kubernetes-apart',
          setup: ({ onResolve }) => onResolve({ filter: /\/client-library\.ts$/ }, () => ({ path: './kubernetes.cjs', external: true })),
        },
      ],
    })
    metafile = made.metafile
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('is at most 300 KiB', () => {
    const size = statSync(file).size / 1024
    const { inputs = {} } = Object.values(metafile.outputs)[0] ?? {}
    const largest = Object.entries(inputs)
      .sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
      .slice(0, 8)
      .map(([name, { bytesInOutput }]) => `${name} ${Math.round(bytesInOutput / 1024)}`)
    assert.ok(size <= 300, `it has ${Math.round(size)} KiB; the largest: ${largest.join(', ')}`)
  })

  it('holds neither the Kubernetes client nor the Docker client', () => {
    const heavy = Object.keys(metafile.inputs).filter((name) => /node_modules\/(@kubernetes|dockerode|ssh2|@grpc|@novnc)\//.test(name))
    assert.deepEqual(heavy, [])
  })

  it('loads without the Kubernetes client, and reads nothing but itself', () => {
    const loaded: string[] = []
    const load = loader._load
    loader._load = (name, ...rest) => {
      loaded.push(name)
      // Whatever is asked of vscode at load time is there: classes to extend, enums to read.
      return name === 'vscode' ? anything() : load(name, ...rest)
    }
    try {
      createRequire(import.meta.url)(file)
    } finally {
      loader._load = load
    }
    assert.deepEqual(
      loaded.filter((name) => name !== file && name !== 'vscode' && !Module.isBuiltin(name)),
      [],
    )
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
