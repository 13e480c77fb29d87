import { existsSync } from 'node:fs'
import { readdir, readFile, readlink, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import { type Before, readBefore, removeForeignPlaces, restoreSysctls } from './before.ts'
import { killTracked, ourCgroups, removeCgroups, trackedProcesses, unmountCgroups } from './cgroups.ts'
import { lowerFirewall, ourTables } from './firewall.ts'
import { mountsBelow, readMounts, unmountBelow } from './mounts.ts'
import { ourLinks, removeLinks } from './network.ts'
import { devicePluginFolder } from './parts/kubelet.ts'
import { plan } from './plan.ts'
import { commandOf } from './proc.ts'

/** Where a node lived: its state and what ended with it. */
export interface NodeFolders {
  root: string
  run: string
}

/**
 * Takes away everything of a node but its state, whatever is still there: after a clean end, after `kill -9` of any or every part, after half a start.
 * Each step finds its things by itself and does nothing when there is none, so it can run again.
 */
export async function removeLeftovers(folders: NodeFolders): Promise<void> {
  const before = await readBefore(folders.run)
  await killTracked()
  await removeShimSockets(folders)
  // Mounts before links: with the last mount of a pod's network namespace its end of the cable goes, and with it the one here.
  await unmountBelow([folders.run, folders.root])
  await removeLinks()
  await lowerFirewall(before?.rules)
  await removeCgroups()
  await removeKubeletTraces(folders)
  await removeNetworkRecords()
  if (before !== undefined) await undo(before)
  await rm(folders.run, { recursive: true, force: true })
}

async function undo(before: Before): Promise<void> {
  await restoreSysctls(before)
  await removeForeignPlaces(before)
  if (before.cgroupsMounted) await unmountCgroups()
}

/** Shims put their sockets into /run/containerd/s whatever containerd's folders are, and note the place. One that was killed leaves it behind. */
async function removeShimSockets({ run }: NodeFolders): Promise<void> {
  const tasks = join(run, 'containerd', 'io.containerd.runtime.v2.task')
  for (const namespace of await list(tasks)) {
    for (const id of await list(join(tasks, namespace))) {
      const address = await readFile(join(tasks, namespace, id, 'address'), 'utf8').catch(() => '')
      const socket = /^unix:\/\/(\/run\/containerd\/s\/[0-9a-f]+)$/.exec(address.trim())?.[1]
      if (socket !== undefined) await rm(socket, { force: true })
    }
  }
}

/** What the kubelet leaves at places that no flag of it moves. */
async function removeKubeletTraces({ root }: NodeFolders): Promise<void> {
  for (const name of ['kubelet.sock', 'kubelet_internal_checkpoint', 'devices_kubevirt_io_kvm.sock']) await rm(join(devicePluginFolder, name), { force: true })
  for (const name of await list('/var/log/containers')) {
    const path = join('/var/log/containers', name)
    if ((await readlink(path).catch(() => '')).startsWith(`${root}/`)) await rm(path, { force: true })
  }
}

/** Results that libcni keeps of pods whose network was not taken away in the usual way. */
async function removeNetworkRecords(): Promise<void> {
  const folder = '/var/lib/cni/results'
  for (const name of await list(folder)) {
    const id = new RegExp(`^${plan.cniName}-([0-9a-f]{64})-eth0$`).exec(name)?.[1]
    if (id === undefined) continue
    await rm(join(folder, name), { force: true })
    await rm(join(folder, `cni-loopback-${id}-lo`), { force: true })
  }
}

/** What of the node is still on the machine, in words; empty after a good `down`. */
export async function whatIsLeft(folders: NodeFolders): Promise<string[]> {
  const processes = trackedProcesses().map((pid) => t`process ${pid} (${commandOf(pid)})`)
  const mounts = mountsBelow(await readMounts(), [folders.run, folders.root]).map((point) => t`mount ${point}`)
  const links = (await ourLinks()).map((name) => t`link ${name}`)
  const tables = (await ourTables()).map((name) => t`nftables table ${name}`)
  const cgroups = (await ourCgroups()).map((path) => t`cgroup ${path}`)
  return [...processes, ...mounts, ...links, ...tables, ...cgroups, ...(existsSync(folders.run) ? [t`folder ${folders.run}`] : [])]
}

/** @throws LOCO-SBX-019 naming what did not go away. */
export async function proveGone(folders: NodeFolders): Promise<void> {
  const left = await whatIsLeft(folders)
  if (left.length === 0) return
  throw new LocoError('LOCO-SBX-019', {
    what:
      left.length === 1
        ? t('The node is off, but one thing of it is still on this machine.')
        : t`The node is off, but ${left.length} things of it are still on this machine.`,
    why: left.slice(0, 5).join(', '),
    fix: [t('loco sandbox down (tries again)')],
    evidence: left,
  })
}

async function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => [])
}
