import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { t } from '@vscode/l10n'
import { LocoError } from '../../base/error.ts'
import { handOver, makeFolder, type Person } from '../../operations/state-folder.ts'
import { takeLock } from '../../sandbox/lock.ts'
import { installPackages } from '../../sandbox/packages.ts'
import type { Tell } from '../../sandbox/progress.ts'
import { lastLines, tryRun } from '../../sandbox/run.ts'
import { asPerson, environmentOf } from './as-person.ts'
import { leftOut, registryInstead, type ServerBuild } from './builds.ts'
import { trimmed } from './dependencies.ts'

export interface InstallOptions {
  build: ServerBuild
  /** The folder of all caches of Loco Cluster. */
  cache: string
  person: Person
  env: NodeJS.ProcessEnv
  tell: Tell
  signal?: AbortSignal
}

/** A VS Code server that lies ready in the cache. */
export interface InstalledServer {
  /** The script that starts it, for Node. */
  main: string
  version: string
}

/** Programs that build the addons, and the package that brings each. */
const compilers = { 'g++': 'g++', make: 'make', python3: 'python3' }

/** Why this machine cannot have the VS Code server from npm; undefined when it can. */
export function serverRefusal(platform: NodeJS.Platform = process.platform, arch: NodeJS.Architecture = process.arch): LocoError | undefined {
  if (platform === 'linux' && (arch === 'x64' || arch === 'arm64')) return undefined
  return new LocoError('LOCO-ENV-021', {
    what: t`There is no VS Code server for ${platform} on ${arch} that Loco Cluster could install.`,
    fix: [t('Install Visual Studio Code 1.105 or newer with its command code on the path, then run npm start again.'), t('or npm start -- --editor none')],
  })
}

/**
 * Sees to it that the VS Code server is in the cache. It appears there whole or not at all; what was cut short costs no second download, since npm keeps its own cache.
 * @throws LOCO-ENV-020 with what failed; LOCO-ENV-021 where it cannot be had
 */
export async function installServer(options: InstallOptions): Promise<InstalledServer> {
  const { build, cache, person, tell, signal } = options
  const refusal = serverRefusal()
  if (refusal !== undefined) throw refusal
  const folder = join(cache, 'vscode', `code-server-${build.version}-linux-${process.arch}`)
  const installed = { main: join(folder, 'out', 'server-main.js'), version: build.version }
  if (existsSync(installed.main)) return installed
  const lock = await takeLock({
    what: `the installation of code-server ${build.version}`,
    wait: 20 * 60_000,
    address: `\0loco-cluster-vscode-${build.version}`,
    onWait: (holder) => tell({ part: 'vscode', sentence: t`Waiting for another process that installs the same VS Code (${holder?.pid ?? '?'}).` }),
    ...(signal && { signal }),
  })
  try {
    if (existsSync(installed.main)) return installed
    makeFolder(dirname(folder), person)
    const making = `${folder}.making`
    await rm(making, { recursive: true, force: true })
    await mkdir(making)
    handOver(making, person)
    await make(making, options)
    await rename(join(making, 'package', 'lib', 'vscode'), folder)
    await rm(making, { recursive: true, force: true })
    return installed
  } finally {
    lock.dispose()
  }
}

