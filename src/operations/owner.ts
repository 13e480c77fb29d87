import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { t } from '@vscode/l10n'
import * as v from 'valibot'

/** A process, told from a later one that got the same number. */
export const owner = v.object({
  pid: v.number(),
  /** When the process began, in the system's own words; null where the system does not tell. Compared, never read. */
  started: v.nullable(v.string()),
  host: v.string(),
  user: v.string(),
})
export type Owner = v.InferOutput<typeof owner>

/** This process. */
export function thisProcess(): Owner {
  return { pid: process.pid, started: startOf(process.pid), host: hostname(), user: userName() }
}

/** `alive`, `dead`, or `elsewhere` for a process of another machine, of which nothing can be known from here. */
export function stateOf({ pid, started, host }: Owner): 'alive' | 'dead' | 'elsewhere' {
  if (host !== hostname()) return 'elsewhere'
  if (!exists(pid)) return 'dead'
  const now = startOf(pid)
  if (now === null && process.platform === 'linux') return 'dead' // gone, or a zombie
  return started !== null && now !== null && now !== started ? 'dead' : 'alive'
}

/** Whose process an owner is, one sentence. */
export function ownerText({ pid, host, user }: Owner): string {
  return t`It is process ${pid} of ${user} on ${host}.`
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // there, but somebody else's
  }
}

function startOf(pid: number): string | null {
  try {
    if (process.platform === 'linux') return linuxStart(pid)
    if (process.platform === 'win32') return null
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } }).trim() || null
  } catch {
    return null
  }
}

/** Start in ticks since boot, with the boot it counts from; null for a zombie, which does nothing any more. */
function linuxStart(pid: number): string | null {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name in parentheses may hold anything; fields are counted from behind it (state is field 3, start time 22).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields[0] === 'Z' || fields[0] === 'X') return null
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`
}

/** The person who called: under sudo not root. */
function userName(): string {
  try {
    return process.env['SUDO_USER'] ?? userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? '?'}` // a user without an entry in the system's list
  }
}
