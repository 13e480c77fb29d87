import { csiPlaces } from '../csi/places.ts'
import type { Part, PartContext } from '../part.ts'
import { plan } from '../plan.ts'

/** Our CSI driver: volumes and snapshots as folders of the state. It waits for the kubelet as the device plugin does. */
export function csiDriver({ paths, own }: PartContext): Part {
  const places = csiPlaces(paths)
  const flags = Object.entries({ node: plan.node, ...places }).flatMap(([name, value]) => [`--${name}`, value])
  return {
    name: 'csi-driver',
    argv: [own.node, own.csi, ...flags],
    after: [],
    ready: { kind: 'unix', path: places.door },
    patience: 20_000,
  }
}
