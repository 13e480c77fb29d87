import { join } from 'node:path'
import type { Part, PartContext } from '../part.ts'

/** Kubernetes' own half of snapshots: binds a VolumeSnapshot to its content, whatever the driver. */
export function snapshotController({ paths, bin }: PartContext): Part {
  return {
    name: 'snapshot-controller',
    argv: [
      bin['snapshot-controller'],
      `--kubeconfig=${join(paths.root, 'snapshot-controller.kubeconfig')}`,
      '--feature-gates=CSIVolumeGroupSnapshot=false',
      '--http-endpoint=127.0.0.1:10273',
      '--kube-api-qps=100',
      '--kube-api-burst=200',
      '--retry-interval-max=20s',
    ],
    after: ['apiserver', 'csi-objects'],
    ready: { kind: 'http', url: 'http://127.0.0.1:10273/metrics' },
    patience: 30_000,
  }
}
