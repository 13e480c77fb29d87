import { t } from '@vscode/l10n'
import * as v from 'valibot'
import { isLocoCode } from '../base/codes.ts'
import { LocoError } from '../base/error.ts'
import { type AgentHealth, agentError, agentHealth, type KeysRequest } from '../contracts/agent.ts'
import { ports } from '../contracts/names.ts'
import type { KubeClient } from '../kube/client.ts'
import { type PodAnswer, type PodRequest, requestThroughPod, streamThroughPod } from '../kube/pod-http.ts'
import { ServerSentEvents } from './server-sent-events.ts'

export interface AgentClientOptions {
  /** Port of the agent in the pod (8080). */
  port?: number
}

/** Characters of one event; a health document has about two thousand. */
const longestEvent = 256 * 1024
const pngMagic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const typed = v.object({ typed: v.number() })

/**
 * The agent of one pod, reached through the API server: no local port. What it answers is checked against the contract.
 * All calls throw coded errors: LOCO-KUB-0nn the way there, LOCO-FLT-002 an answer that makes no sense, the agent's own code (or LOCO-FLT-003) a refusal.
 */
export class AgentClient {
  readonly #client: KubeClient
  readonly #namespace: string
  readonly #pod: string
  readonly #port: number

  constructor(client: KubeClient, namespace: string, pod: string, { port = ports.health }: AgentClientOptions = {}) {
    this.#client = client
    this.#namespace = namespace
    this.#pod = pod
    this.#port = port
  }

  get #name(): string {
    return `${this.#namespace}/${this.#pod}`
  }

  /** What the agent says of itself and its guest; also when that is bad news (503). */
  async health(signal?: AbortSignal): Promise<AgentHealth> {
    const answer = await this.#ask('/health', signal)
    if (answer.status !== 200 && answer.status !== 503) throw this.#refusal(answer, t`The agent of pod ${this.#name} does not tell its health.`)
    return this.#healthIn(answer.body.toString('utf8'), '/health')
  }

  /** What the guest shows, as PNG. */
  async screen(signal?: AbortSignal): Promise<Buffer> {
    const answer = await this.#ask('/screen.png', signal)
    if (answer.status !== 200) throw this.#refusal(answer, t`The agent of pod ${this.#name} does not give a picture of the screen.`)
    if (!answer.body.subarray(0, pngMagic.length).equals(pngMagic)) throw this.#nonsense('/screen.png', t('It is not a PNG.'), answer.body.toString('latin1'))
    return answer.body
  }

  /** Types a text or presses chords. @returns how many keys or characters */
  async keys(request: KeysRequest, signal?: AbortSignal): Promise<{ typed: number }> {
    const answer = await this.#ask('/input/keys', signal, { method: 'POST', body: JSON.stringify(request), headers: { 'Content-Type': 'application/json' } })
    if (answer.status !== 200) throw this.#refusal(answer, t`The agent of pod ${this.#name} does not type.`)
    return this.#parse(typed, answer.body.toString('utf8'), '/input/keys')
  }

  /**
   * The health as it changes, beginning with how it is now. Ends when the agent ends the stream; the caller decides whether to come back.
   * `heard` is called for each sign of life, so that a caller can tell silence from death.
   */
  async *events(signal: AbortSignal, heard: () => void = () => {}): AsyncGenerator<AgentHealth, void, void> {
    const stream = await streamThroughPod(this.#client, { ...this.#request('/events', signal), headers: { Accept: 'text/event-stream' } })
    try {
      if (stream.statusCode !== 200) {
        const answer = { status: stream.statusCode ?? 0, headers: stream.headers, body: Buffer.alloc(0) }
        throw this.#refusal(answer, t`The agent of pod ${this.#name} does not tell its changes.`)
      }
      const parser = new ServerSentEvents(longestEvent)
      for await (const piece of stream as AsyncIterable<Buffer>) {
        heard()
        for (const event of this.#split(parser, piece)) yield this.#healthIn(event, '/events')
      }
    } finally {
      stream.destroy()
    }
  }

  #split(parser: ServerSentEvents, piece: Buffer): string[] {
    try {
      return parser.push(piece)
    } catch (error) {
      throw this.#nonsense('/events', `${(error as Error).message}.`, piece.toString('latin1'))
    }
  }

  #request(path: string, signal: AbortSignal | undefined): PodRequest {
    return { namespace: this.#namespace, pod: this.#pod, port: this.#port, path, ...(signal !== undefined && { signal }) }
  }

  #ask(path: string, signal: AbortSignal | undefined, more: Partial<PodRequest> = {}): Promise<PodAnswer> {
    return requestThroughPod(this.#client, { ...this.#request(path, signal), ...more })
  }

  #healthIn(text: string, path: string): AgentHealth {
    return this.#parse(agentHealth, text, path)
  }

  #parse<Schema extends v.GenericSchema>(schema: Schema, text: string, path: string): v.InferOutput<Schema> {
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      throw this.#nonsense(path, t('It is not JSON.'), text)
    }
    const parsed = v.safeParse(schema, value)
    if (parsed.success) return parsed.output
    const [issue] = parsed.issues
    const at = v.getDotPath(issue)
    throw this.#nonsense(path, at === null ? t`It is not as agreed: ${issue.message}.` : t`${at} is not as agreed: ${issue.message}.`, text)
  }

  #nonsense(path: string, why: string, text: string): LocoError {
    return new LocoError('LOCO-FLT-002', {
      what: t`The agent of pod ${this.#name} answers in a way that makes no sense.`,
      why: `${t`Its answer to ${path} on port ${this.#port} cannot be used.`} ${why}`,
      fix: ['loco rebuild emulator', `kubectl -n ${this.#namespace} logs ${this.#pod}`],
      evidence: [text.slice(0, 300)],
    })
  }

  #refusal({ status, body }: PodAnswer, what: string): LocoError {
    const text = body.toString('utf8')
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), agentError), text)
    const own = parsed.success && isLocoCode(parsed.output.code) ? parsed.output.code : undefined
    const code = own ?? (status === 404 ? 'LOCO-AGT-011' : 'LOCO-FLT-003')
    return new LocoError(code, {
      what,
      why: parsed.success ? parsed.output.message : t`It answered HTTP ${status}.`,
      fix: [`kubectl -n ${this.#namespace} logs ${this.#pod}`],
      evidence: [`HTTP ${status}`, ...(text === '' ? [] : [text.slice(0, 300)])],
    })
  }
}
