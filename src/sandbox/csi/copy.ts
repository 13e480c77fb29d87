import { lastLines, tryRun } from '../run.ts'
import { exhausted } from './refusal.ts'

const patience = 60 * 60_000

/**
 * Copies all files of a folder into another, with owners, modes, links, attributes and holes; blocks are shared where the file system can.
 * Files that are written meanwhile are copied as each is when its turn comes: the copy is no single moment of a volume in use.
 */
export async function copyFiles(from: string, to: string, signal: AbortSignal): Promise<void> {
  const options = ['-a', '--reflink=auto', '--sparse=always', '--one-file-system']
  const { code, stderr } = await tryRun('cp', [...options, `${from}/.`, to], { timeout: patience, signal, env: { ...process.env, LC_ALL: 'C' } })
  if (code === 0) return
  const words = lastLines(stderr, 1)[0] ?? `cp ended with ${code}`
  throw /No space left|Disk quota exceeded/.test(stderr) ? exhausted(words) : new Error(words)
}
