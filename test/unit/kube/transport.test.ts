import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import https from 'node:https'
import net, { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { LocoError } from '../../../src/base/error.ts'
import { waitFor } from '../../../src/base/wait.ts'
import { asPatch, KubeClient, withSignal } from '../../../src/kube/client.ts'
import { asKubeError } from '../../../src/kube/errors.ts'
import { parseKubeconfig } from '../../../src/kube/kubeconfig.ts'
import { FakeApiServer, sendJson, sendStatus } from '../../fakes/fake-api-server.ts'

const pem = (name: string): string => join(import.meta.dirname, 'certificates', name)

function clientFor(cluster: object, user: object = { token: 't' }, timeout?: number): KubeClient {
  const text = JSON.stringify({
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
  })
  return new KubeClient(parseKubeconfig(text, '/fake/kubeconfig'), 'x', timeout === undefined ? {} : { timeout })
}

const codeOf = async (work: Promise<unknown>): Promise<LocoError> => {
  const error = await work.then(
    () => assert.fail('should have failed'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof LocoError, `not ours: ${error}`)
  return error
}

describe('KubeClient over real sockets', () => {
  const clients: KubeClient[] = []
  const servers: { close(): unknown; closeAllConnections?(): void }[] = []
  const keep = (client: KubeClient): KubeClient => {
    clients.push(client)
    return client
  }
  afterEach(() => {
    for (const client of clients.splice(0)) client.dispose()
    for (const server of servers.splice(0)) {
      server.closeAllConnections?.()
      server.close()
    }
  })

  async function tlsServer(certificate: string, answer = 200): Promise<string> {
    const server = https.createServer({ key: readFileSync(pem('key.pem')), cert: readFileSync(pem(certificate)), requestCert: true, rejectUnauthorized: false })
    server.on('request', (_request, response) => {
      if (answer === 401) sendStatus(response, 401, 'Unauthorized', 'Unauthorized')
      else sendJson(response, answer, { gitVersion: 'v1.99.0' })
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  async function rawServer(answer: (socket: net.Socket) => void): Promise<string> {
    const sockets = new Set<net.Socket>()
    const server = net.createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => {})
      answer(socket)
    })
    servers.push({
      close: () => {
        for (const socket of sockets) socket.destroy()
        server.close()
      },
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  describe('trust', () => {
    const ca = { 'certificate-authority': pem('ca.pem') }
    const cases: [string, string, object, string | undefined][] = [
      ['a good certificate', 'server.pem', ca, undefined],
      ['an expired certificate', 'server-expired.pem', ca, 'LOCO-KUB-030'],
      ['an unknown authority', 'server.pem', {}, 'LOCO-KUB-031'],
      ['another name', 'server-other-name.pem', ca, 'LOCO-KUB-032'],
      ['another name that the kubeconfig allows', 'server-other-name.pem', { ...ca, 'tls-server-name': 'other.example' }, undefined],
      ['no check wanted', 'server-expired.pem', { 'insecure-skip-tls-verify': true }, undefined],
      ['an authority file that is missing', 'server.pem', { 'certificate-authority': '/nowhere/ca.pem' }, 'LOCO-KUB-008'],
      [
        'an authority that is no PEM, which Node takes for none,',
        'server.pem',
        { 'certificate-authority-data': Buffer.from('-----BEGIN CERTIFICATE-----\nnonsense').toString('base64') },
        'LOCO-KUB-031',
      ],
    ]
    for (const [what, certificate, fields, code] of cases) {
      it(`${what} → ${code ?? 'fine'}`, async () => {
        const client = keep(clientFor({ server: await tlsServer(certificate), ...fields }))
        if (code === undefined) assert.equal((await client.version()).gitVersion, 'v1.99.0')
        else assert.equal((await codeOf(client.version())).code, code)
      })
    }

    it('401 with an expired client certificate names the certificate and its date', async () => {
      const user = { 'client-certificate': pem('client-expired.pem'), 'client-key': pem('key.pem') }
      const error = await codeOf(keep(clientFor({ server: await tlsServer('server.pem', 401), ...ca }, user)).version())
      assert.equal(error.code, 'LOCO-KUB-033')
      assert.match(error.why ?? '', /2021-01-01/)
    })

    it('a key that does not fit its certificate → LOCO-KUB-008', async () => {
      const user = { 'client-certificate': pem('ca.pem'), 'client-key': pem('key.pem') }
      assert.equal((await codeOf(keep(clientFor({ server: await tlsServer('server.pem'), ...ca }, user)).version())).code, 'LOCO-KUB-008')
    })

    it('a plain server behind an https address → LOCO-KUB-034', async () => {
      const address = await rawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
      assert.equal((await codeOf(keep(clientFor({ server: `https://${address}` })).version())).code, 'LOCO-KUB-034')
    })
  })

  describe('what answers', () => {
    const http = (address: string): object => ({ server: `http://${address}`, 'insecure-skip-tls-verify': true })
    const page = '<!DOCTYPE html><html>Log in</html>'
    const cases: [string, (socket: net.Socket) => void, string][] = [
      ['something that is not HTTP', (socket) => socket.end('220 mail ready\r\n'), 'LOCO-KUB-019'],
      ['a connection that closes', (socket) => socket.destroy(), 'LOCO-KUB-023'],
      ['silence', () => {}, 'LOCO-KUB-022'],
      ['a web page', (socket) => socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${page.length}\r\n\r\n${page}`), 'LOCO-KUB-019'],
      ['a web page that forbids', (socket) => socket.end(`HTTP/1.1 403 No\r\nContent-Length: ${page.length}\r\n\r\n${page}`), 'LOCO-KUB-019'],
      ['a body that breaks off', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a'), 'LOCO-KUB-023'],
    ]
    for (const [what, answer, code] of cases) {
      it(`${what} → ${code}`, async () => {
        const address = await rawServer((socket) => {
          socket.once('data', () => answer(socket))
        })
        assert.equal((await codeOf(keep(clientFor(http(address), {}, 150)).version())).code, code)
      })
    }

    it('nothing listens → LOCO-KUB-020', async () => {
      const address = await rawServer(() => {})
      for (const server of servers.splice(0)) server.close()
      await waitFor(
        async () => (await codeOf(keep(clientFor(http(address))).version())).code === 'LOCO-KUB-020',
        () => new Error('not refused'),
        { timeout: 1000 },
      )
    })
  })

  describe('addresses that cannot be used', () => {
    const cases: [string, object, RegExp][] = [
      ['no URL', { server: 'nonsense' }, /not a URL/],
      ['none at all', {}, /not a URL/],
      ['another scheme', { server: 'ftp://x' }, /Only https/],
      ['http without saying so', { server: 'http://127.0.0.1:1' }, /insecure-skip-tls-verify/],
    ]
    for (const [what, cluster, why] of cases) {
      it(`${what} → LOCO-KUB-009`, () => {
        assert.throws(
          () => clientFor(cluster),
          (error: LocoError) => error.code === 'LOCO-KUB-009' && why.test(error.why ?? ''),
        )
      })
    }
  })

  describe('logging in', () => {
    const login = (exec: object): object => ({ exec: { apiVersion: 'client.authentication.k8s.io/v1', ...exec } })
    const print = (text: string): object => login({ command: process.execPath, args: ['-e', text] })
    const cases: [string, object, string][] = [
      ['a login program that is not installed', login({ command: 'loco-no-such-program' }), 'LOCO-KUB-007'],
      ['a login program that fails', print('console.error("please log in"); process.exit(1)'), 'LOCO-KUB-007'],
      ['a login program that prints nonsense', print('console.log("nonsense")'), 'LOCO-KUB-007'],
      ['a token file that is missing', { tokenFile: '/nowhere/token' }, 'LOCO-KUB-008'],
    ]
    for (const [what, user, code] of cases) {
      it(`${what} → ${code}`, async () => {
        const error = await codeOf(keep(clientFor({ server: 'https://127.0.0.1:1' }, user)).version())
        assert.equal(error.code, code)
      })
    }

    it('a login program that hangs ends with the time-out', async () => {
      const client = keep(clientFor({ server: 'https://127.0.0.1:1' }, print('setTimeout(() => {}, 700)'), 100))
      assert.equal((await codeOf(client.version())).code, 'LOCO-KUB-022')
    })

    const tokens: [string, object, string][] = [
      ['a token', { token: 'abc' }, 'Bearer abc'],
      ['name and password', { username: 'u', password: 'p' }, `Basic ${Buffer.from('u:p').toString('base64')}`],
      ['a login program', print('console.log(JSON.stringify({status: {token: "from-program"}}))'), 'Bearer from-program'],
    ]
    for (const [what, user, header] of tokens) {
      it(`sends the header of ${what}`, async () => {
        const server = new FakeApiServer()
        await server.start()
        servers.push({ close: () => void server.stop() })
        let seen: string | undefined
        server.intercept = (request) => {
          seen = request.headers.authorization
          return false
        }
        await keep(clientFor({ server: server.url, 'insecure-skip-tls-verify': true }, user)).version()
        assert.equal(seen, header)
      })
    }
  })

  describe('typed calls', () => {
    let server: FakeApiServer
    let client: KubeClient
    beforeEach(async () => {
      server = new FakeApiServer()
      await server.start()
      client = keep(new KubeClient(server.kubeconfig(), 'fake'))
    })
    afterEach(() => server.stop())

    it('reuse one connection, make dates of times, and know the cluster by its UID', async () => {
      server.put('/api/v1/namespaces/loco/pods', { metadata: { name: 'a', creationTimestamp: '2026-01-02T03:04:05Z' } as never })
      const list = await client.core.listNamespacedPod({ namespace: 'loco' })
      assert.equal(list.items[0]?.metadata?.creationTimestamp?.toISOString(), '2026-01-02T03:04:05.000Z')
      assert.equal(await client.clusterUid(), 'fake-cluster-uid')
      assert.equal((await client.version()).gitVersion, 'v1.99.0-fake')
      assert.equal(server.connections, 1)
    })

    it('a path in the address of the server is kept', async () => {
      const proxied = keep(clientFor({ server: `${server.url}/k8s/clusters/c-1/`, 'insecure-skip-tls-verify': true }))
      await proxied.core.listNamespacedPod({ namespace: 'loco' }).catch(() => {})
      await proxied.version().catch(() => {})
      assert.deepEqual(server.requests, ['GET /k8s/clusters/c-1/api/v1/namespaces/loco/pods', 'GET /k8s/clusters/c-1/version'])
    })

    it('404 is told with the words of the server', async () => {
      const error = await client.core
        .readNamespacedPod({ namespace: 'loco', name: 'a' })
        .catch((reason: unknown) => asKubeError(reason, 'Could not read pod loco/a.'))
      assert.ok(error instanceof LocoError)
      assert.equal(error.code, 'LOCO-KUB-012')
      assert.equal(error.what, 'Could not read pod loco/a.')
      assert.match(error.why ?? '', /the fake server has nothing at/)
    })

    it('a patch has the type that was asked for', async () => {
      let type: string | undefined
      server.intercept = (request, response) => {
        type = request.headers['content-type']
        sendJson(response, 200, {})
        return true
      }
      await client.core.patchNamespace({ name: 'x', body: { metadata: { labels: { a: 'b' } } } }, asPatch('merge'))
      assert.equal(type, 'application/merge-patch+json')
    })

    it('an abort ends a call as cancelled, dispose ends all of them', async () => {
      server.frozen = true
      const abort = new AbortController()
      const first = client.core.readNamespace({ name: 'x' }, withSignal(abort.signal)).catch((error: unknown) => asKubeError(error, 'x').code)
      const second = client.core.readNamespace({ name: 'y' }).catch((error: unknown) => asKubeError(error, 'y').code)
      await waitFor(
        () => server.requests.length === 2,
        () => new Error('two requests'),
        { timeout: 1000, interval: 2 },
      )
      abort.abort()
      assert.equal(await first, 'LOCO-USE-002')
      client.dispose()
      assert.equal(await second, 'LOCO-USE-002')
      await waitFor(
        () => server.connections === 0,
        () => new Error('connections left'),
        { timeout: 1000, interval: 2 },
      )
    })

    it('a kept connection that the server closed is replaced without a word', async () => {
      await client.version()
      let broken = 0
      server.intercept = (request) => {
        if (broken > 0) return false
        broken += 1
        request.socket.destroy()
        return true
      }
      assert.equal((await client.version()).gitVersion, 'v1.99.0-fake')
      assert.equal(broken, 1)
    })
  })
})
