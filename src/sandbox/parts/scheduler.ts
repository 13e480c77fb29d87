import { join } from 'node:path'
import type { Part, PartContext } from '../part.ts'

export function scheduler({ paths, bin }: PartContext): Part {
  return {
    name: 'scheduler',
    argv: [
      bin['kube-scheduler'],
      `--kubeconfig=${join(paths.root, 'scheduler.kubeconfig')}`,
      '--kube-api-qps=200',
      '--kube-api-burst=400',
      '--leader-elect=false',
      '--bind-address=127.0.0.1',
    ],
    after: ['apiserver'],
    ready: { kind: 'http', url: 'https://127.0.0.1:10259/healthz' },
    patience: 30_000,
  }
}
