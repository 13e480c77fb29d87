import { X509Certificate } from 'node:crypto'
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { TLSSocket } from 'node:tls'
import { t } from '@vscode/l10n'
import WebSocket from 'ws'
import type { Disposable } from '../base/disposable.ts'
import { LocoError } from '../base/error.ts'
import { KubeConfig } from './client-library.ts'
import { ApiAnswerError } from './errors.ts'
import { logsInByProgram, type ResolvedContext } from './kubeconfig.ts'
import { LoginTurns } from './login-turns.ts'

export interface ApiRequest {
  /** Path from the root of the server, with its query. */
  path: string
  method?: string
  headers?: Record<string, string>
  body?: string | Buffer
  signal?: AbortSignal
}

/** Milliseconds until a connection must stand, TLS included. */
const connectTimeout = 10_000
/** Largest body of an error that is read: a proxy's web page needs not be kept whole. */
const errorBodyLimit = 64 * 1024

/**
 * One way to one API server as one user: every request, watch and stream of a client goes through it, so that all of them log in alike,
 * share connections, and end with `dispose`. The library does the logging in (certificates, tokens, login programs); the sockets are ours,
 * because it opens new ones for each request and lets them wait.
 */
export class Transport implements Disposable {
  readonly server: URL
  readonly #config: KubeConfig
  readonly #agent: http.Agent
  readonly #proxied: boolean
  /** Where a program logs in. */
  readonly #turns: LoginTurns | undefined
  readonly #end = new AbortController()

  /** @throws LOCO-KUB-009 when the address of the server cannot be used */
  constructor(resolved: ResolvedContext) {
    const { context, cluster, user } = resolved
    this.server = serverUrl(resolved)
    this.#config = new KubeConfig()
    this.#config.loadFromOptions({
      clusters: [cluster],
      users: [user],
      contexts: [{ name: context.name, cluster: cluster.name, user: user.name }],
      currentContext: context.name,
    })
    this.#agent = this.server.protocol === 'https:' ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true })
    this.#proxied = cluster.proxyUrl !== undefined
    this.#turns = logsInByProgram(user) ? new LoginTurns() : undefined
  }

  /**
   * Sends a request and resolves as soon as the head of the answer is there, whatever its status. The body is the caller's to read or destroy.
   * @throws what the network throws; see `asKubeError`
   */
  async open(request: ApiRequest): Promise<IncomingMessage> {
    const signal = this.#bound(request.signal)
    const options = { ...(await this.#options(request.path, request.headers, signal)), method: request.method ?? 'GET', signal }
    const { response, error, reused } = await this.#send(options, request.body)
    if (response !== undefined) return response
    // A kept connection that the server closed in the same moment says nothing about the server: ask once more on a new one.
    if (!reused || options.method !== 'GET' || signal.aborted) throw error
    const again = await this.#send(this.#proxied ? options : { ...options, agent: false }, request.body)
    if (again.response === undefined) throw again.error
    return again.response
  }

  #send(options: https.RequestOptions, body: string | Buffer | undefined): Promise<{ response?: IncomingMessage; error?: unknown; reused: boolean }> {
    return new Promise((resolve) => {
      const sent = (this.server.protocol === 'https:' ? https : http).request(options)
      limitConnecting(sent)
      sent.on('error', (error) => resolve({ error, reused: sent.reusedSocket }))
      sent.on('response', (response) => {
        // Errors after the head belong to whoever reads the body; without a listener they would end the process.
        response.on('error', () => {})
        const error = response.statusCode === 401 ? expiredLogin(options.cert) : undefined
        if (error === undefined) return resolve({ response, reused: false })
        response.resume()
        resolve({ error, reused: false })
      })
      // Node sends no length with a DELETE by itself: the server would take its body for the next request on this connection.
      if (body !== undefined) sent.setHeader('Content-Length', Buffer.byteLength(body))
      sent.end(body)
    })
  }

  /** Like `open`, but any status that is no success is thrown as `ApiAnswerError` with its body. */
  async openOk(request: ApiRequest): Promise<IncomingMessage> {
    const response = await this.open(request)
    const status = response.statusCode ?? 0
    if (status >= 200 && status < 300) return response
    throw new ApiAnswerError(status, await readText(response))
  }

  /**
   * Opens a WebSocket to the server. It comes paused: attach listeners, then `resume()`.
   * @throws `ApiAnswerError` when the server refuses the upgrade, else what the network throws
   */
  async socket(path: string, protocols: readonly string[], signal?: AbortSignal): Promise<WebSocket> {
    const bound = this.#bound(signal)
    const options = await this.#options(path, {}, bound)
    const url = new URL(path, this.server)
    url.protocol = this.server.protocol === 'https:' ? 'wss:' : 'ws:'
    return new Promise((resolve, reject) => {
      // A stream keeps its connection for itself, so the shared agent is of no use to it.
      const { agent, ...rest } = options
      const socketOptions = {
        ...rest,
        ...(this.#proxied && { agent }),
        handshakeTimeout: connectTimeout,
        perMessageDeflate: false,
        // How long a farewell is waited for; a server that is gone must not hold a process that wants to end.
        closeTimeout: 1000,
      }
      const socket = new WebSocket(url, [...protocols], socketOptions as object as WebSocket.ClientOptions)
      const abort = (): void => {
        reject(bound.reason)
        socket.terminate()
      }
      bound.addEventListener('abort', abort, { once: true })
      socket.once('close', () => bound.removeEventListener('abort', abort))
      socket.on('error', reject)
      socket.on('unexpected-response', (_request, response) => {
        const refused = readText(response).then((body) => reject(new ApiAnswerError(response.statusCode ?? 0, body)), reject)
        void refused.finally(() => socket.terminate())
      })
      socket.once('open', () => {
        // What the server sends with its very first packet would be lost before anybody listens.
        socket.pause()
        resolve(socket)
      })
    })
  }

  /** Ends every connection that is open, and refuses new ones. */
  dispose(): void {
    this.#end.abort(new LocoError('LOCO-USE-002', { what: t('The connection to the cluster was closed by this program.') }))
    this.#agent.destroy()
  }

  #bound(signal?: AbortSignal): AbortSignal {
    return signal === undefined ? this.#end.signal : AbortSignal.any([signal, this.#end.signal])
  }

  async #options(path: string, headers: Record<string, string> = {}, signal: AbortSignal): Promise<https.RequestOptions> {
    signal.throwIfAborted()
    const options: https.RequestOptions = { headers: { 'User-Agent': 'loco-cluster', ...headers } }
    await orAborted(this.#applyLogin(options), signal)
    const { protocol, hostname, port, pathname } = this.server
    return {
      ...options,
      protocol,
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      path: `${pathname.replace(/\/$/, '')}${path}`,
      // The library's agent knows proxies; ours keeps connections.
      agent: this.#proxied ? options.agent : this.#agent,
    }
  }

  async #applyLogin(options: https.RequestOptions): Promise<void> {
    try {
      const login = (): Promise<void> => this.#config.applyToHTTPSOptions(options)
      await (this.#turns === undefined ? login() : this.#turns.take(login))
    } catch (error) {
      // A file or program with a code of the system is told by `asKubeError`; what has none are the words of a login program.
      if ((error as NodeJS.ErrnoException).code !== undefined) throw error
      throw new LocoError('LOCO-KUB-007', {
        what: t('Logging in to the cluster failed before it was asked.'),
        why: t('The login program or provider that the kubeconfig names gave no usable answer.'),
        fix: [t('Log in again with the tool that made the kubeconfig.'), 'kubectl config view --minify'],
        evidence: [error instanceof Error ? error.message : String(error)],
        cause: error,
      })
    }
  }
}

