import assert from 'node:assert/strict'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { LocoError } from '../../../src/base/error.ts'
import { waitFor } from '../../../src/base/wait.ts'
import type { AgentHealth } from '../../../src/contracts/agent.ts'
import type { Pod } from '../../../src/diagnosis/evidence.ts'
import { AgentClient } from '../../../src/fleet/agent-client.ts'
import { FleetWatcher } from '../../../src/fleet/watcher.ts'
import { KubeClient } from '../../../src/kube/client.ts'
import { FakeApiServer, type FakeObject, type FakeStream, portPrefix } from '../../fakes/fake-api-server.ts'
import { health, pod, running, set } from './given.ts'

const pods = '/api/v1/namespaces/loco/pods'
const sets = '/apis/apps/v1/namespaces/loco/statefulsets'
const quietly = (): void => {}

/** Answers as an agent does, as far as a test says; every pod has the same one. */
class FakeAgent {
  health: AgentHealth = health()
  answer: ((request: IncomingMessage, response: ServerResponse, body: string) => boolean) | undefined
  readonly streams = new Set<ServerResponse>()
  readonly #server = http.createServer((request, response) => {
    let body = ''
    request.on('data', (piece: Buffer) => {
      body += piece.toString()
    })
    request.on('end', () => this.#serve(request, response, body))
  })

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
  }

  stop(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  say(next: AgentHealth): void {
    this.health = next
    for (const stream of this.streams) stream.write(`data: ${JSON.stringify(next)}\n\n`)
  }

  /** Joins a stream of the fake API server with this agent, as a kubelet does. */
  join(stream: FakeStream): void {
    const socket = connect((this.#server.address() as AddressInfo).port, '127.0.0.1')
    stream.send(0, portPrefix(stream))
    stream.send(1, portPrefix(stream))
    stream.onData((channel, data) => channel === 0 && socket.write(data))
    socket.on('data', (data) => stream.send(0, data))
    socket.on('error', quietly)
    socket.on('close', () => stream.socket.close())
    stream.socket.on('close', () => socket.destroy())
  }

  #serve(request: IncomingMessage, response: ServerResponse, body: string): void {
    if (this.answer?.(request, response, body) === true) return
    if (request.url === '/events') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.write(`data: ${JSON.stringify(this.health)}\n\n`)
      this.streams.add(response)
      response.on('close', () => this.streams.delete(response))
    } else response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(this.health))
  }
}

