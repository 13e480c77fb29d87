import { access, readdir, readFile } from 'node:fs/promises'
import { sep } from 'node:path'
import type { ChartFileSystem } from '../values/chart-files.ts'

/** A path with `/`, as the values engine takes it. */
export const slashed = (path: string): string => (sep === '/' ? path : path.replaceAll(sep, '/'))

/** The files of this machine. */
export const disk: ChartFileSystem = {
  read: (path) => readFile(path, 'utf8'),
  exists: (path) =>
    access(path).then(
      () => true,
      () => false,
    ),
  async list(folder) {
    try {
      const entries = await readdir(folder, { withFileTypes: true })
      return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    } catch {
      return [] // no such folder
    }
  },
}
