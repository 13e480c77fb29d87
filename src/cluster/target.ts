import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import type { Target } from '../contracts/operation.ts'
import { apiUrl } from '../sandbox/kubeconfig.ts'
import { plan } from '../sandbox/plan.ts'
import type { DetectedCluster } from './detect.ts'
import type { ProviderName } from './kind-of-cluster.ts'

/** What `--cluster` takes. */
export const clusterChoices = ['auto', 'native', 'minikube', 'kind', 'k3d', 'current'] as const
export type ClusterChoice = (typeof clusterChoices)[number]

export interface TargetRequest {
  cluster: ClusterChoice
  /** From `--context`. */
  context?: string | undefined
  namespace: string
  release: string
}

/** The world as the choice needs it; `openTarget` gives the real one. */
export interface TargetWorld {
  contexts: readonly string[]
  currentContext: string | undefined
  /** A sandbox runs on this machine. */
  sandboxRuns: boolean
  detect(context: string): Promise<DetectedCluster>
}

export interface ResolvedTarget {
  target: Target
  /** One sentence: why this cluster. */
  why: string
  /** Undefined while the sandbox has yet to be started. */
  cluster: DetectedCluster | undefined
}

/** Context names that the tools give their clusters. */
const namedBy: Record<'minikube' | 'kind' | 'k3d', { pattern: RegExp; start: string }> = {
  minikube: { pattern: /minikube/, start: 'minikube start' },
  kind: { pattern: /^kind-/, start: 'kind create cluster' },
  k3d: { pattern: /^k3d-/, start: 'k3d cluster create' },
}

/**
 * Chooses the cluster: `auto` is a running sandbox, else the current context if proved local, else a sandbox to be started. `--context` is always
 * obeyed. A cluster that is not proved local is taken only when `--context` names it.
 * @throws LOCO-ENV-010 to -013, -016 when the choice cannot be made; what `detect` throws when a cluster does not answer
 */
export async function resolveTarget(request: TargetRequest, world: TargetWorld): Promise<ResolvedTarget> {
  if (request.context !== undefined) return named(request, request.context, world)
  switch (request.cluster) {
    case 'auto':
      return auto(request, world)
    case 'native':
      return native(request, world, t('The sandbox was asked for.'))
    case 'current':
      return current(request, world)
    default:
      return byKind(request, request.cluster, world)
  }
}

async function named(request: TargetRequest, context: string, world: TargetWorld): Promise<ResolvedTarget> {
  const cluster = await world.detect(context)
  if (request.cluster !== 'auto' && request.cluster !== 'current' && cluster.provider !== request.cluster) throw otherKind(request.cluster, cluster)
  return resolved(request, cluster, t`The context ${context} was named.`)
}

async function auto(request: TargetRequest, world: TargetWorld): Promise<ResolvedTarget> {
  if (world.sandboxRuns) return native(request, world, t('A sandbox runs on this machine.'))
  const context = world.currentContext
  if (context === undefined) return native(request, world, t('No sandbox runs and no context is set, so a sandbox is started.'))
  let cluster: DetectedCluster
  try {
    cluster = await world.detect(context)
  } catch (error) {
    // A current context that leads nowhere must not keep the sandbox from starting.
    if (!(error instanceof LocoError) || error.code === 'LOCO-USE-002') throw error
    return native(request, world, t`The current context ${context} does not answer (${error.code}), so a sandbox is started.`)
  }
  if (cluster.local) return resolved(request, cluster, t`The current context ${context} is proved to be local.`)
  return native(request, world, t`The current context ${context} is not proved to be local, so a sandbox is started.`)
}

async function native(request: TargetRequest, world: TargetWorld, why: string): Promise<ResolvedTarget> {
  if (!world.sandboxRuns) {
    const { namespace, release } = request
    return { target: { provider: 'native', context: plan.context, server: apiUrl, clusterUid: null, namespace, release }, why, cluster: undefined }
  }
  const cluster = await world.detect(plan.context)
  // Another kubeconfig may hold a context of the same name in front of ours.
  if (cluster.provider !== 'native') throw otherKind('native', cluster)
  return resolved(request, cluster, why)
}

async function current(request: TargetRequest, world: TargetWorld): Promise<ResolvedTarget> {
  const context = world.currentContext
  if (context === undefined) {
    throw new LocoError('LOCO-ENV-016', {
      what: t('The kubeconfig has no current context.'),
      fix: [
        'kubectl config use-context NAME',
        t('or name one: --context NAME (kubectl config get-contexts lists them)'),
        t('or use the sandbox: --cluster native'),
      ],
    })
  }
  const cluster = await world.detect(context)
  if (!cluster.local) throw unproved(cluster)
  return resolved(request, cluster, t`The current context ${context} is proved to be local.`)
}

async function byKind(request: TargetRequest, kind: 'minikube' | 'kind' | 'k3d', world: TargetWorld): Promise<ResolvedTarget> {
  const { pattern, start } = namedBy[kind]
  const candidates = world.contexts.filter((context) => pattern.test(context))
  const context = candidates.find((one) => one === world.currentContext) ?? (candidates.length === 1 ? candidates[0] : undefined)
  if (candidates.length === 0) {
    throw new LocoError('LOCO-ENV-012', {
      what: t`No context in the kubeconfig belongs to a ${kind} cluster.`,
      fix: [start, t('or name the context: --context NAME'), t('or use the sandbox: --cluster native')],
    })
  }
  if (context === undefined) {
    throw new LocoError('LOCO-ENV-013', {
      what: t`Several contexts belong to a ${kind} cluster, and none of them is the current one.`,
      why: t`They are: ${candidates.join(', ')}.`,
      fix: candidates.map((one) => `--context ${one}`),
    })
  }
  const cluster = await world.detect(context)
  if (!cluster.local) throw unproved(cluster)
  if (cluster.provider !== kind) throw otherKind(kind, cluster)
  return resolved(request, cluster, t`The context ${context} is proved to be a ${kind} cluster on this machine.`)
}

function resolved({ namespace, release }: TargetRequest, cluster: DetectedCluster, why: string): ResolvedTarget {
  const { provider, context, server, clusterUid } = cluster
  return { target: { provider, context, server, clusterUid, namespace, release }, why, cluster }
}

function unproved({ context, server, doubts }: DetectedCluster): LocoError {
  return new LocoError('LOCO-ENV-010', {
    what: t`The context ${context} (${server}) is not proved to be a cluster on this machine.`,
    why: doubts.join(' ') || t('Nothing about it says so.'),
    fix: [t`if you mean this cluster: --context ${context}`, t('or use the sandbox: --cluster native')],
    evidence: doubts,
  })
}

function otherKind(asked: ProviderName, { context, provider, doubts }: DetectedCluster): LocoError {
  return new LocoError('LOCO-ENV-011', {
    what: t`The context ${context} does not lead to a ${asked} cluster.`,
    why: provider === 'production' ? doubts.join(' ') || t('Nothing about it says so.') : t`It is proved to be a ${provider} cluster.`,
    fix: [t`--context ${context} without --cluster, if you mean that cluster`, t('or name another with --context')],
    evidence: doubts,
  })
}
