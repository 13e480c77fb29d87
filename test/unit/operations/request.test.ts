import assert from 'node:assert/strict'
import { assertConsent, type Consent, parseRequest } from '../../../src/operations/request.ts'
import { target } from './given.ts'

const agreed: Consent = { target, losses: ['claim disk-0 (10Gi)', 'claim disk-1 (10Gi)'] }

describe('what a person agreed to, held against the plan of now', () => {
  const rows: [string, Consent, RegExp | undefined][] = [
    ['the same', agreed, undefined],
    ['less is lost', { target, losses: ['claim disk-1 (10Gi)'] }, undefined],
    ['nothing is lost any more', { target, losses: [] }, undefined],
    ['more is lost', { target, losses: [...agreed.losses, 'claim disk-2 (10Gi)'] }, /lost, too: claim disk-2/],
    ['the same number is lost, but something else', { target, losses: ['claim disk-0 (10Gi)', 'claim other (1Gi)'] }, /lost, too: claim other/],
    ['a disk has grown', { target, losses: ['claim disk-0 (20Gi)'] }, /claim disk-0 \(20Gi\)/],
    ['another context', { ...agreed, target: { ...target, context: 'prod' } }, /context is prod instead of loco-sandbox/],
    ['another server behind the context', { ...agreed, target: { ...target, server: 'https://10.0.0.1' } }, /server is https:\/\/10\.0\.0\.1/],
    ['another cluster behind the address', { ...agreed, target: { ...target, clusterUid: 'uid-2' } }, /clusterUid is uid-2 instead of uid-1/],
    ['a cluster that was not there when it was planned', { ...agreed, target: { ...target, clusterUid: null } }, /clusterUid is –/],
    ['another namespace', { ...agreed, target: { ...target, namespace: 'n' } }, /namespace/],
    ['another release', { ...agreed, target: { ...target, release: 'r' } }, /release/],
  ]
  for (const [name, now, refused] of rows) {
    it(`${name}: ${refused === undefined ? 'goes on' : 'refused'}`, () => {
      if (refused === undefined) assertConsent(now, agreed)
      else assert.throws(() => assertConsent(now, agreed), { code: 'LOCO-OPS-004', message: refused })
    })
  }
})

describe('a request on stdin', () => {
  const options = { operation: 'rebuild', cluster: 'auto', namespace: 'loco', release: 'loco', parts: [], timeout: 1 }
  const good = { schema: 'loco.operation.request/1', id: '20261125-005714-123-k3f9', options, consent: null }
  it('is read', () => assert.deepEqual(parseRequest(JSON.stringify(good)), good))

  const bad: [string, string][] = [
    ['nothing', ''],
    ['half of it', JSON.stringify(good).slice(0, 50)],
    ['another schema', JSON.stringify({ ...good, schema: 'loco.operation.request/2' })],
    ['an id that would leave the folder', JSON.stringify({ ...good, id: '../../etc/passwd' })],
    ['an operation that does not exist', JSON.stringify({ ...good, options: { ...options, operation: 'explode' } })],
    ['a consent without a target', JSON.stringify({ ...good, consent: { losses: [] } })],
  ]
  for (const [name, text] of bad) it(`is refused: ${name}`, () => assert.throws(() => parseRequest(text), { code: 'LOCO-USE-001' }))
})