async function make(folder: string, options: InstallOptions): Promise<void> {
  const { build, tell } = options
  await ensureCompilers(options)
  const run = runner(folder, options)
  tell({ part: 'vscode', sentence: t`Fetching VS Code (code-server ${build.version}) from npm, once: about two minutes and 400 MB on disk.` })
  await run('npm', ['pack', `code-server@${build.version}`, '--ignore-scripts', '--loglevel=error'])
  const archive = (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? ''
  await assertIntegrity(join(folder, archive), build)
  await run('tar', ['-xzf', archive, 'package/lib/vscode'])
  await rm(join(folder, archive))
  const vscode = join(folder, 'package', 'lib', 'vscode')
  await trimDependencies(vscode)
  tell({ part: 'vscode', sentence: t("Installing VS Code's own dependencies, without their scripts.") })
  const install = ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  await run('npm', install, vscode)
  await run('npm', install, join(vscode, 'extensions'))
  tell({ part: 'vscode', sentence: t`Building ${build.addons.join(', ')} for VS Code.` })
  await run('npm', ['rebuild', ...build.addons, '--foreground-scripts', '--loglevel=error'], vscode)
  const load = `for (const name of ${JSON.stringify([...build.addons, '@parcel/watcher'])}) require(name)`
  await run(process.execPath, ['--input-type=commonjs', '-e', load], vscode)
}

/** Runs one step as the person; says its last words when it fails. */
function runner(folder: string, { build, person, env, signal }: InstallOptions): (command: string, args: readonly string[], cwd?: string) => Promise<void> {
  // Headers lie beside the Node that runs this (its npm package has them): nothing is fetched from nodejs.org.
  const nodedir = dirname(dirname(process.execPath))
  const headers = existsSync(join(nodedir, 'include', 'node', 'node_api.h')) ? { npm_config_nodedir: nodedir } : {}
  // The project's own .npmrc says that scripts stay off; `npm rebuild` of the named addons is the one exception.
  const surroundings = { ...withoutNpm(environmentOf(person, env)), ...headers, npm_config_ignore_scripts: 'false', npm_config_update_notifier: 'false' }
  return async (command, args, cwd = folder) => {
    const line = asPerson(person, { command, args })
    const { code, stdout, stderr } = await tryRun(line.command, line.args, { cwd, env: surroundings, timeout: 15 * 60_000, ...(signal && { signal }) })
    if (code === 0) return
    const words = lastLines(`${stdout}\n${stderr}`, 12)
    throw new LocoError('LOCO-ENV-020', {
      what: t`VS Code (code-server ${build.version}) could not be installed: ${[command, args[0]].join(' ')} ended with ${code}.`,
      ...(words.length > 0 && { why: words.at(-1) as string }),
      fix: [t('npm start (tries again)'), t('or npm start -- --editor none')],
      evidence: words,
    })
  }
}

/** What an npm around us (`npm start`) tells its children; an npm below us must not take it for its own settings. */
const withoutNpm = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_(package|lifecycle|config_local_prefix|command)/.test(name)))

async function assertIntegrity(archive: string, { version, integrity }: ServerBuild): Promise<void> {
  const got = `sha512-${createHash('sha512')
    .update(await readFile(archive))
    .digest('base64')}`
  if (got === integrity) return
  throw new LocoError('LOCO-ENV-020', {
    what: t`code-server ${version} from the registry is not what it should be: its checksum differs.`,
    why: t`It should be ${integrity} and is ${got}.`,
    fix: [t('Look at what stands between this machine and the registry, such as a proxy that rewrites files.')],
  })
}

async function trimDependencies(vscode: string): Promise<void> {
  for (const name of ['package.json', 'npm-shrinkwrap.json']) {
    const file = join(vscode, name)
    await writeFile(file, JSON.stringify(trimmed(JSON.parse(await readFile(file, 'utf8')), { leftOut, registryInstead }), null, 2))
  }
}

async function ensureCompilers({ env, tell, signal }: InstallOptions): Promise<void> {
  const found = (program: string): boolean => (env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))
  const missing = Object.entries(compilers).flatMap(([program, name]) => (found(program) ? [] : [name]))
  if (missing.length === 0) return
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) return installPackages(missing, tell, signal)
  throw new LocoError('LOCO-ENV-020', {
    what: t`VS Code cannot be installed: building its addons needs programs that are not there: ${missing.join(', ')}.`,
    fix: [
      `sudo apt-get install ${missing.join(' ')}`,
      t('or install Visual Studio Code 1.105 or newer with its command code on the path'),
      t('or npm start -- --editor none'),
    ],
  })
}
