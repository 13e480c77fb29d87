import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { chmod, mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { t } from '@vscode/l10n'
import { LocoError } from '../../base/error.ts'
import { run } from '../run.ts'
import type { Release } from './catalogue.ts'

export interface DownloadOptions {
  signal?: AbortSignal
  /** Milliseconds until a publisher must answer: a machine without a way out shall not wait long. */
  answerWithin?: number
  /** Milliseconds without a byte after which a download counts as broken. */
  silence?: number
  onBytes?: (done: number, total: number | undefined) => void
}

/** The SHA-256 of `file` in a publisher's text: the sum alone, or the line that names the file. */
export function sumIn(text: string, file: string): string | undefined {
  for (const line of text.split('\n')) {
    const [sum, name] = line.trim().split(/\s+\*?/)
    if (sum !== undefined && /^[0-9a-f]{64}$/i.test(sum) && (name === undefined || basename(name) === file)) return sum.toLowerCase()
  }
  return undefined
}

/** True when a publisher answers within the time given, whatever it answers. */
export async function answers(url: string, answerWithin = 3_000): Promise<boolean> {
  try {
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(answerWithin) })
    return true
  } catch {
    return false
  }
}

/**
 * Fetches one program into `folder` and checks it against the publisher's own sum, itself fetched from the same publisher over TLS.
 * A file whose sum differs never gets its final name.
 */
export async function fetchRelease(release: Release, folder: string, options: DownloadOptions = {}): Promise<void> {
  const file = basename(new URL(release.url).pathname)
  const wanted = sumIn(await text(release.sumUrl, options), file)
  if (wanted === undefined) throw failure(release.sumUrl, t('Its publisher gives no SHA-256 for this file.'))
  await mkdir(folder, { recursive: true })
  const partial = join(folder, `.${file}.partial`)
  try {
    const got = await save(release.url, partial, options)
    if (got !== wanted) {
      throw new LocoError('LOCO-SBX-016', {
        what: t`The download of ${release.url} is not what its publisher offers: its checksum differs.`,
        why: t`The publisher names sha256 ${wanted}, the file has ${got}.`,
        fix: [t('loco sandbox up (tries again)'), t('or look at what stands between this machine and the publisher, such as a proxy that rewrites files')],
      })
    }
    await unpack(partial, release, folder)
  } finally {
    await rm(partial, { force: true })
  }
}

async function unpack(partial: string, release: Release, folder: string): Promise<void> {
  const target = join(folder, release.binary)
  if (release.member === undefined) {
    await chmod(partial, 0o755)
    await rename(partial, target)
    return
  }
  const scratch = join(folder, `.${release.binary}.unpacked`)
  try {
    await mkdir(scratch, { recursive: true })
    await run('tar', ['-xzf', partial, '-C', scratch, '--no-same-owner', release.member])
    await chmod(join(scratch, release.member), 0o755)
    await mkdir(dirname(target), { recursive: true })
    await rename(join(scratch, release.member), target)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function open(url: string, { signal, answerWithin = 4_000 }: DownloadOptions): Promise<Response> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new Error(t`No answer within ${answerWithin} ms.`)), answerWithin)
  let response: Response
  try {
    response = await fetch(url, { signal: signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]) })
  } catch (error) {
    signal?.throwIfAborted()
    throw failure(url, causeOf(error), error)
  } finally {
    clearTimeout(timer)
  }
  if (!response.ok || response.body === null) throw failure(url, t`The publisher answered ${response.status} ${response.statusText}.`)
  return response
}

async function text(url: string, options: DownloadOptions): Promise<string> {
  return (await open(url, options)).text()
}

/** Streams a URL into a file and gives the SHA-256 of what was written. */
async function save(url: string, path: string, options: DownloadOptions): Promise<string> {
  const { silence = 30_000, signal, onBytes } = options
  const response = await open(url, options)
  const total = Number(response.headers.get('content-length')) || undefined
  const hash = createHash('sha256')
  const source = Readable.fromWeb(response.body as ReadableStream<Uint8Array>)
  const silent = new AbortController()
  let timer = setTimeout(() => silent.abort(), silence)
  let done = 0
  try {
    await pipeline(
      source,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          clearTimeout(timer)
          timer = setTimeout(() => silent.abort(), silence)
          hash.update(chunk)
          done += chunk.length
          onBytes?.(done, total)
          yield chunk
        }
      },
      createWriteStream(path),
      { signal: signal === undefined ? silent.signal : AbortSignal.any([signal, silent.signal]) },
    )
  } catch (error) {
    signal?.throwIfAborted()
    throw failure(url, silent.signal.aborted ? t`Nothing came for ${silence / 1000} s.` : causeOf(error), error)
  } finally {
    clearTimeout(timer)
  }
  if (total !== undefined && done !== total) throw failure(url, t`Only ${done} of ${total} bytes came.`)
  return hash.digest('hex')
}

function failure(url: string, why: string, cause?: unknown): LocoError {
  return new LocoError('LOCO-SBX-017', {
    what: t`${url} could not be fetched.`,
    why,
    fix: [t('Check the way to the internet (HTTPS_PROXY), or install Go so that the programs can be built.')],
    cause,
  })
}

function causeOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return inner instanceof Error ? inner.message || inner.name : String(inner)
}
