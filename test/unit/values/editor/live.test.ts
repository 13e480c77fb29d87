import assert from 'node:assert/strict'
import { silentLogger } from '../../../../src/base/logger.ts'
import { waitFor } from '../../../../src/base/wait.ts'
import type { FleetSession } from '../../../../src/editor/fleets.ts'
import { LiveFacts } from '../../../../src/editor/values/live-facts.ts'
import { Live } from '../../../../src/editor/values/preview/live.ts'
import { previewWords } from '../../../../src/editor/values/preview/words.ts'
import type { ClusterFacts } from '../../../../src/values/types.ts'

const soon = (probe: () => boolean, what: string): Promise<unknown> => waitFor(probe, () => new Error(`not in time: ${what}`), { timeout: 2_000, interval: 2 })

describe('a result that follows its input', () => {
  /** A run that ends when the test says so. */
  interface Run {
    signal: AbortSignal
    end(value: string): void
    fail(error: Error): void
  }
  let runs: Run[]
  let live: Live<string>
  beforeEach(() => {
    runs = []
    const run = (signal: AbortSignal): Promise<string> =>
      new Promise((end, fail) => {
        signal.addEventListener('abort', () => fail(signal.reason))
        runs.push({ signal, end, fail })
      })
    live = new Live(run, 5)
  })
  afterEach(() => live.dispose())

  it('many changes at once are one run', async () => {
    for (let i = 0; i < 20; i += 1) live.touch()
    await soon(() => runs.length === 1, 'a run')
    runs[0]?.end('a')
    await soon(() => !live.state.running, 'its end')
    assert.deepEqual([runs.length, live.state.value], [1, 'a'])
  })

  it('a change cancels the run before it, whose answer never counts', async () => {
    const first = live.now()
    live.touch()
    assert.equal(runs[0]?.signal.aborted, true)
    await soon(() => runs.length === 2, 'a second run')
    runs[0]?.end('old')
    runs[1]?.end('new')
    assert.equal((await first).value, 'new')
    assert.equal(live.state.error, undefined)
  })

  it('an error keeps the last good value, and the next good one takes the error away', async () => {
    const run = async (finish: (run: Run | undefined) => void): Promise<void> => {
      const settled = live.now()
      finish(runs.at(-1))
      await settled
    }
    await run((one) => one?.end('good'))
    await run((one) => one?.fail(new Error('bad')))
    assert.deepEqual([live.state.value, (live.state.error as Error).message], ['good', 'bad'])
    await run((one) => one?.end('better'))
    assert.deepEqual([live.state.value, live.state.error], ['better', undefined])
  })

  it('what is disposed runs no more', () => {
    const pending = live.now()
    live.touch()
    live.dispose()
    assert.equal(runs[0]?.signal.aborted, true)
    assert.equal(runs.length, 1)
    void pending
  })
})

describe('the words of a preview', () => {
  const resource = (change: 'added' | 'changed' | 'removed' | 'unchanged'): object => ({ name: 'a', change, before: '', after: '' })
  const value = (...changes: Parameters<typeof resource>[0][]): never => ({ revision: 1, resources: changes.map(resource), lookedAround: true }) as never
  const cases: [state: Parameters<typeof previewWords>[0], words: string][] = [
    [{ value: undefined, error: undefined, running: true }, 'Preview: rendering'],
    [{ value: value('unchanged'), error: undefined, running: false }, 'Preview: nothing changes'],
    [{ value: value('changed', 'changed', 'added', 'unchanged'), error: undefined, running: true }, 'Preview: 2 changed, 1 new, 0 gone'],
    [{ value: value('changed'), error: new Error('x'), running: false }, 'Preview: helm refuses the values'],
  ]
  for (const [state, words] of cases) it(words, () => assert.equal(previewWords(state), words))
})

describe('what the connected cluster knows', () => {
  const session = (name: string): FleetSession => ({ id: { context: name, namespace: 'n', release: 'r' } }) as FleetSession
  let connected: FleetSession | undefined
  let reads: string[]
  let answer: (context: string) => Promise<Partial<ClusterFacts>>
  let time: number
  let fired: number
  let facts: LiveFacts
  beforeEach(() => {
    ;[connected, reads, time, fired] = [session('a'), [], 0, 0]
    answer = async (context) => ({ context, nodePorts: new Map([[30_001, 'n/a']]) })
    facts = new LiveFacts({
      session: () => connected,
      read: async ({ id }) => {
        reads.push(id.context)
        return (await answer(id.context)) as ClusterFacts
      },
      log: silentLogger,
      now: () => time,
    })
    facts.changes(() => {
      fired += 1
    })
  })
  afterEach(() => facts.dispose())

  it('is asked once for many questions, and told when it comes', async () => {
    for (let i = 0; i < 50; i += 1) void facts.current
    await soon(() => fired === 1, 'facts')
    assert.deepEqual([reads, facts.current?.context], [['a'], 'a'])
  })

  it('is asked again when it is old; the same again tells nobody', async () => {
    void facts.current
    await soon(() => fired === 1, 'facts')
    time += 11_000
    void facts.current
    await soon(() => reads.length === 2, 'a second reading')
    answer = async (context) => ({ context, nodePorts: new Map() })
    time += 11_000
    void facts.current
    await soon(() => fired === 2, 'other facts')
    assert.equal(facts.current?.nodePorts?.size, 0)
  })

  it('without a fleet there is none, and nobody is asked', () => {
    connected = undefined
    assert.equal(facts.current, undefined)
    assert.deepEqual(reads, [])
  })

  it('a fleet that is gone takes its facts along; another one brings its own', async () => {
    void facts.current
    await soon(() => fired === 1, 'facts')
    connected = session('b')
    facts.fleetsChanged()
    assert.equal(facts.current, undefined)
    await soon(() => facts.current?.context === 'b', 'facts of the other one')
    assert.deepEqual(reads, ['a', 'b'])
  })

  it('changes in the cluster, however many, are one reading once what is known is old', async () => {
    const quick = new LiveFacts({
      session: () => connected,
      read: async ({ id }) => {
        reads.push(id.context)
        return (await answer(id.context)) as ClusterFacts
      },
      log: silentLogger,
      fresh: 20,
    })
    try {
      void quick.current
      await soon(() => reads.length === 1, 'a reading')
      for (let i = 0; i < 50; i += 1) quick.clusterChanged()
      assert.equal(reads.length, 1)
      await soon(() => reads.length === 2, 'a second reading')
    } finally {
      quick.dispose()
    }
    quick.clusterChanged()
    assert.equal(reads.length, 2)
  })

  it('a cluster that does not answer leaves what was known', async () => {
    void facts.current
    await soon(() => fired === 1, 'facts')
    answer = async () => Promise.reject(new Error('away'))
    time += 11_000
    void facts.current
    await soon(() => reads.length === 2, 'a second reading')
    assert.equal(facts.current?.context, 'a')
  })
})
