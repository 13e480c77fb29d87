/* The whole test run: levels in order of speed, one real sandbox for all that need a cluster, one summary. See CONTRIBUTING.md. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { LocoError } from '../src/base/error.ts'
import { silentLogger } from '../src/base/logger.ts'
import { packageRoot } from '../src/base/package-root.ts'
import { installPackages } from '../src/sandbox/packages.ts'
import { sandboxPaths } from '../src/sandbox/paths.ts'
import { Sandbox, type SandboxAccess, type SandboxProgress } from '../src/sandbox/sandbox.ts'
import { desktopRefusal } from './editor/lib/desktop-refusal.ts'
import { prepareEditors } from './editor/lib/prepare-editors.ts'

interface Result {
  level: string
  passed: number
  failed: number
  /** What failed, as far as it has a name. */
  failures?: { title: string; reason: string }[]
  skipped: { title: string; reason: string | null }[]
  seconds: number
}

const root = packageRoot()
const scratch = mkdtempSync(join(tmpdir(), 'loco-test-'))
const results: Result[] = []
const tool = (name: string): string => join(root, 'node_modules', '.bin', name)

/** Runs a command; `quiet` keeps what it prints until it ends, so that two can run side by side. */
function execute(command: string, args: readonly string[], options: { env?: NodeJS.ProcessEnv; quiet?: boolean } = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const path = `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`
    const out = options.quiet ? 'pipe' : 'inherit'
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', out, out], env: { ...process.env, ...options.env, PATH: path } })
    const kept: Buffer[] = []
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece: Buffer) => kept.push(piece))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      process.stdout.write(Buffer.concat(kept))
      resolve(code ?? (signal === null ? 1 : 128))
    })
  })
}

async function measure(level: string, work: () => Promise<Omit<Result, 'level' | 'seconds'>>): Promise<void> {
  process.stdout.write(`\n== ${level}\n`)
  const start = Date.now()
  const result = await work()
  results.push({ level, ...result, seconds: (Date.now() - start) / 1000 })
}

/** A tool that either passes or fails counts as one test. */
const check = (level: string, command: string, args: readonly string[]): Promise<void> =>
  measure(level, async () => {
    const ok = (await execute(command, args)) === 0
    return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [] }
  })

interface MochaOptions {
  env?: NodeJS.ProcessEnv
  /** Milliseconds that one test may take. */
  timeout?: number
  quiet?: boolean
}

/** Runs a program that reports its tests with test/reporter.cjs. */
async function counted(level: string, command: string, args: readonly string[], { env = {}, quiet = false }: MochaOptions = {}): Promise<void> {
  await measure(level, async () => {
    const report = join(scratch, `${level}.json`)
    const code = await execute(command, args, { env: { ...env, LOCO_TEST_REPORT: report }, quiet })
    if (!existsSync(report)) return { passed: 0, failed: 1, skipped: [] }
    const counts = JSON.parse(readFileSync(report, 'utf8')) as Pick<Result, 'passed' | 'failed' | 'failures' | 'skipped'>
    // Mocha may end badly after its last test (an unhandled rejection): that is a failure too.
    return { ...counts, failed: counts.failed === 0 && code !== 0 ? 1 : counts.failed }
  })
}

function mocha(level: string, patterns: readonly string[], options: MochaOptions = {}): Promise<void> {
  const { timeout = 10_000 } = options
  const args = ['--no-config', '--forbid-only', '--reporter', 'test/reporter.cjs', '--timeout', String(timeout), ...patterns]
  return counted(level, tool('mocha'), args, options)
}

/** Prints each new sentence of the sandbox, with the time left where it is known. */
function tellOnce(): (progress: SandboxProgress) => void {
  let told = ''
  return ({ sentence, left }) => {
    if (sentence === told) return
    told = sentence
    process.stdout.write(`   ${sentence}${left === undefined ? '' : ` About ${Math.max(1, Math.round(left / 60))} min left.`}\n`)
  }
}

const skipLevel = (level: string, reason: string): void => {
  process.stdout.write(`\n== ${level}\nskipped: ${reason}\n`)
  results.push({ level, passed: 0, failed: 0, skipped: [{ title: level, reason }], seconds: 0 })
}

