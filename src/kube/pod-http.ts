import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import type { KubeClient } from './client.ts'
import { openPortForward, type PodPort } from './portforward.ts'

export interface PodRequest extends PodPort {
  path: string
  /** Default GET. */
  method?: string
  headers?: Record<string, string>
  body?: string | Buffer
  signal?: AbortSignal
  /** Milliseconds. `requestThroughPod`: until the whole answer is there; `streamThroughPod`: until its head is. Default 10,000. */
  timeout?: number
  /** Largest body in bytes that `requestThroughPod` takes. Default 16 MiB. */
  limit?: number
}

export interface PodAnswer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/**
 * One HTTP request to a port of a pod, through the API server: nothing listens on this machine. Any status is an answer, not an error.
 * About 30 ms on a local cluster; 1 s more when the service gives neither length nor chunks, because containerd passes on the end of a stream so late.
 * @throws coded error: the way there (LOCO-KUB-0xx of API and network, -040 nothing listens), -043 body too large, -044 no HTTP, -045 silence
 */
export async function requestThroughPod(client: KubeClient, request: PodRequest): Promise<PodAnswer> {
  const limit = request.limit ?? 16 * 1024 * 1024
  return withDeadline(request, async (signal) => {
    const response = await send(client, request, signal)
    try {
      const parts: Buffer[] = []
      let size = 0
      for await (const part of response as AsyncIterable<Buffer>) {
        size += part.length
        if (size > limit) throw tooLarge(request, limit)
        parts.push(part)
      }
      return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }
    } catch (error) {
      throw signal.aborted ? error : noHttp(request, error)
    }
  })
}

/**
 * Like `requestThroughPod`, but resolves with the head, the body still streaming: for answers without an end, such as server-sent events.
 * Destroying the answer, or the signal, closes the way to the pod; the way breaking destroys the answer with an error.
 */
export async function streamThroughPod(client: KubeClient, request: PodRequest): Promise<IncomingMessage> {
  return withDeadline(request, (signal) => send(client, request, signal))
}

async function send(client: KubeClient, request: PodRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const { path, method = 'GET', headers = {}, body, port } = request
  const stream = await openPortForward(client, { ...request, signal })
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage | undefined
    const fail = (error: Error): void => {
      stream.destroy()
      if (answer === undefined) reject(error instanceof LocoError ? error : noHttp(request, error))
      else answer.destroy(error)
    }
    // The reason of the stream (the kubelet's words) is better than what HTTP makes of it ("socket hang up"), and comes first.
    stream.once('error', fail)
    // Not `http.request`: VS Code puts its proxy agent into that one, and an agent makes Node pass over `createConnection`.
    const sent = new http.ClientRequest({
      createConnection: () => stream,
      method,
      path,
      headers: { Host: `localhost:${port}`, Connection: 'close', ...headers, ...(body !== undefined && { 'Content-Length': Buffer.byteLength(body) }) },
    })
    sent.once('error', fail)
    sent.once('response', (response) => {
      answer = response
      response.on('error', () => {})
      response.once('close', () => stream.destroy())
      resolve(response)
    })
    sent.end(body)
  })
}

/** Runs `work` with a signal that is aborted by the caller's or by the deadline; the deadline ends with `work`. */
async function withDeadline<T>(request: PodRequest, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { timeout = 10_000, signal } = request
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(silent(request, timeout)), timeout)
  try {
    return await work(signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]))
  } finally {
    clearTimeout(timer)
  }
}

function silent({ namespace, pod, port, path }: PodRequest, timeout: number): LocoError {
  return new LocoError('LOCO-KUB-045', {
    what: t`Pod ${namespace}/${pod} did not answer ${path} on port ${port} within ${timeout / 1000} s.`,
    why: t('Its service hangs, or its node is overloaded.'),
    fix: [`kubectl -n ${namespace} logs ${pod}`],
  })
}

function tooLarge({ namespace, pod, port, path }: PodRequest, limit: number): LocoError {
  return new LocoError('LOCO-KUB-043', {
    what: t`The answer of pod ${namespace}/${pod} to ${path} on port ${port} is larger than ${limit} bytes.`,
    fix: [`kubectl -n ${namespace} logs ${pod}`],
  })
}

function noHttp({ namespace, pod, port, path }: PodRequest, error: unknown): LocoError {
  if (error instanceof LocoError) return error
  return new LocoError('LOCO-KUB-044', {
    what: t`Pod ${namespace}/${pod} did not answer ${path} on port ${port} in HTTP.`,
    why: t('Its service closed the connection, or is not the one that was expected.'),
    fix: [`kubectl -n ${namespace} logs ${pod}`],
    evidence: [error instanceof Error ? error.message : String(error)],
    cause: error,
  })
}
