import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Kubeconfig, parseKubeconfig } from '../../src/kube/kubeconfig.ts'

export interface FakeObject {
  metadata: { name: string; namespace?: string; uid?: string; resourceVersion?: string; labels?: Record<string, string> }
  [field: string]: unknown
}

interface FakeEvent {
  version: number
  path: string
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  object: FakeObject
}

interface FakeWatch {
  path: string
  bookmarks: boolean
  response: ServerResponse
}

/** One WebSocket stream into a pod, from the side of the kubelet. */
export interface FakeStream {
  socket: WebSocket
  pod: string
  query: URLSearchParams
  send(channel: number, data: Buffer | string): void
  /** What the client sent on a channel. */
  onData(listener: (channel: number, data: Buffer) => void): void
}

/**
 * A stand-in for the API server, for what a real one does not do on demand: forgetting versions, falling silent, hanging up in the middle, odd answers.
 * Plain HTTP on a loopback port. It knows collections by path, keeps a log of events for watches, and streams pods over WebSockets.
 */
export class FakeApiServer {
  readonly requests: string[] = []
  /** Answers in place of the server when it returns true. */
  intercept: ((request: IncomingMessage, response: ServerResponse, url: URL) => boolean) | undefined
  /** True: connections are taken and nothing is ever answered, like a process that was stopped. */
  frozen = false
  /** The status with which a stream into a pod is refused; undefined lets it through. */
  refuseStream: ((url: URL) => 403 | undefined) | undefined
  /** Plays the kubelet for `portforward` and `exec`. */
  onStream: ((stream: FakeStream, kind: string) => void) | undefined
  /** Allowed verbs of SelfSubjectAccessReview as `verb resource`; others are denied. */
  readonly allowed = new Set<string>()
  readonly #collections = new Map<string, Map<string, FakeObject>>()
  readonly #events: FakeEvent[] = []
  readonly #watches = new Set<FakeWatch>()
  readonly #sockets = new Set<Socket>()
  /** The newest version of the stream protocol that it knows. */
  protocol = 'v4.channel.k8s.io'
  readonly #webSockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => (offered.has(this.protocol) ? this.protocol : false) })
  #server: http.Server | undefined
  #port = 0
  #version = 100
  #oldest = 0
  #uids = 0

  async start(): Promise<void> {
    const server = http.createServer((request, response) => this.#answer(request, response))
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (server.address() as AddressInfo).port
    this.#server = server
  }

  /** Stops listening and breaks every connection; `start` comes back on the same port. */
  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    this.#watches.clear()
    await closed
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#sockets.size
  }

  get watchers(): number {
    return this.#watches.size
  }

