import { join } from 'node:path'
import { csiPlaces } from '../csi/places.ts'
import type { Part, PartContext } from '../part.ts'

/** Makes and deletes the driver's snapshots as the snapshot controller orders them. */
export function csiSnapshotter({ paths, bin }: PartContext): Part {
  return {
    name: 'csi-snapshotter',
    argv: [
      bin['csi-snapshotter'],
      `--kubeconfig=${join(paths.root, 'csi-snapshotter.kubeconfig')}`,
      `--csi-address=${csiPlaces(paths).socket}`,
      '--feature-gates=CSIVolumeGroupSnapshot=false',
      '--http-endpoint=127.0.0.1:10272',
      '--kube-api-qps=100',
      '--kube-api-burst=200',
      '--timeout=5m',
      '--retry-interval-max=20s',
    ],
    after: ['apiserver', 'csi-objects', 'csi-driver'],
    ready: { kind: 'http', url: 'http://127.0.0.1:10272/metrics' },
    patience: 30_000,
  }
}
