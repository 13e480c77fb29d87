import { existsSync, readFileSync } from 'node:fs'
import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import { plan } from './plan.ts'
import { run, tryRun } from './run.ts'

interface LinkJson {
  ifname: string
  master?: string
  link_type?: string
}

/** Names of the network links of this network namespace. `ip` and not /sys, which may show those of another one. */
export async function links(): Promise<LinkJson[]> {
  return JSON.parse((await run('ip', ['-json', 'link'])) || '[]') as LinkJson[]
}

/** Makes both bridges with their addresses. */
export async function makeBridges(): Promise<void> {
  const present = new Set((await links()).map(({ ifname }) => ifname))
  for (const [bridge, address] of [
    [plan.bridge, `${plan.gateway}/24`],
    [plan.dockerBridge, `${plan.dockerGateway}/24`],
  ] as const) {
    if (!present.has(bridge)) await run('ip', ['link', 'add', bridge, 'type', 'bridge'])
    await run('ip', ['address', 'replace', address, 'dev', bridge])
    await run('ip', ['link', 'set', bridge, 'up'])
  }
}

/** Links that exist because of the sandbox: the bridges and what hangs on them. */
export async function ourLinks(): Promise<string[]> {
  const bridges: readonly string[] = [plan.bridge, plan.dockerBridge]
  return (await links())
    .filter(({ ifname, master }) => bridges.includes(ifname) || (master !== undefined && bridges.includes(master)))
    .map(({ ifname }) => ifname)
}

/** Takes them away, ports before bridges. */
export async function removeLinks(): Promise<void> {
  for (const name of (await ourLinks()).sort((a, b) => Number(a.startsWith('loco-')) - Number(b.startsWith('loco-'))))
    await tryRun('ip', ['link', 'delete', name])
}

/** The resolv.conf whose servers a pod can reach: behind systemd-resolved the usual one names only this machine's loopback. */
export function podResolvConf(): string {
  const behind = '/run/systemd/resolve/resolv.conf'
  try {
    const usual = readFileSync('/etc/resolv.conf', 'utf8')
    return /^nameserver\s+127\./m.test(usual) && existsSync(behind) ? behind : '/etc/resolv.conf'
  } catch {
    return existsSync(behind) ? behind : '/etc/resolv.conf'
  }
}

const number = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)

/** True when two IPv4 ranges (a.b.c.d/n; a bare address is /32) share an address. */
export function overlap(a: string, b: string): boolean {
  const [one, other] = [a, b].map((range) => {
    const [address = '', bits = '32'] = range.split('/')
    const size = 2 ** (32 - Number(bits))
    const first = Math.floor(number(address) / size) * size
    return { first, last: first + size - 1 }
  })
  return one !== undefined && other !== undefined && one.first <= other.last && other.first <= one.last
}

export interface RouteJson {
  dst: string
  dev?: string
}

/** Refusals for routes of the machine that lead where the sandbox's networks would be. Routes over our own bridges do not count. */
export function routeRefusals(routes: readonly RouteJson[]): LocoError[] {
  const bridges: readonly string[] = [plan.bridge, plan.dockerBridge]
  const taken = routes.filter(({ dst, dev }) => /^\d/.test(dst) && !bridges.includes(dev ?? ''))
  return [plan.podNetwork, plan.serviceNetwork, plan.dockerNetwork].flatMap((network) => {
    const route = taken.find(({ dst }) => overlap(dst, network))
    if (route === undefined) return []
    return [
      new LocoError('LOCO-SBX-020', {
        what:
          route.dev === undefined
            ? t`The sandbox needs the addresses ${network}, but this machine already has a route to ${route.dst}.`
            : t`The sandbox needs the addresses ${network}, but this machine already has a route to ${route.dst} over ${route.dev}.`,
        fix: [t`Take that network away while the sandbox is up: ip route show ${route.dst}`],
      }),
    ]
  })
}

export async function routes(): Promise<RouteJson[]> {
  const { stdout } = await tryRun('ip', ['-4', '-json', 'route'])
  try {
    return JSON.parse(stdout) as RouteJson[]
  } catch {
    return []
  }
}
