import assert from 'node:assert/strict'
import { type Healing, healing, type PlannedRelease, type ReleaseState, type ReleaseStatus, type Revision, upToDate } from '../../../src/chart/release.ts'

const history = (...statuses: ReleaseStatus[]): Revision[] =>
  statuses.map((status, index) => ({ revision: index + 1, status, updated: '2026-01-01T00:00:00Z', chart: 'loco-0.1.0', appVersion: '0.1.0', description: '' }))

describe('healing of a release that a dead helm left half-way', () => {
  const cases: [name: string, revisions: Revision[], expected: Healing][] = [
    ['no release', [], { way: 'none' }],
    ['deployed', history('superseded', 'deployed'), { way: 'none' }],
    ['a failed first installation: the next upgrade takes it', history('failed'), { way: 'none' }],
    ['uninstalled, record kept', history('uninstalled'), { way: 'none' }],
    ['first installation died', history('pending-install'), { way: 'drop', from: 'pending-install' }],
    ['first installation failed, second died', history('failed', 'pending-upgrade'), { way: 'drop', from: 'pending-upgrade' }],
    ['upgrade died', history('superseded', 'deployed', 'pending-upgrade'), { way: 'rollback', to: 2, from: 'pending-upgrade' }],
    ['upgrade died after failed ones', history('deployed', 'failed', 'failed', 'pending-upgrade'), { way: 'rollback', to: 1, from: 'pending-upgrade' }],
    ['rollback died', history('superseded', 'deployed', 'pending-rollback'), { way: 'rollback', to: 2, from: 'pending-rollback' }],
    [
      'the deployed one was already marked superseded',
      history('superseded', 'superseded', 'pending-upgrade'),
      { way: 'rollback', to: 2, from: 'pending-upgrade' },
    ],
    ['uninstallation died', history('superseded', 'uninstalling'), { way: 'finish-uninstall', from: 'uninstalling' }],
    ['any order', history('deployed', 'pending-upgrade').reverse(), { way: 'rollback', to: 1, from: 'pending-upgrade' }],
  ]
  for (const [name, revisions, expected] of cases) it(name, () => assert.deepEqual(healing(revisions), expected))
})

describe('upToDate', () => {
  const state = (status: ReleaseStatus, manifest: string): ReleaseState => ({
    ...history(status)[0]!,
    name: 'loco',
    namespace: 'loco',
    values: {},
    manifest,
    objects: [],
  })
  const planned = (manifest: string): PlannedRelease => ({ exists: true, manifest, objects: [] })
  const cases: [name: string, state: ReleaseState | undefined, planned: PlannedRelease, expected: boolean][] = [
    ['no release', undefined, planned('a: 1'), false],
    ['same', state('deployed', 'a: 1'), planned('a: 1\n'), true],
    ['another manifest', state('deployed', 'a: 1'), planned('a: 2'), false],
    ['same, but the last upgrade failed', state('failed', 'a: 1'), planned('a: 1'), false],
    ['same, but half-way', state('pending-upgrade', 'a: 1'), planned('a: 1'), false],
  ]
  for (const [name, have, want, expected] of cases) it(name, () => assert.equal(upToDate(have, want), expected))
})
