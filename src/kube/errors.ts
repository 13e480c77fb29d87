import { t } from '@vscode/l10n'
import type { LocoCode } from '../base/codes.ts'
import { LocoError } from '../base/error.ts'

/** What a failure means: the code, one sentence why, what to do. */
interface Meaning {
  code: LocoCode
  why: string
  fix: readonly string[]
}

/** Status object of Kubernetes, as far as it is used here. */
export interface StatusBody {
  kind?: string
  status?: string
  message?: string
  reason?: string
  code?: number
  details?: { causes?: { reason?: string; message?: string; field?: string }[]; retryAfterSeconds?: number }
}

const again = (): string => t('Run the command again.')
const freshConfig = (): string => t('Fetch a fresh kubeconfig from the cluster (minikube update-context, kind export kubeconfig, your cloud tool).')
const startCluster = (): string => t('Start the cluster: loco sandbox up, minikube start, or whatever runs it.')

/** What HTTP says. `why` is used when the server gave no words of its own. */
const byStatus: Record<number, () => Meaning> = {
  400: () => ({ code: 'LOCO-KUB-015', why: t('The server does not understand the request.'), fix: [t('Correct what the message names.')] }),
  401: () => ({
    code: 'LOCO-KUB-010',
    why: t('The token or certificate is not valid, or no longer.'),
    fix: [t('Log in again with the tool that made the kubeconfig.'), freshConfig()],
  }),
  403: () => ({
    code: 'LOCO-KUB-011',
    why: t('Your account lacks the right.'),
    fix: ['kubectl auth can-i --list', t('Ask the owner of the cluster for the right that the message names.')],
  }),
  404: () => ({ code: 'LOCO-KUB-012', why: t('It does not exist in the cluster.'), fix: [t('Check the names of context and namespace.')] }),
  405: () => ({ code: 'LOCO-KUB-018', why: t('The server does not offer this action.'), fix: [t('Check the version of the cluster: kubectl version')] }),
  406: () => ({ code: 'LOCO-KUB-018', why: t('The server does not offer this format.'), fix: [t('Check the version of the cluster: kubectl version')] }),
  408: () => ({ code: 'LOCO-KUB-022', why: t('The server gave up waiting.'), fix: [again()] }),
  409: () => ({ code: 'LOCO-KUB-013', why: t('It was changed by somebody else meanwhile, or exists already.'), fix: [again()] }),
  410: () => ({ code: 'LOCO-KUB-014', why: t('The server no longer keeps that version.'), fix: [again()] }),
  413: () => ({ code: 'LOCO-KUB-015', why: t('The object is too large for the server.'), fix: [t('Make it smaller: an object may hold about 1.5 MB.')] }),
  415: () => ({ code: 'LOCO-KUB-018', why: t('The server does not take this format.'), fix: [t('Check the version of the cluster: kubectl version')] }),
  422: () => ({ code: 'LOCO-KUB-015', why: t('The server checked the object and refused it.'), fix: [t('Correct the field that the message names.')] }),
  429: () => ({ code: 'LOCO-KUB-016', why: t('The server is overloaded or limits this client.'), fix: [t('Wait a little, then run the command again.')] }),
  504: () => ({
    code: 'LOCO-KUB-022',
    why: t('The server waited too long for a part of itself.'),
    fix: [again(), t('Look at the control plane: kubectl get --raw /readyz?verbose')],
  }),
}
const serverFault = (): Meaning => ({
  code: 'LOCO-KUB-017',
  why: t('The control plane, or something in front of it, failed.'),
  fix: ['kubectl get --raw /readyz?verbose', again()],
})
const notKubernetes = (): Meaning => ({
  code: 'LOCO-KUB-019',
  why: t('What answered does not speak the Kubernetes API.'),
  fix: [t('Check the server address in the kubeconfig: kubectl config view --minify'), t('Check proxies between here and the cluster.')],
})

