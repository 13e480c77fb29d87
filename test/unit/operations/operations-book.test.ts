import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Disposable } from '../../../src/base/disposable.ts'
import { waitFor } from '../../../src/base/wait.ts'
import type { OperationEvent } from '../../../src/contracts/operation.ts'
import { JournalReader } from '../../../src/operations/journal-reader.ts'
import { watchJournals } from '../../../src/operations/journal-watch.ts'
import { takeLock } from '../../../src/operations/lock.ts'
import { operationId } from '../../../src/operations/operation-id.ts'
import { latestOfEachFleet, OperationsBook } from '../../../src/operations/operations-book.ts'
import { ended, plan, report, started, stateOf } from '../editor-operations/given.ts'

const ids = [1, 2, 3].map((n) => operationId(1_795_568_234_000 + n * 1000))
const [first = '', second = '', third = ''] = ids
const lines = (...events: OperationEvent[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('')

describe('journals as they grow', () => {
  let root: string
  let folder: string
  const journal = (id: string): string => join(folder, `${id}.jsonl`)
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'loco-book-'))
    folder = join(root, 'uid', 'loco')
    mkdirSync(folder, { recursive: true })
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  it('are read piece by piece, a torn line when it is whole, and nothing behind the report', async () => {
    const reader = new JournalReader()
    const [line = '', rest = ''] = [lines(plan).slice(0, 40), lines(plan).slice(40)]
    writeFileSync(journal(first), line)
    assert.deepEqual(await reader.read(journal(first)), [])
    appendFileSync(journal(first), rest + lines(started('build')))
    assert.deepEqual(
      (await reader.read(journal(first))).map(({ kind }) => kind),
      ['plan', 'step-start'],
    )
    assert.deepEqual(await reader.read(journal(first)), [])
    appendFileSync(journal(first), lines(report, started('install')))
    await reader.read(journal(first))
    assert.equal(reader.complete, true)
    assert.deepEqual(await reader.read(journal(first)), [])
  })

  it('are told newest first: running while the process lives, interrupted when it is gone', async () => {
    writeFileSync(journal(first), lines(plan, report))
    writeFileSync(journal(second), lines(plan, started('build')))
    writeFileSync(journal(third), lines(plan, started('build')))
    const lock = takeLock(folder, { op: third, operation: 'bootstrap' }, { home: root })
    const book = new OperationsBook(root)
    const told = async (): Promise<string[]> => (await book.read()).map(({ id, standing }) => `${id} ${standing}`)
    assert.deepEqual(await told(), [`${third} running`, `${second} interrupted`, `${first} succeeded`])
    appendFileSync(journal(third), lines(ended('build', 'done')))
    assert.equal((await book.read())[0]?.state.steps[0]?.standing, 'done')
    lock.dispose()
    assert.equal((await told())[0], `${third} interrupted`)
  })

  it('keep what was read when they move to the folder of their cluster', async () => {
    const before = join(root, 'new', 'loco')
    mkdirSync(before, { recursive: true })
    writeFileSync(join(before, `${first}.jsonl`), lines(plan, started('build')))
    const book = new OperationsBook(root)
    await book.read()
    renameSync(join(before, `${first}.jsonl`), journal(first))
    appendFileSync(journal(first), lines(ended('build', 'done')))
    const [entry] = await book.read()
    assert.equal(entry?.state.steps[0]?.standing, 'done')
    assert.equal(entry?.file, journal(first))
  })

  it('are as many as were asked for, the newest', async () => {
    for (const id of ids) writeFileSync(journal(id), lines(plan, report))
    assert.deepEqual(
      (await new OperationsBook(root, 2).read()).map(({ id }) => id),
      [third, second],
    )
  })

  it('a folder that does not exist holds none', async () => assert.deepEqual(await new OperationsBook(join(root, 'nothing')).read(), []))

  describe('watched', () => {
    let watch: Disposable | undefined
    afterEach(() => watch?.dispose())
    const heard = async (act: () => void): Promise<void> => {
      let count = 0
      watch = watchJournals(root, () => {
        count += 1
      })
      act()
      await waitFor(
        () => count > 0,
        () => new Error('nothing was heard'),
        { timeout: 1_500, interval: 20 }, // sooner than the look that needs no sign
      )
    }
    it('a line that is added is heard at once', async () => {
      writeFileSync(journal(first), lines(plan))
      await heard(() => appendFileSync(journal(first), lines(started('build'))))
    })
    it('so is a first journal in a folder that was not there', async () => {
      await heard(() => {
        mkdirSync(join(root, 'other', 'loco'), { recursive: true })
        writeFileSync(join(root, 'other', 'loco', `${first}.jsonl`), lines(plan))
      })
    })
    it('nothing is heard after the end', async () => {
      let count = 0
      watchJournals(root, () => {
        count += 1
      }).dispose()
      writeFileSync(journal(first), lines(plan))
      await new Promise((resolve) => setTimeout(resolve, 120))
      assert.equal(count, 0)
    })
  })
})

describe('the latest operation of each fleet', () => {
  const entry = (
    id: string,
    namespace: string,
    outcome: 'succeeded' | 'failed' | 'cancelled' | undefined,
  ): Parameters<typeof latestOfEachFleet>[0][number] => ({
    id,
    file: '',
    standing: outcome ?? 'running',
    state: stateOf({ ...plan, target: { ...plan.target, namespace } }, ...(outcome === undefined ? [] : [{ ...report, outcome }])),
  })
  const rows: [string, Parameters<typeof latestOfEachFleet>[0], string[]][] = [
    ['the newest counts', [entry('b', 'loco', 'succeeded'), entry('a', 'loco', 'failed')], ['b']],
    ['each fleet has its own', [entry('b', 'one', 'failed'), entry('a', 'other', 'failed')], ['b', 'a']],
    ['one that runs says nothing yet', [entry('b', 'loco', undefined), entry('a', 'loco', 'failed')], ['a']],
    ['one that was cancelled says nothing', [entry('b', 'loco', 'cancelled'), entry('a', 'loco', 'failed')], ['a']],
  ]
  for (const [name, entries, expected] of rows) {
    it(name, () =>
      assert.deepEqual(
        latestOfEachFleet(entries).map(({ id }) => id),
        expected,
      ),
    )
  }
})
