import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { t } from '@vscode/l10n'
import { LocoError } from '../../../base/error.ts'
import { asKubeError } from '../../../kube/errors.ts'

export interface WholeLog {
  readonly file: string
  /** Lines in it. */
  readonly lines: number
  readonly bytes: number
}

const newline = 0x0a

/**
 * Writes a log to a file, piece by piece, so that its size does not matter. The file is there only when it is whole; an earlier one of the same name is replaced.
 * @throws LOCO-ACT-012 when it cannot be written; what the log throws; the signal's reason
 */
export async function keepWholeLog(o: {
  open: () => Promise<Readable>
  folder: string
  name: string
  signal: AbortSignal
  progress: (bytes: number) => void
}): Promise<WholeLog> {
  const { open, folder, name, signal, progress } = o
  const file = join(folder, name)
  const making = `${file}.part`
  let lines = 0
  let bytes = 0
  const log = await open()
  try {
    await mkdir(folder, { recursive: true })
    await pipeline(
      log,
      async function* (pieces: AsyncIterable<Buffer>) {
        for await (const piece of pieces) {
          for (let at = piece.indexOf(newline); at !== -1; at = piece.indexOf(newline, at + 1)) lines += 1
          bytes += piece.length
          progress(bytes)
          yield piece
        }
      },
      createWriteStream(making),
      { signal },
    )
    await rename(making, file)
    return { file, lines, bytes }
  } catch (error) {
    await rm(making, { force: true }).catch(() => {})
    if (isOfDisk(error)) throw unwritable(file, error)
    throw asKubeError(error, t('The log broke off before its end.'))
  }
}

/** A name for the file of a log, safe on every system. */
export function logFileName(words: readonly string[]): string {
  return `${words.map((word) => word.replaceAll(/[^\w.-]/g, '_')).join('.')}.log`
}

/** What the file system was asked to do; a log that breaks off fails in another call. */
const diskCalls = new Set(['mkdir', 'open', 'write', 'writev', 'rename'])
const isOfDisk = (error: unknown): error is NodeJS.ErrnoException => diskCalls.has((error as NodeJS.ErrnoException | null)?.syscall ?? '')

function unwritable(file: string, error: NodeJS.ErrnoException): LocoError {
  return new LocoError('LOCO-ACT-012', {
    what: t`The log cannot be written to ${file}.`,
    why: t`The system says: ${error.message}.`,
    fix: [t('Make room on the disk, or see to it that the folder may be written.')],
    evidence: [error.message],
    cause: error,
  })
}