const refused = (): Meaning => ({ code: 'LOCO-KUB-020', why: t('Nothing listens at the address of the cluster.'), fix: [startCluster(), freshConfig()] })
const unknownName = (): Meaning => ({
  code: 'LOCO-KUB-021',
  why: t('The name of the server is unknown here.'),
  fix: [t('Check the network or VPN.'), t('Check the server address: kubectl config view --minify')],
})
const late = (): Meaning => ({ code: 'LOCO-KUB-022', why: t('The cluster did not answer in time.'), fix: [t('Check the network or VPN.'), startCluster()] })
const lost = (): Meaning => ({ code: 'LOCO-KUB-023', why: t('The connection was closed in the middle.'), fix: [again(), startCluster()] })
const noWay = (): Meaning => ({
  code: 'LOCO-KUB-024',
  why: t('The network of the cluster cannot be reached from here.'),
  fix: [t('Check the network or VPN.')],
})
const expired = (): Meaning => ({
  code: 'LOCO-KUB-030',
  why: t('The certificate of the API server is out of its time, or the clock here is wrong.'),
  fix: ['date', t('Renew the certificates of the cluster (kubeadm certs renew all), or make the local cluster anew.')],
})
const untrusted = (): Meaning => ({
  code: 'LOCO-KUB-031',
  why: t('The certificate of the API server was not signed by the authority in the kubeconfig.'),
  fix: [freshConfig(), t('Check that nothing in between answers for the cluster.')],
})
const otherName = (): Meaning => ({
  code: 'LOCO-KUB-032',
  why: t('The certificate of the API server is for another name.'),
  fix: [t('Use an address that the certificate names, or set tls-server-name in the kubeconfig.')],
})
const clientRefused = (): Meaning => ({ code: 'LOCO-KUB-033', why: t('The server refuses the client certificate.'), fix: [freshConfig()] })
const notTls = (): Meaning => ({
  code: 'LOCO-KUB-034',
  why: t('What listens there does not speak TLS as a cluster does.'),
  fix: [t('Check port and scheme of the server address: kubectl config view --minify')],
})
const badMaterial = (): Meaning => ({
  code: 'LOCO-KUB-008',
  why: t('A certificate, key or token that the kubeconfig names cannot be used.'),
  fix: [freshConfig()],
})

const unforeseen = (): Meaning => ({ code: 'LOCO-KUB-025', why: t('The reason is not known.'), fix: [again(), 'kubectl cluster-info'] })

/** What Node, OpenSSL and undici say, by `error.code`. */
const byErrorCode: Record<string, () => Meaning> = {
  ECONNREFUSED: refused,
  ENOTFOUND: unknownName,
  EAI_AGAIN: unknownName,
  EAI_NODATA: unknownName,
  EAI_NONAME: unknownName,
  ETIMEDOUT: late,
  ESOCKETTIMEDOUT: late,
  UND_ERR_CONNECT_TIMEOUT: late,
  UND_ERR_HEADERS_TIMEOUT: late,
  UND_ERR_BODY_TIMEOUT: late,
  ECONNRESET: lost,
  ECONNABORTED: lost,
  EPIPE: lost,
  UND_ERR_SOCKET: lost,
  ERR_STREAM_PREMATURE_CLOSE: lost,
  ENETUNREACH: noWay,
  EHOSTUNREACH: noWay,
  ENETDOWN: noWay,
  EHOSTDOWN: noWay,
  EADDRNOTAVAIL: noWay,
  CERT_HAS_EXPIRED: expired,
  CERT_NOT_YET_VALID: expired,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_SIGNATURE_FAILURE: untrusted,
  CERT_UNTRUSTED: untrusted,
  CERT_REVOKED: untrusted,
  ERR_TLS_CERT_ALTNAME_INVALID: otherName,
  HOSTNAME_MISMATCH: otherName,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: clientRefused,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: clientRefused,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: clientRefused,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED: clientRefused,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: clientRefused,
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: clientRefused,
  EPROTO: notTls,
  ERR_SSL_WRONG_VERSION_NUMBER: notTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: notTls,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: notTls,
  HPE_INVALID_CONSTANT: notKubernetes,
  HPE_INVALID_VERSION: notKubernetes,
  ERR_OSSL_PEM_NO_START_LINE: badMaterial,
  ERR_OSSL_PEM_BAD_BASE64_DECODE: badMaterial,
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: badMaterial,
  ERR_OSSL_UNSUPPORTED: badMaterial,
  ERR_OSSL_EVP_BAD_DECRYPT: badMaterial,
}

/** An answer of the API server that is no success: status, and its body as text or already parsed. */
export class ApiAnswerError extends Error {
  readonly status: number
  readonly body: unknown

  constructor(status: number, body: unknown) {
    super(`HTTP ${status}`)
    this.name = 'ApiAnswerError'
    this.status = status
    this.body = body
  }
}

/**
 * Anything that a call to the cluster can throw, as an error for a person.
 * `what` says what could not be done, a whole sentence with the names in it: `Could not list the pods of namespace loco.`
 * An error that is ours already passes as it is; an abort is "cancelled".
 */
export function asKubeError(error: unknown, what: string): LocoError {
  const chain = causes(error)
  const ours = chain.find((one) => one instanceof LocoError)
  if (ours !== undefined) return ours
  const evidence = [...new Set(chain.map((one) => textOf(one)).filter((text) => text !== ''))]
  // A time-out of ours aborts too, and names itself as the cause.
  const named = (name: string): boolean => chain.some((one) => (one as Error).name === name)
  if (named('AbortError') && !named('TimeoutError')) return new LocoError('LOCO-USE-002', { what: t('Cancelled.'), cause: error })

  const answer = chain.map(answerOf).find((one) => one !== undefined)
  if (answer !== undefined) {
    const { meaning, words } = meaningOfAnswer(answer.status, answer.body)
    return new LocoError(meaning.code, {
      what,
      why: words ?? meaning.why,
      fix: meaning.fix,
      evidence: [`HTTP ${answer.status}`, ...rawBody(answer.body)],
      cause: error,
    })
  }
  for (const one of chain) {
    const meaning = meaningOfNetwork(one)
    if (meaning !== undefined) return new LocoError(meaning.code, { what, why: meaning.why, fix: meaning.fix, evidence, cause: error })
  }
  const words = evidence[0]
  const { code, why, fix } = unforeseen()
  return new LocoError(code, { what, why: words === undefined ? why : sentence(words), fix, evidence, cause: error })
}

