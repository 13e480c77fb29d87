import assert from 'node:assert/strict'
import type { ApiObject } from '../../../src/operations/api-objects.ts'
import type { PodFacts } from '../../../src/operations/ports.ts'
import { outdated, standing, type Wanted } from '../../../src/operations/restart-emulators.ts'
import { sameObject } from '../../../src/operations/same-object.ts'

const pod = (over: Partial<PodFacts>): PodFacts => ({
  name: `loco-loco-emulator-${over.ordinal ?? 0}`,
  uid: 'u',
  ordinal: 0,
  image: 'compose-emulator-0:c-new',
  imageId: 'sha256:new',
  revision: 'new',
  ready: true,
  terminating: false,
  ...over,
})

describe('pods that run another image', () => {
  const wanted = { imageId: 'sha256:new', revision: 'new' }
  const rows: [string, Partial<PodFacts>, Partial<Wanted>, boolean][] = [
    ['the image and the revision', {}, {}, false],
    ['another image', { imageId: 'sha256:old' }, {}, true],
    ['the image under an older revision is no reason to restart', { revision: 'old' }, {}, false],
    ['no container yet, older revision', { imageId: undefined, revision: 'old' }, {}, true],
    ['no container yet, this revision', { imageId: undefined }, {}, false],
    ['going away already', { imageId: 'sha256:old', terminating: true }, {}, false],
    ['image from a registry, older revision', { revision: 'old' }, { imageId: undefined }, true],
    ['image from a registry, this revision', { imageId: 'sha256:any' }, { imageId: undefined }, false],
  ]
  for (const [name, over, want, expected] of rows) {
    it(`${name} → ${expected ? 'restart' : 'leave'}`, () => assert.equal(outdated([pod(over)], { ...wanted, ...want }).length, expected ? 1 : 0))
  }

  it('who stands on what is told by name', () => {
    const pods = [pod({ ordinal: 0 }), pod({ ordinal: 1, imageId: 'sha256:old' }), pod({ ordinal: 2, imageId: 'sha256:old' })]
    assert.equal(standing(pods, wanted), 'On the new image: instance-0. On the earlier image: instance-1, instance-2.')
  })
})

describe('an object in the cluster beside what it should be', () => {
  const live = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'a', uid: '1', labels: { x: 'y' }, resourceVersion: '7' },
    spec: { ports: [{ port: 1 }] },
    status: { loadBalancer: {} },
  }
  const rows: [string, ApiObject, boolean][] = [
    ['the same, with other bookkeeping', { ...live, metadata: { name: 'a', labels: { x: 'y' }, resourceVersion: '8' }, status: {} }, true],
    ['another field in its spec', { ...live, spec: { ports: [{ port: 2 }] } }, false],
    ['another label', { ...live, metadata: { ...live.metadata, labels: {} } }, false],
    ['one field more', { ...live, data: { a: 'b' } }, false],
  ]
  for (const [name, wanted, expected] of rows) it(`${name} → ${expected}`, () => assert.equal(sameObject(live, wanted), expected))
})
