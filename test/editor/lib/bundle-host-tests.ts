import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { packageRoot } from '../../../src/base/package-root.ts'

/**
 * Bundles the tests that run in the extension host, which takes CommonJS only, one file each.
 * They lie below the project, so that `mocha` is found. @returns the module whose `run()` VS Code calls
 */
export async function bundleHostTests(): Promise<string> {
  const root = packageRoot()
  const source = join(root, 'test', 'editor', 'host')
  const outdir = join(root, 'out', 'editor-host-tests')
  rmSync(outdir, { recursive: true, force: true })
  mkdirSync(outdir, { recursive: true })
  writeFileSync(join(outdir, 'package.json'), '{ "type": "commonjs" }\n')
  await build({
    entryPoints: readdirSync(source)
      .filter((name) => name === 'run.ts' || name.endsWith('.test.ts'))
      .map((name) => join(source, name)),
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    sourcemap: 'inline',
    logLevel: 'warning',
    define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
    // Mocha's main file is a module, which Node 22 requires in a way of its own; this is what it re-exports.
    alias: { mocha: 'mocha/lib/mocha.cjs' },
    external: ['vscode', 'mocha/lib/mocha.cjs', '*.node', 'cpu-features'],
  })
  return join(outdir, 'run.js')
}
