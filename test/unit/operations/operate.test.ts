import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ReportEvent, Target } from '../../../src/contracts/operation.ts'
import { askedOf, followOperation, listOperations, readOperation, requestCancel } from '../../../src/operations/journals.ts'
import { takeLock } from '../../../src/operations/lock.ts'
import { type OperationControl, operate } from '../../../src/operations/operate.ts'
import { operationId } from '../../../src/operations/operation-id.ts'
import type { OperationOptions } from '../../../src/operations/options.ts'
import { namespaceFolder } from '../../../src/operations/state-folder.ts'
import type { Step } from '../../../src/operations/step.ts'
import { gate, step, target } from './given.ts'

const person = { home: '/nowhere' }
const asked: OperationOptions = { operation: 'rebuild', cluster: 'auto', namespace: 'loco', release: 'loco', parts: [], timeout: 1000 }
const never = new AbortController().signal

describe('an operation in its process', function () {
  this.timeout(10_000)
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'loco-operate-'))
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  function start(id: string, steps: (control: OperationControl) => Step[], over: { target?: Target; planOnly?: boolean } = {}): Promise<ReportEvent> {
    return operate(
      (control) => ({
        id,
        operation: 'rebuild',
        asked,
        target: over.target ?? target,
        losses: [],
        proveTarget: async () => {},
        steps: steps(control),
        conclude: async () => ({ sentence: 'Done.', kept: [], gone: [], next: [] }),
      }),
      { root, person, sinks: [], signal: never, force: never, ...(over.planOnly && { planOnly: true }) },
    )
  }
  const ids = (): string[] => [operationId(Date.now(), () => 0), operationId(Date.now(), () => 0.5)]
  const untilAborted = (signal: AbortSignal): Promise<never> =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))

  it('writes a journal and remembers what it was asked, and leaves no lock', async () => {
    const [id = ''] = ids()
    assert.equal((await start(id, () => [step('a', [])])).exit, 0)
    assert.equal(listOperations(root)[0]?.state, 'succeeded')
    assert.deepEqual(askedOf(root, id), asked)
    assert.deepEqual(
      readdirSync(namespaceFolder(root, 'uid-1', 'loco')).filter((name) => !name.startsWith(id)),
      [],
    )
  })

  it('only the plan: no journal, no lock, though another one runs', async () => {
    const [id = '', other = ''] = ids()
    const lock = takeLock(namespaceFolder(root, 'uid-1', 'loco'), { op: other, operation: 'destroy' }, person)
    assert.equal((await start(id, () => [step('a', [])], { planOnly: true })).exit, 0)
    assert.deepEqual(listOperations(root), [])
    lock.dispose()
  })

  it('two at once in one namespace: the second is refused and writes nothing', async () => {
    const [first = '', second = ''] = ids()
    const begun = gate()
    const finish = gate()
    const running = start(first, () => [
      step('a', [], {
        run: async () => {
          begun.open()
          await finish.opened
          return 'Made.'
        },
      }),
    ])
    await begun.opened
    await assert.rejects(
      start(second, () => [step('a', [])]),
      { code: 'LOCO-OPS-001' },
    )
    finish.open()
    await running
    assert.deepEqual(
      listOperations(root).map((one) => one.id),
      [first],
    )
  })

  it('another namespace of the same cluster is another matter', async () => {
    const [first = '', second = ''] = ids()
    const reports = await Promise.all([
      start(first, () => [step('a', [])]),
      start(second, () => [step('a', [])], { target: { ...target, namespace: 'other' } }),
    ])
    assert.deepEqual(
      reports.map((report) => report.exit),
      [0, 0],
    )
  })

  it('is cancelled from elsewhere, and who follows it sees how it ends', async () => {
    const [id = ''] = ids()
    const begun = gate()
    const running = start(id, () => [
      step('a', [], {
        run: (context) => {
          begun.open()
          return untilAborted(context.signal)
        },
      }),
    ])
    await begun.opened
    requestCancel(root, id)
    const kinds: string[] = []
    for await (const event of followOperation(root, id)) kinds.push(event.kind)
    assert.equal(kinds.at(-1), 'report')
    assert.equal((await running).exit, 130)
    assert.ok(!readdirSync(namespaceFolder(root, 'uid-1', 'loco')).some((name) => name.endsWith('.cancel')))
  })

  it('a cluster that is brought up gets its name: the journal moves, and its namespace is locked too', async () => {
    const [id = ''] = ids()
    const unnamed = { ...target, clusterUid: null }
    const settle = (control: OperationControl): Step[] => [
      step('a', [], {
        run: async () => {
          control.settle('uid-9')
          assert.throws(() => takeLock(namespaceFolder(root, 'uid-9', 'loco'), { op: 'other', operation: 'destroy' }, person), { code: 'LOCO-OPS-001' })
          return 'Up.'
        },
      }),
    ]
    assert.equal((await start(id, settle, { target: unnamed })).exit, 0)
    assert.equal(readOperation(root, id).summary.file, join(namespaceFolder(root, 'uid-9', 'loco'), `${id}.jsonl`))
    assert.deepEqual(askedOf(root, id), asked)
    assert.deepEqual(readdirSync(namespaceFolder(root, null, 'loco')), [])
  })

  it('the cluster that came up may be one in which another operation runs: the step fails, nothing is done', async () => {
    const [id = ''] = ids()
    const lock = takeLock(namespaceFolder(root, 'uid-9', 'loco'), { op: 'other', operation: 'destroy' }, person)
    const report = await start(
      id,
      (control) => [
        step('a', [], {
          run: async () => {
            control.settle('uid-9')
            return 'Up.'
          },
        }),
      ],
      { target: { ...target, clusterUid: null } },
    )
    assert.equal(report.exit, 41)
    lock.dispose()
  })
})
