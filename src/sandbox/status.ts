import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { SandboxPart, SandboxStatus } from '../contracts/sandbox.ts'
import { type AdditionName, partsOf, readAdditions } from './additions.ts'
import { hasKvm } from './context.ts'
import { lockHolder } from './lock.ts'
import type { Readiness } from './part.ts'
import type { SandboxPaths } from './paths.ts'
import { readOwner } from './preflight.ts'
import { isReady } from './readiness.ts'
import { tryRun } from './run.ts'
import type { Supervisor } from './supervisor.ts'

/** Names of the parts, in the order in which they are listed. A test holds them to `parts/all.ts`, which is too much to load for a quick look. */
export const partNames = (additions: readonly AdditionName[], kvm = hasKvm()): string[] => [
  'etcd',
  'apiserver',
  'controller-manager',
  'scheduler',
  'containerd',
  'dockerd',
  'kubelet',
  'kube-proxy',
  'coredns',
  'local-path-provisioner',
  ...(kvm ? ['devices'] : []),
  ...partsOf(additions),
]

/** Asked without a name: everybody may know whether it is ready. */
const answers: Readiness = { kind: 'http', url: 'https://127.0.0.1:6443/readyz' }

/** True when every part runs, those of `additions` too, and the API server is ready. */
export async function isWhole(supervisor: Supervisor, additions: readonly AdditionName[]): Promise<boolean> {
  return partNames(additions).every((name) => supervisor.alive(name) !== undefined) && (await isReady(answers, undefined, 0))
}

/** What the sandbox is right now, seen from its notes, processes and API. Needs no root. */
export async function sandboxStatus(paths: SandboxPaths, supervisor: Supervisor): Promise<SandboxStatus> {
  const running = await readOwner(join(paths.run, 'owner.json'))
  const root = running?.root ?? paths.root
  const owner = running ?? (await readOwner(join(root, 'owner.json')))
  const noted = new Set(supervisor.noted())
  const additions = await readAdditions(root)
  const parts = partNames(additions).map((name): SandboxPart => {
    const pid = supervisor.alive(name) ?? null
    return { name, pid, state: pid !== null ? 'running' : noted.has(name) ? 'failed' : 'stopped' }
  })
  const state = await stateOf(paths, supervisor, additions)
  return {
    schema: 'loco.sandbox/1',
    state,
    kubeconfig: state === 'up' ? join(root, 'kubeconfig') : null,
    dockerHost: state === 'up' ? `unix://${paths.dockerSocket}` : null,
    owner: owner?.name ?? null,
    additions,
    parts,
    kept: existsSync(join(root, 'owner.json')) ? { path: root, bytes: await sizeOf(root) } : null,
  }
}

async function stateOf(paths: SandboxPaths, supervisor: Supervisor, additions: readonly AdditionName[]): Promise<SandboxStatus['state']> {
  if (!existsSync(paths.run)) return 'down'
  const what = (await lockHolder())?.what ?? ''
  if (what === 'up') return 'starting'
  // While something is added or taken away, the rest of the node is as it was.
  if (/^(add|remove) /.test(what)) return (await isWhole(supervisor, [])) ? 'up' : 'starting'
  return (await isWhole(supervisor, additions)) ? 'up' : 'broken'
}

/** Bytes that a folder takes on its own disk. */
async function sizeOf(folder: string): Promise<number> {
  const { stdout } = await tryRun('du', ['-sx', '--block-size=1', folder])
  return Number.parseInt(stdout, 10) || 0
}
