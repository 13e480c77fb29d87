import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The person a sandbox belongs to: the one who called, also through sudo. */
export interface Person {
  uid: number
  gid: number
  name: string
  home: string
}

/** Where the sandbox keeps what. All paths are absolute. */
export interface SandboxPaths {
  /** State that stays while the node is off: etcd, images, volumes, certificates, logs. */
  root: string
  /** What ends with the node: sockets, pid files, mounts. One place for all roots, so that one machine holds one sandbox. */
  run: string
  /** Programs and images that were fetched or built; survives a purge. */
  cache: string
  kubeconfig: string
  dockerSocket: string
  containerdSocket: string
  logs: string
  pki: string
  owner: Person
}

/** Finds a person by uid or name in the text of /etc/passwd. */
export function personIn(passwd: string, which: { uid: number } | { name: string }): Person | undefined {
  for (const line of passwd.split('\n')) {
    const [name, , uid, gid, , home] = line.split(':')
    if (name === undefined || uid === undefined || gid === undefined || home === undefined) continue
    if ('uid' in which ? Number(uid) === which.uid : name === which.name) return { uid: Number(uid), gid: Number(gid), name, home }
  }
  return undefined
}

/** Who called: SUDO_UID where sudo says so, else the user of this process. */
export function callerOf(env: NodeJS.ProcessEnv, own: { uid: number; gid: number }, passwd: string): Person {
  const uid = Number(env['SUDO_UID'] ?? own.uid)
  const gid = Number(env['SUDO_GID'] ?? own.gid)
  const known = personIn(passwd, { uid })
  const home = known?.home ?? (uid === own.uid ? env['HOME'] : undefined) ?? '/root'
  return { uid, gid, name: known?.name ?? `uid ${uid}`, home }
}

/**
 * Where everything of the sandbox is. `LOCO_SANDBOX_ROOT` moves the state; the volatile part is always in /run/loco-cluster.
 */
export function sandboxPaths(env: NodeJS.ProcessEnv): SandboxPaths {
  const owner = callerOf(env, { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }, readPasswd())
  const root = env['LOCO_SANDBOX_ROOT'] ?? '/var/lib/loco-cluster'
  const run = '/run/loco-cluster'
  return {
    root,
    run,
    cache: join(env['XDG_CACHE_HOME'] ?? join(owner.home, '.cache'), 'loco-cluster'),
    kubeconfig: join(root, 'kubeconfig'),
    dockerSocket: join(run, 'docker.sock'),
    containerdSocket: join(run, 'containerd.sock'),
    logs: join(root, 'logs'),
    pki: join(root, 'pki'),
    owner,
  }
}

function readPasswd(): string {
  try {
    return readFileSync('/etc/passwd', 'utf8')
  } catch {
    return '' // Not Linux, or no such file: the numbers must do.
  }
}
