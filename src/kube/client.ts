import type { IncomingMessage } from 'node:http'
import type { Configuration, ConfigurationOptions, RequestContext, VersionInfo } from '@kubernetes/client-node'
import { t } from '@vscode/l10n'
import type { Disposable } from '../base/disposable.ts'
import { LocoError } from '../base/error.ts'
import {
  AppsV1Api,
  AuthorizationV1Api,
  BatchV1Api,
  CoordinationV1Api,
  CoreV1Api,
  createConfiguration,
  DiscoveryV1Api,
  Observable,
  ResponseContext,
  ServerConfiguration,
  StorageV1Api,
  wrapHttpLibrary,
} from './client-library.ts'
import { asKubeError } from './errors.ts'
import type { Kubeconfig } from './kubeconfig.ts'
import { Transport } from './transport.ts'

export interface KubeClientOptions {
  /** False refuses contexts that log in by running a program (folders that are not trusted). Default true. */
  allowExec?: boolean
  /** Milliseconds until a call through one of the typed APIs is given up (30,000). */
  timeout?: number
}

/** Milliseconds for which the good answer of a probe counts: reflectors of one client that fall silent together share one. */
const probeMemory = 1000
const responseLimit = 64 * 1024 * 1024

/**
 * One cluster, as one user, through one context. Making it costs nothing: no file is read and no connection opened before the first call.
 * Calls throw what the library throws; `asKubeError(error, 'Could not list the pods of ….')` makes it tellable.
 */
export class KubeClient implements Disposable {
  readonly context: string
  /** URL of the API server. */
  readonly server: string
  /** Namespace that the context prefers. */
  readonly namespace: string
  readonly transport: Transport
  readonly #timeout: number
  readonly #apis = new Map<unknown, unknown>()
  #configuration: Configuration | undefined
  #probe: { at: number; answer: Promise<void> } | undefined

  /** @throws LOCO-KUB-004, -005, -006 for a context that cannot be used, -009 for an address that cannot */
  constructor(kubeconfig: Kubeconfig, contextName: string, options: KubeClientOptions = {}) {
    const resolved = kubeconfig.resolve(contextName, options)
    this.context = contextName
    this.server = resolved.cluster.server
    this.namespace = resolved.context.namespace ?? 'default'
    this.transport = new Transport(resolved)
    this.#timeout = options.timeout ?? 30_000
  }

  get core(): CoreV1Api {
    return this.#api(CoreV1Api)
  }
  get apps(): AppsV1Api {
    return this.#api(AppsV1Api)
  }
  get batch(): BatchV1Api {
    return this.#api(BatchV1Api)
  }
  get storage(): StorageV1Api {
    return this.#api(StorageV1Api)
  }
  get coordination(): CoordinationV1Api {
    return this.#api(CoordinationV1Api)
  }
  get discovery(): DiscoveryV1Api {
    return this.#api(DiscoveryV1Api)
  }
  get authorization(): AuthorizationV1Api {
    return this.#api(AuthorizationV1Api)
  }

  /** Version of the API server. @throws coded error */
  async version(signal?: AbortSignal): Promise<VersionInfo> {
    try {
      return await this.json<VersionInfo>('/version', signal)
    } catch (error) {
      throw asKubeError(error, t`Could not ask the cluster at ${this.server} for its version.`)
    }
  }

  /** UID of the namespace kube-system: tells one cluster from another though name and address be the same. @throws coded error */
  async clusterUid(signal?: AbortSignal): Promise<string> {
    try {
      const namespace = await this.json<{ metadata: { uid: string } }>('/api/v1/namespaces/kube-system', signal)
      return namespace.metadata.uid
    } catch (error) {
      throw asKubeError(error, t`Could not read the identity of the cluster at ${this.server} (namespace kube-system).`)
    }
  }

  /** GET of any path, as parsed JSON, dates as text. @throws what the network throws, `ApiAnswerError` for other statuses; see `asKubeError` */
  async json<T>(path: string, signal?: AbortSignal, timeout: number = this.#timeout): Promise<T> {
    const limit = AbortSignal.timeout(timeout)
    const response = await this.transport.openOk({ path, headers: { Accept: 'application/json' }, signal: either(signal, limit) })
    const body = await readAll(response)
    try {
      return JSON.parse(body.toString('utf8')) as T
    } catch (error) {
      throw new LocoError('LOCO-KUB-019', {
        what: t`The server ${this.server} did not answer as a cluster does.`,
        why: t('Its answer is not JSON.'),
        fix: [t('Check the server address in the kubeconfig: kubectl config view --minify')],
        evidence: [body.subarray(0, 200).toString('utf8')],
        cause: error,
      })
    }
  }

