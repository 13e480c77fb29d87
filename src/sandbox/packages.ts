import { existsSync, readFileSync } from 'node:fs'
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import type { Tell } from './progress.ts'
import { lastLines, run, tryRun } from './run.ts'

/** Where daemons look for programs; sbin included, which a person's PATH may lack. */
export const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Packages of Debian and Ubuntu, and the programs for which they are installed. One whose programs are there, from wherever, is left alone. */
export const packages: Readonly<Record<string, readonly string[]>> = {
  containerd: ['containerd', 'containerd-shim-runc-v2', 'ctr'],
  runc: ['runc'],
  'docker.io': ['dockerd'],
  'containernetworking-plugins': [],
  debootstrap: ['debootstrap'],
  'busybox-static': ['busybox'],
  nftables: ['nft'],
  iptables: ['iptables', 'iptables-save', 'iptables-restore', 'ip6tables-save'],
  conntrack: ['conntrack'],
  iproute2: ['ip'],
  openssl: ['openssl'],
  'util-linux': ['mount', 'umount'],
  kmod: ['modprobe'],
  'ca-certificates': ['update-ca-certificates'],
}

const pluginFolders = ['/usr/lib/cni', '/opt/cni/bin']

/** The folder with the CNI plugins that the pods' network is made of. */
export function cniPluginFolder(exists: (path: string) => boolean = existsSync): string | undefined {
  return pluginFolders.find((folder) => ['bridge', 'host-local', 'portmap', 'loopback'].every((plugin) => exists(join(folder, plugin))))
}

/** Packages of which something is missing. */
export function missingPackages(exists: (path: string) => boolean = existsSync): string[] {
  const found = (program: string): boolean => systemPath.split(delimiter).some((folder) => exists(join(folder, program)))
  return Object.entries(packages)
    .filter(([name, programs]) => (name === 'containernetworking-plugins' ? cniPluginFolder(exists) === undefined : !programs.every(found)))
    .map(([name]) => name)
}

/** Why missing packages cannot be installed here; undefined when nothing is missing or apt is there. */
export function packagesRefusal(missing: readonly string[], apt: boolean): LocoError | undefined {
  if (missing.length === 0 || apt) return undefined
  return new LocoError('LOCO-SBX-011', {
    what: t`Programs that the sandbox needs are not installed, and this machine has no apt to install them: ${missing.join(', ')}.`,
    fix: [t`Install them with the tool of this distribution: ${missing.flatMap((name) => packages[name] ?? []).join(', ')}`],
  })
}

const policy = '/usr/sbin/policy-rc.d'
/** Units that the packages bring; their services are not for us. */
const units = ['docker.service', 'docker.socket', 'containerd.service']

/**
 * Installs the missing packages with apt, removing none. The services they bring are not started: while apt runs, policy-rc.d says no (it is taken away
 * again if it is ours), and under systemd units that were not there before are disabled, so that they do not start with the machine either.
 */
export async function installPackages(missing: readonly string[], tell: Tell, signal?: AbortSignal): Promise<void> {
  if (missing.length === 0) return
  const sentence = t`Installing packages that are missing: ${missing.join(', ')}.`
  tell({ part: 'packages', sentence })
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_SUSPEND: '1' }
  const options = { env, timeout: 15 * 60_000, ...(signal ? { signal } : {}) }
  const systemd = existsSync('/run/systemd/system')
  const enabledBefore = systemd ? await knownUnits() : []
  const ownPolicy = !existsSync(policy)
  if (ownPolicy) {
    await writeFile(policy, '#!/bin/sh\nexit 101\n')
    await chmod(policy, 0o755)
  }
  try {
    await tryRun('apt-get', ['update', '-qq'], options) // Old lists may do: the installation says.
    const { code, stdout, stderr } = await tryRun('apt-get', ['install', '-y', '-qq', '--no-install-recommends', '--no-remove', ...missing], options)
    if (code !== 0) {
      const words = lastLines(`${stdout}\n${stderr}`, 5)
      throw new LocoError('LOCO-SBX-011', {
        what: t`Packages that the sandbox needs could not be installed: ${missing.join(', ')}.`,
        ...(words.length > 0 ? { why: words.at(-1) as string } : {}),
        fix: [`sudo apt-get install --no-install-recommends ${missing.join(' ')}`],
        evidence: words,
      })
    }
    const brought = systemd ? (await knownUnits()).filter((unit) => !enabledBefore.includes(unit)) : []
    if (brought.length > 0) await tryRun('systemctl', ['disable', ...brought])
  } finally {
    if (ownPolicy) await rm(policy, { force: true })
  }
}

async function knownUnits(): Promise<string[]> {
  const { stdout } = await tryRun('systemctl', ['list-unit-files', '--no-legend', ...units])
  return stdout.split('\n').flatMap((line) => line.split(' ')[0] || [])
}

/** True for a program that needs no shared library: an ELF file without an interpreter (program header PT_INTERP). */
export function isStatic(bytes: Buffer): boolean {
  if (bytes.length < 64 || bytes.readUInt32BE(0) !== 0x7f454c46) return false
  const [offset, size, count] = [Number(bytes.readBigUInt64LE(32)), bytes.readUInt16LE(54), bytes.readUInt16LE(56)]
  for (let i = 0; i < count; i += 1) if (bytes.readUInt32LE(offset + i * size) === 3) return false
  return true
}

/** A busybox without libraries: the installed one, else the one of the package busybox-static, unpacked and not installed (it would replace the other). */
export async function staticBusybox(scratch: string): Promise<string> {
  for (const path of ['/bin/busybox', '/usr/bin/busybox']) if (existsSync(path) && isStatic(readFileSync(path))) return path
  await mkdir(scratch, { recursive: true })
  await run('apt-get', ['download', 'busybox-static'], { cwd: scratch, timeout: 120_000 })
  const archive = (await readdir(scratch)).find((name) => name.endsWith('.deb'))
  await run('dpkg-deb', ['-x', join(scratch, archive ?? 'busybox-static.deb'), join(scratch, 'busybox')])
  return [join(scratch, 'busybox/bin/busybox'), join(scratch, 'busybox/usr/bin/busybox')].find((path) => existsSync(path)) ?? '/bin/busybox'
}