  kubeconfig(): Kubeconfig {
    return parseKubeconfig(
      JSON.stringify({
        clusters: [{ name: 'fake', cluster: { server: this.url, 'insecure-skip-tls-verify': true } }],
        users: [{ name: 'fake', user: { token: 'fake-token' } }],
        contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'fake' } }],
        'current-context': 'fake',
      }),
      '/fake/kubeconfig',
    )
  }

  /** Makes or changes an object of a collection (`/api/v1/namespaces/loco/pods`), and tells the watches. */
  put(path: string, object: FakeObject): FakeObject {
    const collection = this.#collection(path)
    const before = collection.get(object.metadata.name)
    this.#version += 1
    this.#uids += before === undefined ? 1 : 0
    const uid = before?.metadata.uid ?? `uid-${this.#uids}`
    const stored = { ...object, metadata: { ...object.metadata, uid, resourceVersion: String(this.#version) } }
    collection.set(object.metadata.name, stored)
    this.#record({ version: this.#version, path, type: before === undefined ? 'ADDED' : 'MODIFIED', object: stored })
    return stored
  }

  remove(path: string, name: string): void {
    const before = this.#collection(path).get(name)
    if (before === undefined) return
    this.#version += 1
    this.#collection(path).delete(name)
    const object = { ...before, metadata: { ...before.metadata, resourceVersion: String(this.#version) } }
    this.#record({ version: this.#version, path, type: 'DELETED', object })
  }

  /** Forgets the past: watches that want to go on from before now get 410. */
  compact(): void {
    this.#version += 1
    this.#oldest = this.#version
  }

  /** Moves the version on and tells it to watches that take bookmarks, as a real server does each minute. */
  bookmark(): void {
    this.#version += 1
    const object = { metadata: { resourceVersion: String(this.#version) } }
    for (const watch of this.#watches) if (watch.bookmarks) watch.response.write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`)
  }

  /** Writes to every watch whatever is given, as it is. */
  writeRaw(bytes: string | Buffer): void {
    for (const watch of this.#watches) watch.response.write(bytes)
  }

  /** Ends every watch in good order, as a server does when the time of a watch is over. */
  endWatches(): void {
    for (const watch of this.#watches) watch.response.end()
    this.#watches.clear()
  }

  /** Breaks every connection in the middle; new ones are taken. */
  breakConnections(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#watches.clear()
  }

  #collection(path: string): Map<string, FakeObject> {
    const known = this.#collections.get(path) ?? new Map<string, FakeObject>()
    this.#collections.set(path, known)
    return known
  }

  #record(event: FakeEvent): void {
    this.#events.push(event)
    for (const watch of this.#watches) if (watch.path === event.path) watch.response.write(lineOf(event))
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url)
    this.requests.push(`${request.method} ${request.url}`)
    if (this.frozen) return
    if (this.intercept?.(request, response, url) === true) return
    if (url.pathname === '/version') sendJson(response, 200, { major: '1', minor: '99', gitVersion: 'v1.99.0-fake' })
    else if (url.pathname === '/api/v1/namespaces/kube-system') sendJson(response, 200, { metadata: { name: 'kube-system', uid: 'fake-cluster-uid' } })
    else if (url.pathname.endsWith('/selfsubjectaccessreviews')) this.#review(request, response)
    else if (url.searchParams.get('watch') === 'true') this.#watch(url, response)
    else if (request.method === 'GET' && this.#collections.has(url.pathname)) this.#list(url, response)
    else sendStatus(response, 404, 'NotFound', `the fake server has nothing at ${url.pathname}`)
  }

  #list(url: URL, response: ServerResponse): void {
    const items = [...this.#collection(url.pathname).values()]
    const limit = Number(url.searchParams.get('limit') ?? items.length)
    const start = Number(url.searchParams.get('continue') ?? 0)
    const next = start + limit < items.length ? String(start + limit) : undefined
    sendJson(response, 200, { metadata: { resourceVersion: String(this.#version), continue: next }, items: items.slice(start, start + limit) })
  }

  #watch(url: URL, response: ServerResponse): void {
    const from = Number(url.searchParams.get('resourceVersion'))
    if (from < this.#oldest) {
      sendStatus(response, 410, 'Expired', `too old resource version: ${from} (${this.#oldest})`)
      return
    }
    const watch = { path: url.pathname, bookmarks: url.searchParams.get('allowWatchBookmarks') === 'true', response }
    response.writeHead(200, { 'Content-Type': 'application/json' })
    response.flushHeaders()
    for (const event of this.#events) if (event.version > from && event.path === watch.path) response.write(lineOf(event))
    this.#watches.add(watch)
    response.on('close', () => this.#watches.delete(watch))
  }

  #review(request: IncomingMessage, response: ServerResponse): void {
    let text = ''
    request.on('data', (piece: Buffer) => {
      text += piece.toString()
    })
    request.on('end', () => {
      const review = JSON.parse(text) as { spec: { resourceAttributes: { verb: string; resource: string } } }
      const { verb, resource } = review.spec.resourceAttributes
      const allowed = this.allowed.has(`${verb} ${resource}`)
      sendJson(response, 201, { ...review, status: { allowed, reason: allowed ? 'RBAC: allowed by a fake' : '' } })
    })
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', this.url)
    this.requests.push(`UPGRADE ${request.url}`)
    const found = /\/pods\/([^/]+)\/(portforward|exec)$/.exec(url.pathname)
    const refused = this.refuseStream?.(url) ?? (found === null || this.onStream === undefined ? 404 : undefined)
    if (found === null || refused !== undefined) {
      const body = JSON.stringify(
        refused === 403 ? status(403, 'Forbidden', `${url.pathname} is forbidden`) : status(404, 'NotFound', `pods "${found?.[1] ?? ''}" not found`),
      )
      socket.end(
        `HTTP/1.1 ${refused === 403 ? '403 Forbidden' : '404 Not Found'}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      )
      return
    }
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const stream: FakeStream = {
        socket: webSocket,
        pod: found[1] ?? '',
        query: url.searchParams,
        send: (channel, data) => webSocket.send(Buffer.concat([Buffer.of(channel), Buffer.from(data)])),
        onData: (listener) => webSocket.on('message', (bytes: Buffer) => listener(bytes[0] ?? 0, bytes.subarray(1))),
      }
      this.onStream?.(stream, found[2] ?? '')
    })
  }
}

/** The two bytes with which the first message of each channel of a port-forward starts. */
export function portPrefix(stream: FakeStream): Buffer {
  const port = Number(stream.query.get('ports'))
  return Buffer.of(port & 255, port >> 8)
}

export function status(code: number, reason: string, message: string): object {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code }
}

export function sendStatus(response: ServerResponse, code: number, reason: string, message: string): void {
  sendJson(response, code, status(code, reason, message))
}

export function sendJson(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(body))
}

function lineOf({ type, object }: FakeEvent): string {
  return `${JSON.stringify({ type, object })}\n`
}
