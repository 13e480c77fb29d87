import assert from 'node:assert/strict'
import { ApiException } from '@kubernetes/client-node'
import { LocoError } from '../../../src/base/error.ts'
import { ApiAnswerError, asKubeError, isUnreachable, statusOf } from '../../../src/kube/errors.ts'

const status = (code: number, reason: string, message: string): object => ({ kind: 'Status', status: 'Failure', code, reason, message })
const node = (code: string, message = code): Error => Object.assign(new Error(message), { code })
const fetchFailed = (cause: Error): Error => new TypeError('fetch failed', { cause })

describe('asKubeError', () => {
  const cases: [string, unknown, string, RegExp?][] = [
    ['a wrong object', new ApiAnswerError(400, status(400, 'BadRequest', 'bad')), 'LOCO-KUB-015', /^bad\.$/],
    ['an expired login', new ApiAnswerError(401, status(401, 'Unauthorized', 'Unauthorized')), 'LOCO-KUB-010'],
    ['a missing right', new ApiAnswerError(403, status(403, 'Forbidden', 'pods is forbidden: User "u" cannot list')), 'LOCO-KUB-011', /cannot list/],
    ['a missing object', new ApiAnswerError(404, status(404, 'NotFound', 'pods "x" not found')), 'LOCO-KUB-012', /not found/],
    ['a path that a real server does not have', new ApiAnswerError(404, '404 page not found\n'), 'LOCO-KUB-012', /^404 page not found\.$/],
    ['an action that is not offered', new ApiAnswerError(405, ''), 'LOCO-KUB-018', /does not offer/],
    ['an object that exists', new ApiAnswerError(409, status(409, 'AlreadyExists', 'exists')), 'LOCO-KUB-013'],
    ['a version that is gone', new ApiAnswerError(410, status(410, 'Expired', 'too old')), 'LOCO-KUB-014'],
    ['an object that is too large', new ApiAnswerError(413, ''), 'LOCO-KUB-015'],
    ['an invalid object', new ApiAnswerError(422, status(422, 'Invalid', 'spec.x: Required value')), 'LOCO-KUB-015', /Required value/],
    ['too many requests', new ApiAnswerError(429, status(429, 'TooManyRequests', 'slow down')), 'LOCO-KUB-016'],
    ['a fault of the server', new ApiAnswerError(500, status(500, 'InternalError', 'etcdserver: request timed out')), 'LOCO-KUB-017', /etcdserver/],
    ['a server that starts', new ApiAnswerError(503, 'apiserver not ready'), 'LOCO-KUB-017'],
    ['a gateway that waited', new ApiAnswerError(504, ''), 'LOCO-KUB-022'],
    ['a teapot', new ApiAnswerError(418, ''), 'LOCO-KUB-019'],
    ['a redirect to a login page', new ApiAnswerError(302, ''), 'LOCO-KUB-019'],
    ['a web page', new ApiAnswerError(502, '<html><title>Bad gateway</title></html>'), 'LOCO-KUB-019', /web page/],
    ['the library, body as object', new ApiException(404, 'm', status(404, 'NotFound', 'gone'), {}), 'LOCO-KUB-012', /gone/],
    ['the library, body as text', new ApiException(403, 'm', JSON.stringify(status(403, 'Forbidden', 'no')), {}), 'LOCO-KUB-011', /^no\.$/],
    ['the library, without body', new ApiException(401, 'Unauthorized', undefined, {}), 'LOCO-KUB-010'],
    ['refused', node('ECONNREFUSED'), 'LOCO-KUB-020'],
    [
      'refused on every address of a name',
      Object.assign(new AggregateError([node('ECONNREFUSED'), node('ECONNREFUSED')]), { code: 'ECONNREFUSED' }),
      'LOCO-KUB-020',
    ],
    ['refused below fetch', fetchFailed(node('ECONNREFUSED')), 'LOCO-KUB-020'],
    ['an unknown name', node('ENOTFOUND'), 'LOCO-KUB-021'],
    ['no DNS', node('EAI_AGAIN'), 'LOCO-KUB-021'],
    ['a connection that takes too long', node('ETIMEDOUT'), 'LOCO-KUB-022'],
    ['undici: a connection that takes too long', fetchFailed(node('UND_ERR_CONNECT_TIMEOUT')), 'LOCO-KUB-022'],
    ['our time-out', new DOMException('late', 'TimeoutError'), 'LOCO-KUB-022'],
    ['our time-out in an abort', Object.assign(new Error('aborted'), { name: 'AbortError', cause: new DOMException('late', 'TimeoutError') }), 'LOCO-KUB-022'],
    ['a reset', node('ECONNRESET', 'socket hang up'), 'LOCO-KUB-023'],
    ['undici: a reset', fetchFailed(node('UND_ERR_SOCKET')), 'LOCO-KUB-023'],
    ['no route', node('EHOSTUNREACH'), 'LOCO-KUB-024'],
    ['no network', node('ENETUNREACH'), 'LOCO-KUB-024'],
    ['an expired certificate of the server', node('CERT_HAS_EXPIRED'), 'LOCO-KUB-030'],
    ['a self-signed certificate', node('DEPTH_ZERO_SELF_SIGNED_CERT'), 'LOCO-KUB-031'],
    ['a self-signed authority', node('SELF_SIGNED_CERT_IN_CHAIN'), 'LOCO-KUB-031'],
    ['an unknown authority', fetchFailed(node('UNABLE_TO_VERIFY_LEAF_SIGNATURE')), 'LOCO-KUB-031'],
    ['another name', node('ERR_TLS_CERT_ALTNAME_INVALID'), 'LOCO-KUB-032'],
    ['a client certificate that is refused', node('ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE'), 'LOCO-KUB-033'],
    ['a client certificate that is missing', node('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), 'LOCO-KUB-033'],
    ['no TLS', node('ERR_SSL_WRONG_VERSION_NUMBER'), 'LOCO-KUB-034'],
    ['an unknown word of OpenSSL', node('ERR_SSL_SOMETHING_NEW'), 'LOCO-KUB-034'],
    ['a broken key', node('ERR_OSSL_PEM_NO_START_LINE'), 'LOCO-KUB-008'],
    ['a file that is missing', Object.assign(node('ENOENT'), { path: '/x/ca.crt', syscall: 'open' }), 'LOCO-KUB-008', /\/x\/ca\.crt/],
    ['a login program that is missing', Object.assign(node('ENOENT'), { path: 'aws', syscall: 'spawn aws' }), 'LOCO-KUB-007', /aws/],
    ['no HTTP', node('HPE_INVALID_CONSTANT'), 'LOCO-KUB-019'],
    ['a person who cancels', Object.assign(new Error('aborted'), { name: 'AbortError' }), 'LOCO-USE-002'],
    ['a text', 'odd', 'LOCO-KUB-025', /^odd\.$/],
    ['a word of the system that is not known here', node('EMFILE', 'too many open files'), 'LOCO-KUB-025', /too many open files/],
    ['nothing', undefined, 'LOCO-KUB-025'],
  ]
  for (const [what, error, code, why] of cases) {
    it(`${what} → ${code}`, () => {
      const told = asKubeError(error, 'Could not list the pods of namespace loco.')
      assert.equal(told.code, code)
      if (why !== undefined) assert.match(told.why ?? '', why)
      if (code === 'LOCO-USE-002') return
      assert.equal(told.what, 'Could not list the pods of namespace loco.')
      assert.ok(told.why?.endsWith('.'), `a sentence: ${told.why}`)
      assert.ok(told.fix.length > 0)
    })
  }

  it('an error of ours passes as it is, also as the cause of another', () => {
    const ours = new LocoError('LOCO-KUB-040', { what: 'x' })
    assert.equal(asKubeError(ours, 'y'), ours)
    assert.equal(asKubeError(Object.assign(new Error('aborted'), { name: 'AbortError', cause: ours }), 'y'), ours)
  })

  it('keeps the raw words as evidence', () => {
    assert.deepEqual(asKubeError(node('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1'), 'x').evidence, ['connect ECONNREFUSED 127.0.0.1:1'])
    assert.deepEqual(asKubeError(new ApiAnswerError(503, 'busy'), 'x').evidence, ['HTTP 503', 'busy'])
  })

  it('isUnreachable tells silence from answers', () => {
    assert.equal(isUnreachable(asKubeError(node('ECONNREFUSED'), 'x')), true)
    assert.equal(isUnreachable(asKubeError(new ApiAnswerError(500, ''), 'x')), false)
  })

  it('statusOf gives the status of an answer, else nothing', () => {
    assert.equal(statusOf(new ApiException(404, 'm', '', {})), 404)
    assert.equal(statusOf(asKubeError(new ApiAnswerError(409, ''), 'x')), 409)
    assert.equal(statusOf(node('ECONNREFUSED')), undefined)
  })
})