/** True for errors that say that no server could be reached at all (as opposed to one that answered). */
export function isUnreachable(error: LocoError): boolean {
  return unreachable.has(error.code)
}
const unreachable = new Set<LocoCode>(['LOCO-KUB-020', 'LOCO-KUB-021', 'LOCO-KUB-022', 'LOCO-KUB-023', 'LOCO-KUB-024'])

/** HTTP status of what a call to the cluster threw, when it was an answer: for callers that treat 404 or 409 as news, not as failure. */
export function statusOf(error: unknown): number | undefined {
  for (const one of causes(error)) {
    const answer = answerOf(one)
    if (answer !== undefined) return answer.status
  }
  return undefined
}

/** The error and its causes, outermost first; of an `AggregateError` (Node tries several addresses) the first one. */
function causes(error: unknown): unknown[] {
  const chain: unknown[] = []
  for (let one: unknown = error; one !== undefined && one !== null && chain.length < 8; ) {
    chain.push(one)
    if (one instanceof AggregateError) one = one.errors[0]
    else one = (one as { cause?: unknown }).cause
  }
  return chain
}

function answerOf(error: unknown): { status: number; body: unknown } | undefined {
  if (error instanceof ApiAnswerError) return { status: error.status, body: error.body }
  const { code, body } = error as { code?: unknown; body?: unknown }
  // The library's ApiException; told by its shape, so that this file does not load the library.
  if (typeof code === 'number' && code >= 100 && code <= 599 && 'body' in (error as object)) return { status: code, body }
  return undefined
}

function meaningOfAnswer(status: number, body: unknown): { meaning: Meaning; words: string | undefined } {
  const parsed = statusBody(body)
  const meaning = (byStatus[status] ?? (status >= 500 ? serverFault : notKubernetes))()
  // A 404 or 403 that is no Status comes from something else on that port, except 401 and 5xx, where plain text is usual.
  if (parsed === undefined && looksLikeHtml(body)) return { meaning: notKubernetes(), words: t`The server answered HTTP ${status} with a web page.` }
  const words = parsed?.message ?? (typeof body === 'string' && body.trim() !== '' && body.length < 500 ? body.trim() : undefined)
  return { meaning, words: words === undefined || words === '' ? undefined : sentence(words) }
}

function meaningOfNetwork(error: unknown): Meaning | undefined {
  const { code, name, message = '', path, syscall } = error as { code?: unknown; name?: string; message?: string; path?: string; syscall?: string }
  if (name === 'TimeoutError') return late()
  if (typeof code === 'string') {
    if (code === 'ENOENT' && syscall?.startsWith('spawn'))
      return {
        code: 'LOCO-KUB-007',
        why: t`The login program ${path ?? ''} of the kubeconfig is not installed.`,
        fix: [t('Install it, or add its folder to PATH.'), freshConfig()],
      }
    if ((code === 'ENOENT' || code === 'EACCES') && path !== undefined) return { ...badMaterial(), why: t`The kubeconfig names ${path}, which cannot be read.` }
    const meaning = byErrorCode[code] ?? (code.startsWith('ERR_SSL') ? notTls : code.startsWith('ERR_OSSL') ? badMaterial : undefined)
    return meaning?.()
  }
  if (code === undefined && /PEM|asn1/i.test(message)) return badMaterial()
  return undefined
}

/** A `Status` object, from an object or from JSON text; undefined for anything else. */
export function statusBody(body: unknown): StatusBody | undefined {
  const value = typeof body === 'string' ? parseMapping(body) : body
  return typeof value === 'object' && value !== null && (value as StatusBody).kind === 'Status' ? value : undefined
}

/** JSON text as an object; undefined for anything else. */
export function parseMapping(text: string): object | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    return JSON.parse(text) as object
  } catch {
    return undefined
  }
}

function rawBody(body: unknown): string[] {
  if (body === undefined || body === null || body === '') return []
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return [text.length > 2000 ? `${text.slice(0, 2000)} …` : text]
}

function textOf(error: unknown): string {
  const { code } = error as { code?: unknown }
  const text = error instanceof Error ? error.message : String(error)
  return typeof code === 'string' && !text.includes(code) ? `${code}: ${text}` : text
}

function looksLikeHtml(body: unknown): boolean {
  return typeof body === 'string' && /^\s*<(!doctype|html)/i.test(body)
}

function sentence(words: string): string {
  const text = words.trim()
  return /[.!?]$/.test(text) ? text : `${text}.`
}
