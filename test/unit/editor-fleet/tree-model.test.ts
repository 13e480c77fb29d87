import assert from 'node:assert/strict'
import type { ConnectionState, ConnectionView } from '../../../src/editor/connection/state.ts'
import type { Row } from '../../../src/editor/fleet/row.ts'
import { childRows, rootRows, type TreeInput } from '../../../src/editor/fleet/tree-model.ts'
import { answers, claim, crashed, running, set } from '../fleet/given.ts'
import { at, connection, input, lost, session, warningEvent } from './given-fleet.ts'

const live: ConnectionState = { state: 'live' }
const well = { pods: [running(), running({ ordinal: 1 })], set: set(2), agent: answers() }

/** Every row down to a depth, indented, as `label — description`. */
function drawn(made: TreeInput, depth = 3): string[] {
  const below = (row: Row, indent: number): string[] => {
    const line = `${'  '.repeat(indent)}${row.label}${row.description === undefined ? '' : ` — ${row.description}`}`
    return [line, ...(indent + 1 < depth ? childRows(row, made).flatMap((child) => below(child, indent + 1)) : [])]
  }
  return rootRows(made).flatMap((row) => below(row, 0))
}

const allRows = (made: TreeInput): Row[] => {
  const below = (row: Row): Row[] => [row, ...childRows(row, made).flatMap(below)]
  return rootRows(made).flatMap(below)
}

