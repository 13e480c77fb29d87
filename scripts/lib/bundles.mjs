// What is built from what: every bundle of the product. scripts/build.mjs makes them all; a test makes the extension's alone.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, transform } from 'esbuild'

/** Options that all Node bundles share. */
const node = (production) => ({
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
})

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

/** Every bundle that is one file: what it is made of and what it becomes. CommonJS, because it loads fastest. */
const bundles = (production) => [
  { ...node(production), entryPoints: ['src/cli.ts'], outfile: 'cli.cjs', plugins: [kubernetesApart] },
  { ...node(production), entryPoints: ['src/kube/client-library.ts'], outfile: 'kubernetes.cjs' },
  { ...node(production), entryPoints: ['src/sandbox/devices/main.ts'], outfile: 'devices.cjs' },
  { ...node(production), entryPoints: ['src/sandbox/csi/main.ts'], outfile: 'csi.cjs' },
  { ...node(production), entryPoints: ['containers/qemu-softgpu/agent/main.ts'], outfile: 'agent.cjs', minify: true, sourcemap: false },
  { ...page, entryPoints: ['webview/screen/main.ts'], outfile: 'webview/screen.js' },
]

/** Files that a bundle reads at run time, which lie beside it in dist/. */
const assets = [
  ['src/sandbox/go', 'go'],
  ['src/sandbox/devices/deviceplugin.proto', 'deviceplugin.proto'],
  ['src/sandbox/csi/csi.proto', 'csi.proto'],
  ['src/sandbox/csi/pluginregistration.proto', 'pluginregistration.proto'],
  ['src/sandbox/csi/snapshot-crds.yaml', 'snapshot-crds.yaml'],
  ['webview/screen/screen.css', 'webview/screen.css'],
]

/**
 * The extension, in pieces: what `await import(…)` names is a file of its own, read when it is first used. esbuild splits ES modules only, and VS Code
 * loads CommonJS faster, so each piece is turned afterwards. @returns esbuild's metafile
 */
export async function bundleExtension(root, folder, production) {
  const { outputFiles, metafile } = await build({
    ...node(production),
    absWorkingDir: root,
    entryPoints: ['src/extension.ts'],
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    chunkNames: 'part-[hash]',
    format: 'esm',
    splitting: true,
    sourcemap: production ? false : 'inline',
    plugins: [kubernetesApart],
    metafile: true,
    write: false,
  })
  mkdirSync(folder, { recursive: true })
  await Promise.all(
    outputFiles.map(async ({ path, text }) => {
      const { code } = await transform(text, {
        format: 'cjs',
        platform: 'node',
        target: 'node22',
        minify: production,
        sourcemap: production ? false : 'inline',
        supported: { 'dynamic-import': false },
      })
      writeFileSync(path, code)
    }),
  )
  return metafile
}

/** Makes everything that dist/ holds. */
export async function bundleAll(root, folder, production) {
  await Promise.all([
    bundleExtension(root, folder, production),
    ...bundles(production).map(({ outfile, ...bundle }) => build({ ...bundle, outfile: join(folder, outfile), absWorkingDir: root })),
  ])
  for (const [from, to] of assets) cpSync(join(root, from), join(folder, to), { recursive: true })
}
