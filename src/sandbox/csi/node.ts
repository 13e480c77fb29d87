import { mkdir, rmdir } from 'node:fs/promises'
import { checkCapabilities, checkedId, checkedTarget } from './checks.ts'
import { topologyKey } from './driver-name.ts'
import type { Mounts } from './host-mounts.ts'
import type { PublishRequest } from './messages.ts'
import { pointsOf, sameFolder } from './published.ts'
import { inUse, invalid } from './refusal.ts'
import type { Methods } from './serve.ts'
import { Turns } from './turns.ts'

export interface NodeOptions {
  /** Name of the node. */
  node: string
  /** The kubelet's folder: nothing is mounted elsewhere. */
  kubelet: string
  mounts: Mounts
  /** Folder with the files of a volume; throws NOT_FOUND. */
  folderOf(volume: string): Promise<string>
}

/** Shows volumes to pods by bind mounts. Both calls can be repeated. Owners and modes for fsGroup are set by the kubelet. */
export function nodeMethods({ node, kubelet, mounts, folderOf }: NodeOptions): Methods {
  const turns = new Turns()

  const isMounted = async (point: string): Promise<boolean> => (await mounts.points()).includes(point)

  const publish = async ({ volume_id, target_path, volume_capability, readonly }: PublishRequest): Promise<object> => {
    const id = checkedId(volume_id, 'volume id')
    const target = checkedTarget(target_path, kubelet)
    if (volume_capability === null) throw invalid('volume capability is missing')
    checkCapabilities([volume_capability])
    await turns.take([target, id], async () => {
      const folder = await folderOf(id)
      if (await isMounted(target)) {
        if (await sameFolder(target, folder)) return
        await mounts.unmount(target)
      }
      // ReadWriteOncePod: the scheduler holds to it, but a pod that was deleted by force may still have the volume.
      const [other] = volume_capability.access_mode?.mode === 'SINGLE_NODE_SINGLE_WRITER' ? await pointsOf(folder, mounts, kubelet) : []
      if (other !== undefined) throw inUse(`volume ${id} is for one pod and in use at ${other}`)
      await mkdir(target, { recursive: true, mode: 0o750 })
      await mounts.bind(folder, target, bindOptions(volume_capability.mount?.mount_flags ?? [], readonly, volume_capability.access_mode?.mode ?? ''))
    })
    return {}
  }

  const unpublish = async ({ volume_id, target_path }: { volume_id: string; target_path: string }): Promise<object> => {
    checkedId(volume_id, 'volume id')
    const target = checkedTarget(target_path, kubelet)
    await turns.take([target], async () => {
      // Mounts can be stacked, after a call that was given up and repeated.
      while (await isMounted(target)) await mounts.unmount(target)
      // Never more than the empty folder: should it hold files, they are nobody's to delete here.
      await rmdir(target).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error
      })
    })
    return {}
  }

  return {
    NodeGetInfo: async () => ({ node_id: node, accessible_topology: { segments: { [topologyKey]: node } } }),
    NodeGetCapabilities: async () => ({ capabilities: [{ rpc: { type: 'SINGLE_NODE_MULTI_WRITER' } }] }),
    NodePublishVolume: publish,
    NodeUnpublishVolume: unpublish,
  }
}

/** Options of the bind mount: those of the class, and read-only where the pod or the access mode says so. */
export function bindOptions(flags: readonly string[], readonly: boolean, mode: string): string[] {
  return readonly || mode.endsWith('_READER_ONLY') ? [...flags.filter((flag) => flag !== 'rw' && flag !== 'ro'), 'ro'] : [...flags]
}
