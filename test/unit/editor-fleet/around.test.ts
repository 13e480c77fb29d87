import assert from 'node:assert/strict'
import { LocoError } from '../../../src/base/error.ts'
import { contextsToShow } from '../../../src/editor/connection/default-contexts.ts'
import type { ConnectionState, ConnectionView } from '../../../src/editor/connection/state.ts'
import { looksLocal } from '../../../src/editor/fleet/looks-local.ts'
import { isShowable } from '../../../src/editor/fleet/png.ts'
import { areRowsKnown } from '../../../src/editor/fleet/rows-known.ts'
import { badgeOf, statusText, statusTooltip, summaryOf } from '../../../src/editor/fleet/summary.ts'
import { viewStateOf } from '../../../src/editor/fleet/view-state.ts'
import { FleetStore } from '../../../src/fleet/store.ts'
import { answers, running, set } from '../fleet/given.ts'
import { at, connection, input, lost, session } from './given-fleet.ts'

const { time } = input([])
const live: ConnectionState = { state: 'live' }
const unreachable: ConnectionState = { state: 'unreachable', since: at, error: lost }
const stale: ConnectionState = { state: 'stale', since: at, error: lost }
const denied: ConnectionState = { state: 'denied', since: at, error: lost, missing: [{ verb: 'list', resource: 'pods', namespace: 'loco' }] }
const well = session({ agent: answers() })
const broken = new LocoError('LOCO-KUB-003', { what: 'The kubeconfig /k is broken in line 1.' })
const none = new LocoError('LOCO-KUB-001', { what: 'There is no kubeconfig.' })

describe('fleet view: around the rows', () => {
  const cases: [string, ConnectionView[], LocoError[], [string, string | undefined, string | undefined]][] = [
    ['no kubeconfig', [], [none], ['noKubeconfig', 'There is no kubeconfig.', undefined]],
    ['broken kubeconfig', [], [broken], ['brokenKubeconfig', broken.what, undefined]],
    ['no context is current', [], [], ['noContext', undefined, undefined]],
    [
      'a context that is nowhere',
      [connection({ state: 'unusable', error: lost })],
      [],
      ['brokenKubeconfig', 'Nothing listens at the address of the cluster', undefined],
    ],
    ['connecting', [connection({ state: 'connecting' })], [], ['connecting', undefined, 'Connecting to ctx…']],
    ['nothing there', [connection(live)], [], ['noRelease', undefined, undefined]],
    ['denied: the right stands beside the title', [connection(denied)], [], ['denied', 'denied: list pods in loco', undefined]],
    ['unreachable', [connection(unreachable)], [], ['unreachable', 'Nothing listens at the address of the cluster', undefined]],
    ['lost before any fleet was there', [connection(stale)], [], ['unreachable', 'stale since 12:00', undefined]],
    [
      'one of two may be bootstrapped',
      [connection(unreachable), connection(live)],
      [],
      ['noRelease', 'Nothing listens at the address of the cluster', undefined],
    ],
    ['all well', [connection(live, [well])], [], ['ready', undefined, undefined]],
    ['a broken file beside a fleet', [connection(live, [well])], [broken], ['ready', undefined, broken.what]],
    [
      'lost with a fleet',
      [connection(stale, [well])],
      [],
      [
        'ready',
        'as of 12:00',
        'The connection to ctx is lost and is being renewed; what is shown is as of 12:00. Nothing listens at the address of the cluster. (LOCO-KUB-020)',
      ],
    ],
  ]
  for (const [name, connections, problems, expected] of cases) {
    it(name, () => {
      const { fleetState, description, message } = viewStateOf({ phase: 'known', problems, connections, time })
      assert.deepEqual([fleetState, description, message], expected)
    })
  }

  it('before anything is known it is connecting', () => {
    assert.equal(viewStateOf({ phase: 'loading', problems: [], connections: [], time }).fleetState, 'connecting')
  })
})

describe('fleet view: whether its first rows are known', () => {
  const live = { state: 'live' } as const
  const blind = { ...session(), store: new FleetStore({ state: 'stale', since: at }) }
  const rows: [string, Parameters<typeof areRowsKnown>[0], boolean][] = [
    ['the kubeconfig is not read yet', { phase: 'loading', connections: [] }, false],
    ['no context', { phase: 'known', connections: [] }, true],
    ['a connection comes up', { phase: 'known', connections: [connection({ state: 'connecting' })] }, false],
    ['one that cannot be reached', { phase: 'known', connections: [connection({ state: 'unreachable', since: at, error: lost })] }, true],
    ['one without a fleet', { phase: 'known', connections: [connection(live)] }, true],
    ['a fleet that has told its emulators', { phase: 'known', connections: [connection(live, [session()])] }, true],
    ['a fleet that was just found', { phase: 'known', connections: [connection(live, [blind])] }, false],
    ['one of two comes up', { phase: 'known', connections: [connection(live, [session()]), connection({ state: 'connecting' }, [], 'other')] }, false],
  ]
  for (const [name, given, expected] of rows) it(`${name} → ${expected}`, () => assert.equal(areRowsKnown(given), expected))
})

