import { readFile } from 'node:fs/promises'
import { t } from '@vscode/l10n'
import { systemClock } from '../base/clock.ts'
import { LocoError } from '../base/error.ts'
import { commandOf, socketHolders } from './proc.ts'

/** A socket that waits for others, out of /proc/net. `address` is dotted for IPv4, `*` for every address of either family. */
export interface Listener {
  address: string
  port: number
  inode: string
}

/** The text of /proc/net/tcp, tcp6, udp or udp6; only sockets that listen (udp: that are bound and not connected). */
export function parseListeners(text: string): Listener[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state = '', , , , , , inode = ''] = line.trim().split(/\s+/)
      const [hex = '', port = ''] = local.split(':')
      if (state !== '0A' && state !== '07') return []
      return [{ address: addressOf(hex), port: Number.parseInt(port, 16), inode }]
    })
}

function addressOf(hex: string): string {
  if (/^0+$/.test(hex)) return '*'
  // IPv4, also as the mapped tail of an IPv6 address; bytes in the machine's order, which is little-endian on amd64 and arm64.
  const tail = hex.length === 8 ? hex : /^0{16}FFFF0000([0-9A-F]{8})$/i.exec(hex)?.[1]
  if (tail === undefined) return hex
  return (tail.match(/../g) ?? [])
    .reverse()
    .map((byte) => Number.parseInt(byte, 16))
    .join('.')
}

export interface WantedPort {
  part: string
  port: number
  address: string
}

/** Which listeners stand in the way of which part. */
export function conflicts(listeners: readonly Listener[], wanted: readonly WantedPort[]): { want: WantedPort; by: Listener }[] {
  return wanted.flatMap((want) => {
    const by = listeners.find(({ port, address }) => port === want.port && (address === '*' || want.address === '0.0.0.0' || address === want.address))
    return by === undefined ? [] : [{ want, by }]
  })
}

/**
 * Refusals for wanted ports that somebody other than `own` processes holds, naming the holder.
 * A killed process lets go of its sockets a moment after it can no longer be seen: a port without a holder gets some time.
 */
export async function portRefusals(own: ReadonlySet<number>, wanted: readonly WantedPort[], patience = 3_000): Promise<LocoError[]> {
  for (const end = Date.now() + patience; ; await systemClock.sleep(100)) {
    const taken = await takenPorts(own, wanted)
    if (taken.every(({ pid }) => pid !== undefined) || Date.now() >= end) return taken.map(({ want, pid }) => portRefusal(want, pid))
  }
}

async function takenPorts(own: ReadonlySet<number>, wanted: readonly WantedPort[]): Promise<{ want: WantedPort; pid: number | undefined }[]> {
  const text = async (name: string): Promise<Listener[]> => parseListeners(await readFile(`/proc/net/${name}`, 'utf8').catch(() => ''))
  const tcp = [...(await text('tcp')), ...(await text('tcp6'))]
  const udp = [...(await text('udp')), ...(await text('udp6'))]
  const taken = [
    ...conflicts(tcp, wanted),
    ...conflicts(
      udp,
      wanted.filter(({ port }) => port === 53),
    ),
  ]
  const holders = socketHolders(new Set(taken.map(({ by }) => by.inode)))
  return taken.map(({ want, by }) => ({ want, pid: holders.get(by.inode) })).filter(({ pid }) => pid === undefined || !own.has(pid))
}

function portRefusal(want: WantedPort, pid: number | undefined): LocoError {
  return new LocoError('LOCO-SBX-005', {
    what:
      pid === undefined
        ? t`Port ${want.port}, which ${want.part} of the sandbox needs, is taken by a process that cannot be seen from here.`
        : t`Port ${want.port}, which ${want.part} of the sandbox needs, is taken by process ${pid} (${commandOf(pid)}).`,
    fix: pid === undefined ? [`sudo ss -lntup 'sport = :${want.port}'`] : [t`Stop it, for example with: sudo kill ${pid}`],
  })
}
