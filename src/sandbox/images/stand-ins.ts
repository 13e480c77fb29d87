import { createReadStream, existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { t } from '@vscode/l10n'
import type Docker from 'dockerode'
import type { Arch } from '../binaries/catalogue.ts'
import type { SandboxPaths } from '../paths.ts'
import type { Tell } from '../progress.ts'
import { run, tryRun } from '../run.ts'
import { type Layer, layerOf, writeImage } from './archive.ts'

/** The public images on which ours are built. */
export const baseImages = { debian: 'debian:bookworm-slim', node: 'node:24-bookworm-slim' } as const
const codename = 'bookworm'
const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

export interface StandInOptions {
  paths: SandboxPaths
  arch: Arch
  tell: Tell
  signal?: AbortSignal
}

/** Base images that the Docker engine does not have. */
export async function missingBaseImages(docker: Docker): Promise<string[]> {
  const present = (await docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? [])
  return Object.values(baseImages).filter((tag) => !present.includes(tag))
}

/** True when the public registry answers as a registry does; then Docker fetches base images itself when a build needs them. */
export async function registryAnswers(url = 'https://registry-1.docker.io/v2/', answerWithin = 3_000): Promise<boolean> {
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(answerWithin) })
    return status === 200 || status === 401
  } catch {
    return false
  }
}

/**
 * Makes stand-ins for the public base images and loads them into the Docker engine: Debian by debootstrap, Node by laying the binary that runs us over it.
 * Debian's layer is kept in the cache, because making it takes half a minute.
 */
export async function makeStandIns(docker: Docker, missing: readonly string[], options: StandInOptions): Promise<void> {
  const { arch, tell } = options
  tell({ part: 'base-images', sentence: t('No image registry answers: making stand-ins for the base images from packages of Debian.') })
  const scratch = await mkdtemp(join(tmpdir(), 'loco-stand-in-'))
  try {
    const debian = await debianLayer(scratch, options)
    if (missing.includes(baseImages.debian)) {
      await load(docker, { tag: baseImages.debian, arch, layers: [debian], config: { Cmd: ['bash'], Env: [path] } }, scratch)
    }
    if (missing.includes(baseImages.node) && process.versions.node.startsWith('24.')) {
      const node = await nodeLayer(scratch)
      const config = { Cmd: ['node'], Env: [path, `NODE_VERSION=${process.versions.node}`] }
      await load(docker, { tag: baseImages.node, arch, layers: [debian, node], config }, scratch)
    }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function load(docker: Docker, spec: Parameters<typeof writeImage>[0], scratch: string): Promise<void> {
  const archive = join(scratch, 'image.tar')
  await writeImage(spec, archive)
  const answer = await docker.loadImage(createReadStream(archive), { quiet: true })
  await new Promise<void>((resolve, reject) => answer.on('error', reject).on('end', resolve).resume())
  await rm(archive)
}

async function debianLayer(scratch: string, { paths, arch, tell, signal }: StandInOptions): Promise<Layer> {
  const kept = join(paths.cache, 'images', `debian-${codename}-${arch}.tar`)
  if (existsSync(kept)) return layerOf(kept)
  tell({ part: 'base-images', sentence: t`Making ${baseImages.debian} with debootstrap; this takes about half a minute, once.` })
  const root = join(scratch, 'debian')
  const mirror = await debianMirror()
  await run('debootstrap', ['--variant=minbase', '--include=ca-certificates', codename, root, ...(mirror === undefined ? [] : [mirror])], {
    timeout: 15 * 60_000,
    env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
    ...(signal ? { signal } : {}),
  })
  await rm(join(root, 'etc/apt/sources.list'), { force: true })
  for (const folder of ['var/cache/apt/archives', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/man', 'usr/share/locale']) await empty(join(root, folder))
  await copyAptSettings(root)
  const fresh = join(scratch, 'debian.tar')
  await run('tar', ['-C', root, '--numeric-owner', '--xattrs', '--sort=name', '-cf', fresh, '.'], { timeout: 120_000 })
  await mkdir(join(paths.cache, 'images'), { recursive: true })
  await copyFile(fresh, `${kept}.partial`)
  await rename(`${kept}.partial`, kept)
  return layerOf(kept)
}

/** The mirror from which this machine takes Debian; undefined where it is no Debian, then debootstrap's own default holds. */
async function debianMirror(): Promise<string | undefined> {
  const { stdout } = await tryRun('apt-get', ['indextargets', '--format', '$(CODENAME) $(REPO_URI)', 'Created-By: Packages'])
  const line = stdout.split('\n').find((text) => text.startsWith(`${codename} `))
  return line?.split(' ')[1]
}

/** Builds in the image reach packages the way this machine does: same sources where they are Debian's, same settings for fetching. */
async function copyAptSettings(root: string): Promise<void> {
  await mkdir(join(root, 'etc/apt/sources.list.d'), { recursive: true })
  await mkdir(join(root, 'etc/apt/apt.conf.d'), { recursive: true })
  for (const file of ['/etc/apt/sources.list', '/etc/apt/sources.list.d/debian.sources']) {
    if (existsSync(file) && (await readFile(file, 'utf8')).includes(codename)) await copyFile(file, join(root, file))
  }
  for (const name of await readdir('/etc/apt/apt.conf.d').catch(() => [])) {
    const file = join('/etc/apt/apt.conf.d', name)
    if (/^\s*Acquire::/m.test(await readFile(file, 'utf8').catch(() => ''))) await copyFile(file, join(root, file))
  }
}

async function nodeLayer(scratch: string): Promise<Layer> {
  const root = join(scratch, 'node')
  await mkdir(join(root, 'usr/local/bin'), { recursive: true })
  await copyFile(process.execPath, join(root, 'usr/local/bin/node'))
  await chmod(join(root, 'usr/local/bin/node'), 0o755)
  const layer = join(scratch, 'node.tar')
  await run('tar', ['-C', root, '--numeric-owner', '--owner=0', '--group=0', '--mtime=@0', '-cf', layer, 'usr'])
  return layerOf(layer)
}

async function empty(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) await rm(join(folder, name), { recursive: true, force: true })
}
