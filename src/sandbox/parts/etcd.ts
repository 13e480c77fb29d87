import { join } from 'node:path'
import type { Part, PartContext } from '../part.ts'

/** The store of all objects. Only those who hold a certificate of its own authority may speak with it: other users of this machine may not read secrets. */
export function etcd({ paths, bin }: PartContext): Part {
  const pki = (name: string): string => join(paths.pki, name)
  return {
    name: 'etcd',
    argv: [
      bin.etcd,
      `--name=loco`,
      `--data-dir=${join(paths.root, 'etcd')}`,
      '--listen-client-urls=https://127.0.0.1:2379',
      '--advertise-client-urls=https://127.0.0.1:2379',
      '--listen-peer-urls=https://127.0.0.1:2380',
      '--initial-advertise-peer-urls=https://127.0.0.1:2380',
      '--initial-cluster=loco=https://127.0.0.1:2380',
      `--trusted-ca-file=${pki('etcd-ca.crt')}`,
      `--cert-file=${pki('etcd.crt')}`,
      `--key-file=${pki('etcd.key')}`,
      '--client-cert-auth',
      `--peer-trusted-ca-file=${pki('etcd-ca.crt')}`,
      `--peer-cert-file=${pki('etcd.crt')}`,
      `--peer-key-file=${pki('etcd.key')}`,
      '--peer-client-cert-auth',
      // A lone member need not wait a second for a leader: it is one.
      '--heartbeat-interval=10',
      '--election-timeout=100',
      '--log-level=warn',
    ],
    after: [],
    ready: { kind: 'tcp', host: '127.0.0.1', port: 2379 },
    patience: 30_000,
  }
}
