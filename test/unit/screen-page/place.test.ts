import assert from 'node:assert/strict'
import { LocoError } from '../../../src/base/error.ts'
import type { Pod } from '../../../src/diagnosis/evidence.ts'
import { type Place, placeOf, type Sight } from '../../../src/editor/screens/place.ts'

const running: Pod = { metadata: { name: 'p-1' }, status: { phase: 'Running', containerStatuses: [{ name: 'emulator', state: { running: {} } }] } }
const finding = { code: 'LOCO-WRK-001', title: '', cause: '', evidence: [], fix: [], severity: 'fatal' as const }
const judged: NonNullable<Sight['judged']> = { pod: 'p-1', sentence: 'It is so.', findings: [] }
const seen: Sight = { emulator: 'instance-1', error: undefined, freshness: 'live', judged, pod: running, denied: undefined }
const unreachable = new LocoError('LOCO-KUB-020', { what: 'The cluster is away.' })
const forbidden = new LocoError('LOCO-ACT-002', { what: 'You may not.' })

const pod: Place = { pod: 'p-1', reason: undefined }
const none = (sentence: string, code?: string): unknown => ({ pod: undefined, reason: code === undefined ? { sentence } : { sentence, code } })
const cases: [why: string, sight: Sight, place: unknown][] = [
  ['a pod that runs', seen, pod],
  ['a pod that is being deleted', { ...seen, pod: { ...running, metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } } }, none('It is so.')],
  [
    'a pod without a container that runs',
    { ...seen, pod: { status: { phase: 'Running', containerStatuses: [{ name: 'emulator', state: { waiting: {} } }] } } },
    none('It is so.'),
  ],
  ['a pod that waits', { ...seen, pod: { status: { phase: 'Pending' } } }, none('It is so.')],
  ['no pod', { ...seen, judged: { ...judged, pod: null }, pod: undefined }, none('It is so.')],
  [
    'the finding gives the code',
    { ...seen, judged: { ...judged, pod: null, findings: [{ ...finding, code: 'LOCO-SCR-001' }] }, pod: undefined },
    none('It is so.', 'LOCO-SCR-001'),
  ],
  [
    'a code that is none of ours is not passed on',
    { ...seen, judged: { ...judged, pod: null, findings: [{ ...finding, code: 'X' }] }, pod: undefined },
    none('It is so.'),
  ],
  ['a pod that was not seen yet, though its emulator was judged', { ...seen, pod: undefined }, pod],
  [
    'the cluster is away: the pod is tried, and why it may not work',
    { ...seen, freshness: 'stale' },
    { pod: 'p-1', reason: { sentence: 'The cluster does not answer at the moment.' } },
  ],
  ['a smaller fleet', { ...seen, judged: undefined, pod: undefined }, none('The fleet has no emulator instance-1.', 'LOCO-SCR-027')],
  ['nothing seen yet, no answer', { ...seen, freshness: 'offline', judged: undefined, pod: undefined }, none('The cluster does not answer at the moment.')],
  ['still connecting', { ...seen, freshness: undefined, judged: undefined, pod: undefined }, none('Connecting to the cluster.')],
  [
    'no connection, and why',
    { ...seen, freshness: undefined, judged: undefined, pod: undefined, error: unreachable },
    none('The cluster is away.', 'LOCO-KUB-020'),
  ],
  ['not allowed comes before all else', { ...seen, denied: forbidden }, none('You may not.', 'LOCO-ACT-002')],
]

describe('where a screen is', () => {
  for (const [why, sight, place] of cases) it(why, () => assert.deepEqual(placeOf(sight), place))
})
