/** Folders of a node: those that outlive its restart, or those that do not, whichever list is the shorter one. */
interface NodePaths {
  keeps?: readonly string[]
  loses?: readonly string[]
  /** A folder to propose; it survives. */
  safe: string
}

/**
 * What a restart of the node leaves (docs/storage.md). minikube and kind nodes are containers with memory file systems on /tmp and /run; of minikube only the folders
 * that are bound into /var survive. The node of a sandbox is this machine, which empties the same places when it starts.
 */
const nodes: Readonly<Record<string, NodePaths>> = {
  native: { loses: ['/tmp', '/run', '/var/run', '/dev'], safe: '/var/lib/loco-art-shared' },
  minikube: {
    keeps: [
      '/data',
      '/tmp/hostpath_pv',
      '/tmp/hostpath-provisioner',
      '/var/lib/minikube',
      '/var/lib/docker',
      '/var/lib/containerd',
      '/var/lib/buildkit',
      '/var/lib/containers',
    ],
    safe: '/data/loco-art-shared',
  },
  kind: { loses: ['/tmp', '/run', '/var/run', '/dev'], safe: '/var/lib/loco-art-shared' },
  k3d: { loses: ['/run', '/var/run', '/dev'], safe: '/var/lib/loco-art-shared' },
  'docker-desktop': { loses: ['/tmp', '/run', '/var/run', '/dev'], safe: '/var/lib/loco-art-shared' },
}

/** The folder to propose on such a node; on one that nobody knows, a folder that every Linux keeps. */
export const safeFolder = (kind: string): string => nodes[kind]?.safe ?? '/var/lib/loco-art-shared'

/**
 * A folder that survives a restart of such a node, when the given one does not; undefined when it does, or when nobody knows how such a node is set up. Pure.
 * @param kind what the cluster is: `native`, `minikube` …
 */
export function survivingInstead(kind: string, folder: string): string | undefined {
  const paths = nodes[kind]
  if (paths === undefined) return undefined
  const below = (parent: string): boolean => folder === parent || folder.startsWith(`${parent}/`)
  const survives = paths.keeps === undefined ? !(paths.loses ?? []).some(below) : paths.keeps.some(below)
  return survives ? undefined : paths.safe
}
