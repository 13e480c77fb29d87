// Bundles every host with esbuild into dist/. `--production` minifies; `--if-changed` does nothing when no input is newer than the last build.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')
const production = process.argv.includes('--production')
const stamp = join(dist, '.built')
const inputs = ['src', 'containers', 'webview', 'scripts/build.mjs', 'package.json', 'package-lock.json']

function newest(path) {
  if (!existsSync(path)) return 0
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

const mode = production ? 'production' : 'development'
if (process.argv.includes('--if-changed') && existsSync(stamp)) {
  const made = statSync(stamp).mtimeMs
  if (readFileSync(stamp, 'utf8') === mode && inputs.every((input) => newest(join(root, input)) < made)) process.exit(0)
}

/** Options that all Node bundles share: one CommonJS file each, because it loads fastest (docs/bench.md). */
const node = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel: 'warning',
  // Assets lie beside the file that uses them, in the sources and in dist/.
  define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
  // Optional native speed-ups of dockerode's ssh client: never shipped.
  external: ['vscode', 'cpu-features', '*.node'],
}

/** Leaves the Kubernetes client out of a bundle: it is one of its own, loaded when the module that uses it is first used. */
const kubernetesApart = {
  name: 'kubernetes-apart',
  setup(build) {
    build.onResolve({ filter: /\/client-library\.ts$/ }, () => ({ path: './kubernetes.cjs', external: true }))
  },
}

/**
 * noVNC 1.7.0 awaits a test of the browser's H.264 decoder at the top of a module, which no classic script may and which in some browsers never ends.
 * Mended upstream after that release (noVNC pull request 2053); fails when the line is no longer there.
 */
const novncAtOnce = {
  name: 'novnc-at-once',
  setup(build) {
    build.onLoad({ filter: /novnc[\\/]core[\\/]util[\\/]browser\.js$/ }, ({ path }) => {
      const line = 'supportsWebCodecsH264Decode = await _checkWebCodecsH264DecodeSupport();'
      const source = readFileSync(path, 'utf8')
      if (!source.includes(line)) throw new Error(`${path} no longer has the line that awaits; this plugin can go.`)
      const instead = '_checkWebCodecsH264DecodeSupport().then((supported) => { supportsWebCodecsH264Decode = supported; });'
      return { contents: source.replace(line, instead), loader: 'js' }
    })
  },
}

/** Options of the pages that run in webviews: one classic script each. */
const page = {
  bundle: true,
  platform: 'browser',
  format: 'iife',
  target: 'chrome138', // VS Code 1.105, the oldest that is supported
  minify: true,
  sourcemap: false,
  logLevel: 'warning',
  plugins: [novncAtOnce],
}

/** Every bundle: what it is made of and what it becomes. */
export const bundles = [
  { ...node, entryPoints: ['src/extension.ts'], outfile: 'extension.cjs', plugins: [kubernetesApart] },
  { ...node, entryPoints: ['src/cli.ts'], outfile: 'cli.cjs', plugins: [kubernetesApart] },
  { ...node, entryPoints: ['src/kube/client-library.ts'], outfile: 'kubernetes.cjs' },
  { ...node, entryPoints: ['src/sandbox/devices/main.ts'], outfile: 'devices.cjs' },
  { ...node, entryPoints: ['containers/qemu-softgpu/agent/main.ts'], outfile: 'agent.cjs', minify: true, sourcemap: false },
  { ...page, entryPoints: ['webview/screen/main.ts'], outfile: 'webview/screen.js' },
]

/** Files that a bundle reads at run time, which lie beside it in dist/. */
export const assets = [
  ['src/sandbox/go', 'go'],
  ['src/sandbox/devices/deviceplugin.proto', 'deviceplugin.proto'],
  ['webview/screen/screen.css', 'webview/screen.css'],
]

// Built beside dist/ and moved into place at the end: a `loco` that runs meanwhile keeps whole files.
const making = `${dist}.${process.pid}`
mkdirSync(making, { recursive: true })
try {
  await Promise.all(bundles.map(({ outfile, ...bundle }) => build({ ...bundle, outfile: join(making, outfile), absWorkingDir: root })))
  for (const [from, to] of assets) cpSync(join(root, from), join(making, to), { recursive: true })
  writeFileSync(join(making, '.built'), mode)
  const old = `${dist}.${process.pid}.old`
  if (existsSync(dist)) renameSync(dist, old)
  renameSync(making, dist)
  rmSync(old, { recursive: true, force: true })
} catch (error) {
  process.exitCode = 1
  if (!error.errors) throw error
} finally {
  rmSync(making, { recursive: true, force: true })
}
