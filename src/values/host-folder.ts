/** True for a path that is `folder` or below it. */
export const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)

/** Folders that the node lives from: `loco.nodeFolders` of the chart refuses the same; a chart test compares them. */
export const ofTheNode = ['/etc', '/run', '/var/run', '/proc', '/sys', '/dev', '/boot', '/var/lib/kubelet', '/var/lib/etcd'] as const

/** Why a path must not be given to pods; undefined when it may. */
export function refusal(path: string): 'relative' | 'climbs' | 'node' | undefined {
  if (!path.startsWith('/')) return 'relative'
  if (path.split('/').includes('..')) return 'climbs'
  const clean = path.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1')
  return clean === '/' || clean.endsWith('.sock') || ofTheNode.some((folder) => isBelow(clean, folder)) ? 'node' : undefined
}
