import assert from 'node:assert/strict'
import type { ProviderName } from '../../../src/cluster/kind-of-cluster.ts'
import { survivingInstead } from '../../../src/contracts/host-paths.ts'

describe('folders that a restart of the node takes', () => {
  const cases: [provider: ProviderName, folder: string, instead: string | undefined][] = [
    ['minikube', '/tmp/loco-art-shared', '/data/loco-art-shared'],
    ['minikube', '/srv/loco', '/data/loco-art-shared'],
    ['minikube', '/data/loco', undefined],
    ['minikube', '/data', undefined],
    ['minikube', '/database', '/data/loco-art-shared'],
    ['minikube', '/tmp/hostpath_pv/loco', undefined],
    ['kind', '/tmp/loco-art-shared', '/var/lib/loco-art-shared'],
    ['kind', '/run/loco', '/var/lib/loco-art-shared'],
    ['kind', '/var/loco', undefined],
    ['kind', '/tmpfiles', undefined],
    ['k3d', '/var/run/loco', '/var/lib/loco-art-shared'],
    ['k3d', '/srv/loco', undefined],
    ['docker-desktop', '/tmp/loco', '/var/lib/loco-art-shared'],
    ['native', '/tmp/loco-art-shared', '/var/lib/loco-art-shared'],
    ['native', '/var/lib/loco-art-shared', undefined],
    ['production', '/tmp/loco-art-shared', undefined],
  ]
  for (const [provider, folder, instead] of cases)
    it(`${provider} ${folder} → ${instead ?? 'stays'}`, () => assert.equal(survivingInstead(provider, folder), instead))

  it('what is proposed survives', () => {
    for (const [provider, , instead] of cases) if (instead !== undefined) assert.equal(survivingInstead(provider, instead), undefined)
  })
})