describe('fleet view: rows', () => {
  const cases: [string, ConnectionView[], string[]][] = [
    ['no cluster', [], []],
    ['a cluster without a fleet leaves room for the welcome', [connection(live)], []],
    [
      'a fleet of two, one of which has not been heard yet',
      [connection(live, [session(well)])],
      [
        'ctx — live',
        '  loco/loco — 1 of 2 healthy',
        '    instance-0 — healthy · picture · The guest shows a picture.',
        '    instance-1 — unknown · Its agent has not answered yet.',
      ],
    ],
    [
      'lost a moment ago: what was said stands, the time says so',
      [connection({ state: 'stale', since: at, error: lost }, [session({ agent: answers(), freshness: { state: 'stale', since: at } })])],
      ['ctx — stale since 12:00', '  loco/loco — as of 12:00', '    instance-0 — healthy · picture · The guest shows a picture.'],
    ],
    [
      'lost for good: nothing is guessed',
      [
        connection({ state: 'unreachable', since: at, error: lost }, [
          session({ agent: answers(), freshness: { state: 'offline', since: '2026-11-20T11:00:00.000Z' } }),
        ]),
      ],
      ['ctx — cannot be reached since 12:00', '  loco/loco — as of 11:00', '    instance-0 — unknown · The cluster cannot be reached.'],
    ],
    [
      'beside a fleet, a cluster that cannot be reached says why',
      [connection(live, [session({ agent: answers() })]), connection({ state: 'unreachable', since: at, error: lost }, [], 'far')],
      [
        'ctx — live',
        '  loco/loco — 1 of 1 healthy',
        '    instance-0 — healthy · picture · The guest shows a picture.',
        'far — cannot be reached since 12:00',
        '  The cluster of far cannot be reached. Nothing listens at the address of the cluster. (LOCO-KUB-020)',
      ],
    ],
    [
      'denied with the right that is missing',
      [
        connection(live, [session({ agent: answers() })]),
        connection({ state: 'denied', since: at, error: lost, missing: [{ verb: 'list', resource: 'pods', namespace: 'loco' }] }, [], 'far'),
      ],
      [
        'ctx — live',
        '  loco/loco — 1 of 1 healthy',
        '    instance-0 — healthy · picture · The guest shows a picture.',
        'far — denied: list pods in loco',
        '  This account lacks a right on far: list pods in loco. (LOCO-KUB-020)',
      ],
    ],
  ]
  for (const [name, connections, expected] of cases) {
    it(name, () => assert.deepEqual(drawn(input(connections)), expected))
  }

  it('an emulator shows findings with cause and fix, containers, claims and events', () => {
    const pod = crashed(4, 2)
    pod.spec = { ...pod.spec, volumes: [{ name: 'disk', persistentVolumeClaim: { claimName: 'disk-loco-loco-emulator-0' } }] }
    const made = input([
      connection(live, [
        session({
          pods: [pod],
          claims: [claim(0, 'Bound')],
          events: [warningEvent('e1', 'BackOff', 'Back-off restarting'), warningEvent('e2', 'Killing', 'Stop')],
        }),
      ]),
    ])
    const [emulator] = childRows(childRows(rootRows(made)[0]!, made)[0]!, made)
    const rows = childRows(emulator!, made)
    assert.deepEqual(
      rows.map(({ kind, label, description }) => [kind, label, description]),
      [
        ['finding', rows[0]!.finding?.title, rows[0]!.finding?.code],
        ['container', 'emulator', 'waiting: CrashLoopBackOff, restarts: 2'],
        ['claim', 'disk-loco-loco-emulator-0', 'Bound, class standard'],
        ['events', 'Last events', undefined],
      ],
    )
    const details = childRows(rows[0]!, made)
    assert.deepEqual(
      details.map(({ label }) => label),
      [rows[0]!.finding?.cause, ...(rows[0]!.finding?.fix ?? [])],
    )
    assert.deepEqual(
      childRows(rows[3]!, made).map(({ label, description }) => [label, description]),
      [
        ['Killing ×3', 'Stop'],
        ['BackOff ×3', 'Back-off restarting'],
      ],
    )
  })

  it('sorts the worst first when asked to', () => {
    const fleet = session({ ...well, pods: [running(), { ...crashed(4, 9), metadata: { name: 'loco-loco-emulator-1', uid: 'pod-1' } }] })
    const order = (sortBy: 'ordinal' | 'verdict'): string[] =>
      allRows(input([connection(live, [fleet])], { sortBy })).flatMap((row) => (row.kind === 'emulator' ? [row.label] : []))
    assert.deepEqual(
      [order('ordinal'), order('verdict')],
      [
        ['instance-0', 'instance-1'],
        ['instance-1', 'instance-0'],
      ],
    )
  })

  it('rows carry what the menus ask for', () => {
    const made = input([connection(live, [session({ agent: answers() })])], { rights: () => new Set(['logs'] as const) })
    const flags = Object.fromEntries(allRows(made).map(({ kind, contextValue }) => [kind, contextValue]))
    assert.deepEqual(flags, { connection: ';connection;', fleet: ';fleet;', emulator: ';emulator;can-logs;', container: ';container;named;can-logs;' })
    const emulator = allRows(made).find(({ kind }) => kind === 'emulator')
    assert.deepEqual(emulator?.ref, { fleet: { context: 'ctx', namespace: 'loco', release: 'loco' }, emulator: 'instance-0' })
  })

  it('ids are unique, and hold neither state nor time', () => {
    const states = [
      session({ agent: answers() }),
      session({ agent: answers({ verdict: 'unhealthy', stage: 'P1', code: 'LOCO-GST-006' }) }),
      session({ agent: answers(), freshness: { state: 'offline', since: '2026-11-20T11:00:00.000Z' } }),
    ].map((one) => allRows(input([connection(live, [one])])).flatMap(({ id, kind }) => (kind === 'finding' || kind === 'cause' || kind === 'fix' ? [] : [id])))
    assert.deepEqual(states[1], states[0])
    assert.deepEqual(states[2], states[0])
    const two = allRows(
      input([connection(live, [session(), session({ id: { context: 'ctx', namespace: 'loco', release: 'other' } })]), connection(live, [], 'b')]),
    )
    assert.equal(new Set(two.map(({ id }) => id)).size, two.length)
  })

  it('every row can be read aloud', () => {
    for (const row of allRows(input([connection(live, [session({ agent: answers() })])]))) assert.ok(row.spoken.length >= row.label.length, row.id)
  })
})
