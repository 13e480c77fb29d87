import { readFile } from 'node:fs/promises'
import { tryRun } from './run.ts'

export interface Mount {
  point: string
  type: string
  options: readonly string[]
}

/** The text of /proc/mounts, in the order of mounting. Octal escapes in paths are undone. */
export function parseMounts(text: string): Mount[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [, point = '', type = '', options = ''] = line.split(' ')
      return { point: point.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8))), type, options: options.split(',') }
    })
}

/** Mounts below (not at) any of the folders, the last mounted first: the order in which they can be unmounted. */
export function mountsBelow(mounts: readonly Mount[], folders: readonly string[]): string[] {
  return mounts
    .map(({ point }) => point)
    .filter((point) => folders.some((folder) => point.startsWith(`${folder}/`)))
    .reverse()
}

export async function readMounts(): Promise<Mount[]> {
  return parseMounts(await readFile('/proc/self/mounts', 'utf8'))
}

/** Unmounts everything below the folders. Mounts can be stacked, so it looks again until none is left or nothing gives way. */
export async function unmountBelow(folders: readonly string[]): Promise<void> {
  let before = Number.POSITIVE_INFINITY
  for (;;) {
    const points = mountsBelow(await readMounts(), folders)
    if (points.length === 0 || points.length >= before) return
    before = points.length
    // Lazily: a mount that a dying process still holds goes with that process.
    for (let i = 0; i < points.length; i += 100) await tryRun('umount', ['-l', ...points.slice(i, i + 100)])
  }
}
