import assert from 'node:assert/strict'
import type { V1Node } from '@kubernetes/client-node'
import { effectiveValues } from '../../../src/chart/release-record.ts'
import { kindByNodes } from '../../../src/cluster/facts/kind-by-nodes.ts'
import { claimFacts, namespaceFacts, nodeFacts, nodePortsOf, storageClassFacts } from '../../../src/cluster/facts/objects.ts'

const node = (name: string, o: { labels?: Record<string, string>; providerID?: string; osImage?: string } = {}): V1Node =>
  ({
    metadata: { name, labels: o.labels ?? {} },
    spec: { providerID: o.providerID },
    status: { nodeInfo: { osImage: o.osImage ?? 'Debian' } },
  }) as unknown as V1Node

describe('what its nodes say a cluster is', () => {
  const cases: [what: string, nodes: V1Node[], kind: string][] = [
    ['the node of the sandbox', [node('loco-node')], 'native'],
    ['minikube', [node('minikube', { labels: { 'minikube.k8s.io/name': 'minikube' } })], 'minikube'],
    ['kind', [node('kind-control-plane', { providerID: 'kind://docker/kind/kind-control-plane' })], 'kind'],
    ['Docker Desktop made with kind', [node('desktop-control-plane', { providerID: 'kind://docker/desktop/desktop-control-plane' })], 'docker-desktop'],
    ['Docker Desktop', [node('docker-desktop', { osImage: 'Docker Desktop' })], 'docker-desktop'],
    ['k3d', [node('k3d-dev-server-0', { providerID: 'k3s://k3d-dev-server-0' })], 'k3d'],
    ['k3s on a machine', [node('server', { providerID: 'k3s://server' })], 'unknown'],
    ['one of two says kind', [node('a', { providerID: 'kind://docker/kind/a' }), node('b')], 'unknown'],
    ['a cloud', [node('ip-10-0-0-1', { providerID: 'aws:///eu-1a/i-1' })], 'unknown'],
    ['no node', [], 'unknown'],
  ]
  for (const [what, nodes, kind] of cases) it(`${what} → ${kind}`, () => assert.equal(kindByNodes(nodes), kind))
})

describe('facts of objects', () => {
  const ready = { conditions: [{ type: 'Ready', status: 'True' }] }
  const schedulable: [what: string, node: unknown, expected: boolean][] = [
    ['ready', { status: ready }, true],
    ['not ready', { status: { conditions: [{ type: 'Ready', status: 'False' }] } }, false],
    ['cordoned', { spec: { unschedulable: true }, status: ready }, false],
    ['tainted', { spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] }, status: ready }, false],
    ['tainted softly', { spec: { taints: [{ key: 'a', effect: 'PreferNoSchedule' }] }, status: ready }, true],
  ]
  for (const [what, given, expected] of schedulable)
    it(`a node that is ${what}: ${expected ? 'pods' : 'no pods'} go there`, () => assert.equal(nodeFacts(given as V1Node).schedulable, expected))

  it('a node: cores, bytes, devices that it has, images', () => {
    const allocatable = { cpu: '3500m', memory: '1Gi', pods: '110', 'ephemeral-storage': '9Gi', 'devices.kubevirt.io/kvm': '9', 'nvidia.com/gpu': '0' }
    const facts = nodeFacts({ metadata: { name: 'a' }, status: { allocatable, images: [{ names: ['x:1', 'x@sha256:1'] }, {}] } } as unknown as V1Node)
    assert.deepEqual(facts.allocatable, { cpu: 3.5, memory: 1_073_741_824, ephemeralStorage: 9_663_676_416, devices: ['devices.kubevirt.io/kvm'] })
    assert.deepEqual(facts.images, ['x:1', 'x@sha256:1'])
  })

  it('a class: what is left out means Immediate, not expandable, not the default', () => {
    assert.deepEqual(storageClassFacts({ metadata: { name: 'a' }, provisioner: 'p' }), {
      ...{ name: 'a', provisioner: 'p', isDefault: false, binding: 'Immediate', expandable: false },
    })
  })

  it('a claim that is not bound', () => {
    const claim = {
      metadata: { name: 'a' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      status: { phase: 'Pending' },
    }
    assert.deepEqual(claimFacts(claim), { name: 'a', storageClass: undefined, request: 2 ** 30, modes: ['ReadWriteOnce'], phase: 'Pending' })
  })

  it('a namespace without the label lets everything in', () => {
    const labelled = (level: string): object => ({ metadata: { name: 'a', labels: { 'pod-security.kubernetes.io/enforce': level } } })
    assert.deepEqual(
      [{ metadata: { name: 'a' } }, labelled('restricted'), labelled('baseline')].map((one) => namespaceFacts(one).podSecurity),
      ['privileged', 'restricted', 'baseline'],
    )
  })

  it('node ports with the Services that have them', () => {
    const service = (name: string, ports: number[]): object => ({
      metadata: { namespace: 'n', name },
      spec: { ports: ports.map((nodePort) => ({ nodePort })) },
    })
    const used = nodePortsOf([
      service('a', [30_001, 30_002]),
      { metadata: { namespace: 'n', name: 'b' }, spec: { ports: [{ port: 1 }] } },
      service('c', [30_003]),
    ])
    assert.deepEqual(
      [...used],
      [
        [30_001, 'n/a'],
        [30_002, 'n/a'],
        [30_003, 'n/c'],
      ],
    )
  })
})

describe('values that the templates of a release saw', () => {
  const defaults = { a: 1, map: { x: 1, y: { z: 2 } }, list: [1, 2] }
  const cases: [what: string, values: Record<string, unknown>, effective: Record<string, unknown>][] = [
    ['none given', {}, defaults],
    ['a scalar', { a: 2 }, { ...defaults, a: 2 }],
    ['inside of a map', { map: { y: { z: 3 } } }, { ...defaults, map: { x: 1, y: { z: 3 } } }],
    ['a list replaces', { list: [3] }, { ...defaults, list: [3] }],
    ['null takes away', { map: { x: null } }, { ...defaults, map: { y: { z: 2 } } }],
    ['a map instead of a scalar', { a: { b: 1 } }, { ...defaults, a: { b: 1 } }],
    ['a new key', { b: 1 }, { ...defaults, b: 1 }],
  ]
  for (const [what, values, effective] of cases) it(what, () => assert.deepEqual(effectiveValues({ defaults, values }), effective))
})
