import { chmod, chown, lstat, mkdir, rm, rmdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'

/** User and group of the emulators, as in the chart. */
const emulatorUser = 10001

/** A folder on a node that belongs to the emulators. */
export interface NodeFolder {
  path: string
  /** Permissions, such as 0o700. */
  mode: number
}

/** Folders on the one node of a cluster. Each method may be repeated. */
export interface NodeFolders {
  /** Those that are missing, or are not as they should be. */
  wrong(folders: readonly NodeFolder[]): Promise<NodeFolder[]>
  /** Makes them, for the user of the emulators; what they hold stays. Folders above them that are missing become root's. @throws LOCO-VOL-012 */
  make(folders: readonly NodeFolder[]): Promise<void>
  /** Takes one away with all it holds, and the folders of its release and namespace above it when nothing else is in them. @throws LOCO-VOL-012 */
  remove(path: string): Promise<void>
}

/** Folders of this very machine, which is the node of a sandbox. Needs root. */
export class MachineFolders implements NodeFolders {
  async wrong(folders: readonly NodeFolder[]): Promise<NodeFolder[]> {
    const right = await Promise.all(folders.map(isRight))
    return folders.filter((_, index) => !right[index])
  }

  async make(folders: readonly NodeFolder[]): Promise<void> {
    for (const { path, mode } of folders) {
      await orSay(path, async () => {
        await assertNoStrangeLink(path)
        await mkdir(path, { recursive: true, mode: 0o755 })
        await chown(path, emulatorUser, emulatorUser)
        await chmod(path, mode)
      })
    }
  }

  async remove(path: string): Promise<void> {
    await orSay(path, async () => {
      await assertNoStrangeLink(path)
      await rm(path, { recursive: true, force: true })
      for (const above of [dirname(path), dirname(dirname(path))]) await rmdir(above).catch(() => {}) // somebody else's disks are in it
    })
  }
}

async function isRight({ path, mode }: NodeFolder): Promise<boolean> {
  try {
    const found = await lstat(path)
    return found.isDirectory() && found.uid === emulatorUser && (found.mode & 0o777) === mode
  } catch {
    return false
  }
}

/** Below /tmp anybody may put a link: one that is not root's would make us give away, or delete, what it points to. */
async function assertNoStrangeLink(path: string): Promise<void> {
  const parts = path.split('/').filter((part) => part !== '')
  for (let count = 1; count <= parts.length; count += 1) {
    const here = `/${parts.slice(0, count).join('/')}`
    const found = await lstat(here).catch(() => undefined)
    if (found === undefined) return
    if (found.isSymbolicLink() && found.uid !== 0) throw new Error(t`${here} is a link that does not belong to root.`)
  }
}

async function orSay(path: string, act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new LocoError('LOCO-VOL-012', {
      what: t`The folder ${path} of the node cannot be made or taken away.`,
      why: words,
      fix: [t('Make it by hand for uid 10001 (docs/storage.md), or name another one: --set storage.hostPath.sharedDirectory=FOLDER')],
      evidence: [words],
      cause: error,
    })
  }
}
