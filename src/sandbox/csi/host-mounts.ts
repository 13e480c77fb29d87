import { readMounts } from '../mounts.ts'
import { run } from '../run.ts'

/** What the driver asks of the machine's mounts. */
export interface Mounts {
  /** All mount points, in the order of mounting. */
  points(): Promise<string[]>
  /** Shows a folder at another place, with options such as `ro`. */
  bind(folder: string, point: string, options: readonly string[]): Promise<void>
  /** @throws when somebody still uses it. */
  unmount(point: string): Promise<void>
}

export const hostMounts: Mounts = {
  points: async () => (await readMounts()).map(({ point }) => point),
  bind: async (folder, point, options) => {
    await run('mount', ['--bind', folder, point])
    if (options.length === 0) return
    try {
      // A bind mount takes its options only in a second step.
      await run('mount', ['-o', ['remount', 'bind', ...options].join(','), point])
    } catch (error) {
      await run('umount', [point])
      throw error
    }
  },
  unmount: async (point) => void (await run('umount', [point])),
}
