import type { ClusterFacts } from './types.ts'

type ClusterKind = ClusterFacts['kind']

/** Folders that a restart of the node keeps, where everything else goes. */
const kept: Partial<Record<ClusterKind, readonly string[]>> = {
  // minikube binds these into the volume behind /var; the rest of the node container, and /tmp and /run, are made anew.
  minikube: [
    '/data',
    '/tmp/hostpath_pv',
    '/tmp/hostpath-provisioner',
    '/var/lib/minikube',
    '/var/lib/docker',
    '/var/lib/containerd',
    '/var/lib/buildkit',
    '/var/lib/containers',
  ],
}

/** Folders that are memory on such a node. */
const memory: Partial<Record<ClusterKind, readonly string[]>> = {
  kind: ['/tmp', '/run', '/var/run', '/dev'],
  k3d: ['/run', '/var/run', '/dev'],
  native: ['/run', '/var/run', '/dev'],
  'docker-desktop': ['/tmp', '/run', '/var/run', '/dev'],
}

/** True for a path that is `folder` or below it. */
export const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)

/** Whether what lies at a path of the node is still there after a restart of the node; undefined where that is not known. */
export function survives(path: string, kind: ClusterKind): boolean | undefined {
  const keeps = kept[kind]
  if (keeps !== undefined) return keeps.some((folder) => isBelow(path, folder))
  return memory[kind] === undefined ? undefined : !memory[kind].some((folder) => isBelow(path, folder))
}

/** A path with the same last name in a folder that survives. */
export function surviving(path: string, kind: ClusterKind): string {
  const name = path.split('/').findLast((part) => part !== '' && part !== '..') ?? 'loco-art'
  return `${kind === 'minikube' ? '/data' : '/var/lib/loco-cluster'}/${name}`
}

/** Folders that the node lives from. */
const ofTheNode = ['/etc', '/run', '/var/run', '/proc', '/sys', '/dev', '/boot', '/var/lib/kubelet', '/var/lib/etcd']

/** Why a path must not be given to pods; undefined when it may. */
export function refusal(path: string): 'relative' | 'climbs' | 'node' | undefined {
  if (!path.startsWith('/')) return 'relative'
  if (path.split('/').includes('..')) return 'climbs'
  const clean = path.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1')
  return clean === '/' || clean.endsWith('.sock') || ofTheNode.some((folder) => isBelow(clean, folder)) ? 'node' : undefined
}
