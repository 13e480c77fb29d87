import assert from 'node:assert/strict'
import { type ClusterFacts, kindOfCluster, type NodeFacts } from '../../../src/cluster/kind-of-cluster.ts'

const node = (facts: Partial<NodeFacts>): NodeFacts => ({
  name: 'node',
  providerID: '',
  labels: {},
  osImage: 'Debian GNU/Linux 12',
  containerRuntime: 'containerd://1.7.2',
  ...facts,
})
const facts = (changes: Partial<ClusterFacts>): ClusterFacts => ({
  context: 'mine',
  server: 'https://127.0.0.1:6443',
  clusterUid: 'uid-1',
  nodes: [node({})],
  sandbox: undefined,
  containers: undefined,
  minikubeProfiles: [],
  ...changes,
})

const sandbox = { server: 'https://127.0.0.1:6443', clusterUid: 'uid-1', node: 'loco' }
const kindNode = node({ name: 'loco-control-plane', providerID: 'kind://docker/loco/loco-control-plane' })
const kind = facts({ context: 'kind-loco', nodes: [kindNode], containers: ['loco-control-plane', 'registry'] })
const k3dNode = node({ name: 'k3d-loco-server-0', providerID: 'k3s://k3d-loco-server-0', containerRuntime: 'containerd://1.7.20-k3s1' })
const k3d = facts({ context: 'k3d-loco', server: 'https://0.0.0.0:6550', nodes: [k3dNode], containers: ['k3d-loco-server-0'] })
const minikubeNode = node({ name: 'minikube', labels: { 'minikube.k8s.io/name': 'minikube' } })
const minikube = facts({ context: 'minikube', server: 'https://192.168.49.2:8443', nodes: [minikubeNode], minikubeProfiles: ['minikube'] })
const desktop = facts({
  context: 'docker-desktop',
  server: 'https://kubernetes.docker.internal:6443',
  nodes: [node({ name: 'docker-desktop', osImage: 'Docker Desktop', containerRuntime: 'docker://27' })],
})

const cases: [what: string, facts: ClusterFacts, provider: string][] = [
  ['the sandbox', facts({ context: 'loco-sandbox', nodes: [node({ name: 'loco' })], sandbox }), 'native'],
  ['the sandbox under a name of one’s own', facts({ context: 'mine', nodes: [node({ name: 'loco' })], sandbox }), 'native'],
  [
    'a context of that name that leads elsewhere',
    facts({ context: 'loco-sandbox', clusterUid: 'uid-2', nodes: [node({ name: 'loco' })], sandbox }),
    'production',
  ],
  ['that name while no sandbox runs', facts({ context: 'loco-sandbox' }), 'production'],
  ['another cluster while the sandbox runs', facts({ clusterUid: 'uid-2', sandbox }), 'production'],
  ['a sandbox with a node more', facts({ context: 'loco-sandbox', nodes: [node({ name: 'loco' }), node({ name: 'other' })], sandbox }), 'production'],

  ['kind', kind, 'kind'],
  ['kind, renamed context', { ...kind, context: 'mine' }, 'production'],
  [
    'a context named kind-* to a cluster far away',
    facts({ context: 'kind-prod', server: 'https://10.1.2.3:6443', nodes: [node({})], containers: [] }),
    'production',
  ],
  ['kind of another machine through a tunnel', { ...kind, containers: ['registry'] }, 'production'],
  ['kind while no Docker engine answers', { ...kind, containers: undefined }, 'production'],
  ['kind with one node that is none', { ...kind, nodes: [kindNode, node({})] }, 'production'],
  ['kind with another cluster’s node', { ...kind, nodes: [{ ...kindNode, providerID: 'kind://docker/other/loco-control-plane' }] }, 'production'],

  ['k3d', k3d, 'k3d'],
  [
    'k3s on a server, context named like k3d',
    { ...k3d, nodes: [node({ name: 'box', providerID: 'k3s://box', containerRuntime: 'containerd://1.7.20-k3s1' })], containers: ['box'] },
    'production',
  ],
  ['k3d far away', { ...k3d, server: 'https://k3d.example.org:6443' }, 'production'],

  ['minikube', minikube, 'minikube'],
  [
    'minikube with a profile of another name',
    facts({ ...minikube, context: 'loco', nodes: [node({ labels: { 'minikube.k8s.io/name': 'loco' } })], minikubeProfiles: ['loco'] }),
    'minikube',
  ],
  ['minikube with the docker driver', { ...minikube, server: 'https://127.0.0.1:32771' }, 'minikube'],
  ['somebody else’s minikube', { ...minikube, minikubeProfiles: [] }, 'production'],
  ['minikube at a public address', { ...minikube, server: 'https://203.0.113.7:8443' }, 'production'],
  ['a context named minikube without the label', { ...minikube, nodes: [node({})] }, 'production'],

  ['Docker Desktop', desktop, 'docker-desktop'],
  [
    'Docker Desktop in its kind mode',
    { ...desktop, nodes: [node({ name: 'desktop-control-plane', providerID: 'kind://docker/desktop/desktop-control-plane' })] },
    'docker-desktop',
  ],
  ['a context named docker-desktop that leads elsewhere', { ...desktop, nodes: [node({})] }, 'production'],

  ['any cluster', facts({}), 'production'],
  ['nodes that may not be listed', { ...kind, nodes: undefined }, 'production'],
  ['no node at all', { ...kind, nodes: [] }, 'production'],
  ['a server address that is none', { ...kind, server: 'nonsense' }, 'production'],
]

describe('kindOfCluster', () => {
  for (const [what, given, provider] of cases) {
    it(`${what} → ${provider}`, () => {
      const seen = kindOfCluster(given)
      assert.equal(seen.provider, provider)
      assert.equal(seen.local, provider !== 'production')
      assert.equal(seen.proof.length > 0, seen.local)
    })
  }

  it('says what spoke against the kind that the name suggests', () => {
    assert.deepEqual(kindOfCluster({ ...kind, containers: undefined }).doubts, [
      'No Docker engine answers on this machine, so it is not proved that the nodes are containers here.',
    ])
  })
})
