import type { V1Node } from '@kubernetes/client-node'
import { plan } from '../../sandbox/plan.ts'
import type { ClusterFacts } from '../../values/types.ts'

type Kind = ClusterFacts['kind']

const signs: readonly [Kind, (node: V1Node) => boolean][] = [
  ['native', ({ metadata }) => metadata?.name === plan.node],
  ['minikube', ({ metadata }) => metadata?.labels?.['minikube.k8s.io/name'] !== undefined],
  ['docker-desktop', ({ spec, status }) => status?.nodeInfo?.osImage === 'Docker Desktop' || (spec?.providerID?.startsWith('kind://docker/desktop/') ?? false)],
  ['kind', ({ spec }) => spec?.providerID?.startsWith('kind://') ?? false],
  ['k3d', ({ metadata, spec }) => /^k3d-/.test(metadata?.name ?? '') && (spec?.providerID?.startsWith('k3s://') ?? false)],
]

/**
 * What its nodes say the cluster is. Enough for advice about host paths; who changes a cluster needs the proof of `detectCluster`. Pure.
 */
export function kindByNodes(nodes: readonly V1Node[]): Kind {
  if (nodes.length === 0) return 'unknown'
  return signs.find(([, holds]) => nodes.every(holds))?.[0] ?? 'unknown'
}
