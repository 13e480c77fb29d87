import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { t } from '@vscode/l10n'
import { additionNames, partsOf } from './additions.ts'
import type { NodeTools } from './context.ts'
import { proveGone, removeLeftovers } from './leftovers.ts'
import { readOwner } from './preflight.ts'
import { run } from './run.ts'
import { notASandbox } from './switch-on.ts'

/** Seconds between SIGTERM and SIGKILL for containers: QEMU's agent needs about two to end its guest cleanly. */
const containerGrace = 3

/** Switches the node off in good order as far as its parts still live, takes away what is left in any case, and proves that nothing is. */
export async function switchOff({ paths, supervisor, tell, log }: Omit<NodeTools, 'signal'>): Promise<void> {
  tell({ part: 'sandbox', sentence: t('Switching the node off: containers end.') })
  // First all that would start something again.
  await supervisor.stop(['controller-manager', 'scheduler', 'local-path-provisioner', 'kubelet', 'devices', ...partsOf(additionNames)], 3_000)
  const containers = async (): Promise<void> => {
    if (supervisor.alive('containerd') === undefined) return
    const { stopContainers } = await import('./runtime.ts')
    await stopContainers(paths.containerdSocket, containerGrace).catch((error: Error) => log.warn(`containers: ${error.message}`))
  }
  await Promise.all([containers(), supervisor.stop(['kube-proxy', 'coredns', 'dockerd', 'apiserver'], 5_000)])
  tell({ part: 'sandbox', sentence: t('Switching the node off: parts end, and what they made goes.') })
  await supervisor.stop(['containerd', 'etcd', ...supervisor.noted()], 4_000)
  const folders = { root: (await readOwner(join(paths.run, 'owner.json')))?.root ?? paths.root, run: paths.run }
  await removeLeftovers(folders)
  await proveGone(folders)
}

/** Takes the state of a node that is off. The cache stays. */
export async function purgeState({ paths, tell }: Pick<NodeTools, 'paths' | 'tell'>): Promise<void> {
  const { root } = paths
  if (!existsSync(root)) return
  if (!existsSync(join(root, 'owner.json'))) throw notASandbox(root)
  tell({ part: 'sandbox', sentence: t`Taking the state in ${root} away.` })
  await run('rm', ['-rf', '--one-file-system', root], { timeout: 5 * 60_000 })
}
