import assert from 'node:assert/strict'
import type { Helm } from '../../src/chart/helm.ts'
import type { RenderedObject } from '../../src/chart/manifest.ts'
import { labels } from '../../src/contracts/names.ts'
import { realHelm } from './real-helm.ts'
import { everything, wholeChart } from './whole-chart.ts'

interface Peer {
  podSelector?: { matchLabels: Record<string, string> }
  namespaceSelector?: { matchLabels: Record<string, string> }
}
interface Rule {
  from?: Peer[]
  to?: Peer[]
  ports: { port: number; endPort?: number; protocol: string }[]
}
interface Policy {
  podSelector: { matchLabels: Record<string, string> }
  ingress: Rule[]
  egress: Rule[]
}

/** What the policies let through, as `backend → emulator 8080/TCP`, told by either end; `*` is anybody. */
function ways(objects: readonly RenderedObject[]): Record<'ingress' | 'egress', string[]> {
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy').map(({ spec }) => spec as unknown as Policy)
  const own = ({ podSelector }: Policy): string => podSelector.matchLabels[labels.component] ?? ''
  const nameOfPeer = ({ podSelector, namespaceSelector }: Peer): string =>
    podSelector?.matchLabels[labels.component] ?? `namespace ${namespaceSelector?.matchLabels['kubernetes.io/metadata.name']}`
  const lines = (peers: Peer[] | undefined, { ports }: Rule, line: (peer: string) => string): string[] =>
    (peers?.map(nameOfPeer) ?? ['*']).flatMap((peer) =>
      ports.map(({ port, endPort, protocol }) => `${line(peer)} ${port}${endPort === undefined ? '' : `-${endPort}`}/${protocol}`),
    )
  return {
    ingress: policies.flatMap((policy) => policy.ingress.flatMap((rule) => lines(rule.from, rule, (peer) => `${peer} → ${own(policy)}`))),
    egress: policies.flatMap((policy) => policy.egress.flatMap((rule) => lines(rule.to, rule, (peer) => `${own(policy)} → ${peer}`))),
  }
}

describe('chart: who may speak with whom', () => {
  let helm: Helm
  let whole: ReturnType<typeof wholeChart>
  const render = (values: Record<string, unknown>): Promise<RenderedObject[]> =>
    helm.render({ chart: whole.folder, release: 'loco', namespace: 'toys', values: [values] })
  before(function () {
    helm = realHelm(this)
    whole = wholeChart()
  })
  after(() => whole?.remove())

  const game = ['47624/TCP', '2300-2400/TCP', '137/TCP', '138/TCP', '139/TCP', '2300-2400/UDP', '137/UDP', '138/UDP', '139/UDP']
  const dns = (component: string): string[] => ['53/UDP', '53/TCP'].map((port) => `${component} → * ${port}`)

  it('by default: the test asks the emulators, and an emulator asks nobody', async () => {
    assert.deepEqual(ways(await render({})), {
      ingress: ['test → emulator 8080/TCP'],
      egress: ['test → emulator 8080/TCP', ...dns('test')],
    })
  })

  it('nobody at all, where there is neither test nor anything else: an emulator is reached by port-forward only', async () => {
    const made = await render({ helmTest: { enabled: false } })
    const policies = made.filter(({ kind }) => kind === 'NetworkPolicy')
    assert.deepEqual(
      policies.map(({ metadata, spec }) => [metadata.name, spec!['policyTypes'], spec!['ingress'], spec!['egress']]),
      [['loco-loco-emulator', ['Ingress', 'Egress'], [], []]],
    )
  })

  it('all workloads inside the cluster: each way stands on both ends', async () => {
    const { ingress, egress } = ways(await render({ ...everything, ingress: { enabled: false } }))
    const both = [
      'backend → emulator 8080/TCP',
      'test → emulator 8080/TCP',
      ...game.map((port) => `hub → emulator ${port}`),
      'emulator → hub 4444/TCP',
      ...game.map((port) => `emulator → hub ${port}`),
      'backend → hub 8080/TCP',
      'test → hub 8080/TCP',
      'frontend → backend 3001/TCP',
      'vr → backend 3001/TCP',
      'test → backend 3001/TCP',
      'test → frontend 3000/TCP',
      'test → vr 3000/TCP',
    ]
    const scraped = ['emulator 8080', 'hub 8080', 'backend 3001'].map((what) => `namespace monitoring → ${what}/TCP`)
    assert.deepEqual(ingress.sort(), [...both, ...scraped].sort())
    const api = [443, 6443, 8443].map((port) => `backend → * ${port}/TCP`)
    const names = ['emulator', 'backend', 'frontend', 'vr', 'test'].flatMap(dns)
    assert.deepEqual(egress.sort(), [...both, ...api, ...names].sort())
  })

  it('with an Ingress or a port of the nodes the way is open to all, for what was asked and nothing else', async () => {
    const { ingress } = ways(await render(everything))
    assert.deepEqual(
      ingress.filter((way) => way.startsWith('*')),
      ['* → backend 3001/TCP', '* → frontend 3000/TCP', '* → vr 3000/TCP'],
    )
    const port = ways(await render({ backend: { enabled: true }, frontend: { enabled: true, serviceType: 'NodePort' } }))
    assert.deepEqual(
      port.ingress.filter((way) => way.startsWith('*')),
      ['* → frontend 3000/TCP'],
    )
  })

  it('ports that are values come through', async () => {
    const made = ways(
      await render({
        hub: { enabled: true, lanPort: 5000, healthPort: 5001 },
        emulator: { healthPort: 9090 },
        networkPolicy: { gamePorts: { directPlay: 3000, directPlayDiscovery: 4000, netbios: { enabled: false } } },
      }),
    )
    assert.deepEqual(made.ingress.filter((way) => way.startsWith('emulator')).sort(), [
      'emulator → hub 3000-3100/TCP',
      'emulator → hub 3000-3100/UDP',
      'emulator → hub 4000/TCP',
      'emulator → hub 5000/TCP',
    ])
    assert.ok(made.egress.includes('test → hub 5001/TCP') && made.egress.includes('test → emulator 9090/TCP'))
  })
})
