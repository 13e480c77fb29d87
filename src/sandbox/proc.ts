import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** State letter and start time (clock ticks since boot, as text) out of the text of /proc/PID/stat. */
export function parseStat(text: string): { state: string; start: string } | undefined {
  // The name in parentheses may hold spaces and parentheses: count fields after the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, start] = [fields[0], fields[19]]
  return state === undefined || start === undefined || start === '' ? undefined : { state, start }
}

/** The start time of a live process, which tells it from a later one with the same pid. Undefined for none and for zombies, which pid 1 may reap late. */
export function startOf(pid: number): string | undefined {
  try {
    const stat = parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    return stat === undefined || stat.state === 'Z' || stat.state === 'X' ? undefined : stat.start
  } catch {
    return undefined
  }
}

/** Pid → inodes of the sockets it holds, for the given inodes only. Processes of others are skipped when we may not look. */
export function socketHolders(inodes: ReadonlySet<string>): Map<string, number> {
  const holders = new Map<string, number>()
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    for (const fd of list(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${fd}`))?.[1]
      if (inode !== undefined && inodes.has(inode)) holders.set(inode, Number(pid))
    }
  }
  return holders
}

/** The command line of a process as a person would recognise it; its pid when it cannot be read. */
export function commandOf(pid: number): string {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean)
    return words.length > 0 ? words.slice(0, 3).join(' ') : readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  } catch {
    return `process ${pid}`
  }
}

const list = (folder: string): string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
const link = (path: string): string => {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
