import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import { join } from 'node:path'
import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'

export interface ApiAnswer {
  status: number
  body: unknown
}

/** A Kubernetes object as plain data. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string; [key: string]: unknown }
  [key: string]: unknown
}

/** The few requests that the sandbox makes to its own API server, as its administrator. The full client is `src/kube`, which the sandbox does not need. */
export class SandboxApi {
  readonly #agent: Agent

  private constructor(agent: Agent) {
    this.#agent = agent
  }

  static async open(pki: string): Promise<SandboxApi> {
    const [ca, cert, key] = await Promise.all(['ca.crt', 'admin.crt', 'admin.key'].map((name) => readFile(join(pki, name))))
    return new SandboxApi(new Agent({ ca, cert, key, keepAlive: true, maxSockets: 8 }))
  }

  /** One request. Rejects when there is no answer within `timeout` milliseconds; any status is an answer. */
  request(method: string, path: string, body?: unknown, timeout = 5_000): Promise<ApiAnswer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          agent: this.#agent,
          host: '127.0.0.1',
          port: 6443,
          method,
          path,
          headers: { Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/apply-patch+yaml' }) },
          signal: AbortSignal.timeout(timeout),
        },
        (incoming) => {
          const chunks: Buffer[] = []
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
          incoming.on('error', reject)
          incoming.on('end', () => {
            const text = Buffer.concat(chunks).toString()
            resolve({ status: incoming.statusCode ?? 0, body: text.startsWith('{') ? JSON.parse(text) : text })
          })
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }

  /** Server-side apply: the object is as given afterwards, whatever was there. */
  async apply(object: KubeObject): Promise<void> {
    const answer = await this.request('PATCH', `${pathOf(object)}?fieldManager=loco-sandbox&force=true`, object, 15_000)
    if (!good(answer)) throw refused(`${object.kind} ${object.metadata.name}`, answer)
  }

  /** Deletes an object; one that is not there is gone already. */
  async delete(object: KubeObject): Promise<void> {
    const answer = await this.request('DELETE', pathOf(object), undefined, 15_000)
    if (!good(answer) && answer.status !== 404) throw refused(`${object.kind} ${object.metadata.name}`, answer)
  }

  async has(object: KubeObject): Promise<boolean> {
    return (await this.request('GET', pathOf(object), undefined, 15_000)).status === 200
  }

  /** All objects at a path; none where the server does not know the kind. */
  async list(path: string): Promise<KubeObject[]> {
    const answer = await this.request('GET', path, undefined, 15_000)
    if (answer.status === 404) return []
    if (!good(answer)) throw refused(path, answer)
    return (answer.body as { items: KubeObject[] }).items
  }

  close(): void {
    this.#agent.destroy()
  }
}

const good = ({ status }: ApiAnswer): boolean => status >= 200 && status < 300

function refused(object: string, { status, body }: ApiAnswer): LocoError {
  const message = typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : String(body)
  return new LocoError('LOCO-SBX-022', {
    what: t`The API server of the sandbox refused ${object}.`,
    why: t`It answered ${status}: ${message}`,
    fix: ['loco sandbox down', 'loco sandbox up'],
  })
}

/** URL path of an object. Plurals of the kinds that the sandbox makes are all regular. */
export function pathOf({ apiVersion, kind, metadata }: KubeObject): string {
  const lower = kind.toLowerCase()
  const plural = lower.endsWith('s') ? `${lower}es` : lower.endsWith('y') ? `${lower.slice(0, -1)}ies` : `${lower}s`
  const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  const scope = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`
  return `${base}${scope}/${plural}/${metadata.name}`
}
