import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { finished } from 'node:stream'
import * as v from 'valibot'
import type { LocoCode } from '../../../src/base/codes.ts'
import type { Disposable } from '../../../src/base/disposable.ts'
import type { Event } from '../../../src/base/emitter.ts'
import { asLocoError, LocoError } from '../../../src/base/error.ts'
import type { Logger } from '../../../src/base/logger.ts'
import { type AgentError, type AgentHealth, keysRequest } from '../../../src/contracts/agent.ts'
import { type Chord, chordsOfKeys, chordsOfText } from './keyboard.ts'
import { errorFields } from './log.ts'
import { Metrics } from './metrics.ts'
import { allowOf, isLoopback, type RouteName, routeOf } from './routes.ts'

/** What the server serves; everything it knows of the emulator. */
export interface Served {
  health(): AgentHealth
  probe(which: 'health' | 'ready' | 'startup'): 200 | 503
  metricsPage(): string
  screen(): Promise<Buffer>
  type(chords: readonly Chord[], signal: AbortSignal): Promise<void>
  reset(): Promise<void>
  /** Somebody on the loopback looks. */
  watched(): void
  changes: Event<void>
  metrics: Metrics
  log: Logger
}

/** Bytes of a body: the longest text of the contract, each character escaped, fits. */
const maximumBody = 16 * 1024
/** Milliseconds between two comments on an event stream, by which both ends notice that the other is gone. */
const heartbeat = 10_000

const statusOf: Partial<Record<LocoCode, number>> = {
  'LOCO-AGT-010': 403,
  'LOCO-AGT-011': 404,
  'LOCO-AGT-012': 405,
  'LOCO-AGT-013': 400,
  'LOCO-AGT-014': 400,
  'LOCO-AGT-015': 503,
}

/** The HTTP rim: routes, limits and answers. A request, however wrong, gets an answer and harms nobody else. */
export class AgentServer implements Disposable {
  readonly #served: Served
  readonly #server: Server
  readonly #streams = new Set<ServerResponse>()

  constructor(served: Served) {
    this.#served = served
    this.#server = createServer({ headersTimeout: 5000, requestTimeout: 10_000, keepAliveTimeout: 5000, maxHeaderSize: 8192 }, (request, response) => {
      void this.#answer(request, response)
    })
    this.#server.maxConnections = 128
    this.#server.on('clientError', (_error, socket) => {
      if (!socket.writable) return
      const body = JSON.stringify({ code: 'LOCO-AGT-013', message: 'This is not a request in HTTP.' } satisfies AgentError)
      socket.end(`HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`)
    })
    served.changes(() => this.#tell())
  }

  /** @throws LOCO-AGT-016 when the port is taken. */
  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error) => {
        reject(
          new LocoError('LOCO-AGT-016', {
            what: `The agent cannot listen on port ${port}.`,
            why: error.message,
            fix: ['Set HEALTH_PORT to a free port, or end the process that uses this one.'],
            cause: error,
          }),
        )
      })
      this.#server.listen(port, resolve)
    })
  }

  dispose(): void {
    for (const stream of this.#streams) stream.end()
    this.#server.close()
    this.#server.closeAllConnections()
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now()
    const method = request.method ?? ''
    let route: RouteName | 'none' = 'none'
    response.on('close', () => {
      const labels = { method: ['GET', 'HEAD', 'POST'].includes(method) ? method : 'other', route }
      this.#served.metrics.requests.add({ ...labels, code: String(response.statusCode) })
      if (route !== 'events') this.#served.metrics.requestSeconds.observe(labels, (performance.now() - started) / 1000)
    })
    try {
      const { host, origin } = request.headers
      const fetchSite = request.headers['sec-fetch-site']
      const remote = request.socket.remoteAddress
      route = routeOf({ method, url: request.url ?? '', remote, host, origin, fetchSite: fetchSite === undefined ? undefined : String(fetchSite) })
      if (isLoopback(remote)) this.#served.watched()
      await this.#serve(route, request, response)
    } catch (error) {
      this.#refuse(request, response, error)
    }
  }

  async #serve(route: RouteName, request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (route) {
      case 'health':
      case 'ready':
      case 'startup':
        return sendJson(response, this.#served.probe(route), this.#served.health())
      case 'metrics':
        return send(response, 200, Metrics.contentType, this.#served.metricsPage())
      case 'screen':
        return send(response, 200, 'image/png', await this.#served.screen())
      case 'events':
        return this.#stream(response)
      case 'keys': {
        const chords = chordsOf(await readJson(request))
        await this.#served.type(chords, untilClosed(response))
        return sendJson(response, 200, { typed: chords.length })
      }
      case 'reset':
        await this.#served.reset()
        return sendJson(response, 200, { reset: true })
    }
  }

  #refuse(request: IncomingMessage, response: ServerResponse, thrown: unknown): void {
    // Who asked has gone: nobody to tell.
    if (response.destroyed) return
    const error = asLocoError(thrown)
    const status = statusOf[error.code] ?? 500
    if (status === 500) this.#served.log.error('A request failed for a reason of our own.', errorFields(thrown))
    if (response.headersSent) return void response.destroy()
    const allow = error.code === 'LOCO-AGT-012' ? allowOf(request.url ?? '') : undefined
    if (allow !== undefined) response.setHeader('Allow', allow)
    // What is left of the body is not read, so the connection cannot be used again.
    if (!request.complete) response.setHeader('Connection', 'close')
    sendJson(response, status, { code: error.code, message: error.message } satisfies AgentError)
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
    this.#streams.add(response)
    const beat = setInterval(() => {
      this.#served.watched()
      response.write(': alive\n\n')
    }, heartbeat)
    finished(response, () => {
      clearInterval(beat)
      this.#streams.delete(response)
    })
    response.write(`data: ${JSON.stringify(this.#served.health())}\n\n`)
  }

  #tell(): void {
    if (this.#streams.size === 0) return
    const message = `data: ${JSON.stringify(this.#served.health())}\n\n`
    for (const stream of this.#streams) {
      // One that does not read gets the next state when it connects again, instead of our memory.
      if (stream.writableLength > 64 * 1024) stream.destroy()
      else stream.write(message)
    }
  }
}

function chordsOf(body: unknown): Chord[] {
  const request = v.safeParse(keysRequest, body)
  if (!request.success) {
    throw new LocoError('LOCO-AGT-013', {
      what: 'The request cannot be understood.',
      why: 'Its body must be {"text": "…"} with 1 to 1024 characters, or {"keys": ["ctrl+alt+delete", …]} with 1 to 64 chords.',
    })
  }
  return 'text' in request.output ? chordsOfText(request.output.text) : chordsOfKeys(request.output.keys)
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length
    if (size > maximumBody) throw new LocoError('LOCO-AGT-013', { what: `The body of the request is larger than ${maximumBody} bytes.` })
    pieces.push(piece)
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'))
  } catch (error) {
    throw new LocoError('LOCO-AGT-013', { what: 'The body of the request is not JSON.', cause: error })
  }
}

function untilClosed(response: ServerResponse): AbortSignal {
  const controller = new AbortController()
  response.on('close', () => controller.abort())
  return controller.signal
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, 'application/json; charset=utf-8', `${JSON.stringify(body)}\n`)
}

function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(body)
}
