import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a node could leave on a machine, as sorted lines, kind by kind. */
export type Listing = Record<'processes' | 'mounts' | 'networks' | 'links' | 'nftables' | 'iptables' | 'cgroups' | 'settings' | 'places', string[]>

const output = (command: string, ...args: string[]): string => {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return ''
  }
}
const lines = (text: string): string[] => text.split('\n').filter(Boolean)
const list = (folder: string): string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/**
 * Programs of a node by the name of their file, and whatever runs in its cgroups; other programs come and go on a machine that people work on.
 * A container's process cannot leave the node's cgroup, and a cgroup with a process in it cannot go: none of them is missed.
 */
const programs = /(^|\/)(etcd|kube[a-z-]*|containerd[a-z0-9-]*|dockerd|docker-proxy|runc|coredns|local-path-provisioner)$/

function processes(): string[] {
  return list('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        // A zombie is no process any more; pid 1 may reap it late.
        if (stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')) return []
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
        const inside = readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes('/loco-cluster')
        const ours = inside || programs.test(words[0] ?? '') || words.some((word) => word.includes('/run/loco-cluster'))
        return ours ? [`${pid} ${words.slice(0, 4).join(' ')}`] : []
      } catch {
        return []
      }
    })
}

/** Cgroups without a process in or below them: those with one are told by `processes` where they are ours, and come and go where they are others'. */
function emptyCgroups(folder: string, depth: number): string[] {
  return list(folder).flatMap((name) => {
    const path = join(folder, name)
    if (!existsSync(join(path, 'cgroup.procs'))) return depth === 0 ? emptyCgroups(path, 1) : []
    return [...(holdsProcess(path) ? [] : [path]), ...emptyCgroups(path, depth + 1)]
  })
}

function holdsProcess(folder: string): boolean {
  try {
    if (readFileSync(join(folder, 'cgroup.procs'), 'utf8') !== '') return true
  } catch {
    return true // It goes while we look: somebody's.
  }
  return list(folder).some((name) => existsSync(join(folder, name, 'cgroup.procs')) && holdsProcess(join(folder, name)))
}

const settings = [
  'net.ipv4.ip_forward',
  'net.ipv4.conf.all.route_localnet',
  'net.bridge.bridge-nf-call-iptables',
  'net.netfilter.nf_conntrack_tcp_timeout_established',
  'vm.overcommit_memory',
  'vm.panic_on_oom',
  'kernel.panic',
  'kernel.panic_on_oops',
  'kernel.keys.root_maxkeys',
]
const places = [
  '/run/loco-cluster',
  '/var/lib/kubelet',
  '/var/lib/cni',
  '/run/netns',
  '/var/log/containers',
  '/var/log/pods',
  '/run/containerd',
  '/run/docker',
  '/etc/docker',
]

/** Lists this machine now. Counters of rules and the like, which change by themselves, are left out. */
export function listing(): Listing {
  return {
    processes: processes().sort(),
    mounts: lines(readFileSync('/proc/self/mounts', 'utf8'))
      .map((line) => line.split(' ').slice(0, 3).join(' '))
      .sort(),
    networks: lines(output('lsns', '-t', 'net', '-n', '-o', 'NS'))
      .map((line) => line.trim())
      .sort(),
    links: (JSON.parse(output('ip', '-json', 'address') || '[]') as { ifname: string; addr_info: { local: string }[] }[])
      .map(({ ifname, addr_info }) => `${ifname} ${addr_info.map(({ local }) => local).join(' ')}`)
      .sort(),
    nftables: lines(output('nft', '--stateless', 'list', 'ruleset')),
    iptables: [...lines(output('iptables-save')), ...lines(output('ip6tables-save'))]
      .filter((line) => !line.startsWith('#'))
      .map((line) => line.replace(/\[\d+:\d+\]/, '')),
    cgroups: emptyCgroups('/sys/fs/cgroup', 0).sort(),
    settings: settings.map((name) => {
      const file = `/proc/sys/${name.replaceAll('.', '/')}`
      return `${name}=${existsSync(file) ? readFileSync(file, 'utf8').trim() : ''}`
    }),
    places: places.filter((place) => existsSync(place)),
  }
}

/** What differs, `+` for new and `-` for gone; empty when nothing does. Empty cgroups of others that go are nobody's loss. */
export function difference(before: Listing, after: Listing): string[] {
  return (Object.keys(before) as (keyof Listing)[]).flatMap((kind) => [
    ...after[kind].filter((line) => !before[kind].includes(line)).map((line) => `+ ${kind}: ${line}`),
    ...(kind === 'cgroups' ? [] : before[kind].filter((line) => !after[kind].includes(line))).map((line) => `- ${kind}: ${line}`),
  ])
}
