// Runs on any Node >= 20 with built-ins only: nothing is installed yet when it starts.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** Ends the process with what happened and what to do; no stack trace. */
export function refuse(what, fix) {
  process.stderr.write(`${what}\n${fix.map((line) => `  ${line}\n`).join('')}`)
  process.exit(19)
}

/** Installs the locked dependencies unless exactly these are installed already. */
export function installDependencies() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const mark = join(root, 'node_modules', '.loco-lock')
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return
  process.stderr.write('Installing the locked dependencies (about a minute with empty caches) …\n')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { status, error } = spawnSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (error) refuse(`npm could not be started: ${error.message}.`, ['Install npm beside Node, then run the command again.'])
  if (status !== 0) refuse('npm could not install the locked dependencies.', ["Read npm's lines above; the usual cause is a registry that cannot be reached."])
  writeFileSync(mark, lock)
}

/** The Node to go on with: 24 from the registry package for this platform, else this one if it is 22.19 or newer (what the Kubernetes client needs). */
export function modernNode() {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const packaged = join(root, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(packaged)) return packaged
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 19)) return process.execPath
  return refuse(`Node ${process.versions.node} is too old and no newer one is packaged for ${process.platform} ${process.arch}.`, [
    'Install Node 22.19 or newer, then run the command again.',
  ])
}

/** Runs a program in the foreground, hands signals on, and resolves to its exit code (128 + n for signal n). */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', ...options })
    // The terminal sends Ctrl-C to the whole group; this process only has to outlive the child. A plain kill is handed on.
    const ignore = () => {}
    const pass = (signal) => child.kill(signal)
    process.on('SIGINT', ignore)
    process.on('SIGTERM', pass)
    process.on('SIGHUP', pass)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      process.off('SIGINT', ignore)
      process.off('SIGTERM', pass)
      process.off('SIGHUP', pass)
      resolve(code ?? (signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 137))
    })
  })
}

/** Everything a script needs before it can do its work: dependencies, a modern Node, and the bundles built from the sources as they are now. */
export async function prepare({ build = true } = {}) {
  installDependencies()
  const node = modernNode()
  if (build) {
    const code = await run(node, [join(root, 'scripts', 'build.mjs'), '--if-changed'], { stdio: ['ignore', 2, 2] })
    if (code !== 0) process.exit(code)
  }
  return node
}
