import { join } from 'node:path'
import type { Part, PartContext } from '../part.ts'
import { plan } from '../plan.ts'

/** Cluster DNS, beside the cluster, on the bridge's address; the Service kube-dns leads to it (objects.ts). */
export function coredns({ paths, bin, resolvConf }: PartContext): Part {
  const file = join(paths.run, 'Corefile')
  const text = `.:53 {
  bind ${plan.gateway}
  errors
  kubernetes cluster.local in-addr.arpa {
    kubeconfig ${join(paths.root, 'coredns.kubeconfig')} ${plan.context}
    pods insecure
    ttl 5
  }
  forward . ${resolvConf}
  cache 5
}
`
  return {
    name: 'coredns',
    argv: [bin.coredns, '-conf', file],
    files: [{ path: file, text }],
    after: ['apiserver', 'objects'],
    ready: { kind: 'dns', server: plan.gateway, name: 'kubernetes.default.svc.cluster.local' },
    patience: 30_000,
  }
}
