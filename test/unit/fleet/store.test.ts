import assert from 'node:assert/strict'
import * as v from 'valibot'
import { statusDocument } from '../../../src/contracts/fleet.ts'
import type { FleetChange } from '../../../src/fleet/diff.ts'
import { freshnessOf } from '../../../src/fleet/freshness.ts'
import { ServerSentEvents } from '../../../src/fleet/server-sent-events.ts'
import { toStatusDocument } from '../../../src/fleet/status-document.ts'
import { FleetStore } from '../../../src/fleet/store.ts'
import { ago, answers, crashed, type Given, given, now, running, set, unreachable, waiting } from './given.ts'

describe('fleet: store', () => {
  const live = { state: 'live' as const, since: ago(300) }
  function follow(...steps: Given[]): string[][] {
    const store = new FleetStore(live)
    const heard: string[][] = []
    store.changes.event((changes) => heard.push(changes.map(textOf)))
    for (const step of steps) store.apply(given(step))
    return heard
  }
  const textOf = (change: FleetChange): string =>
    change.type === 'freshness' ? `freshness ${change.freshness.state}` : `${change.type} ${change.emulator.id} ${change.emulator.verdict}`

  it('tells what changed, and nothing when nothing did', () => {
    const well = { pods: [running()], agent: answers() }
    const heard = follow({ set: set(2) }, { set: set(2) }, { set: set(2), ...well }, { set: set(2), ...well }, { set: set(1), pods: [crashed(1, 3)] })
    assert.deepEqual(heard, [
      ['added instance-0 starting', 'added instance-1 starting'],
      ['changed instance-0 healthy'],
      ['removed instance-1 starting', 'changed instance-0 unhealthy'],
    ])
  })

  it('tells a new pod behind the same verdict', () => {
    const renamed = { ...running(), metadata: { ...running().metadata, uid: 'other' } }
    assert.deepEqual(follow({ pods: [running()] }, { pods: [renamed] }).at(-1), ['changed instance-0 unknown'])
  })

  it('tells freshness', () => {
    assert.deepEqual(follow({ pods: [running()] }, { freshness: { state: 'offline', since: ago(20) }, blindness: unreachable }).at(-1), [
      'changed instance-0 unknown',
      'freshness offline',
    ])
  })

  it('makes a document as agreed', () => {
    const store = new FleetStore(live)
    store.apply(given({ set: set(2), pods: [waiting('ErrImageNeverPull')] }))
    const document = toStatusDocument({ context: 'c', namespace: 'loco', release: 'loco' }, store)
    assert.ok(v.is(statusDocument, document))
    assert.deepEqual(Object.keys(document.emulators[0] ?? {}), ['id', 'ordinal', 'pod', 'verdict', 'stage', 'sentence', 'since', 'findings'])
    assert.deepEqual(
      document.emulators.map(({ id }) => id),
      ['instance-0', 'instance-1'],
    )
  })
})

describe('fleet: freshness', () => {
  const state = (word: 'connecting' | 'live' | 'stale' | 'denied' | 'offline', since = ago(1)) => ({ state: word, since })
  const cases = [
    [[state('live'), state('live')], 'live'],
    [[state('live'), state('connecting')], 'stale'],
    [[state('live'), state('stale')], 'stale'],
    [[state('stale'), state('offline')], 'offline'],
    [[state('offline'), state('denied')], 'denied'],
  ] as const
  for (const [states, expected] of cases) {
    it(`${states.map((one) => one.state).join(', ')} → ${expected}`, () => assert.equal(freshnessOf(states).freshness.state, expected))
  }
  it('carries since when and why', () => {
    assert.deepEqual(freshnessOf([state('live'), { state: 'offline', since: ago(7), error: unreachable }]), {
      freshness: { state: 'offline', since: ago(7) },
      error: unreachable,
    })
    assert.ok(now > 0)
  })
})

describe('fleet: server-sent events', () => {
  const cases: [string, string[], string[]][] = [
    ['one', ['data: a\n\n'], ['a']],
    ['in pieces', ['da', 'ta: a', '\n', '\ndata: b\n\n'], ['a', 'b']],
    ['several lines', ['data: a\ndata: b\n\n'], ['a\nb']],
    ['comments and other fields', [': ping\n\nevent: x\nid: 1\ndata:a\nretry: 5\n\n'], ['a']],
    ['carriage returns', ['data: a\r\n\r\ndata: b\r\n', '\r\n'], ['a', 'b']],
    ['not finished', ['data: a\n'], []],
  ]
  for (const [name, pieces, expected] of cases) {
    it(name, () => {
      const parser = new ServerSentEvents(1000)
      assert.deepEqual(
        pieces.flatMap((piece) => parser.push(Buffer.from(piece))),
        expected,
      )
    })
  }
  it('a character in two pieces', () => {
    const bytes = Buffer.from('data: ä\n\n')
    const parser = new ServerSentEvents(1000)
    assert.deepEqual([parser.push(bytes.subarray(0, 7)), parser.push(bytes.subarray(7))], [[], ['ä']])
  })
  it('an event without end is refused', () => {
    const parser = new ServerSentEvents(1000)
    assert.throws(() => parser.push(Buffer.from(`data: ${'x'.repeat(2000)}`)), RangeError)
    const lines = new ServerSentEvents(1000)
    assert.throws(() => lines.push(Buffer.from('data: xxxxxxxx\n'.repeat(200))), RangeError)
  })
})