function accessEnv(access: SandboxAccess): NodeJS.ProcessEnv {
  return {
    LOCO_TEST_KUBECONFIG: access.kubeconfig,
    LOCO_TEST_DOCKER_HOST: access.dockerHost,
    LOCO_TEST_CONTAINERD: `${access.containerd.address}:${access.containerd.ctr}`,
    LOCO_HELM: access.bin.helm,
  }
}

/** Programs that the tests of the guest and the agent need on this machine, and the packages that bring them. */
const machinePrograms = { 'qemu-system-x86': 'qemu-system-x86_64', 'qemu-utils': 'qemu-img', nasm: 'nasm' }

/** The guest and the agent under a QEMU of this machine, which is installed where that can be done; else these tests say what they miss. */
async function onMachine(env: NodeJS.ProcessEnv): Promise<void> {
  const found = (program: string): boolean => (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))
  const missing = Object.entries(machinePrograms).flatMap(([name, program]) => (found(program) ? [] : [name]))
  if (missing.length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    await installPackages(missing, ({ sentence }) => process.stdout.write(`   ${sentence}\n`))
  }
  await mocha('machine', ['test/{guest,agent}/**/*.test.ts'], { env, timeout: 60_000 })
}

let noEditor: string | undefined

/** The extension in real editors, without a cluster: its host tests in the newest VS Code, the oldest that is supported, and a desktop one where that can be had. */
async function inEditors(): Promise<void> {
  await measure('vscode', async () => {
    try {
      noEditor = await prepareEditors((sentence) => process.stdout.write(`   ${sentence}\n`))
      return { passed: noEditor === undefined ? 1 : 0, failed: 0, skipped: noEditor === undefined ? [] : [{ title: 'vscode', reason: noEditor }] }
    } catch (error) {
      noEditor = 'VS Code could not be installed'
      process.stdout.write(`${error instanceof Error ? error.stack : String(error)}\n`)
      return { passed: 0, failed: 1, skipped: [] }
    }
  })
  for (const build of ['newest', 'oldest']) {
    if (noEditor === undefined) await counted(`host ${build}`, process.execPath, ['test/editor/run-server.ts', build])
    else skipLevel(`host ${build}`, noEditor)
  }
  const noDesktop = await desktopRefusal()
  if (noDesktop === undefined) await counted('host desktop', process.execPath, ['test/editor/run-electron.ts'])
  else skipLevel('host desktop', noDesktop)
}

/** Windows of an editor, used as a person does. `env` leads to the sandbox, where there is one. */
async function inWindows(env: NodeJS.ProcessEnv): Promise<void> {
  if (noEditor === undefined) await mocha('window', ['test/editor/window/**/*.test.ts'], { env, timeout: 180_000 })
  else skipLevel('window', noEditor)
}

/** The person's kubeconfig with another current context, as a path list: of several files the first one that names a context wins. */
function kubeconfigFor(context: string): string {
  const file = join(scratch, 'context.yaml')
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'Config', 'current-context': context }))
  return [file, process.env['KUBECONFIG'] ?? join(homedir(), '.kube', 'config')].join(delimiter)
}

