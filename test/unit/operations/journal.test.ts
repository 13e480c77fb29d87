import assert from 'node:assert/strict'
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OperationEvent } from '../../../src/contracts/operation.ts'
import { Journal } from '../../../src/operations/journal.ts'
import {
  cancelRequests,
  followOperation,
  listOperations,
  parseJournal,
  readOperation,
  removeCancelRequest,
  requestCancel,
} from '../../../src/operations/journals.ts'
import { takeLock } from '../../../src/operations/lock.ts'
import { operationId } from '../../../src/operations/operation-id.ts'
import { namespaceFolder } from '../../../src/operations/state-folder.ts'
import { target } from './given.ts'

const person = { home: '/nowhere' }
const id = operationId(1_795_568_234_123)
const at = { t: '2026-11-25T00:57:14.123Z', op: id }
const plan: OperationEvent = { ...at, kind: 'plan', schema: 'loco.operation/1', operation: 'bootstrap', target, steps: [], losses: [] }
const log = (line: string): OperationEvent => ({ ...at, kind: 'step-log', step: 'build', line })
const report: OperationEvent = {
  ...at,
  kind: 'report',
  schema: 'loco.operation.report/1',
  operation: 'bootstrap',
  outcome: 'succeeded',
  exit: 0,
  seconds: 1,
  sentence: 'Done.',
  findings: [],
  kept: [],
  gone: [],
  next: [],
}
const text = (...events: OperationEvent[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('')

describe('journal', () => {
  let root: string
  let folder: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'loco-journal-'))
    folder = namespaceFolder(root, 'uid-1', 'loco')
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  const written = (...events: OperationEvent[]): Journal => {
    const journal = new Journal(folder, id, person)
    for (const event of events) journal.emit(event)
    return journal
  }
  const codeOf = (code: string) => (error: unknown) => (error as { code?: string }).code === code

  const rows: [string, string, { events: number; unreadable: number; torn: boolean }][] = [
    ['whole', text(plan, log('a'), report), { events: 3, unreadable: 0, torn: false }],
    ['empty', '', { events: 0, unreadable: 0, torn: false }],
    ['torn in its last line', text(plan) + text(report).slice(0, 40), { events: 1, unreadable: 0, torn: true }],
    ['torn right before the end of the line', text(plan, report).slice(0, -1), { events: 1, unreadable: 0, torn: true }],
    ['with a line that is no JSON', `${text(plan)}\u0000\u0000\n${text(report)}`, { events: 2, unreadable: 1, torn: false }],
    ['with an event of another form', `${text(plan)}{"t":"x","op":"y","kind":"dance"}\n`, { events: 1, unreadable: 1, torn: false }],
  ]
  for (const [name, content, expected] of rows) {
    it(`is read when ${name}`, () => {
      const { events, unreadable, torn } = parseJournal(content)
      assert.deepEqual({ events: events.length, unreadable, torn }, expected)
    })
  }

  it('has each event in the file at once, for its owner only', () => {
    const journal = written(plan)
    assert.equal(readFileSync(journal.path, 'utf8'), text(plan))
    assert.equal(statSync(journal.path).mode & 0o077, 0)
    journal.close()
  })

  it('keeps the fifty newest', () => {
    for (let n = 0; n < 55; n += 1) new Journal(folder, operationId(n * 1000), person).close()
    const names = readdirSync(folder).sort()
    assert.equal(names.length, 50)
    assert.ok(names[0]?.startsWith('19700101-000005'))
  })

  it('a folder that cannot be written is told with its fix', () => {
    writeFileSync(join(root, 'uid-1'), 'a file in the way')
    assert.throws(() => written(), codeOf('LOCO-OPS-012'))
  })

  it('moves to the folder of a cluster that got its name, and goes on there', () => {
    const journal = new Journal(namespaceFolder(root, null, 'loco'), id, person)
    journal.emit(plan)
    journal.moveTo(folder)
    journal.emit(report)
    journal.close()
    assert.equal(readOperation(root, id).events.length, 2)
    assert.equal(journal.path, join(folder, `${id}.jsonl`))
  })

  it('states: running while the lock lives, interrupted without report and owner, else as reported', () => {
    const journal = written(plan)
    const lock = takeLock(folder, { op: id, operation: 'bootstrap' }, person)
    assert.equal(listOperations(root)[0]?.state, 'running')
    lock.dispose()
    assert.equal(listOperations(root)[0]?.state, 'interrupted')
    journal.emit(report)
    assert.equal(listOperations(root)[0]?.state, 'succeeded')
    journal.close()
  })

  it('lists newest first, and passes over what is no journal', () => {
    const later = operationId(1_795_568_999_000)
    written(plan, report).close()
    new Journal(folder, later, person).close()
    writeFileSync(join(folder, 'notes.jsonl'), 'no')
    assert.deepEqual(
      listOperations(root).map((one) => one.id),
      [later, id],
    )
  })

  for (const wrong of ['20261125-005714-123-zzzz', '../../etc/passwd', '']) {
    it(`there is no operation "${wrong}"`, () => assert.throws(() => readOperation(root, wrong), codeOf('LOCO-OPS-010')))
  }

  it('is followed from the beginning until the report', async () => {
    const journal = written(plan)
    const lock = takeLock(folder, { op: id, operation: 'bootstrap' }, person)
    const kinds: string[] = []
    for await (const event of followOperation(root, id)) {
      kinds.push(event.kind)
      if (event.kind === 'plan') appendFileSync(journal.path, text(log('a')) + text(report).slice(0, 30))
      if (event.kind === 'step-log') appendFileSync(journal.path, text(report).slice(30))
    }
    assert.deepEqual(kinds, ['plan', 'step-log', 'report'])
    lock.dispose()
    journal.close()
  })

  it('following ends with an error when the process is gone without a report', async () => {
    written(plan).close()
    const kinds: string[] = []
    await assert.rejects(async () => {
      for await (const event of followOperation(root, id)) kinds.push(event.kind)
    }, codeOf('LOCO-OPS-011'))
    assert.deepEqual(kinds, ['plan'])
  })

  it('cancel is asked for once and twice, and only of what runs', () => {
    written(plan).close()
    assert.throws(() => requestCancel(root, id), codeOf('LOCO-OPS-011'))
    const lock = takeLock(folder, { op: id, operation: 'bootstrap' }, person)
    assert.equal(cancelRequests(folder, id), 0)
    requestCancel(root, id)
    assert.equal(cancelRequests(folder, id), 1)
    requestCancel(root, id)
    assert.equal(cancelRequests(folder, id), 2)
    removeCancelRequest(folder, id)
    assert.equal(existsSync(join(folder, `${id}.cancel`)), false)
    lock.dispose()
  })
})
