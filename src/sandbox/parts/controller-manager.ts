import { join } from 'node:path'
import type { Part, PartContext } from '../part.ts'
import { plan } from '../plan.ts'

/** The controllers. One node, one instance: no leader to elect, and request limits that let a thousand pods come quickly (15 s, not 50 s). */
export function controllerManager({ paths, bin }: PartContext): Part {
  return {
    name: 'controller-manager',
    argv: [
      bin['kube-controller-manager'],
      `--kubeconfig=${join(paths.root, 'controller-manager.kubeconfig')}`,
      `--service-account-private-key-file=${join(paths.pki, 'sa.key')}`,
      `--root-ca-file=${join(paths.pki, 'ca.crt')}`,
      '--use-service-account-credentials',
      '--kube-api-qps=200',
      '--kube-api-burst=400',
      '--leader-elect=false',
      '--allocate-node-cidrs=true',
      `--cluster-cidr=${plan.podNetwork}`,
      '--bind-address=127.0.0.1',
    ],
    after: ['apiserver'],
    ready: { kind: 'http', url: 'https://127.0.0.1:10257/healthz' },
    patience: 30_000,
  }
}
