import type { KubeContext } from '../../kube/kubeconfig.ts'
import { plan } from '../../sandbox/plan.ts'

const localNames = /^(?:kind-|k3d-)|^(?:minikube|docker-desktop|docker-for-desktop)$/
const nearHosts = /^(?:localhost|127\.|0\.0\.0\.0|\[::1\]|kubernetes\.docker\.internal|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/

/**
 * Whether a context may be a cluster of this machine, from its name and address alone, because a list of contexts must ask none of them. Everything else is
 * marked as production; what an operation may do there is decided by proof (src/cluster/kind-of-cluster.ts).
 */
export function looksLocal({ name, server }: Pick<KubeContext, 'name' | 'server'>): boolean {
  if (server === undefined || !URL.canParse(server)) return false
  return (name === plan.context || localNames.test(name)) && nearHosts.test(new URL(server).hostname)
}
