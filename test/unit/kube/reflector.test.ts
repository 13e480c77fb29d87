import assert from 'node:assert/strict'
import { waitFor } from '../../../src/base/wait.ts'
import { KubeClient } from '../../../src/kube/client.ts'
import { Reflector, type ReflectorChange, type ReflectorState, type ReflectorTimings } from '../../../src/kube/reflector.ts'
import { FakeApiServer, type FakeObject, sendStatus, status } from '../../fakes/fake-api-server.ts'

const pods = '/api/v1/namespaces/loco/pods'
/** Shorter than in life by about fifty, in the same proportions. */
const fast: ReflectorTimings = { probeAfter: 60, probeTimeout: 60, silence: 10_000, retryFirst: 10, retryCap: 60, retryDenied: 100, shortWatch: 20 }

const pod = (name: string, phase = 'Running'): FakeObject => ({ metadata: { name, namespace: 'loco' }, phase })

describe('Reflector, against a fake API server', () => {
  let server: FakeApiServer
  let client: KubeClient
  let reflector: Reflector<FakeObject>
  let changes: ReflectorChange<FakeObject>[][]
  let states: ReflectorState[]

  const seen = (): string[] => changes.flat().map((change) => `${change.type} ${change.object.metadata.name}`)
  const names = (): string[] => [...reflector.items.values()].map((item) => item.metadata.name).sort()
  const begin = (timings: Partial<ReflectorTimings> = {}): void => {
    reflector = new Reflector<FakeObject>({ client, path: pods, labelSelector: 'app=x', timings: { ...fast, ...timings } })
    reflector.changes((some) => changes.push(some))
    reflector.stateChanges((state) => states.push(state))
    reflector.start()
  }
  const until = (look: () => boolean, what: string): Promise<true> =>
    waitFor(
      () => look() || undefined,
      () => new Error(`not within 2 s: ${what}; states ${states.map((one) => one.state).join(' ')}; seen ${seen().join(', ')}`),
      { timeout: 2000, interval: 3 },
    )
  const state = (wanted: ReflectorState['state']): Promise<true> => until(() => reflector.state.state === wanted, `state ${wanted}`)
  const lists = (): number => server.requests.filter((line) => line.includes('limit=500') && !line.includes('continue')).length
  const watches = (): string[] => server.requests.filter((line) => line.includes('watch=true'))

  beforeEach(async () => {
    server = new FakeApiServer()
    await server.start()
    client = new KubeClient(server.kubeconfig(), 'fake')
    changes = []
    states = []
    server.put(pods, pod('a'))
  })

  afterEach(async () => {
    reflector.dispose()
    client.dispose()
    await until(() => server.connections === 0, 'no connection left after dispose')
    await server.stop()
  })

  it('lists, then follows: one array for the list, then each change with what was before', async () => {
    server.put(pods, pod('b'))
    begin()
    await state('live')
    assert.deepEqual(
      changes.map((some) => some.length),
      [2],
    )
    server.put(pods, pod('c'))
    server.put(pods, pod('a', 'Failed'))
    server.remove(pods, 'b')
    await until(() => seen().length === 5, 'three changes')
    assert.deepEqual(seen().slice(2), ['added c', 'modified a', 'deleted b'])
    const modified = changes.flat().find((change) => change.type === 'modified')
    assert.equal(modified?.type === 'modified' && modified.previous['phase'], 'Running')
    assert.deepEqual(names(), ['a', 'c'])
    assert.deepEqual(
      states.map((one) => one.state),
      ['live'],
    )
    assert.ok(server.requests.every((line) => line.includes('labelSelector=app%3Dx')))
  })

  it('lists in pages', async () => {
    for (let index = 0; index < 1201; index += 1) server.put(pods, pod(`many-${index}`))
    begin()
    await state('live')
    assert.equal(reflector.items.size, 1202)
    assert.equal(server.requests.filter((line) => line.includes('continue=')).length, 2)
    assert.equal(changes.length, 1)
  })

  it('goes on from the last bookmark after the server ended the watch in good order, and stays live', async () => {
    begin()
    await until(() => server.watchers === 1, 'a watch')
    server.bookmark()
    server.put(pods, pod('b'))
    server.bookmark()
    await until(() => names().length === 2, 'b')
    await new Promise((resolve) => setTimeout(resolve, fast.shortWatch)) // a watch must have lasted to count as a good one
    server.endWatches()
    await until(() => watches().length === 2 && server.watchers === 1, 'a second watch')
    assert.match(watches()[1]!, /resourceVersion=104&/)
    server.put(pods, pod('c'))
    await until(() => names().length === 3, 'c')
    assert.equal(lists(), 1)
    assert.deepEqual(
      states.map((one) => one.state),
      ['live'],
    )
  })

  it('asks for bookmarks and a random end between 240 and 300 s', async () => {
    begin()
    await state('live')
    const query = new URL(watches()[0]!.split(' ')[1]!, server.url).searchParams
    assert.equal(query.get('allowWatchBookmarks'), 'true')
    const seconds = Number(query.get('timeoutSeconds'))
    assert.ok(seconds >= 240 && seconds < 300)
  })

  const expired: [string, () => void][] = [
    ['HTTP 410 on the next watch', () => server.compact()],
    [
      'an ERROR object with code 410 in the stream',
      () => {
        server.intercept = (_request, response, url) => {
          if (url.searchParams.get('watch') !== 'true') return false
          response.writeHead(200)
          response.write(`${JSON.stringify({ type: 'ERROR', object: status(410, 'Expired', 'too old resource version') })}\n`)
          server.intercept = undefined
          return true
        }
      },
    ],
    [
      'HTTP 504 because the version is from the future of another cluster',
      () => {
        server.intercept = (_request, response, url) => {
          if (url.searchParams.get('watch') !== 'true') return false
          const body = { ...status(504, 'Timeout', 'Too large resource version: 999'), details: { causes: [{ reason: 'ResourceVersionTooLarge' }] } }
          response.writeHead(504, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
          server.intercept = undefined
          return true
        }
      },
    ],
  ]
  for (const [what, forget] of expired) {
    it(`lists again and tells only true differences after ${what}`, async () => {
      server.put(pods, pod('b'))
      server.put(pods, pod('same'))
      begin()
      await until(() => server.watchers === 1, 'a watch')
      changes = []
      // What happens while nobody watches must come out of the comparison.
      server.breakConnections()
      server.remove(pods, 'a')
      server.put(pods, pod('b', 'Failed'))
      server.put(pods, pod('c'))
      forget()
      await until(() => names().join() === 'b,c,same', 'the truth')
      await state('live')
      assert.equal(lists(), 2)
      assert.deepEqual(seen().sort(), ['added c', 'deleted a', 'modified b'])
    })
  }

  it('an ERROR object of another kind is a failure: stale, then live again without a new list', async () => {
    begin()
    await until(() => server.watchers === 1, 'a watch')
    server.writeRaw(`${JSON.stringify({ type: 'ERROR', object: status(500, 'InternalError', 'etcdserver: leader changed') })}\n`)
    await until(() => states.length === 3, 'stale and live')
    assert.deepEqual(
      states.map((one) => one.state),
      ['live', 'stale', 'live'],
    )
    assert.equal(states[1]?.error?.code, 'LOCO-KUB-017')
    assert.equal(states[1]?.error?.why, 'etcdserver: leader changed.')
    assert.equal(lists(), 1)
  })

  it('a repeated event with the same version is not told twice', async () => {
    begin()
    await until(() => server.watchers === 1, 'a watch')
    const b = server.put(pods, pod('b'))
    server.writeRaw(`${JSON.stringify({ type: 'ADDED', object: b })}\n${JSON.stringify({ type: 'MODIFIED', object: b })}\n`)
    server.put(pods, pod('c'))
    await until(() => names().includes('c'), 'c')
    assert.deepEqual(seen(), ['added a', 'added b', 'added c'])
  })

  it('a frozen server is noticed by a probe, called offline, and healed', async () => {
    begin()
    await until(() => server.watchers === 1, 'a watch')
    server.frozen = true
    await state('stale')
    await state('offline')
    const lostAt = states.find((one) => one.state === 'stale')?.since
    assert.equal(reflector.state.since, lostAt, 'offline keeps the time of the loss')
    assert.equal(reflector.state.error?.code, 'LOCO-KUB-022')
    assert.deepEqual(names(), ['a'], 'what was known stays')
    server.frozen = false
    server.put(pods, pod('b'))
    await state('live')
    await until(() => names().length === 2, 'b')
    assert.equal(reflector.state.error, undefined)
  })

  it('a quiet watch on a server that lives is left alone, and made anew when silence lasts', async () => {
    begin({ silence: 150 })
    await until(() => watches().length === 2 && server.watchers === 1, 'a second watch after the silence')
    assert.equal(lists(), 1)
    assert.ok(server.requests.filter((line) => line.includes('/version')).length >= 1)
  })

  it('a server that is gone: stale at once, then offline; back: live with what happened meanwhile', async () => {
    begin()
    await until(() => server.watchers === 1, 'a watch')
    await server.stop()
    await state('offline')
    assert.deepEqual(
      states.map((one) => one.state),
      ['live', 'stale', 'offline'],
    )
    assert.equal(reflector.state.error?.code, 'LOCO-KUB-020')
    server.remove(pods, 'a')
    server.put(pods, pod('b'))
    await server.start()
    await state('live')
    await until(() => names().join() === 'b', 'b alone')
  })

  it('a server that is not there from the start: offline, never stale', async () => {
    await server.stop()
    begin()
    await state('offline')
    await server.start()
    await state('live')
    assert.deepEqual(
      states.map((one) => one.state),
      ['offline', 'live'],
    )
  })

  it('403: denied with the words of the server, asked rarely, live when the right comes', async () => {
    server.intercept = (_request, response) => {
      sendStatus(response, 403, 'Forbidden', 'pods is forbidden: User "u" cannot list resource "pods" in API group "" in the namespace "loco"')
      return true
    }
    begin()
    await state('denied')
    assert.equal(reflector.state.error?.code, 'LOCO-KUB-011')
    assert.match(reflector.state.error?.why ?? '', /cannot list resource "pods"/)
    assert.equal(server.requests.length, 1)
    server.intercept = undefined
    await state('live')
  })

  const nonsense: [string, string | Buffer][] = [
    ['no JSON', 'this is not JSON\n'],
    ['JSON that is no event', '42\n'],
    ['an object without UID', `${JSON.stringify({ type: 'ADDED', object: { metadata: { name: 'x' } } })}\n`],
    ['no object at all', `${JSON.stringify({ type: 'ADDED' })}\n`],
    ['a line without end', Buffer.alloc(17 * 1024 * 1024, 0x61)],
  ]
  for (const [what, bytes] of nonsense) {
    it(`a stream of ${what} is a failure that heals`, async () => {
      begin()
      await until(() => server.watchers === 1, 'a watch')
      server.writeRaw(bytes)
      await until(() => states.length >= 3, 'stale and live')
      assert.deepEqual(states.map((one) => one.state).slice(0, 3), ['live', 'stale', 'live'])
      assert.deepEqual(names(), ['a'])
    })
  }

  it('a server that ends every watch at once is asked with growing pauses', async () => {
    server.intercept = (_request, response, url) => {
      if (url.searchParams.get('watch') !== 'true') return false
      response.writeHead(200).end()
      return true
    }
    begin({ retryFirst: 40, retryCap: 1000 })
    await until(() => watches().length === 3, 'three watches')
    const three = Date.now()
    await until(() => watches().length === 4, 'a fourth')
    assert.ok(Date.now() - three >= 75, 'the pause before the fourth is at least half of 40 × 2²')
  })

  it('a listener that throws ends neither the others nor the reflector', async () => {
    begin()
    reflector.changes(() => {
      throw new Error('listener')
    })
    await until(() => server.watchers === 1, 'a watch')
    server.put(pods, pod('b'))
    server.put(pods, pod('c'))
    await until(() => names().length === 3, 'b and c')
    assert.equal(reflector.state.state, 'live')
  })

  it('dispose ends it for good: no event, no connection, also in the middle of a retry', async () => {
    begin()
    await until(() => server.watchers === 1, 'a watch')
    reflector.dispose()
    reflector.dispose()
    await until(() => server.watchers === 0, 'no watch')
    const before = server.requests.length
    server.put(pods, pod('b'))
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.equal(server.requests.length, before)
    assert.deepEqual(seen(), ['added a'])
  })
})