/** A 401 with a client certificate that is out of its time has that as its reason, though the server does not say so. */
function expiredLogin(cert: https.RequestOptions['cert']): LocoError | undefined {
  const end = expiryOf(cert)
  if (end === undefined || end.getTime() > Date.now()) return undefined
  return new LocoError('LOCO-KUB-033', {
    what: t('The cluster refuses the client certificate of the kubeconfig.'),
    why: t`The certificate expired on ${end.toISOString()}.`,
    fix: [t('Fetch a fresh kubeconfig from the cluster (minikube update-context, kind export kubeconfig, kubeadm kubeconfig user).'), 'date'],
    evidence: ['HTTP 401'],
  })
}

function serverUrl({ context, cluster }: ResolvedContext): URL {
  const wrong = (why: string): LocoError =>
    new LocoError('LOCO-KUB-009', {
      what: t`The server address ${JSON.stringify(cluster.server)} of context "${context.name}" cannot be used.`,
      why,
      fix: [`kubectl config set-cluster ${cluster.name} --server=https://HOST:PORT`],
      evidence: [context.file],
    })
  if (!URL.canParse(cluster.server)) throw wrong(t('It is not a URL.'))
  const url = new URL(cluster.server)
  if (url.protocol === 'https:') return url
  if (url.protocol !== 'http:') throw wrong(t('Only https addresses lead to an API server.'))
  if (!cluster.skipTLSVerify) throw wrong(t('It is not protected, and the kubeconfig does not say insecure-skip-tls-verify: true.'))
  return url
}

/** Ends a request whose connection does not come to stand. Applies to the connection only: a watch may be silent for minutes. */
function limitConnecting(request: http.ClientRequest): void {
  const timer = setTimeout(
    () => request.destroy(Object.assign(new Error('The connection did not come to stand in time.'), { code: 'ETIMEDOUT' })),
    connectTimeout,
  )
  const clear = (): void => clearTimeout(timer)
  request.once('close', clear)
  request.once('response', clear)
  request.once('socket', (socket) => {
    socket.setKeepAlive(true, 30_000)
    if (request.reusedSocket || !socket.connecting) return clear()
    socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', clear)
  })
}

function expiryOf(cert: https.RequestOptions['cert']): Date | undefined {
  if (typeof cert !== 'string' && !Buffer.isBuffer(cert)) return undefined
  try {
    return new X509Certificate(cert).validToDate
  } catch {
    return undefined
  }
}

/** The promise, or the signal's reason as soon as it is aborted; a login program may wait for a person for ever. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** The body as text, cut at a size that is enough for words. */
async function readText(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part)
    size += part.length
    if (size >= errorBodyLimit) break
  }
  return Buffer.concat(parts).subarray(0, errorBodyLimit).toString('utf8')
}
