import { join } from 'node:path'
import { csiPlaces } from '../csi/places.ts'
import type { Part, PartContext } from '../part.ts'

/** Makes volumes for claims of the class `csi-loco`, through the driver. */
export function csiProvisioner({ paths, bin }: PartContext): Part {
  return {
    name: 'csi-provisioner',
    argv: [
      bin['csi-provisioner'],
      `--kubeconfig=${join(paths.root, 'csi-provisioner.kubeconfig')}`,
      `--csi-address=${csiPlaces(paths).socket}`,
      '--http-endpoint=127.0.0.1:10271',
      '--kube-api-qps=100',
      '--kube-api-burst=200',
      // A copy of a disk takes its time; one that failed is tried again soon.
      '--timeout=5m',
      '--retry-interval-max=20s',
    ],
    after: ['apiserver', 'csi-objects', 'csi-driver'],
    ready: { kind: 'http', url: 'http://127.0.0.1:10271/metrics' },
    patience: 30_000,
  }
}
