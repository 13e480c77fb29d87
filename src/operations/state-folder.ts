import { chownSync, mkdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { personIn } from '../sandbox/paths.ts'

/** Who files are made for: under sudo the person who called, not root. */
export interface Person {
  home: string
  /** Set when files must be handed over to that person. */
  uid?: number
  gid?: number
}

/** Where journals and locks of all operations lie: `$XDG_STATE_HOME/loco`, else `~/.local/state/loco` of the person who called. */
export function stateRoot(env: NodeJS.ProcessEnv, person: Person = personOf(env)): string {
  const configured = env['XDG_STATE_HOME']
  // The XDG rules say that a path that is not absolute counts as not set.
  const base = configured !== undefined && isAbsolute(configured) ? configured : join(person.home, '.local', 'state')
  return join(base, 'loco')
}

/** The folder of one namespace of one cluster. `cluster` is its UID, or `new` while the cluster does not exist yet. */
export function namespaceFolder(root: string, cluster: string | null, namespace: string): string {
  return join(root, cluster ?? 'new', namespace)
}

/** The person who called. `passwd` is the system's list of users, read under sudo only. */
export function personOf(env: NodeJS.ProcessEnv, system: { uid: number | undefined; passwd: () => string } = realSystem): Person {
  const own: Person = { home: env['HOME'] ?? homedir() }
  const uid = Number(env['SUDO_UID'])
  if (system.uid !== 0 || !Number.isInteger(uid) || uid <= 0) return own
  const known = personIn(system.passwd(), { uid })
  return known === undefined ? own : { home: known.home, uid, gid: Number(env['SUDO_GID'] ?? known.gid) }
}

const realSystem = { uid: process.getuid?.(), passwd: (): string => readFileSync('/etc/passwd', 'utf8') }

/** Makes a folder and those above it, private to the person; those that were made are handed over to them. */
export function makeFolder(path: string, person: Person): void {
  const first = mkdirSync(path, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let folder = path; folder.length >= first.length; folder = dirname(folder)) handOver(folder, person)
}

/** Gives a file or folder to the person it was made for. */
export function handOver(path: string, { uid, gid }: Person): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
}
