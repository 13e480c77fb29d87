import { existsSync, readFileSync } from 'node:fs'
import { readFile, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import { type Arch, goArch } from './binaries/catalogue.ts'
import { type CgroupLayout, enabledControllers, needed, readCgroups } from './cgroups.ts'
import type { SandboxPaths } from './paths.ts'
import { tryRun } from './run.ts'

/** What of the machine decides whether it can hold the sandbox. Plain data: `refusals` judges it. */
export interface MachineFacts {
  platform: NodeJS.Platform
  arch: Arch | undefined
  uid: number
  /** Effective capabilities as a bit mask. */
  capabilities: bigint
  namespaces: readonly string[]
  cgroups: CgroupLayout | undefined
  /** Controllers of version 1 that could be mounted where none is. */
  mountable: readonly string[]
  /** File systems of the kernel, and modules that could bring one. */
  features: ReadonlySet<string>
  /** Free and needed bytes where state and cache go. */
  room: readonly { folder: string; free: number; needed: number }[]
}

/** Capabilities without which a node cannot run, by bit number. CAP_SYS_RESOURCE is not among them: it works without. */
const capabilities: readonly (readonly [string, number])[] = [
  ['CAP_CHOWN', 0],
  ['CAP_DAC_OVERRIDE', 1],
  ['CAP_KILL', 5],
  ['CAP_SETGID', 6],
  ['CAP_SETUID', 7],
  ['CAP_NET_ADMIN', 12],
  ['CAP_SYS_CHROOT', 18],
  ['CAP_SYS_ADMIN', 21],
  ['CAP_MKNOD', 27],
]
const namespaces = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'uts']

/** Why a machine cannot hold the sandbox: one error for each thing that is wrong, so that all can be put right at once. Empty when it can. */
export function refusals(facts: MachineFacts): LocoError[] {
  const { platform, arch, uid } = facts
  if (platform !== 'linux' || arch === undefined) {
    return [
      new LocoError('LOCO-SBX-001', {
        what: t`The sandbox runs on Linux on amd64 or arm64; this is ${platform} on ${process.arch}.`,
        fix: [t('Use a cluster that runs here: minikube, kind, k3d or Docker Desktop, and name its context with --context.')],
      }),
    ]
  }
  if (uid !== 0) return [new LocoError('LOCO-SBX-002', { what: t('The sandbox must be started as root.'), fix: ['sudo loco sandbox up'] })]
  return [...rightsRefusals(facts), ...cgroupRefusals(facts), ...kernelRefusals(facts), ...roomRefusals(facts)]
}

function rightsRefusals({ capabilities: mask, namespaces: present }: MachineFacts): LocoError[] {
  const lacking = [
    ...capabilities.filter(([, bit]) => ((mask >> BigInt(bit)) & 1n) === 0n).map(([name]) => name),
    ...namespaces.filter((name) => !present.includes(name)).map((name) => t`${name} namespaces`),
  ]
  if (lacking.length === 0) return []
  return [
    new LocoError('LOCO-SBX-004', {
      what: t`This process is root, but lacks ${lacking.join(', ')}.`,
      fix: [t('Run it on the machine itself, or in a privileged container (docker run --privileged).')],
    }),
  ]
}

function cgroupRefusals({ cgroups, mountable }: MachineFacts): LocoError[] {
  if (cgroups === undefined) {
    if (needed[1].every((name) => mountable.includes(name))) return []
    return [new LocoError('LOCO-SBX-003', { what: t('This machine has no cgroups mounted.'), fix: ['sudo mount -t cgroup2 none /sys/fs/cgroup'] })]
  }
  if (!cgroups.writable)
    return [new LocoError('LOCO-SBX-003', { what: t('The cgroups of this machine are read-only here.'), fix: ['sudo mount -o remount,rw /sys/fs/cgroup'] })]
  if (cgroups.missing.length === 0) return []
  return [
    new LocoError('LOCO-SBX-003', {
      what: t`The cgroups of this machine (version ${cgroups.version}) lack ${cgroups.missing.join(', ')}.`,
      fix: [t('Switch these controllers on at the kernel command line (cgroup_enable=…), or mount them.')],
    }),
  ]
}

