import assert from 'node:assert/strict'
import { fullReference, shortReference } from '../../../src/images/reference.ts'

const cases: [written: string, full: string][] = [
  ['busybox', 'docker.io/library/busybox:latest'],
  ['busybox:1', 'docker.io/library/busybox:1'],
  ['compose-emulator-0:c-0123456789ab', 'docker.io/library/compose-emulator-0:c-0123456789ab'],
  ['rancher/helper:v1', 'docker.io/rancher/helper:v1'],
  ['ghcr.io/a/b:c', 'ghcr.io/a/b:c'],
  ['localhost/a', 'localhost/a:latest'],
  ['localhost:5000/a:1', 'localhost:5000/a:1'],
  ['box:5000/a', 'box:5000/a:latest'],
  ['a@sha256:00', 'docker.io/library/a@sha256:00'],
  ['docker.io/library/a:1', 'docker.io/library/a:1'],
]

describe('references', () => {
  for (const [written, full] of cases) it(`${written} → ${full}`, () => assert.equal(fullReference(written), full))
  it('ids stay ids', () => assert.equal(fullReference('sha256:00'), 'sha256:00'))
  it('back to what a person writes', () => {
    assert.equal(shortReference('docker.io/library/busybox:1'), 'busybox:1')
    assert.equal(shortReference('docker.io/rancher/helper:v1'), 'rancher/helper:v1')
    assert.equal(shortReference('ghcr.io/a/b:c'), 'ghcr.io/a/b:c')
  })
})
