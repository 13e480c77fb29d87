import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type SavedRules, saveRules } from './firewall.ts'
import { tryRun } from './run.ts'

/**
 * The machine as it was before the node was switched on: what `down` puts back. It lies in /run, because a restart of the machine undoes these things itself.
 */
export interface Before {
  sysctls: Record<string, string>
  rules: SavedRules
  /** Of the places outside our folders that parts write to, those that did not exist. */
  absent: string[]
  cgroupsMounted: boolean
}

/** Kernel settings that the sandbox, the kubelet, kube-proxy and CNI plugins change. */
export const sysctls = [
  'net.ipv4.ip_forward',
  'net.ipv4.conf.all.forwarding',
  'net.ipv4.conf.default.forwarding',
  'net.ipv4.conf.all.route_localnet',
  'net.bridge.bridge-nf-call-iptables',
  'net.netfilter.nf_conntrack_tcp_be_liberal',
  'net.netfilter.nf_conntrack_max',
  'vm.overcommit_memory',
  'vm.panic_on_oom',
  'kernel.panic',
  'kernel.panic_on_oops',
  'kernel.keys.root_maxkeys',
  'kernel.keys.root_maxbytes',
] as const

/** What the sandbox itself sets. Forwarding before anything else: a Docker engine that has to switch it on sets the FORWARD policy to DROP. */
const wanted: Readonly<Record<string, string>> = { 'net.ipv4.ip_forward': '1', 'net.bridge.bridge-nf-call-iptables': '1' }

/** Places that the kubelet, CNI, shims and Docker use whatever they are told. Deepest first. */
export const foreignPlaces = [
  '/var/lib/kubelet/device-plugins',
  '/var/lib/kubelet',
  '/var/lib/cni/results',
  '/var/lib/cni/cache',
  '/var/lib/cni',
  '/var/log/containers',
  '/var/log/pods',
  '/run/containerd/s',
  '/run/containerd/fifo',
  '/run/containerd',
  '/run/docker/plugins',
  '/run/docker',
  // A key that old Docker engines make for themselves when there is none.
  '/etc/docker/key.json',
  '/etc/docker',
] as const

const file = (name: string): string => `/proc/sys/${name.replaceAll('.', '/')}`
const read = (name: string): string | undefined => {
  try {
    return readFileSync(file(name), 'utf8').trim()
  } catch {
    return undefined
  }
}

export async function readBefore(run: string): Promise<Before | undefined> {
  try {
    return JSON.parse(await readFile(join(run, 'before.json'), 'utf8')) as Before
  } catch {
    return undefined
  }
}

/** Notes how the machine is, unless a note of an earlier, unclean end exists: that one is the truth. */
export async function noteBefore(run: string, cgroupsMounted: boolean): Promise<Before> {
  const known = await readBefore(run)
  if (known !== undefined) return known
  // The bridge settings exist only once the module is there; many kernels have it built in.
  if (read('net.bridge.bridge-nf-call-iptables') === undefined) await tryRun('modprobe', ['br_netfilter'])
  const values = sysctls.flatMap((name) => {
    const value = read(name)
    return value === undefined ? [] : [[name, value] as const]
  })
  const before = { sysctls: Object.fromEntries(values), rules: await saveRules(), absent: foreignPlaces.filter((place) => !existsSync(place)), cgroupsMounted }
  await mkdir(run, { recursive: true, mode: 0o755 })
  await writeFile(join(run, 'before.json'), JSON.stringify(before))
  return before
}

export async function setSysctls(): Promise<void> {
  for (const [name, value] of Object.entries(wanted)) if (read(name) !== value) await writeFile(file(name), value).catch(() => undefined)
}

/** Puts the kernel settings back. */
export async function restoreSysctls(before: Before): Promise<void> {
  for (const [name, value] of Object.entries(before.sysctls)) if (read(name) !== value) await writeFile(file(name), value).catch(() => undefined)
}

/** Takes away the places that came with the sandbox: the one file among them, and folders as far as they are empty. */
export async function removeForeignPlaces(before: Before): Promise<void> {
  for (const place of before.absent) {
    if (!existsSync(place)) continue
    if (lstatSync(place).isDirectory()) await rmdir(place).catch(() => undefined)
    else await rm(place, { force: true })
  }
}
