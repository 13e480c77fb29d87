/** The programs of others that the sandbox runs, pinned. The same versions stand in `go/<name>/go.mod`; a test holds them together. */
export const versions = {
  kubernetes: '1.34.4',
  etcd: '3.6.0',
  coredns: '1.14.6',
  'local-path-provisioner': '0.0.30',
  helm: '4.3.1',
  'external-provisioner': '6.4.0',
  'external-snapshotter': '8.7.0',
} as const

export type ProductName = keyof typeof versions
