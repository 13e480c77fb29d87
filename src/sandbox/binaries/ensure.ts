import { existsSync } from 'node:fs'
import { chown, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { t } from '@vscode/l10n'
import { LocoError } from '../../base/error.ts'
import type { Logger } from '../../base/logger.ts'
import type { AdditionName } from '../additions.ts'
import type { SandboxPaths } from '../paths.ts'
import type { Tell } from '../progress.ts'
import { type Arch, type BinaryPaths, binaryPaths, type Product, productFolder, productsOf, publishers, type ReleaseHosts } from './catalogue.ts'
import { buildProduct, findGo, type GoTool, goRefusal, goWanted } from './go.ts'
import { answers, fetchRelease } from './release.ts'

export interface BinariesOptions {
  paths: SandboxPaths
  arch: Arch
  env: NodeJS.ProcessEnv
  tell: Tell
  log: Logger
  signal?: AbortSignal
  /** What is on this sandbox beside what every one has. */
  additions: readonly AdditionName[]
  hosts?: ReleaseHosts
}

const isThere = (cache: string, arch: Arch, product: Product): boolean =>
  product.binaries.every((binary) => existsSync(join(productFolder(cache, product, arch), binary)))

/** The products of which a program is not in the cache. */
export function missingProducts(cache: string, arch: Arch, additions: readonly AdditionName[], hosts = publishers): Product[] {
  return productsOf(additions, hosts).filter((product) => !isThere(cache, arch, product))
}

/** Why the missing programs cannot be had on this machine; undefined when they are there or can be fetched or built. */
export async function binariesRefusal(
  cache: string,
  arch: Arch,
  additions: readonly AdditionName[],
  env: NodeJS.ProcessEnv,
  hosts = publishers,
): Promise<LocoError | undefined> {
  const missing = missingProducts(cache, arch, additions)
  if (missing.length === 0) return undefined
  const refusal = goRefusal(await findGo(env), await goWanted(missing))
  if (refusal === undefined) return undefined
  const unbuilt = missing.some((product) => product.releases(arch).length === 0)
  return unbuilt || !(await answers(hosts.kubernetes)) ? refusal : undefined
}

/** Sees to it that every program is in the cache: it is there already, else its publisher's release, else built with Go. Says which. */
export async function ensureBinaries(options: BinariesOptions): Promise<BinaryPaths> {
  const { paths, arch, signal, additions, hosts = publishers } = options
  const missing = missingProducts(paths.cache, arch, additions, hosts)
  if (missing.length > 0) {
    await ownedFolder(join(paths.cache, 'bin'), paths)
    // Asked once, together: an offline machine loses these few seconds and no more.
    const reachable = new Map<string, Promise<boolean>>()
    const answering = (product: Product): Promise<boolean>[] =>
      product.releases(arch).map(({ url }) => {
        const { origin } = new URL(url)
        const known = reachable.get(origin) ?? answers(origin)
        reachable.set(origin, known)
        return known
      })
    let go: GoTool | undefined
    for (const [index, product] of missing.entries()) {
      signal?.throwIfAborted()
      const able = await Promise.all(answering(product))
      if (able.length > 0 && able.every(Boolean) && (await downloaded(product, options))) continue
      go ??= await findGo(options.env)
      const refusal = goRefusal(go, await goWanted([product]))
      if (refusal !== undefined || go === undefined) throw refusal
      await built(product, go, missing.slice(index + 1), options)
    }
  }
  return binaryPaths(paths.cache, arch)
}

async function downloaded(product: Product, { paths, arch, tell, log, signal }: BinariesOptions): Promise<boolean> {
  const folder = productFolder(paths.cache, product, arch)
  const sentence = t`Fetching ${product.name} ${product.version} from its publisher.`
  try {
    for (const release of product.releases(arch)) {
      tell({ part: product.name, sentence })
      const start = Date.now()
      await fetchRelease(release, folder, {
        ...(signal ? { signal } : {}),
        onBytes: (done, total) => {
          const left = total === undefined ? undefined : ((Date.now() - start) / 1000 / done) * (total - done)
          tell({ part: product.name, sentence, done, ...(total === undefined ? {} : { total }), ...(left === undefined ? {} : { left }) })
        },
      })
    }
    return true
  } catch (error) {
    // A file that is not what it should be is an attack or a broken proxy: never paper over it.
    if (!(error instanceof LocoError) || error.code !== 'LOCO-SBX-017') throw error
    log.warn(error.message)
    tell({ part: product.name, sentence: t`${product.name} ${product.version} cannot be fetched from its publisher; it is built with Go instead.` })
    return false
  }
}

async function built(product: Product, go: GoTool, later: readonly Product[], { paths, arch, env, tell, signal }: BinariesOptions): Promise<void> {
  const folder = productFolder(paths.cache, product, arch)
  const sentence = t`Building ${product.name} ${product.version} with Go ${go.version} from pinned sources, once; it is kept in ${paths.cache}.`
  const rest = later.reduce((sum, { seconds }) => sum + seconds, 0)
  tell({ part: product.name, sentence, left: product.seconds + rest })
  const start = Date.now()
  await buildProduct(product, folder, {
    go,
    env: { ...env, HOME: env['HOME'] ?? paths.owner.home },
    ...(signal ? { signal } : {}),
    onPackages: (done, total) => {
      const spent = (Date.now() - start) / 1000
      // The first packages are small: before a twentieth is done, the measured time of another machine is the better guess.
      const left = done * 20 < total ? Math.max(0, product.seconds - spent) : (spent / done) * (total - done)
      tell({ part: product.name, sentence, done, total, left: left + rest })
    },
  })
}

/** Makes a folder below the caller's home that still belongs to the caller when we run as root for them. */
async function ownedFolder(folder: string, { owner }: SandboxPaths): Promise<void> {
  const made = await mkdir(folder, { recursive: true })
  if (made === undefined) return
  for (let path = folder; path.length >= made.length; path = dirname(path)) await chown(path, owner.uid, owner.gid)
}
