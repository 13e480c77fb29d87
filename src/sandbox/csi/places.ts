import { join } from 'node:path'
import { t } from '@vscode/l10n'
import { LocoError } from '../../base/error.ts'
import type { SandboxPaths } from '../paths.ts'
import { driverName } from './driver-name.ts'

/** Where the driver keeps and shows what. */
export interface CsiPlaces {
  socket: string
  /** Volumes and snapshots. */
  data: string
  kubelet: string
  /** The socket by which the kubelet finds the driver; its folder is the kubelet's choice. */
  door: string
  /** A file that is there once the kubelet has taken the driver. */
  registered: string
}

/** Bytes that the path of a socket may have, its end included. */
const socketPathLimit = 108

/** Why the driver cannot have its sockets in this state folder; undefined when it can. */
export function csiPathRefusal(paths: Pick<SandboxPaths, 'root' | 'run'>): LocoError | undefined {
  const { door } = csiPlaces(paths)
  if (Buffer.byteLength(door) < socketPathLimit) return undefined
  return new LocoError('LOCO-SBX-023', {
    what: t`The path of the state folder ${paths.root} is too long for csi.`,
    why: t`The kubelet would look for the driver at ${door}, and the path of a socket has at most ${socketPathLimit - 1} bytes.`,
    fix: ['LOCO_SANDBOX_ROOT=/var/lib/loco-cluster loco sandbox up'],
  })
}

export function csiPlaces({ root, run }: Pick<SandboxPaths, 'root' | 'run'>): CsiPlaces {
  const kubelet = join(root, 'kubelet')
  return {
    socket: join(run, 'csi.sock'),
    data: join(root, 'csi'),
    kubelet,
    door: join(kubelet, 'plugins_registry', `${driverName}-reg.sock`),
    registered: join(run, 'csi.registered'),
  }
}
