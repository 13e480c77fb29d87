// Bundles every host with esbuild into dist/. `--production` minifies; `--if-changed` does nothing when no input is newer than the last build.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleAll } from './lib/bundles.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')
const production = process.argv.includes('--production')
const stamp = join(dist, '.built')
const inputs = ['src', 'containers', 'webview', 'scripts/build.mjs', 'scripts/lib/bundles.mjs', 'package.json', 'package-lock.json']

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

// Built beside dist/ and moved into place at the end: a `loco` that runs meanwhile keeps whole files.
const making = `${dist}.${process.pid}`
mkdirSync(making, { recursive: true })
try {
  await bundleAll(root, making, production)
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