describe('fleet: with a fake API server and a fake agent', () => {
  const server = new FakeApiServer()
  const agent = new FakeAgent()
  let client: KubeClient
  let watcher: FleetWatcher

  beforeEach(async () => {
    await server.start()
    agent.health = health()
    agent.answer = undefined
    await agent.start()
    server.onStream = (stream) => agent.join(stream)
    for (const path of [pods, sets, '/api/v1/namespaces/loco/persistentvolumeclaims', '/api/v1/namespaces/loco/events', '/api/v1/nodes']) {
      server.put(path, { metadata: { name: 'gone' } })
      server.remove(path, 'gone')
    }
    server.put(sets, set(1) as unknown as FakeObject)
    client = new KubeClient(server.kubeconfig(), 'fake')
    watcher = new FleetWatcher({ client, context: 'fake', namespace: 'loco', release: 'loco' })
  })

  afterEach(async () => {
    watcher.dispose()
    client.dispose()
    agent.stop()
    server.intercept = undefined
    server.remove(pods, 'loco-loco-emulator-0')
    await server.stop()
  })

  const put = (object: object): FakeObject => server.put(pods, object as FakeObject)
  const verdict = (): string => `${watcher.store.get('instance-0')?.verdict} ${watcher.store.get('instance-0')?.stage}`
  const becomes = (expected: string): Promise<unknown> =>
    waitFor(
      () => verdict() === expected,
      () => new Error(`it is ${verdict()}: ${watcher.store.get('instance-0')?.sentence}`),
      { timeout: 3000, interval: 10 },
    )
  const settle = (): Promise<void> => watcher.settled({ timeout: 2000 })

  it('is silent before start, settles with what the agent says, follows it, and leaves nothing open', async () => {
    put(running())
    assert.deepEqual(server.requests, [])
    watcher.start()
    await settle()
    assert.equal(verdict(), 'healthy P2')
    assert.equal(watcher.store.freshness.state, 'live')
    agent.say(health({ verdict: 'degraded', stage: 'P1', sentence: 'The screen is black.', code: 'LOCO-GST-006' }))
    await becomes('degraded P1')
    watcher.dispose()
    client.dispose()
    await waitFor(
      () => server.watchers === 0 && server.connections === 0 && agent.streams.size === 0,
      () => new Error(`${server.watchers} watches, ${server.connections} connections, ${agent.streams.size} streams are left`),
      { timeout: 2000, interval: 10 },
    )
  })

  it('a change in the cluster is told', async () => {
    put(running())
    watcher.start()
    await settle()
    const told = new Promise<void>((resolve) => watcher.store.changes.event(() => resolve()))
    const { metadata } = running()
    put({ ...running(), metadata: { ...metadata, deletionTimestamp: new Date().toISOString() } })
    await told
    assert.equal(verdict(), 'stopped null')
  })

  it('a container that restarts gets a fresh hearing', async () => {
    const young = (restarts: number): Pod => {
      const made = running({ restarts, ready: restarts === 0 })
      const [container] = made.status?.containerStatuses ?? []
      if (container !== undefined) container.state = { running: { startedAt: new Date().toISOString() } }
      return made
    }
    put(young(0))
    watcher.start()
    await settle()
    agent.answer = (_, response) => {
      response.destroy()
      return true
    }
    put(young(1))
    await becomes('starting null')
  })

  it('an agent that drops its stream is heard again', async () => {
    put(running())
    watcher.start()
    await settle()
    for (const stream of agent.streams) stream.end()
    agent.health = health({ verdict: 'degraded', stage: 'P2', sentence: 'Blue.', code: 'LOCO-GST-008' })
    await becomes('degraded P2')
  })

  it('an agent without a stream is asked', async () => {
    agent.answer = (request, response) => {
      if (request.url === '/events') response.writeHead(404).end()
      return request.url === '/events'
    }
    put(running())
    watcher.start()
    await becomes('healthy P2')
  })

  it('an agent that talks nonsense is unknown with a reason', async () => {
    agent.answer = (_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.write('data: {"schema":"loco.agent.health/1"}\n\n')
      return true
    }
    put(running())
    watcher.start()
    await settle()
    assert.equal(verdict(), 'unknown null')
    assert.deepEqual(
      watcher.store.get('instance-0')?.findings.map(({ code }) => code),
      ['LOCO-FLT-002'],
    )
  })

  it('an account that may not see pods is denied, and told so', async () => {
    server.intercept = (_, response, url) => {
      if (url.pathname !== pods) return false
      response.writeHead(403, { 'Content-Type': 'application/json' })
      response.end(JSON.stringify({ kind: 'Status', code: 403, reason: 'Forbidden', message: 'pods is forbidden' }))
      return true
    }
    watcher.start()
    await settle()
    assert.equal(watcher.store.freshness.state, 'denied')
    assert.deepEqual(watcher.store.emulators, [])
  })

  it('a fleet is told from its pods where the StatefulSet, claims, events and nodes may not be seen', async () => {
    server.intercept = (_, response, url) => {
      if (url.pathname === pods || url.pathname === '/version') return false
      response.writeHead(403, { 'Content-Type': 'application/json' })
      response.end(JSON.stringify({ kind: 'Status', code: 403, reason: 'Forbidden', message: 'forbidden' }))
      return true
    }
    put(running())
    watcher.start()
    await becomes('healthy P2')
    assert.equal(watcher.store.freshness.state, 'live')
  })

  it('a dead API server is noticed, and its return', async () => {
    put(running())
    watcher.start()
    await settle()
    await server.stop()
    await waitFor(
      () => watcher.store.freshness.state !== 'live',
      () => new Error(watcher.store.freshness.state),
      { timeout: 3000, interval: 10 },
    )
    assert.equal(verdict(), 'healthy P2') // a hiccup so far
    await server.start()
    await waitFor(
      () => watcher.store.freshness.state === 'live',
      () => new Error(watcher.store.freshness.state),
      { timeout: 6000, interval: 10 },
    )
    await becomes('healthy P2')
  })

  it('waiting to settle ends when told so, and when disposed', async () => {
    server.frozen = true
    watcher.start()
    const abort = new AbortController()
    const waiting = watcher.settled({ timeout: 1000, signal: abort.signal })
    abort.abort(new LocoError('LOCO-USE-002', { what: 'Cancelled.' }))
    await assert.rejects(waiting, { code: 'LOCO-USE-002' })
    const other = watcher.settled({ timeout: 1000 })
    watcher.dispose()
    await other
    server.frozen = false
  })

  it('a hundred pods at once are few judgements', async () => {
    server.put(sets, set(100) as unknown as FakeObject)
    watcher.start()
    await settle()
    let fired = 0
    watcher.store.changes.event(() => {
      fired += 1
    })
    for (let ordinal = 0; ordinal < 100; ordinal += 1) put(pod(ordinal))
    await waitFor(
      () => watcher.store.emulators.every((one) => one.pod !== null),
      () => new Error('late'),
      { timeout: 2000, interval: 10 },
    )
    assert.ok(fired <= 5, `${fired}`)
    for (let ordinal = 0; ordinal < 100; ordinal += 1) server.remove(pods, `loco-loco-emulator-${ordinal}`)
  })

  describe('agent client', () => {
    const cases: [string, (client: AgentClient) => Promise<unknown>, number, string, string][] = [
      ['health that is no JSON', (one) => one.health(), 200, 'hello', 'LOCO-FLT-002'],
      ['health without its fields', (one) => one.health(), 200, '{}', 'LOCO-FLT-002'],
      ['health from another service', (one) => one.health(), 500, 'Internal error', 'LOCO-FLT-003'],
      ['a picture that is none', (one) => one.screen(), 200, '<html>', 'LOCO-FLT-002'],
      ['a picture that is refused', (one) => one.screen(), 403, '{"code":"LOCO-AGT-010","message":"only from the pod"}', 'LOCO-AGT-010'],
      ['a picture with a code of another version', (one) => one.screen(), 503, '{"code":"LOCO-AGT-999","message":"no"}', 'LOCO-FLT-003'],
      ['keys that cannot be typed', (one) => one.keys({ text: 'ä' }), 400, '{"code":"LOCO-AGT-014","message":"not on a US keyboard"}', 'LOCO-AGT-014'],
      ['keys with an odd answer', (one) => one.keys({ text: 'a' }), 200, '{"typed":"many"}', 'LOCO-FLT-002'],
      ['a missing address', (one) => one.screen(), 404, '', 'LOCO-AGT-011'],
    ]
    for (const [name, ask, status, body, code] of cases) {
      it(`${name} → ${code}`, async () => {
        agent.answer = (_, response) => {
          response.writeHead(status).end(body)
          return true
        }
        await assert.rejects(ask(new AgentClient(client, 'loco', 'loco-loco-emulator-0')), (error) => error instanceof LocoError && error.code === code)
      })
    }

    it('takes bad news as news, pictures as bytes, and types', async () => {
      const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 1, 2, 255])
      const heard: string[] = []
      agent.answer = (request, response, body) => {
        heard.push(`${request.method} ${request.url} ${body}`)
        if (request.url === '/health') response.writeHead(503).end(JSON.stringify(health({ verdict: 'unhealthy' })))
        else if (request.url === '/screen.png') response.writeHead(200, { 'Content-Type': 'image/png' }).end(png)
        else response.writeHead(200).end('{"typed":3}')
        return true
      }
      const one = new AgentClient(client, 'loco', 'loco-loco-emulator-0')
      assert.equal((await one.health()).guest.verdict, 'unhealthy')
      assert.deepEqual(await one.screen(), png)
      assert.deepEqual(await one.keys({ text: 'dir' }), { typed: 3 })
      assert.deepEqual(heard, ['GET /health ', 'GET /screen.png ', 'POST /input/keys {"text":"dir"}'])
    })
  })
})
