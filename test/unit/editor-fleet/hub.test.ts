import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '../../../src/base/logger.ts'
import { waitFor } from '../../../src/base/wait.ts'
import { emulatorName, emulatorSelector, labels, partOf } from '../../../src/contracts/names.ts'
import { FleetHub, type HubOptions } from '../../../src/editor/connection/hub.ts'
import { FakeApiServer, type FakeObject, sendStatus } from '../../fakes/fake-api-server.ts'
import { pod, set } from '../fleet/given.ts'

const everywhere = '/apis/apps/v1/statefulsets'
const at = (namespace: string) => ({
  sets: `/apis/apps/v1/namespaces/${namespace}/statefulsets`,
  pods: `/api/v1/namespaces/${namespace}/pods`,
  claims: `/api/v1/namespaces/${namespace}/persistentvolumeclaims`,
  events: `/api/v1/namespaces/${namespace}/events`,
})

/** A stand-in for a cluster that holds fleets. */
class FakeCluster extends FakeApiServer {
  /** Paths that are answered with 403. */
  readonly denied = new Set<string>()

  constructor() {
    super()
    for (const path of [everywhere, '/api/v1/nodes']) this.#empty(path)
    for (const namespace of ['loco', 'default', 'other']) for (const path of Object.values(at(namespace))) this.#empty(path)
    this.intercept = (_, response, url) => {
      if (!this.denied.has(url.pathname)) return false
      sendStatus(response, 403, 'Forbidden', `${url.pathname} is forbidden`)
      return true
    }
  }

  addFleet(namespace: string, release: string): void {
    const made = set(1)
    const metadata = { ...made.metadata, name: emulatorName(release), namespace, labels: { [labels.instance]: release, [labels.partOf]: partOf } }
    for (const path of [everywhere, at(namespace).sets]) this.put(path, { ...made, metadata } as FakeObject)
    this.put(at(namespace).pods, { ...pod(), metadata: { ...pod().metadata, namespace, labels: { [labels.instance]: release } } } as FakeObject)
  }

  removeFleet(namespace: string, release: string): void {
    for (const path of [everywhere, at(namespace).sets]) this.remove(path, emulatorName(release))
    this.remove(at(namespace).pods, pod().metadata?.name ?? '')
  }

  #empty(path: string): void {
    this.put(path, { metadata: { name: 'gone' } })
    this.remove(path, 'gone')
  }
}