  /**
   * Resolves when the server answers anything at all within `timeout` milliseconds. Callers at about the same time share one request.
   * @throws what the network throws; see `asKubeError`
   */
  probe(timeout: number): Promise<void> {
    const now = Date.now()
    if (this.#probe === undefined || now - this.#probe.at > probeMemory) {
      const answer = this.transport.open({ path: '/version', signal: AbortSignal.timeout(timeout) }).then((response) => void response.resume())
      const probe = { at: now, answer }
      this.#probe = probe
      // A failure is shared by who waits for it, but not kept: the server may be back in the next moment.
      answer.catch(() => {
        if (this.#probe === probe) this.#probe = undefined
      })
    }
    return this.#probe.answer
  }

  /** Closes all connections; streams and watches of this client end with an error. */
  dispose(): void {
    this.transport.dispose()
  }

  #api<T>(type: new (configuration: Configuration) => T): T {
    this.#configuration ??= createConfiguration({
      baseServer: new ServerConfiguration(this.server, {}),
      httpApi: wrapHttpLibrary({ send: (request) => this.#send(request) }),
    })
    const made = this.#apis.get(type) ?? new type(this.#configuration)
    this.#apis.set(type, made)
    return made as T
  }

  /** The library's generated calls over our connections. */
  async #send(request: RequestContext): Promise<ResponseContext> {
    const prefix = this.transport.server.pathname.replace(/\/$/, '')
    const url = new URL(request.getUrl())
    const body = request.getBody()
    if (body !== undefined && typeof body !== 'string') throw new TypeError('Only text bodies are sent to the API server.')
    const response = await this.transport.open({
      path: `${url.pathname.slice(prefix.length)}${url.search}`,
      method: request.getHttpMethod(),
      headers: request.getHeaders(),
      ...(body !== undefined && { body }),
      signal: either(request.getSignal(), AbortSignal.timeout(this.#timeout)),
    })
    const content = await readAll(response)
    const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]))
    return new ResponseContext(response.statusCode ?? 0, headers, {
      text: async () => content.toString('utf8'),
      binary: async () => content,
      stream: () => null,
    })
  }
}

/** Options for a typed call that make it end when the signal is aborted: `client.core.readNamespace({ name }, withSignal(signal))`. */
export function withSignal(signal: AbortSignal | undefined): ConfigurationOptions {
  if (signal === undefined) return {}
  return withRequest((request) => request.setSignal(signal))
}

/** Options for a typed patch call: which kind of patch the body is (the library sends JSON Patch otherwise). */
export function asPatch(kind: 'merge' | 'strategic' | 'apply', signal?: AbortSignal): ConfigurationOptions {
  const type = { merge: 'application/merge-patch+json', strategic: 'application/strategic-merge-patch+json', apply: 'application/apply-patch+yaml' }[kind]
  return withRequest((request) => {
    request.setHeaderParam('Content-Type', type)
    if (signal !== undefined) request.setSignal(signal)
  })
}

function withRequest(change: (request: RequestContext) => void): ConfigurationOptions {
  return {
    middleware: [
      {
        pre: (request) => {
          change(request)
          return new Observable(Promise.resolve(request))
        },
        post: (response) => new Observable(Promise.resolve(response)),
      },
    ],
    middlewareMergeStrategy: 'append',
  }
}

function either(signal: AbortSignal | undefined, limit: AbortSignal): AbortSignal {
  return signal === undefined ? limit : AbortSignal.any([signal, limit])
}

async function readAll(response: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length
    if (size > responseLimit) {
      throw new LocoError('LOCO-KUB-043', {
        what: t('The cluster sent more than 64 MiB in one answer.'),
        fix: [t('Name a namespace or a selector, so that less is asked for.')],
      })
    }
    parts.push(part)
  }
  return Buffer.concat(parts)
}