function kernelRefusals({ features }: MachineFacts): LocoError[] {
  const lacking = ['overlay', 'nf_tables'].filter((name) => !features.has(name))
  if (lacking.length === 0) return []
  return [new LocoError('LOCO-SBX-010', { what: t`The kernel lacks ${lacking.join(', ')}.`, fix: lacking.map((name) => `sudo modprobe ${name}`) })]
}

const gibibyte = 1024 ** 3

function roomRefusals({ room }: MachineFacts): LocoError[] {
  return room
    .filter(({ free, needed }) => free < needed)
    .map(
      ({ folder, free, needed }) =>
        new LocoError('LOCO-SBX-006', {
          what: t`The disk of ${folder} has ${(free / gibibyte).toFixed(1)} GiB free; the sandbox needs ${(needed / gibibyte).toFixed(0)} GiB.`,
          fix: [t('Free some room, or move the state: LOCO_SANDBOX_ROOT=/other/disk/loco loco sandbox up')],
        }),
    )
}

/** Looks at this machine. Changes nothing. */
export async function machineFacts(paths: SandboxPaths): Promise<MachineFacts> {
  const linux = process.platform === 'linux'
  const fresh = !existsSync(join(paths.root, 'etcd'))
  const room = linux ? await Promise.all([roomOf(paths.root, (fresh ? 6 : 2) * gibibyte), roomOf(paths.cache, gibibyte)]) : []
  return {
    platform: process.platform,
    arch: goArch(process.arch),
    uid: process.getuid?.() ?? -1,
    capabilities: capabilityMask(text('/proc/self/status')),
    namespaces: namespaces.filter((name) => existsSync(`/proc/self/ns/${name}`)),
    cgroups: linux ? await readCgroups() : undefined,
    mountable: enabledControllers(text('/proc/cgroups')),
    features: linux ? await kernelFeatures() : new Set(),
    room,
  }
}

/** The effective capabilities in the text of /proc/PID/status. */
export function capabilityMask(status: string): bigint {
  const hex = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1]
  return hex === undefined ? 0n : BigInt(`0x${hex}`)
}

async function kernelFeatures(): Promise<Set<string>> {
  const features = new Set<string>()
  const release = text('/proc/sys/kernel/osrelease').trim()
  const modules = text(`/lib/modules/${release}/modules.dep`) + text(`/lib/modules/${release}/modules.builtin`)
  const module = (name: string): boolean => modules.includes(`/${name}.ko`)
  if (/\soverlay$/m.test(text('/proc/filesystems')) || module('overlay')) features.add('overlay')
  // Where nft is not installed yet, its package comes later: then the question is put again by the first rule.
  const nft = await tryRun('nft', ['list', 'tables'])
  if (nft.code === 0 || nft.code === 127 || module('nf_tables')) features.add('nf_tables')
  return features
}

async function roomOf(folder: string, needed: number): Promise<{ folder: string; free: number; needed: number }> {
  let existing = folder
  while (!existsSync(existing)) existing = dirname(existing)
  const { bavail, bsize } = await statfs(existing)
  return { folder, free: bavail * bsize, needed }
}

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Who a sandbox's state belongs to, as noted in it. */
export interface OwnerNote {
  uid: number
  name: string
  root: string
}

export async function readOwner(file: string): Promise<OwnerNote | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as OwnerNote
  } catch {
    return undefined
  }
}

/** Why a person may not work on the sandbox that is there. `state` is the note in our root, `running` that of the node that is on. */
export function ownerRefusal(paths: SandboxPaths, state: OwnerNote | undefined, running: OwnerNote | undefined): LocoError | undefined {
  if (running !== undefined && running.root !== paths.root) {
    return new LocoError('LOCO-SBX-009', {
      what: t`A sandbox of ${running.name} runs on this machine, with its state in ${running.root}.`,
      why: t('One machine holds one sandbox.'),
      fix: [`sudo LOCO_SANDBOX_ROOT=${running.root} loco sandbox down`],
    })
  }
  if (state !== undefined && state.uid !== paths.owner.uid) {
    return new LocoError('LOCO-SBX-008', {
      what: t`The sandbox in ${paths.root} belongs to ${state.name}; you are ${paths.owner.name}.`,
      fix: [
        t`Let ${state.name} run the command`,
        t`or make one of your own while theirs is down: sudo LOCO_SANDBOX_ROOT=/var/lib/loco-${paths.owner.name} loco sandbox up`,
      ],
    })
  }
  return undefined
}
