import assert from 'node:assert/strict'
import { silentLogger } from '../../../src/base/logger.ts'
import { waitFor } from '../../../src/base/wait.ts'
import { FleetDiscovery } from '../../../src/editor/connection/discovery.ts'
import { fleetsOf } from '../../../src/editor/connection/found-fleet.ts'
import { connectionStateOf, searchState } from '../../../src/editor/connection/state.ts'
import { KubeClient } from '../../../src/kube/client.ts'
import type { ReflectorState } from '../../../src/kube/reflector.ts'
import { FakeApiServer } from '../../fakes/fake-api-server.ts'
import { at, lost } from './given-fleet.ts'

const seen = (state: ReflectorState['state']): ReflectorState =>
  state === 'live' || state === 'connecting' ? { state, since: at } : { state, since: at, error: lost }

describe('connection: states', () => {
  const states: [ReflectorState['state'], boolean, string][] = [
    ['connecting', false, 'connecting'],
    ['live', false, 'live'],
    ['stale', true, 'stale'],
    ['stale', false, 'unreachable'], // it answers, but never in a way that was of use
    ['offline', true, 'unreachable'],
    ['denied', true, 'denied'],
  ]
  for (const [state, wasLive, expected] of states) {
    it(`${state}, ${wasLive ? 'was live' : 'never live'} → ${expected}`, () => assert.equal(connectionStateOf(seen(state), wasLive).state, expected))
  }

  type State = ReflectorState['state']
  const searches: [State, State[], State][] = [
    ['live', [], 'live'],
    ['denied', [], 'denied'],
    ['denied', ['denied', 'live'], 'live'],
    ['denied', ['connecting', 'denied'], 'connecting'],
    ['denied', ['denied', 'denied'], 'denied'],
    ['offline', ['live'], 'offline'], // what was found in namespaces before is old as well
  ]
  for (const [everywhere, inside, expected] of searches) {
    it(`everywhere ${everywhere}, in namespaces ${inside.join(', ') || 'none'} → ${expected}`, () =>
      assert.equal(searchState(seen(everywhere), inside.map(seen)).state, expected))
  }

  it('a fleet is told from its labels, once', () => {
    const one = { namespace: 'b', labels: { 'app.kubernetes.io/instance': 'loco' } }
    const objects = [
      { metadata: one },
      { metadata: { ...one, name: 'another pod' } },
      { metadata: { ...one, namespace: 'a' } },
      { metadata: { namespace: 'c' } },
      {},
    ]
    assert.deepEqual(fleetsOf(objects), [
      { namespace: 'a', release: 'loco' },
      { namespace: 'b', release: 'loco' },
    ])
  })

  it('a server that takes connections and says nothing is told before a connection fails', async () => {
    const server = new FakeApiServer()
    await server.start()
    server.frozen = true
    const client = new KubeClient(server.kubeconfig(), 'fake')
    const discovery = new FleetDiscovery({ client, namespaces: ['loco'], log: silentLogger, firstAnswer: 50 })
    discovery.start()
    await waitFor(
      () => discovery.state.state === 'unreachable' && discovery.state.error.code === 'LOCO-KUB-022',
      () => new Error(discovery.state.state),
      { timeout: 1500, interval: 10 },
    )
    discovery.dispose()
    client.dispose()
    await server.stop()
  })
})
