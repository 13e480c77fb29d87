import { readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import { DockerEngine } from '../images/engine.ts'
import { type KubeClient, withSignal } from '../kube/client.ts'
import { asKubeError } from '../kube/errors.ts'
import { type ClusterFacts, type ClusterKind, kindOfCluster, type NodeFacts } from './kind-of-cluster.ts'

/** A cluster and what is proved of it. */
export interface DetectedCluster extends ClusterKind {
  context: string
  /** URL of the API server. */
  server: string
  /** UID of the namespace kube-system. */
  clusterUid: string
}

export interface DetectOptions {
  client: KubeClient
  /** The running sandbox: its node, and a client made from its own kubeconfig and nothing else. */
  sandbox: { node: string; client: KubeClient } | undefined
  env: NodeJS.ProcessEnv
  signal?: AbortSignal
}

/** Asks the cluster and this machine what kind of cluster it is. @throws coded errors of src/kube when the cluster cannot be asked at all */
export async function detectCluster(options: DetectOptions): Promise<DetectedCluster> {
  const facts = await gatherFacts(options)
  return { context: facts.context, server: facts.server, clusterUid: facts.clusterUid, ...kindOfCluster(facts) }
}

async function gatherFacts({ client, sandbox, env, signal }: DetectOptions): Promise<ClusterFacts> {
  const { context, server } = client
  const [clusterUid, nodes, sandboxUid, containers, minikubeProfiles] = await Promise.all([
    client.clusterUid(signal),
    nodesOf(client, signal),
    sandbox?.client.clusterUid(signal),
    /^(?:kind|k3d)-/.test(context) ? containersHere(env, signal) : undefined,
    profilesHere(env),
  ])
  const facts = sandbox === undefined || sandboxUid === undefined ? undefined : { server: sandbox.client.server, clusterUid: sandboxUid, node: sandbox.node }
  return { context, server, clusterUid, nodes, sandbox: facts, containers, minikubeProfiles }
}

async function nodesOf(client: KubeClient, signal: AbortSignal | undefined): Promise<NodeFacts[] | undefined> {
  try {
    const { items } = await client.core.listNode({}, withSignal(signal))
    return items.map(({ metadata, spec, status }) => ({
      name: metadata?.name ?? '',
      providerID: spec?.providerID ?? '',
      labels: metadata?.labels ?? {},
      osImage: status?.nodeInfo?.osImage ?? '',
      containerRuntime: status?.nodeInfo?.containerRuntimeVersion ?? '',
    }))
  } catch (error) {
    const known = asKubeError(error, t`Could not list the nodes of the cluster at ${client.server}.`)
    if (known.code === 'LOCO-KUB-011') return undefined
    throw known
  }
}

async function containersHere(env: NodeJS.ProcessEnv, signal: AbortSignal | undefined): Promise<string[] | undefined> {
  const local = process.platform === 'win32' ? 'npipe:////./pipe/docker_engine' : 'unix:///var/run/docker.sock'
  const host = env['DOCKER_HOST'] || local
  // An engine at the end of a network is not this machine, whatever runs in it.
  if (!/^(?:unix|npipe):/.test(host)) return undefined
  try {
    return await new DockerEngine(host).containers(signal)
  } catch (error) {
    if (error instanceof LocoError) return undefined
    throw error
  }
}

async function profilesHere(env: NodeJS.ProcessEnv): Promise<string[]> {
  const home = env['MINIKUBE_HOME'] ?? join(homedir(), '.minikube')
  for (const folder of [join(home, 'profiles'), join(home, '.minikube', 'profiles')]) {
    try {
      return await readdir(folder)
    } catch {
      // Not this place, or no minikube at all.
    }
  }
  return []
}
