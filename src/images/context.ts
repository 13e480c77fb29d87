import type { Dirent } from 'node:fs'
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'

/** One entry of a build context. Modes are reduced to what an image should keep, so that the umask of a checkout changes nothing. */
export interface ContextFile {
  /** Relative to the context, with forward slashes. */
  path: string
  kind: 'file' | 'executable' | 'link'
  /** Bytes of the file; target of the link as text. */
  content: Buffer
}

/** What is read: a folder, and files from elsewhere that appear in it. */
export interface ContextSource {
  folder: string
  /** Patterns of `ignored`. */
  ignore: readonly string[]
  /** Name in the context → absolute path of the file. */
  injected: Readonly<Record<string, string>>
}

/** Sources and one bundle are a few MiB; more means that something lies there which does not belong. */
const limit = 64 * 1024 * 1024

/**
 * True when a pattern takes a path out of the context. `*` stands for anything within one name. A pattern with a slash is held against the
 * whole path, one without against every name in it; what lies below an ignored folder is ignored too.
 */
export function ignored(path: string, patterns: readonly string[]): boolean {
  const names = path.split('/')
  return patterns.some((pattern) => {
    const expression = new RegExp(`^${pattern.split('*').map(escaped).join('[^/]*')}$`)
    if (!pattern.includes('/')) return names.some((name) => expression.test(name))
    return names.some((_, depth) => expression.test(names.slice(0, depth + 1).join('/')))
  })
}

const escaped = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&')

/** Reads a build context into memory, ordered by path. @throws LOCO-BLD-003 missing, -004 too big, -005 unreadable or of a strange kind */
export async function readContext(source: ContextSource, signal?: AbortSignal): Promise<ContextFile[]> {
  const files: ContextFile[] = []
  let bytes = 0
  const take = (file: ContextFile): void => {
    bytes += file.content.length
    if (bytes > limit) throw tooBig(source.folder, [...files, file])
    files.push(file)
  }
  for (const path of await pathsBelow(source.folder, source.ignore)) {
    signal?.throwIfAborted()
    take(await entry(path, join(source.folder, path)))
  }
  for (const [path, from] of Object.entries(source.injected)) take(await entry(path, from))
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

async function pathsBelow(folder: string, ignore: readonly string[], prefix = ''): Promise<string[]> {
  const found: string[] = []
  for (const one of await readFolder(join(folder, prefix))) {
    const path = prefix + one.name
    if (ignored(path, ignore)) continue
    if (one.isDirectory()) found.push(...(await pathsBelow(folder, ignore, `${path}/`)))
    else found.push(path)
  }
  return found
}

async function readFolder(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    throw unreadable(folder, error)
  }
}

async function entry(path: string, from: string): Promise<ContextFile> {
  try {
    const facts = await lstat(from)
    if (facts.isSymbolicLink()) return { path, kind: 'link', content: Buffer.from(await readlink(from)) }
    if (facts.size > limit) throw tooBig(from, [])
    if (facts.isFile()) return { path, kind: (facts.mode & 0o100) === 0 ? 'file' : 'executable', content: await readFile(from) }
  } catch (error) {
    throw error instanceof LocoError ? error : unreadable(from, error)
  }
  throw new LocoError('LOCO-BLD-005', {
    what: t`${from} cannot go into an image.`,
    why: t('It is neither file, folder nor symbolic link.'),
    fix: [t('Move it out of the folder of the image.')],
  })
}

function unreadable(path: string, error: unknown): LocoError {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') {
    return new LocoError('LOCO-BLD-003', {
      what: t`${path} is missing, and the image needs it.`,
      fix: ['npm run build', t('or install Loco Cluster again, if this is an installed extension')],
      cause: error,
    })
  }
  return new LocoError('LOCO-BLD-005', {
    what: t`${path} cannot be read, and the image needs it.`,
    why: message,
    fix: [t('Let this user read it.')],
    cause: error,
  })
}

function tooBig(where: string, files: readonly ContextFile[]): LocoError {
  const biggest = files.toSorted((a, b) => b.content.length - a.content.length)[0]
  return new LocoError('LOCO-BLD-004', {
    what: t`${where} holds more than ${limit / 1024 / 1024} MiB.`,
    why: biggest === undefined ? t('One file alone is larger.') : t`The largest file is ${biggest.path} (${biggest.content.length} bytes).`,
    fix: [t('Move what is no source of the image out of its folder.'), t('A disk of your own comes in by the build argument DISK_IMAGE or by a claim.')],
  })
}
