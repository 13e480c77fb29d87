import { KubeClient } from '../kube/client.ts'
import { type Kubeconfig, loadKubeconfig } from '../kube/kubeconfig.ts'
import type { SandboxAccess } from '../sandbox/sandbox.ts'
import { type DetectedCluster, detectCluster } from './detect.ts'
import type { TargetWorld } from './target.ts'

export interface WorldOptions {
  /** All kubeconfig files, that of the sandbox among them. */
  kubeconfig: Kubeconfig
  /** The running sandbox, if any. */
  sandbox: SandboxAccess | undefined
  env: NodeJS.ProcessEnv
  signal?: AbortSignal
}

/** Milliseconds for each question to a cluster: an address that swallows everything must not keep a person waiting for half a minute. */
const patience = 8_000

/** The real world for `resolveTarget`. Connections are closed after each look. */
export function targetWorld(options: WorldOptions): TargetWorld {
  const { kubeconfig, sandbox } = options
  return {
    contexts: kubeconfig.contexts.map(({ name }) => name),
    currentContext: kubeconfig.currentContext,
    sandboxRuns: sandbox !== undefined,
    detect: (context) => detectContext(context, options),
  }
}

async function detectContext(context: string, { kubeconfig, sandbox, env, signal }: WorldOptions): Promise<DetectedCluster> {
  const client = new KubeClient(kubeconfig, context, { timeout: patience })
  // Read alone, so that nothing in another kubeconfig can pass itself off as the sandbox.
  const own = sandbox && new KubeClient(await loadKubeconfig({ env: { KUBECONFIG: sandbox.kubeconfig } }), sandbox.context)
  try {
    return await detectCluster({ client, sandbox: sandbox && own && { node: sandbox.node, client: own }, env, ...(signal && { signal }) })
  } finally {
    client.dispose()
    own?.dispose()
  }
}
