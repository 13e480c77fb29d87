import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { LocoError } from '../../../src/base/error.ts'
import { waitFor } from '../../../src/base/wait.ts'
import { canICommand, reviewAccess } from '../../../src/kube/access.ts'
import { KubeClient } from '../../../src/kube/client.ts'
import { execInPod, exitOf } from '../../../src/kube/exec.ts'
import { streamLogs } from '../../../src/kube/logs.ts'
import { requestThroughPod, streamThroughPod } from '../../../src/kube/pod-http.ts'
import { openPortForward } from '../../../src/kube/portforward.ts'
import { FakeApiServer, type FakeStream, portPrefix, sendStatus } from '../../fakes/fake-api-server.ts'

const target = { namespace: 'loco', pod: 'p', port: 5901 }
const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

describe('streams into pods, against a fake API server', () => {
  let server: FakeApiServer
  let client: KubeClient
  let streams: FakeStream[]

  beforeEach(async () => {
    server = new FakeApiServer()
    await server.start()
    client = new KubeClient(server.kubeconfig(), 'fake')
    streams = []
  })
  afterEach(async () => {
    client.dispose()
    await gone()
    await server.stop()
  })

  const gone = (): Promise<true> =>
    waitFor(
      () => server.connections === 0 || undefined,
      () => new Error(`${server.connections} connections left`),
      { timeout: 2000, interval: 5 },
    )
  const failure = (work: Promise<unknown>): Promise<LocoError> =>
    work.then(
      () => assert.fail('should have failed'),
      (error: unknown) => (error instanceof LocoError ? error : assert.fail(String(error))),
    )
  const failed = (stream: Duplex): Promise<LocoError> => new Promise((resolve) => stream.once('error', (error) => resolve(error as LocoError)))
  const nextStream = (): Promise<FakeStream> =>
    waitFor(
      () => streams[0],
      () => new Error('no stream'),
      { timeout: 2000, interval: 2 },
    )

  /** The kubelet of this pod: gives the port prefixes, then lets the test play. */
  const kubelet = (play: (stream: FakeStream) => void = () => {}): void => {
    server.onStream = (stream) => {
      streams.push(stream)
      stream.send(0, portPrefix(stream))
      stream.send(1, portPrefix(stream))
      play(stream)
    }
  }
  const echo = (): void => kubelet((stream) => stream.onData((channel, data) => channel === 0 && stream.send(0, data)))

  describe('openPortForward', () => {
    it('carries 5 MB both ways intact, in frames of at most 64 KiB', async () => {
      let largest = 0
      kubelet((stream) =>
        stream.onData((channel, data) => {
          largest = Math.max(largest, data.length)
          if (channel === 0) stream.send(0, data)
        }),
      )
      const sent = randomBytes(5 * 1024 * 1024)
      const stream = await openPortForward(client, target)
      const parts: Buffer[] = []
      let size = 0
      stream.write(sent)
      for await (const part of stream as AsyncIterable<Buffer>) {
        parts.push(part)
        size += part.length
        if (size >= sent.length) break
      }
      assert.equal(hash(Buffer.concat(parts)), hash(sent))
      assert.equal(largest, 64 * 1024)
    })

    it('lets the pod wait when nobody reads', async () => {
      kubelet()
      const stream = await openPortForward(client, target)
      const pod = await nextStream()
      const piece = Buffer.alloc(32 * 1024)
      let written = 0
      const total = 64 * 1024 * 1024
      const push = (): void => {
        if (written >= total || pod.socket.bufferedAmount > 4 * 1024 * 1024) return
        written += piece.length
        pod.socket.send(Buffer.concat([Buffer.of(0), piece]), () => push())
      }
      push()
      // Pushing stops when the buffers of the machine are full: then the client takes no more.
      let before = -1
      await waitFor(
        () => {
          const still = written === before
          before = written
          return still || undefined
        },
        () => new Error('never stopped'),
        { timeout: 3000, interval: 40 },
      )
      assert.ok(written < total, 'the pod could not send everything')
      assert.ok(stream.readableLength < 1024 * 1024, `only ${stream.readableLength} bytes wait in this process`)
      stream.resume()
      await waitFor(
        () => written >= total || undefined,
        () => new Error('did not go on'),
        { timeout: 5000, interval: 10 },
      )
      stream.destroy()
    })

    it('ends both ways when the pod closes', async () => {
      kubelet((stream) => {
        stream.send(0, 'farewell')
        stream.socket.close()
      })
      const stream = await openPortForward(client, target)
      const parts: Buffer[] = []
      for await (const part of stream as AsyncIterable<Buffer>) parts.push(part)
      assert.equal(Buffer.concat(parts).toString(), 'farewell')
      assert.ok(stream.destroyed && stream.writableEnded)
      await gone()
    })

    it('after end() what the pod still says is read', async () => {
      kubelet((stream) =>
        stream.onData((_channel, data) => {
          setTimeout(() => {
            stream.send(0, `you said ${data}`)
            stream.socket.close()
          }, 30)
        }),
      )
      const stream = await openPortForward(client, target)
      stream.end('hello')
      let text = ''
      for await (const part of stream) text += part
      assert.equal(text, 'you said hello')
    })

    it('the kubelet’s reason becomes the error of the stream', async () => {
      kubelet((stream) => stream.send(1, 'failed to connect to localhost:5901 inside namespace: dial tcp4 127.0.0.1:5901: connect: connection refused'))
      const error = await failed(await openPortForward(client, target))
      assert.equal(error.code, 'LOCO-KUB-040')
      assert.equal(error.what, 'Port 5901 of pod loco/p cannot be reached.')
      assert.match(error.evidence[0] ?? '', /connection refused/)
      await gone()
    })

    it('a connection that breaks is an error', async () => {
      kubelet()
      const stream = await openPortForward(client, target)
      const error = failed(stream)
      server.breakConnections()
      assert.equal((await error).code, 'LOCO-KUB-041')
    })

    it('a pod that does not exist → LOCO-KUB-012 with the words of the server', async () => {
      const error = await failure(openPortForward(client, target))
      assert.equal(error.code, 'LOCO-KUB-012')
      assert.match(error.why ?? '', /pods "p" not found/)
    })

    it('an abort ends it, before and after it stands', async () => {
      kubelet()
      const abort = new AbortController()
      const stream = await openPortForward(client, { ...target, signal: abort.signal })
      const error = failed(stream)
      abort.abort()
      assert.equal((await error).code, 'LOCO-USE-002')
      assert.equal((await failure(openPortForward(client, { ...target, signal: abort.signal }))).code, 'LOCO-USE-002')
      server.frozen = true
      await gone()
    })

    it('destroy closes at once', async () => {
      kubelet()
      const stream = await openPortForward(client, target)
      stream.destroy()
      await gone()
    })

    it('dispose of the client ends it', async () => {
      echo()
      const stream = await openPortForward(client, target)
      const error = failed(stream)
      client.dispose()
      assert.ok((await error) instanceof LocoError)
    })
  })

  describe('requestThroughPod and streamThroughPod', () => {
    let inside: http.Server | net.Server | undefined
    afterEach(() => inside?.close())

    /** A service in the pod: the fake kubelet connects its stream with a real TCP port. */
    async function service(made: http.Server | net.Server): Promise<void> {
      inside = made
      await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve))
      const { port } = made.address() as AddressInfo
      kubelet((stream) => {
        const socket = net.connect(port, '127.0.0.1')
        socket.on('data', (data) => stream.send(0, data))
        socket.on('error', () => stream.socket.close())
        socket.on('close', () => stream.socket.close())
        stream.onData((_channel, data) => socket.write(data))
        stream.socket.on('close', () => socket.destroy())
      })
    }
    const at = { namespace: 'loco', pod: 'p', port: 8080, timeout: 1000 }

    it('asks and hands back status, headers and body', async () => {
      await service(
        http.createServer(async (request, response) => {
          const parts: Buffer[] = []
          for await (const part of request) parts.push(part as Buffer)
          response.writeHead(503, { 'X-Test': 'yes' })
          response.end(`${request.method} ${request.url} ${request.headers.host} ${Buffer.concat(parts)}`)
        }),
      )
      const answer = await requestThroughPod(client, { ...at, method: 'POST', path: '/input/keys', body: '{"text":"ä"}' })
      assert.equal(answer.status, 503)
      assert.equal(answer.headers['x-test'], 'yes')
      assert.equal(answer.body.toString(), 'POST /input/keys localhost:8080 {"text":"ä"}')
      await gone()
    })

    it('carries a large picture intact', async () => {
      const picture = randomBytes(3 * 1024 * 1024)
      await service(http.createServer((_request, response) => response.end(picture)))
      assert.equal(hash((await requestThroughPod(client, { ...at, path: '/screen.png' })).body), hash(picture))
    })

    const bad: [string, () => http.Server | net.Server, string][] = [
      ['a service that hangs', () => http.createServer(() => {}), 'LOCO-KUB-045'],
      ['a service that hangs in the middle', () => http.createServer((_request, response) => response.write('begin')), 'LOCO-KUB-045'],
      ['a service that closes', () => net.createServer((socket) => void socket.once('data', () => socket.end())), 'LOCO-KUB-044'],
      ['a service that is not HTTP', () => net.createServer((socket) => void socket.end('RFB 003.008\n')), 'LOCO-KUB-044'],
      ['a body that is too large', () => http.createServer((_request, response) => response.end(Buffer.alloc(2000))), 'LOCO-KUB-043'],
      [
        'a body that breaks off',
        () => net.createServer((socket) => void socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nabc'))),
        'LOCO-KUB-044',
      ],
    ]
    for (const [what, make, code] of bad) {
      it(`${what} → ${code}`, async () => {
        await service(make())
        assert.equal((await failure(requestThroughPod(client, { ...at, path: '/health', timeout: 150, limit: 1000 }))).code, code)
        await gone()
      })
    }

    it('nothing listens → LOCO-KUB-040', async () => {
      kubelet((stream) => stream.send(1, 'dial tcp4 127.0.0.1:8080: connect: connection refused'))
      assert.equal((await failure(requestThroughPod(client, { ...at, path: '/health' }))).code, 'LOCO-KUB-040')
    })

    it('streams events as they come, without a time-out, until it is destroyed', async () => {
      let ended = false
      await service(
        http.createServer((_request, response) => {
          response.writeHead(200, { 'Content-Type': 'text/event-stream' })
          response.write('data: 1\n\n')
          const timer = setInterval(() => response.write('data: more\n\n'), 60)
          response.on('close', () => {
            ended = true
            clearInterval(timer)
          })
        }),
      )
      const events = await streamThroughPod(client, { ...at, path: '/events', timeout: 100 })
      let text = ''
      for await (const part of events as AsyncIterable<Buffer>) {
        text += part.toString()
        if (text.split('data: more').length > 3) break
      }
      assert.match(text, /^data: 1\n/)
      await gone()
      await waitFor(
        () => ended || undefined,
        () => new Error('the pod still sends'),
        { timeout: 1000, interval: 5 },
      )
    })

    it('a stream whose way breaks ends with an error, an abort ends it too', async () => {
      await service(http.createServer((_request, response) => response.write('data: 1\n\n')))
      const read = async (abort?: AbortSignal): Promise<unknown> => {
        const events = await streamThroughPod(client, { ...at, path: '/events', ...(abort && { signal: abort }) })
        const error = new Promise((resolve) => events.once('error', resolve))
        events.resume()
        return error
      }
      const first = read()
      await nextStream()
      await new Promise((resolve) => setTimeout(resolve, 50))
      server.breakConnections()
      assert.equal(((await first) as LocoError).code, 'LOCO-KUB-041')
      const abort = new AbortController()
      const second = read(abort.signal)
      setTimeout(() => abort.abort(), 100)
      assert.equal(((await second) as LocoError).code, 'LOCO-USE-002')
      await gone()
    })
  })

  describe('execInPod', () => {
    const run = { namespace: 'loco', pod: 'p', container: 'c', command: ['sh', '-c', 'exit 3'] }
    const play = (act: (stream: FakeStream) => void): void => {
      server.onStream = (stream) => {
        streams.push(stream)
        act(stream)
      }
    }
    const done = (stream: FakeStream, body: object): void => {
      stream.send(3, JSON.stringify(body))
      stream.socket.close()
    }

    it('gives both outputs and the exit code', async () => {
      play((stream) => {
        stream.send(1, '')
        stream.send(1, 'ou')
        stream.send(2, 'err')
        stream.send(1, 't')
        done(stream, {
          metadata: {},
          status: 'Failure',
          message: 'command terminated with non-zero exit code: exit status 3',
          reason: 'NonZeroExitCode',
          details: { causes: [{ reason: 'ExitCode', message: '3' }] },
        })
      })
      const result = await execInPod(client, run)
      assert.deepEqual([result.stdout.toString(), result.stderr.toString(), result.exit], ['out', 'err', 3])
      assert.deepEqual(streams[0]?.query.getAll('command'), run.command)
      assert.equal(streams[0]?.query.get('container'), 'c')
    })

    const statuses: [string, object, number | undefined][] = [
      ['success', { status: 'Success' }, 0],
      ['exit 137', { status: 'Failure', details: { causes: [{ reason: 'ExitCode', message: '137' }] } }, 137],
      ['no such program', { status: 'Failure', reason: 'InternalError', message: 'exec: "x": executable file not found' }, undefined],
      ['a code that is none', { status: 'Failure', details: { causes: [{ reason: 'ExitCode', message: 'x' }] } }, undefined],
    ]
    for (const [what, body, exit] of statuses) it(`${what} → ${exit ?? 'not run'}`, () => assert.equal(exitOf(body), exit))

    const bad: [string, (stream: FakeStream) => void, string][] = [
      ['a program that is not there', (stream) => done(stream, { status: 'Failure', reason: 'InternalError', message: 'not found in $PATH' }), 'LOCO-KUB-042'],
      ['a stream that ends without a status', (stream) => stream.socket.close(), 'LOCO-KUB-041'],
      ['a stream that breaks', (stream) => stream.socket.terminate(), 'LOCO-KUB-041'],
      ['too much output', (stream) => stream.send(1, Buffer.alloc(101)), 'LOCO-KUB-043'],
    ]
    for (const [what, act, code] of bad) {
      it(`${what} → ${code}`, async () => {
        play(act)
        assert.equal((await failure(execInPod(client, { ...run, limit: 100 }))).code, code)
        await gone()
      })
    }

    it('an abort ends the stream', async () => {
      play(() => {})
      const abort = new AbortController()
      const work = failure(execInPod(client, { ...run, signal: abort.signal }))
      await nextStream()
      abort.abort()
      assert.equal((await work).code, 'LOCO-USE-002')
      await gone()
    })
  })

  describe('streamLogs', () => {
    const log = { namespace: 'loco', pod: 'p', container: 'c' }

    it('asks for what was wanted and streams it', async () => {
      server.intercept = (_request, response) => {
        response.writeHead(200)
        response.write('one\n')
        setTimeout(() => response.end('two\n'), 20)
        return true
      }
      let text = ''
      for await (const part of await streamLogs(client, { ...log, follow: true, previous: true, sinceSeconds: 600, tailLines: 0 })) text += part
      assert.equal(text, 'one\ntwo\n')
      assert.deepEqual(server.requests, ['GET /api/v1/namespaces/loco/pods/p/log?container=c&follow=true&previous=true&sinceSeconds=600&tailLines=0'])
    })

    it('a container that has no log yet → LOCO-KUB-015 with the words of the kubelet', async () => {
      server.intercept = (_request, response) => {
        sendStatus(response, 400, 'BadRequest', 'container "c" in pod "p" is waiting to start: ContainerCreating')
        return true
      }
      const error = await failure(streamLogs(client, log))
      assert.equal(error.code, 'LOCO-KUB-015')
      assert.match(error.why ?? '', /waiting to start/)
    })

    it('destroying it closes the connection', async () => {
      server.intercept = (_request, response) => response.writeHead(200).write('x\n')
      const stream = await streamLogs(client, { ...log, follow: true })
      stream.destroy()
      await gone()
    })
  })

  describe('reviewAccess', () => {
    const list = { verb: 'list', resource: 'pods', namespace: 'loco' }
    const forward = { verb: 'create', resource: 'pods', subresource: 'portforward', namespace: 'loco' }

    it('answers in order, keeps answers for 30 s, and asks again later', async () => {
      server.allowed.add('list pods')
      let now = 0
      const ask = (): Promise<boolean[]> => reviewAccess(client, [forward, list], () => now).then((all) => all.map((one) => one.allowed))
      assert.deepEqual(await ask(), [false, true])
      now = 29_000
      await ask()
      assert.equal(server.requests.length, 2)
      server.allowed.add('create pods')
      now = 31_000
      assert.deepEqual(await ask(), [true, true])
      assert.equal(server.requests.length, 4)
    })

    it('a failure is not kept', async () => {
      server.intercept = (_request, response) => {
        sendStatus(response, 503, 'ServiceUnavailable', 'busy')
        return true
      }
      assert.equal((await failure(reviewAccess(client, [list]))).code, 'LOCO-KUB-017')
      server.intercept = undefined
      assert.equal((await reviewAccess(client, [list]))[0]?.allowed, false)
    })

    it('shows the command that asks the same', () => {
      assert.equal(canICommand(forward), 'kubectl auth can-i create pods --subresource=portforward -n loco')
      assert.equal(canICommand({ verb: 'get', group: 'apps', resource: 'statefulsets', name: 'x' }), 'kubectl auth can-i get statefulsets.apps/x')
    })
  })
})
