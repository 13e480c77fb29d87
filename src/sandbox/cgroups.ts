import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { t } from '@vscode/l10n'
import { systemClock } from '../base/clock.ts'
import { LocoError } from '../base/error.ts'
import { type Mount, readMounts } from './mounts.ts'
import { plan } from './plan.ts'
import { run, tryRun } from './run.ts'

const root = '/sys/fs/cgroup'
/** Version 1 mounts by controller; the hierarchy that tracks our processes must be one that containers are put into as well. */
const tracking = 'pids'
export const needed = { 1: ['cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'pids'], 2: ['cpu', 'cpuset', 'memory', 'pids'] } as const

/** What the machine's cgroups are: version, and the folders below which a parent of ours is made. */
export interface CgroupLayout {
  version: 1 | 2
  hierarchies: string[]
  missing: string[]
  writable: boolean
}

/** Reads the layout out of the mounts; `controllers` is the text of cgroup.controllers of version 2. Undefined when none is mounted. */
export function cgroupLayout(mounts: readonly Mount[], controllers: string): CgroupLayout | undefined {
  const unified = mounts.find(({ point, type }) => point === root && type === 'cgroup2')
  if (unified !== undefined) {
    const offered = controllers.trim().split(/\s+/)
    return { version: 2, hierarchies: [root], missing: needed[2].filter((name) => !offered.includes(name)), writable: unified.options.includes('rw') }
  }
  const legacy = mounts.filter(({ point, type }) => type === 'cgroup' && point.startsWith(`${root}/`))
  if (legacy.length === 0) return undefined
  const offered = legacy.flatMap(({ options }) => options)
  return {
    version: 1,
    hierarchies: legacy.map(({ point }) => point),
    missing: needed[1].filter((name) => !offered.includes(name)),
    writable: legacy.every(({ options }) => options.includes('rw')),
  }
}

export async function readCgroups(): Promise<CgroupLayout | undefined> {
  const controllers = await readFile(join(root, 'cgroup.controllers'), 'utf8').catch(() => '')
  return cgroupLayout(await readMounts(), controllers)
}

/** Controllers of version 1 that the kernel has switched on, out of the text of /proc/cgroups. */
export function enabledControllers(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(/\s+/))
    .filter(([, , , enabled]) => enabled === '1')
    .map(([name = '']) => name)
}

/** A bare machine without an init that mounts cgroups: mounts one hierarchy a controller. True when it did; then `unmountCgroups` undoes it. */
export async function mountCgroups(): Promise<boolean> {
  if ((await readCgroups()) !== undefined) return false
  await run('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'cgroup', root])
  for (const controller of enabledControllers(await readFile('/proc/cgroups', 'utf8').catch(() => ''))) {
    const point = join(root, controller)
    await mkdir(point)
    if ((await tryRun('mount', ['-t', 'cgroup', '-o', controller, 'cgroup', point])).code !== 0) await rmdir(point)
  }
  return true
}

export async function unmountCgroups(): Promise<void> {
  for (const { point } of (await readMounts()).filter(({ type, point }) => type === 'cgroup' && point.startsWith(`${root}/`))) await tryRun('umount', [point])
  await tryRun('umount', [root])
}

/** Makes the parent of all our cgroups, and in it the home of the parts. */
export async function makeCgroups(): Promise<void> {
  const layout = await readCgroups()
  if (layout === undefined) throw new LocoError('LOCO-SBX-003', { what: t('This machine has no cgroups mounted.'), fix: [`mount -t cgroup2 none ${root}`] })
  for (const hierarchy of layout.hierarchies) {
    const ours = join(hierarchy, plan.cgroup)
    const parts = join(ours, 'parts')
    if (layout.version === 2) {
      await enable(hierarchy)
      await mkdir(ours, { recursive: true })
      await enable(ours)
    }
    await mkdir(parts, { recursive: true })
    // A new cpuset of version 1 is empty, and an empty one takes no process.
    if (existsSync(join(hierarchy, 'cpuset.cpus')) && layout.version === 1) {
      for (const folder of [ours, parts])
        for (const file of ['cpuset.cpus', 'cpuset.mems']) await writeFile(join(folder, file), await readFile(join(hierarchy, file)))
    }
  }
}

async function enable(folder: string): Promise<void> {
  for (const controller of (await readFile(join(folder, 'cgroup.controllers'), 'utf8')).trim().split(/\s+/)) {
    // One by one: a controller that cannot be handed on must not keep the others back.
    await writeFile(join(folder, 'cgroup.subtree_control'), `+${controller}`).catch(() => undefined)
  }
}

/** Folder of the hierarchy in which every process of the sandbox is found. */
function trackingRoot(): string {
  return existsSync(join(root, 'cgroup.controllers')) ? root : join(root, tracking)
}

/** Puts a process of ours, and with it all that it will start, into the sandbox's cgroup. */
export function track(pid: number): void {
  try {
    writeFileSync(join(trackingRoot(), plan.cgroup, 'parts', 'cgroup.procs'), String(pid))
  } catch {
    // It has ended already: whoever waits for it will say so.
  }
}

/** Every process in the sandbox's cgroups: parts, shims, containers. */
export function trackedProcesses(): number[] {
  const found: number[] = []
  const walk = (folder: string): void => {
    let entries: { name: string; isDirectory(): boolean }[]
    try {
      entries = readdirSync(folder, { withFileTypes: true })
      found.push(...readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number))
    } catch {
      return // Removed while we looked, or not there at all.
    }
    for (const entry of entries) if (entry.isDirectory()) walk(join(folder, entry.name))
  }
  walk(join(trackingRoot(), plan.cgroup))
  return found
}

/** Kills every process in the sandbox's cgroups and waits until they are gone. */
export async function killTracked(timeout = 5_000): Promise<void> {
  const end = Date.now() + timeout
  for (let pids = trackedProcesses(); pids.length > 0 && Date.now() < end; pids = trackedProcesses()) {
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // Gone meanwhile.
      }
    }
    await systemClock.sleep(20)
  }
}

/** Takes our cgroups away, deepest first. The kernel lets go of an emptied one a little late. */
export async function removeCgroups(): Promise<void> {
  for (const folder of await ourCgroups()) {
    const end = Date.now() + 3_000
    while (existsSync(folder) && Date.now() < end) {
      await removeTree(folder)
      if (existsSync(folder)) await systemClock.sleep(30)
    }
  }
}

/** Our parent cgroup in each hierarchy where it exists: also in the one of version 2 beside version 1, where runc makes it. */
export async function ourCgroups(): Promise<string[]> {
  return (await readMounts())
    .filter(({ type }) => type === 'cgroup' || type === 'cgroup2')
    .map(({ point }) => join(point, plan.cgroup))
    .filter((folder) => existsSync(folder))
}

async function removeTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(folder, entry.name))
  await rmdir(folder).catch(() => undefined)
}
