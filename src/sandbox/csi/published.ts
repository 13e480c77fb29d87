import { stat } from 'node:fs/promises'
import type { Mounts } from './host-mounts.ts'

/** True when both paths lead to the same folder, as a bind mount and its source do. */
export async function sameFolder(a: string, b: string): Promise<boolean> {
  try {
    const [first, second] = await Promise.all([stat(a), stat(b)])
    return first.dev === second.dev && first.ino === second.ino
  } catch {
    return false
  }
}

/** Where below the kubelet's folder a folder is shown to pods. */
export async function pointsOf(folder: string, mounts: Mounts, kubelet: string): Promise<string[]> {
  const points = (await mounts.points()).filter((point) => point.startsWith(`${kubelet}/`))
  const shown = await Promise.all(points.map((point) => sameFolder(point, folder)))
  return points.filter((_, index) => shown[index])
}
