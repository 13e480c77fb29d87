import { type FSWatcher, readdirSync, watch } from 'node:fs'
import { join } from 'node:path'
import { type Disposable, disposable } from '../base/disposable.ts'

/** Milliseconds between two looks that need no sign from the system: not every file system gives one, and a process dies without writing. */
const lookEvery = 2_000
/** Milliseconds in which several signs count as one. */
const settle = 50

/** Calls back whenever something may have changed in the journals below a state root, which need not exist yet. Nothing is read. */
export function watchJournals(root: string, changed: () => void): Disposable {
  const watchers = new Map<string, FSWatcher>()
  let timer: NodeJS.Timeout | undefined
  const soon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      follow()
      changed()
    }, settle)
  }
  /** Watches the root, the folder of each cluster and of each namespace; no system watches all below a folder in the same way. */
  const follow = (): void => {
    const clusters = folders(root)
    const wanted = new Set([root, ...clusters, ...clusters.flatMap(folders)])
    for (const [folder, watcher] of watchers) {
      if (wanted.has(folder)) continue
      watcher.close()
      watchers.delete(folder)
    }
    for (const folder of wanted) {
      if (watchers.has(folder)) continue
      try {
        const watcher = watch(folder, { persistent: false }, soon)
        watcher.on('error', () => {
          watcher.close()
          watchers.delete(folder)
        })
        watchers.set(folder, watcher)
      } catch {
        // It does not exist, or the system has no more watches to give: the clock looks anyway.
      }
    }
  }
  follow()
  const clock = setInterval(soon, lookEvery)
  clock.unref()
  return disposable(() => {
    clearInterval(clock)
    clearTimeout(timer)
    for (const watcher of watchers.values()) watcher.close()
    watchers.clear()
  })
}

function folders(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(path, name))
  } catch {
    return []
  }
}
