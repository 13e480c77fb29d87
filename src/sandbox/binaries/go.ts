import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { t } from '@vscode/l10n'
import { LocoError } from '../../base/error.ts'
import { lastLines, tryRun } from '../run.ts'
import type { Product } from './catalogue.ts'

/** What `go` on this machine is. */
export interface GoTool {
  command: string
  version: string
  /** False when GOTOOLCHAIN=local: it may then not fetch the newer Go that a go.mod asks for. */
  mayFetch: boolean
}

/** The pinned module lists: `go/<product>/go.mod` and go.sum, beside this code in the sources and beside the bundle in dist/. */
export function goFolder(product: string): string {
  const beside = [join(import.meta.dirname, 'go'), join(import.meta.dirname, '..', 'go')]
  return join(beside.find((folder) => existsSync(folder)) ?? (beside[0] as string), product)
}

/** The first Go of PATH and of the usual place. */
export async function findGo(env: NodeJS.ProcessEnv): Promise<GoTool | undefined> {
  for (const command of ['go', '/usr/local/go/bin/go']) {
    const { code, stdout } = await tryRun(command, ['env', '-json', 'GOVERSION', 'GOTOOLCHAIN'], { env: { ...env, GOTOOLCHAIN: env['GOTOOLCHAIN'] ?? '' } })
    if (code !== 0) continue
    const { GOVERSION = '', GOTOOLCHAIN = '' } = JSON.parse(stdout) as Record<string, string>
    return { command, version: GOVERSION.replace(/^go/, ''), mayFetch: GOTOOLCHAIN !== 'local' }
  }
  return undefined
}

/** The Go version a go.mod asks for. */
export function goVersionIn(mod: string): string {
  return /^go (\S+)$/m.exec(mod)?.[1] ?? '1.21'
}

/** True when `have` is at least `want`, both like 1.26 or 1.26.3. */
export function atLeast(have: string, want: string): boolean {
  const [a, b] = [have, want].map((version) => version.split('.').map((part) => Number.parseInt(part, 10) || 0))
  for (let i = 0; i < 3; i += 1) {
    const difference = (a?.[i] ?? 0) - (b?.[i] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return true
}

/** Why this Go cannot build the sandbox; undefined when it can. Go since 1.21 fetches a newer one by itself where it may. */
export function goRefusal(go: GoTool | undefined, wanted: string): LocoError | undefined {
  if (go !== undefined && (atLeast(go.version, wanted) || (go.mayFetch && atLeast(go.version, '1.21')))) return undefined
  return new LocoError('LOCO-SBX-007', {
    what: t('The programs of Kubernetes are not on this machine, and nothing here can get them.'),
    why:
      go === undefined
        ? t('Their publishers do not answer, and Go is not installed.')
        : t`Their publishers do not answer, and Go ${go.version} is older than ${wanted}.`,
    fix: [t`Install Go ${wanted} or newer (https://go.dev/dl)`, t('or give this machine a way to dl.k8s.io, github.com and get.helm.sh')],
  })
}

/** Arguments of `go build` for a product; `tool` means every program that its go.mod names. */
export function buildArguments(product: Product, output: string): string[] {
  return ['build', '-v', '-trimpath', '-buildvcs=false', '-ldflags', ['-s', '-w', ...product.ldflags].join(' '), '-o', `${output}/`, 'tool']
}

/** Environment of every Go command: exactly what go.sum pins, no C compiler. */
export function buildEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly', GOWORK: 'off' }
}

export interface BuildOptions {
  go: GoTool
  env: NodeJS.ProcessEnv
  signal?: AbortSignal
  /** Packages compiled so far, of all that are needed. */
  onPackages?: (done: number, total: number) => void
}

/** Builds a product's programs into `folder`, at low priority. The folder appears whole or not at all. */
export async function buildProduct(product: Product, folder: string, options: BuildOptions): Promise<void> {
  const { go, signal, onPackages } = options
  const source = goFolder(product.name)
  const env = buildEnvironment(options.env)
  const scratch = `${folder}.building`
  await rm(scratch, { recursive: true, force: true })
  await mkdir(scratch, { recursive: true })
  try {
    // `-v` names each package as it is compiled, none that the build cache had: the count is a lower bound.
    const listed = await tryRun(go.command, ['list', '-deps', 'tool'], { cwd: source, env, timeout: 20 * 60_000, ...(signal ? { signal } : {}) })
    const total = listed.code === 0 ? listed.stdout.split('\n').filter(Boolean).length : 0
    let done = 0
    const { code, stderr } = await tryRun('nice', ['-n', '10', go.command, ...buildArguments(product, scratch)], {
      cwd: source,
      env,
      timeout: 60 * 60_000,
      ...(signal ? { signal } : {}),
      onLine: (line) => {
        if (line.startsWith('go: ') || line.startsWith('#')) return
        done += 1
        if (total > 0) onPackages?.(Math.min(done, total), total)
      },
    })
    if (code !== 0) {
      const words = lastLines(stderr, 6)
      throw new LocoError('LOCO-SBX-018', {
        what: t`${product.name} ${product.version} could not be built with Go ${go.version}.`,
        ...(words.length > 0 ? { why: words.at(-1) as string } : {}),
        fix: [t('Run the command again: it goes on where it stopped, and what was compiled is kept.'), t('Check GOPROXY and the free space of the disk.')],
        evidence: words,
      })
    }
    for (const [built, binary] of Object.entries(product.built)) await rename(join(scratch, built), join(scratch, binary))
    await rm(folder, { recursive: true, force: true })
    await rename(scratch, folder)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** The newest Go that any of the products asks for. */
export async function goWanted(all: readonly Product[]): Promise<string> {
  const wanted = await Promise.all(all.map(async ({ name }) => goVersionIn(await readFile(join(goFolder(name), 'go.mod'), 'utf8'))))
  return wanted.reduce((newest, version) => (atLeast(newest, version) ? newest : version), '1.21')
}
