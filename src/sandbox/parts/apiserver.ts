import { join } from 'node:path'
import type { Part, PartContext } from '../part.ts'
import { plan } from '../plan.ts'

/** The API server. It waits for etcd by itself, so both start at once. Other machines do not reach its port (network.ts). */
export function apiserver({ paths, bin }: PartContext): Part {
  const pki = (name: string): string => join(paths.pki, name)
  return {
    name: 'apiserver',
    argv: [
      bin['kube-apiserver'],
      '--etcd-servers=https://127.0.0.1:2379',
      `--etcd-cafile=${pki('etcd-ca.crt')}`,
      `--etcd-certfile=${pki('etcd-client.crt')}`,
      `--etcd-keyfile=${pki('etcd-client.key')}`,
      '--secure-port=6443',
      `--advertise-address=${plan.gateway}`,
      `--tls-cert-file=${pki('apiserver.crt')}`,
      `--tls-private-key-file=${pki('apiserver.key')}`,
      `--client-ca-file=${pki('ca.crt')}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${pki('sa.pub')}`,
      `--service-account-signing-key-file=${pki('sa.key')}`,
      `--kubelet-client-certificate=${pki('apiserver-kubelet.crt')}`,
      `--kubelet-client-key=${pki('apiserver-kubelet.key')}`,
      `--kubelet-certificate-authority=${pki('ca.crt')}`,
      // The node's name resolves nowhere: exec and logs must take its address.
      '--kubelet-preferred-address-types=InternalIP',
      '--authorization-mode=Node,RBAC',
      '--enable-admission-plugins=NodeRestriction',
      `--service-cluster-ip-range=${plan.serviceNetwork}`,
      '--allow-privileged=true',
      // Long enough that the cause of yesterday evening's failure can still be named.
      '--event-ttl=6h',
    ],
    after: [],
    ready: { kind: 'api', path: '/readyz' },
    patience: 60_000,
  }
}