describe('connections: with a fake API server', () => {
  let folder: string
  let cluster: FakeCluster
  let hub: FleetHub
  let chosen: readonly string[] | undefined
  let allowed = true
  const file = (): string => join(folder, 'config')

  /** A kubeconfig with a context for each server. */
  const write = (servers: Record<string, string>, path = file(), current = Object.keys(servers)[0]): void => {
    const entries = Object.entries(servers)
    writeFileSync(
      path,
      JSON.stringify({
        clusters: entries.map(([name, server]) => ({ name, cluster: { server, 'insecure-skip-tls-verify': true } })),
        users: [{ name: 'fake', user: { token: 'fake' } }],
        contexts: entries.map(([name]) => ({ name, context: { cluster: name, user: 'fake' } })),
        'current-context': current,
      }),
    )
  }
  const open = (more: Partial<HubOptions> = {}): FleetHub =>
    new FleetHub({
      env: { KUBECONFIG: file() },
      log: silentLogger,
      extraFiles: () => [],
      namespace: () => 'loco',
      allowed: () => allowed,
      selection: {
        read: () => chosen,
        write: (contexts) => {
          chosen = contexts
        },
      },
      sandbox: undefined,
      ...more,
    })
  const seen = (): string =>
    hub.connections
      .map(
        ({ context, state, fleets }) =>
          `${context} ${state.state} ${fleets.map(({ id, store }) => `${id.namespace}/${id.release}:${store.emulators.length}`).join()}`,
      )
      .join(' | ')
  const becomes = (expected: string, timeout = 4000): Promise<unknown> =>
    waitFor(
      () => seen() === expected,
      () => new Error(`it is "${seen()}", not "${expected}"`),
      { timeout, interval: 10 },
    )

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'loco-hub-'))
    chosen = undefined
    allowed = true
    cluster = new FakeCluster()
    await cluster.start()
    write({ one: cluster.url })
    hub = open()
  })

  afterEach(async () => {
    hub.dispose()
    await cluster.stop()
    rmSync(folder, { recursive: true })
  })

  it('asks nobody before somebody watches, finds fleets everywhere, follows their coming and going, leaves nothing open', async () => {
    cluster.addFleet('loco', 'loco')
    assert.deepEqual([cluster.requests.length, hub.phase], [0, 'idle'])
    const watching = hub.watch()
    await becomes('one live loco/loco:1')
    assert.ok(cluster.requests.some((request) => request.includes(encodeURIComponent(emulatorSelector('loco').split(',')[0]!))))
    cluster.addFleet('other', 'second')
    await becomes('one live loco/loco:1,other/second:1')
    cluster.removeFleet('other', 'second')
    await becomes('one live loco/loco:1')
    watching.dispose()
    assert.deepEqual([hub.connections.length, hub.sessions.length], [0, 0])
    await waitFor(
      () => cluster.connections === 0,
      () => new Error(`${cluster.connections} connections are left`),
      { timeout: 2000, interval: 10 },
    )
  })

  it('asks nobody in a workspace that is not trusted', async () => {
    allowed = false
    hub.watch()
    const lease = hub.acquire({ context: 'one', namespace: 'loco', release: 'loco' })
    await hub.ready()
    assert.deepEqual([cluster.requests.length, lease.session], [0, undefined])
  })

  it('looks in single namespaces where it may not look everywhere, at pods where it may not see StatefulSets', async () => {
    cluster.denied.add(everywhere).add(at('default').sets)
    cluster.addFleet('loco', 'loco')
    hub.watch()
    await becomes('one live loco/loco:1')
    assert.ok(cluster.requests.some((request) => request.includes(at('default').pods)))
  })

  it('names the right that is missing where nothing may be seen', async () => {
    for (const namespace of ['default', 'loco']) cluster.denied.add(at(namespace).sets).add(at(namespace).pods)
    cluster.denied.add(everywhere)
    cluster.allowed.add('watch pods')
    hub.watch()
    const missing = await waitFor(
      () => {
        const [one] = hub.connections
        return one?.state.state === 'denied' && one.state.missing.length > 0 && one.state.missing
      },
      () => new Error(seen()),
      { timeout: 4000, interval: 10 },
    )
    assert.deepEqual(
      missing.map(({ verb, resource, namespace }) => [verb, resource, namespace]),
      [['list', 'pods', 'loco']],
    )
  })

  it('a lease has its fleet watched without the view, and says why it cannot', async () => {
    cluster.addFleet('loco', 'loco')
    const lease = hub.acquire({ context: 'one', namespace: 'loco', release: 'loco' })
    const lost = hub.acquire({ context: 'nowhere', namespace: 'loco', release: 'loco' })
    await waitFor(
      () => lease.session?.store.emulators.length === 1,
      () => new Error('late'),
      { timeout: 4000, interval: 10 },
    )
    assert.equal(lost.error?.code, 'LOCO-KUB-004')
    assert.deepEqual(hub.connections, [])
    lease.dispose()
    assert.deepEqual(hub.sessions, [])
  })

  it('a context that changed is connected anew, the others are left alone', async () => {
    const second = new FakeCluster()
    await second.start()
    try {
      cluster.addFleet('loco', 'loco')
      second.addFleet('loco', 'loco')
      write({ one: cluster.url, two: cluster.url })
      chosen = ['one', 'two']
      hub.watch()
      await becomes('one live loco/loco:1 | two live loco/loco:1')
      const [one, two] = hub.sessions
      const lease = hub.acquire(two!.id)
      write({ one: cluster.url, two: second.url })
      await waitFor(
        () => lease.session !== undefined && lease.session !== two,
        () => new Error('the lease has no new session'),
        { timeout: 4000, interval: 10 },
      )
      await becomes('one live loco/loco:1 | two live loco/loco:1')
      assert.equal(hub.sessions[0], one)
      assert.equal(lease.session?.client.server, second.url)
    } finally {
      hub.dispose()
      await second.stop()
    }
  })

  it('a file that is broken leaves alone what stands, and is told; one that is gone ends it', async () => {
    cluster.addFleet('loco', 'loco')
    hub.watch()
    await becomes('one live loco/loco:1')
    const [session] = hub.sessions
    const told = (code: string | undefined): Promise<unknown> =>
      waitFor(
        () => hub.problems[0]?.code === code,
        () => new Error(`${hub.problems[0]?.code}`),
        { timeout: 2000, interval: 10 },
      )
    writeFileSync(file(), 'clusters: [')
    await told('LOCO-KUB-003')
    assert.equal(hub.sessions[0], session)
    write({ one: cluster.url })
    await told(undefined)
    assert.equal(hub.sessions[0], session)
    rmSync(file())
    await told('LOCO-KUB-001')
    await becomes('')
  })

  it('a dead server is told and its return noticed; the fleet stays in the view meanwhile', async () => {
    cluster.addFleet('loco', 'loco')
    hub.watch()
    await becomes('one live loco/loco:1')
    await cluster.stop()
    await waitFor(
      () => hub.connections[0]?.state.state !== 'live',
      () => new Error(seen()),
      { timeout: 4900, interval: 10 },
    )
    assert.match(seen(), /loco\/loco:1/)
    await cluster.start()
    await becomes('one live loco/loco:1', 9900)
  })

  it('looks at the sandbox if it answers, unless another was chosen', async () => {
    const sandbox = { context: 'loco-sandbox', file: join(folder, 'sandbox') }
    write({ 'loco-sandbox': cluster.url }, sandbox.file)
    write({ one: 'http://127.0.0.1:9' })
    hub.dispose()
    hub = open({ sandbox })
    hub.watch()
    await becomes('loco-sandbox live ')
    hub.select(['one'])
    await waitFor(
      () => hub.selected[0] === 'one',
      () => new Error(seen()),
      { timeout: 2000, interval: 10 },
    )
    hub.select([])
    await becomes('loco-sandbox live ')
  })

  it('ready: fleets are known when it resolves, also without a view', async () => {
    cluster.addFleet('loco', 'loco')
    await hub.ready()
    assert.deepEqual(
      hub.sessions.map(({ store }) => store.emulators.length),
      [1],
    )
  })

  it('reconnect makes a new client', async () => {
    cluster.addFleet('loco', 'loco')
    hub.watch()
    await becomes('one live loco/loco:1')
    const [before] = hub.sessions
    hub.reconnect('one')
    await becomes('one live loco/loco:1')
    assert.notEqual(hub.sessions[0]?.client, before?.client)
  })
})
