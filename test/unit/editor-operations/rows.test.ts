import assert from 'node:assert/strict'
import type { OperationEvent } from '../../../src/contracts/operation.ts'
import { changedRows, type OperationRow, operationRows } from '../../../src/editor/operations/rows.ts'
import type { BookEntry } from '../../../src/operations/operations-book.ts'
import { ended, found, id, plan, progress, report, started, stateOf, target } from './given.ts'

const entry = (standing: BookEntry['standing'], ...events: OperationEvent[]): BookEntry => ({ id, file: '', state: stateOf(plan, ...events), standing })
const rowsOf = (...entries: BookEntry[]): OperationRow[] => operationRows(entries, () => 'Nov 25, 00:57')
const words = ({ icon, label, description }: OperationRow): string => `${icon}: ${label} | ${description}`

describe('rows of the Operations view', () => {
  const operations: [string, BookEntry, string, string][] = [
    ['one that has just begun', entry('running'), 'loading~spin: Bootstrap loco | 0 of 2 steps', ';operation;running;'],
    ['half-way', entry('running', started('build'), ended('build', 'done')), 'loading~spin: Bootstrap loco | 1 of 2 steps', ';operation;running;'],
    ['succeeded', entry('succeeded', report), 'pass: Bootstrap loco | Succeeded, Nov 25, 00:57', ';operation;ended;'],
    ['failed', entry('failed', { ...report, outcome: 'failed', exit: 50 }), 'error: Bootstrap loco | Failed, Nov 25, 00:57', ';operation;ended;'],
    [
      'cancelled',
      entry('cancelled', { ...report, outcome: 'cancelled', exit: 130 }),
      'circle-slash: Bootstrap loco | Cancelled, Nov 25, 00:57',
      ';operation;ended;',
    ],
    ['its process is gone', entry('interrupted', started('build')), 'debug-disconnect: Bootstrap loco | Interrupted, Nov 25, 00:57', ';operation;ended;'],
  ]
  for (const [name, given, expected, context] of operations) {
    it(`an operation: ${name}`, () => {
      const [row] = rowsOf(given)
      assert.equal(row && words(row), expected)
      assert.equal(row?.contextValue, context)
      assert.equal(row?.id, `operation/${id}`)
      assert.equal(row?.operation, id)
    })
  }

  const steps: [string, BookEntry, string][] = [
    ['waiting', entry('running'), 'circle-outline: Build the image | '],
    ['running', entry('running', started('build')), 'loading~spin: Build the image | '],
    [
      'running, with what it waits for',
      entry('running', started('build'), progress('build', 'Layer 3.', 3, 9)),
      'loading~spin: Build the image | Layer 3. [3/9]',
    ],
    ['done', entry('running', started('build'), progress('build', 'Layer 3.'), ended('build', 'done')), 'check: Build the image | So it is.'],
    ['true already', entry('running', ended('build', 'already')), 'check-all: Build the image | So it is.'],
    ['failed', entry('running', ended('build', 'failed')), 'error: Build the image | So it is.'],
    ['skipped', entry('running', ended('build', 'skipped')), 'debug-step-over: Build the image | So it is.'],
    ['cancelled', entry('running', ended('build', 'cancelled')), 'circle-slash: Build the image | So it is.'],
    ['running when the process died', entry('interrupted', started('build')), 'circle-slash: Build the image | It was stopped in the middle.'],
  ]
  for (const [name, given, expected] of steps) {
    it(`a step: ${name}`, () => {
      const step = rowsOf(given)[0]?.children[0]
      assert.equal(step && words(step), expected)
      assert.match(step?.spoken ?? '', /^Build the image: \w/, 'a screen reader hears the outcome, which is only an icon otherwise')
    })
  }

  it('findings stand below their step, others below the operation, with where they hold', () => {
    const [row] = rowsOf(entry('failed', started('build'), found('build'), ended('build', 'failed'), found()))
    const [below] = row?.children[0]?.children ?? []
    assert.equal(below && words(below), 'error: Not enough memory on the nodes | instance-0, instance-1')
    assert.equal(below?.code, 'LOCO-SCH-002')
    assert.equal(row?.children.at(-1)?.contextValue, ';finding;')
  })

  it('the context stands in the tool tip, and in the rows only where they are of several', () => {
    const there = entry('succeeded', report)
    const elsewhere = { ...there, id: 'other', state: stateOf({ ...plan, target: { ...target, context: 'kind-a' } }, report) }
    assert.match(rowsOf(there)[0]?.tooltip ?? '', /^Bootstrap loco on loco-sandbox\nSucceeded, Nov 25, 00:57\n/)
    assert.deepEqual(
      rowsOf(there, elsewhere).map(({ description }) => description),
      ['Succeeded, Nov 25, 00:57 · loco-sandbox', 'Succeeded, Nov 25, 00:57 · kind-a'],
    )
  })

  it('a fleet whose release is not called like its namespace is named by both', () => {
    const state = stateOf({ ...plan, target: { ...target, namespace: 'other' } })
    assert.equal(rowsOf({ id, file: '', state, standing: 'running' })[0]?.label, 'Bootstrap other/loco')
  })

  it('a journal without a plan yet is not shown', () => assert.deepEqual(rowsOf({ id, file: '', state: stateOf(), standing: 'running' }), []))
})

describe('what the tree is told after a change', () => {
  const before = entry('running', started('build'))
  const step = `operation/${id}/step/build`
  const rows: [string, BookEntry[], BookEntry[], string[] | undefined][] = [
    ['nothing', [before], [entry('running', started('build'))], []],
    ['progress: the step alone', [before], [entry('running', started('build'), progress('build', 'Layer 3.'))], [step]],
    ['the end of a step: the operation counts it', [before], [entry('running', started('build'), ended('build', 'done'))], [`operation/${id}`]],
    ['a finding: the step has children now', [before], [entry('running', started('build'), found('build'))], [step]],
    ['another operation: the top level', [before], [{ ...before, id: 'later' }, before], undefined],
  ]
  for (const [name, one, other, expected] of rows) it(name, () => assert.deepEqual(changedRows(rowsOf(...one), rowsOf(...other)), expected))
})