/** Everything that needs a real node. A sandbox that runs is used and left running; else one is started, and hurt, and taken away. */
async function onCluster(levels: ReadonlySet<string>): Promise<void> {
  const named = process.env['LOCO_TEST_CONTEXT']
  if (named !== undefined) {
    const env = { LOCO_TEST_KUBECONFIG: kubeconfigFor(named) }
    if (levels.has('chart')) await mocha('chart', ['test/chart/**/*.test.ts'], { env, timeout: 60_000 })
    if (levels.has('machine')) await onMachine(env)
    if (levels.has('cluster')) await mocha('cluster', ['test/cluster/{kube,chart,diagnosis}/**/*.test.ts'], { env, timeout: 300_000 })
    if (levels.has('editor')) await inWindows({})
    return
  }
  const sandbox = new Sandbox({ paths: sandboxPaths(process.env), log: silentLogger, progress: tellOnce() })
  const refusals = await sandbox.preflight()
  if (refusals.length > 0) {
    const reason = `this machine cannot hold the sandbox: ${refusals.map((refusal) => `${refusal.code} ${refusal.what}`).join(' ')}`
    for (const level of levels) if (level !== 'editor') skipLevel(level, reason)
    if (levels.has('editor')) await inWindows({})
    return
  }
  const wasUp = (await sandbox.status()).state === 'up'
  let access: SandboxAccess | undefined
  await measure('sandbox', async () => {
    try {
      access = await sandbox.up({})
      return { passed: 1, failed: 0, skipped: [] }
    } catch (error) {
      process.stdout.write(`${error instanceof LocoError ? `${error.code} ${error.message}\n${error.evidence.join('\n')}` : (error as Error).stack}\n`)
      return { passed: 0, failed: 1, skipped: [] }
    }
  })
  if (access === undefined) return
  const env = { ...accessEnv(access), LOCO_TEST_MAY_HURT: wasUp ? '' : '1' }
  try {
    if (levels.has('chart')) await mocha('chart', ['test/chart/**/*.test.ts'], { env, timeout: 60_000 })
    if (levels.has('machine')) await onMachine(env)
    if (levels.has('cluster')) {
      // The journey waits most of its time for machines; what does not touch its images runs beside it.
      await Promise.all([
        mocha('journey', ['test/cluster/journey/*.test.ts'], { env, timeout: 300_000 }),
        mocha('cluster', ['test/cluster/!(journey|storage)/**/*.test.ts'], { env, timeout: 300_000, quiet: true }),
      ])
      // It switches the node off and breaks folders of it: nothing runs beside it.
      await mocha('storage', ['test/cluster/storage/*.test.ts'], { env, timeout: 300_000 })
    }
    if (levels.has('editor')) await inWindows(env)
  } finally {
    if (!wasUp) await sandbox.down({})
  }
  if (!levels.has('cluster')) return
  if (wasUp) skipLevel('hurt', 'a sandbox was running before the tests; tests that hurt one run only on one that they started')
  else await mocha('hurt', ['test/hurt/**/*.test.ts'], { env: { LOCO_TEST_MAY_HURT: '1' }, timeout: 300_000 })
}

const all = ['lint', 'types', 'build', 'unit', 'language', 'chart', 'machine', 'cluster', 'editor']
const wanted = process.argv.slice(2)
const unknown = wanted.filter((level) => !all.includes(level))
if (unknown.length > 0) {
  process.stderr.write(`Unknown test level: ${unknown.join(', ')}. Known: ${all.join(', ')}.\n`)
  process.exit(2)
}
const levels = new Set(wanted.length === 0 ? all : wanted)

try {
  if (levels.has('lint')) await check('lint', tool('biome'), ['ci', '--error-on-warnings', '.'])
  if (levels.has('types')) {
    await check('types', tool('tsc'), ['-p', '.'])
    await check('types of pages', tool('tsc'), ['-p', 'webview'])
  }
  if (['build', 'machine', 'cluster', 'editor'].some((level) => levels.has(level)))
    await check('build', process.execPath, ['scripts/build.mjs', '--if-changed'])
  if (levels.has('unit')) await mocha('unit', ['test/unit/!(values)/**/*.test.ts'], { timeout: 60_000 })
  if (levels.has('language')) await mocha('language', ['test/{language,unit/values}/**/*.test.ts'], { timeout: 120_000 })
  if (levels.has('editor')) await inEditors()
  const real = new Set(['chart', 'machine', 'cluster', 'editor'].filter((level) => levels.has(level)))
  if (real.size > 0) await onCluster(real)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

process.stdout.write('\n')
for (const { level, passed, failed, failures = [], skipped, seconds } of results) {
  process.stdout.write(
    `${level.padEnd(13)} ${String(passed).padStart(5)} passed ${String(failed).padStart(3)} failed ${String(skipped.length).padStart(3)} skipped  ${seconds.toFixed(1)} s\n`,
  )
  for (const { title, reason } of failures) process.stdout.write(`              failed: ${title}: ${reason}\n`)
  for (const { title, reason } of skipped) process.stdout.write(`              skipped: ${title}: ${reason ?? 'NO REASON GIVEN'}\n`)
}
const sum = (count: (result: Result) => number): number => results.reduce((total, result) => total + count(result), 0)
const failed = sum((result) => result.failed)
process.exitCode = failed > 0 ? 1 : 0
process.stdout.write(`${sum((result) => result.passed)} passed, ${failed} failed, ${sum((result) => result.skipped.length)} skipped\n`)
