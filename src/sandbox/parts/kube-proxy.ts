import { join } from 'node:path'
import type { Part, PartContext } from '../part.ts'
import { plan } from '../plan.ts'

/** Service addresses, in nftables tables of its own. Limits of the machine's connection tracking are left as the person has them. */
export function kubeProxy({ paths, bin }: PartContext): Part {
  return {
    name: 'kube-proxy',
    argv: [
      bin['kube-proxy'],
      `--kubeconfig=${join(paths.root, 'kube-proxy.kubeconfig')}`,
      `--hostname-override=${plan.node}`,
      `--cluster-cidr=${plan.podNetwork}`,
      '--proxy-mode=nftables',
      '--conntrack-max-per-core=0',
      '--conntrack-tcp-timeout-established=0',
      '--conntrack-tcp-timeout-close-wait=0',
      '--bind-address=127.0.0.1',
      '--healthz-bind-address=127.0.0.1:10256',
    ],
    after: ['apiserver'],
    ready: { kind: 'http', url: 'http://127.0.0.1:10256/livez' },
    patience: 30_000,
  }
}
