import { t } from '@vscode/l10n'
import { plan } from '../sandbox/plan.ts'

/** The kinds of cluster that are told apart. `production`: anything that is not proved to be another. */
export type ProviderName = 'native' | 'minikube' | 'kind' | 'k3d' | 'docker-desktop' | 'production'

/** A node, as far as it tells where it runs. */
export interface NodeFacts {
  name: string
  providerID: string
  labels: Readonly<Record<string, string>>
  osImage: string
  /** `containerd://1.6.20` and the like. */
  containerRuntime: string
}

/** Everything the judgement needs; gathered by detect.ts. */
export interface ClusterFacts {
  context: string
  /** URL of the API server. */
  server: string
  clusterUid: string
  /** Undefined: this user may not list them. */
  nodes: readonly NodeFacts[] | undefined
  /** The sandbox that runs on this machine: how it is reached by its own kubeconfig, and the identity seen there. */
  sandbox: { server: string; clusterUid: string; node: string } | undefined
  /** Names of the containers of this machine's Docker engine; undefined when there is none to ask. */
  containers: readonly string[] | undefined
  /** Names of the minikube profiles of this person. */
  minikubeProfiles: readonly string[]
}

export interface ClusterKind {
  provider: ProviderName
  /** Proved to run on this machine. */
  local: boolean
  /** Sentences: what was seen that proves it. Empty for `production`. */
  proof: string[]
  /** Sentences: what spoke against a kind that the context name suggests. */
  doubts: string[]
}

interface Clue {
  holds: boolean
  /** Said when it holds. */
  proof: string
  /** Said when it does not. */
  doubt: string
}

/**
 * Which kind of cluster is it, proved by its context name and by what its nodes and this machine say; a name alone is never believed,
 * because contexts are renamed and copied, and a tunnel makes a cluster far away look near. Pure.
 */
export function kindOfCluster(facts: ClusterFacts): ClusterKind {
  const doubts: string[] = []
  for (const [provider, clues] of Object.entries(suspects(facts)) as [ProviderName, Clue[] | undefined][]) {
    if (clues === undefined) continue
    const against = clues.filter(({ holds }) => !holds).map(({ doubt }) => doubt)
    if (against.length === 0) return { provider, local: true, proof: clues.map(({ proof }) => proof), doubts: [] }
    doubts.push(...against)
  }
  return { provider: 'production', local: false, proof: [], doubts }
}

/** For each kind that something points to: the clues that must all hold. */
function suspects(facts: ClusterFacts): Partial<Record<ProviderName, Clue[] | undefined>> {
  return { native: native(facts), kind: kind(facts), k3d: k3d(facts), minikube: minikube(facts), 'docker-desktop': dockerDesktop(facts) }
}

function native({ context, clusterUid, sandbox, nodes }: ClusterFacts): Clue[] | undefined {
  if (context !== plan.context && sandbox?.clusterUid !== clusterUid) return undefined
  if (sandbox === undefined) return [{ holds: false, proof: '', doubt: t`The context is named ${context}, but no sandbox runs on this machine.` }]
  return [
    {
      holds: sandbox.clusterUid === clusterUid,
      proof: t`The sandbox of this machine, asked with its own kubeconfig, has the same identity (${clusterUid}).`,
      doubt: t`The sandbox of this machine has another identity than the cluster that ${context} leads to.`,
    },
    nodeClue(
      nodes,
      ({ name }) => name === sandbox.node,
      t`Its only node is ${sandbox.node}, the node of the sandbox.`,
      t('Its nodes are not the node of the sandbox.'),
    ),
  ]
}

function kind({ context, nodes, containers, server }: ClusterFacts): Clue[] | undefined {
  const cluster = /^kind-(.+)$/.exec(context)?.[1]
  if (cluster === undefined) return undefined
  return [
    nodeClue(
      nodes,
      ({ name, providerID }) => providerID === `kind://docker/${cluster}/${name}`,
      t`Every node says that it belongs to the kind cluster ${cluster}.`,
      t`Not every node says that it belongs to the kind cluster ${cluster}.`,
    ),
    ...containerClues(nodes, containers),
    loopbackClue(server),
  ]
}