describe('fleet view: summary', () => {
  const two = (second: Parameters<typeof answers>[0]) => session({ pods: [running(), running({ ordinal: 1 })], set: set(2), agent: answers(second) })
  const cases: [string, ConnectionView[], string | undefined, string, number | undefined][] = [
    ['nothing', [connection(live)], undefined, 'good', undefined],
    ['all well', [connection(live, [well])], '1/1 healthy', 'good', undefined],
    ['one ill, one not heard', [connection(live, [two({ verdict: 'unhealthy', code: 'LOCO-GST-006' })])], '0/2 healthy', 'error', 1],
    ['one degraded', [connection(live, [two({ verdict: 'degraded', code: 'LOCO-GST-006' })])], '0/2 healthy', 'warning', undefined],
    ['blind', [connection(stale, [session({ agent: answers(), freshness: { state: 'stale', since: at } })])], 'fleet unknown', 'warning', undefined],
  ]
  for (const [name, connections, text, severity, badge] of cases) {
    it(name, () => {
      const summary = summaryOf(connections)
      assert.deepEqual([statusText(summary), summary.severity, badgeOf(summary)?.value], [text, severity, badge])
    })
  }

  it('the tooltip names what is not well, with links, and escapes what comes from outside', () => {
    const hostile = session({
      id: { context: '<img src=x>', namespace: 'loco', release: '[x](command:evil)' },
      agent: answers({ verdict: 'unhealthy', code: 'LOCO-GST-006', sentence: '**bold** <b>' }),
    })
    const text = statusTooltip([connection(live, [hostile])], time)
    assert.doesNotMatch(text, /<img|<b>|\[x\]\(command:evil\)|[^\\]\*\*bold/)
    assert.match(text, /command:loco\.openScreen\?/)
    assert.match(text, /command:loco\.reconnect\)/)
  })
})

describe('which contexts are looked at', () => {
  const sandbox = (answers: boolean) => ({ context: 'loco-sandbox', answers })
  const cases: [string, Parameters<typeof contextsToShow>[0], string[]][] = [
    ['what was chosen', { chosen: ['a', 'b'], known: ['a', 'b', 'c'], current: 'c', sandbox: sandbox(true) }, ['a', 'b']],
    ['a sandbox that runs', { chosen: undefined, known: ['c', 'loco-sandbox'], current: 'c', sandbox: sandbox(true) }, ['loco-sandbox']],
    ['the current context while it does not', { chosen: [], known: ['c', 'loco-sandbox'], current: 'c', sandbox: sandbox(false) }, ['c']],
    ['a sandbox that is off, if there is nothing else', { chosen: [], known: ['loco-sandbox'], current: undefined, sandbox: sandbox(false) }, ['loco-sandbox']],
    ['the only context there is', { chosen: [], known: ['c'], current: undefined, sandbox: undefined }, ['c']],
    ['none of several', { chosen: [], known: ['c', 'd'], current: undefined, sandbox: undefined }, []],
  ]
  for (const [name, choice, expected] of cases) it(name, () => assert.deepEqual(contextsToShow(choice), expected))
})

describe('which contexts are marked as production', () => {
  const cases: [string, string | undefined, boolean][] = [
    ['loco-sandbox', 'https://127.0.0.1:6443', true],
    ['kind-dev', 'https://127.0.0.1:40001', true],
    ['minikube', 'https://192.168.49.2:8443', true],
    ['kind-dev', 'https://prod.example.org', false],
    ['prod', 'https://127.0.0.1:6443', false], // a tunnel makes what is far look near
    ['minikube', undefined, false],
    ['minikube', 'no url', false],
  ]
  for (const [name, server, expected] of cases) it(`${name} at ${server}`, () => assert.equal(looksLocal({ name, server }), expected))
})

describe('pictures that may be shown', () => {
  const png = (width: number, height: number): Buffer => {
    const head = Buffer.alloc(33)
    head.write('IHDR', 12, 'latin1')
    head.writeUInt32BE(width, 16)
    head.writeUInt32BE(height, 20)
    return head
  }
  const cases: [string, Buffer, boolean][] = [
    ['a desktop', png(640, 480), true],
    ['one that would fill memory', png(100_000, 100_000), false],
    ['no pixels', png(0, 480), false],
    ['no PNG', Buffer.from('hello'), false],
  ]
  for (const [name, bytes, expected] of cases) it(name, () => assert.equal(isShowable(bytes), expected))
})
