import { mkdir, rm, rmdir, symlink } from 'node:fs/promises'
import type { Mounts } from '../../src/sandbox/csi/host-mounts.ts'

/** Fake: bind mounts as symbolic links, for tests that are not root. It keeps the options for the test to look at. */
export class FakeMounts implements Mounts {
  readonly options = new Map<string, readonly string[]>()

  points(): Promise<string[]> {
    return Promise.resolve([...this.options.keys()])
  }

  async bind(folder: string, point: string, options: readonly string[]): Promise<void> {
    await rmdir(point)
    await symlink(folder, point)
    this.options.set(point, options)
  }

  async unmount(point: string): Promise<void> {
    await rm(point)
    await mkdir(point)
    this.options.delete(point)
  }
}