function k3d({ context, nodes, containers, server }: ClusterFacts): Clue[] | undefined {
  const cluster = /^k3d-(.+)$/.exec(context)?.[1]
  if (cluster === undefined) return undefined
  return [
    nodeClue(
      nodes,
      ({ name, providerID, containerRuntime }) => name.startsWith(`k3d-${cluster}-`) && providerID === `k3s://${name}` && containerRuntime.includes('k3s'),
      t`Every node is a k3s node named after the k3d cluster ${cluster}.`,
      t`Not every node is a k3s node named after the k3d cluster ${cluster}.`,
    ),
    ...containerClues(nodes, containers),
    loopbackClue(server),
  ]
}

function minikube({ context, nodes, minikubeProfiles, server }: ClusterFacts): Clue[] | undefined {
  const labelled = nodes?.some(({ labels }) => labels['minikube.k8s.io/name'] !== undefined) ?? false
  if (!labelled && context !== 'minikube') return undefined
  return [
    nodeClue(
      nodes,
      ({ labels }) => labels['minikube.k8s.io/name'] === context,
      t`Every node carries the label of the minikube profile ${context}.`,
      t`Not every node carries the label of a minikube profile named ${context}.`,
    ),
    {
      holds: minikubeProfiles.includes(context),
      proof: t`This person has a minikube profile ${context} on this machine.`,
      doubt: t`This person has no minikube profile ${context} on this machine.`,
    },
    {
      holds: isPrivate(server),
      proof: t`The server ${server} has an address of this machine or of a private network.`,
      doubt: t`The server ${server} has an address outside of this machine and its private networks.`,
    },
  ]
}

function dockerDesktop({ context, nodes, server }: ClusterFacts): Clue[] | undefined {
  if (context !== 'docker-desktop' && context !== 'docker-for-desktop') return undefined
  const own = ({ name, osImage, providerID }: NodeFacts): boolean =>
    (name === 'docker-desktop' && osImage === 'Docker Desktop') || providerID === `kind://docker/desktop/${name}`
  return [
    nodeClue(nodes, own, t('Every node says that it is one of Docker Desktop.'), t('Not every node says that it is one of Docker Desktop.')),
    loopbackClue(server),
  ]
}

function nodeClue(nodes: readonly NodeFacts[] | undefined, fits: (node: NodeFacts) => boolean, proof: string, doubt: string): Clue {
  if (nodes === undefined) return { holds: false, proof, doubt: t('This user may not list the nodes of the cluster, so nothing is proved.') }
  if (nodes.length === 0) return { holds: false, proof, doubt: t('The cluster has no node, so nothing is proved.') }
  return { holds: nodes.every(fits), proof, doubt }
}

/** The strongest proof for nodes that are containers: they run here. */
function containerClues(nodes: readonly NodeFacts[] | undefined, containers: readonly string[] | undefined): Clue[] {
  return [
    {
      holds: containers !== undefined && (nodes ?? []).every(({ name }) => containers.includes(name)),
      proof: t('Every node is a container of the Docker engine of this machine.'),
      doubt:
        containers === undefined
          ? t('No Docker engine answers on this machine, so it is not proved that the nodes are containers here.')
          : t('Not every node is a container of the Docker engine of this machine.'),
    },
  ]
}

function loopbackClue(server: string): Clue {
  return {
    holds: isLoopback(server),
    proof: t`The server ${server} is on this machine.`,
    doubt: t`The server ${server} is not on this machine.`,
  }
}

function isLoopback(server: string): boolean {
  const host = hostOf(server)
  return host === 'localhost' || host === 'kubernetes.docker.internal' || host === '0.0.0.0' || host === '[::1]' || /^127\./.test(host)
}

function isPrivate(server: string): boolean {
  return isLoopback(server) || /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)\d+\.\d+/.test(hostOf(server))
}

const hostOf = (server: string): string => (URL.canParse(server) ? new URL(server).hostname : '')
