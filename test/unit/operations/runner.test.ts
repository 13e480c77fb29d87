import assert from 'node:assert/strict'
import { LocoError } from '../../../src/base/error.ts'
import type { ReportEvent } from '../../../src/contracts/operation.ts'
import { type Run, runOperation } from '../../../src/operations/runner.ts'
import type { Step } from '../../../src/operations/step.ts'
import { gate, RecordingSink, step, target } from './given.ts'

interface Started {
  sink: RecordingSink
  cancel: AbortController
  force: AbortController
  report: Promise<ReportEvent>
}

function start(steps: Step[], over: Partial<Run> = {}): Started {
  const sink = new RecordingSink()
  const cancel = new AbortController()
  const force = new AbortController()
  const report = runOperation({
    id: '20261125-000000-000-test',
    operation: 'bootstrap',
    target,
    steps,
    losses: [],
    sinks: [sink],
    signal: cancel.signal,
    force: force.signal,
    proveTarget: async () => {},
    conclude: async (_, outcome) => ({ sentence: `The run ${outcome}.`, kept: [], gone: [], next: [] }),
    grace: 20,
    ...over,
  })
  return { sink, cancel, force, report }
}

const stopped = (): DOMException => new DOMException('Cancelled by the person.', 'AbortError')
const fail = async (): Promise<never> => {
  throw new LocoError('LOCO-OPS-001', { what: 'It is in use.' })
}
/** A step's work that does what the test wants to see. */
const made = async (act: () => void): Promise<string> => {
  act()
  return 'Made.'
}
/** Works until it is told to stop. */
const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))

describe('runner', () => {
  it('runs in order of dependence; plan first, report last', async () => {
    const { sink, report } = start([step('b', ['a']), step('a', [])])
    assert.equal((await report).exit, 0)
    assert.equal(sink.kinds(), 'plan step-start step-end step-start step-end report')
    assert.equal(sink.outcomes(), 'a=done b=done')
  })

  it('runs independent steps at the same time', async () => {
    const first = gate()
    const second = gate()
    const meet = (mine: typeof first, other: typeof first) => async (): Promise<string> => {
      mine.open()
      await other.opened
      return 'Met.'
    }
    const { report } = start([step('a', [], { run: meet(first, second) }), step('b', [], { run: meet(second, first) })])
    assert.equal((await report).outcome, 'succeeded')
  })

  it('what is already true is not done again, and its proof is told', async () => {
    let ran = false
    const { sink, report } = start([
      step('a', [], {
        check: async () => 'It is there.',
        run: () =>
          made(() => {
            ran = true
          }),
      }),
      step('b', ['a']),
    ])
    assert.equal((await report).exit, 0)
    assert.equal(ran, false)
    assert.equal(sink.outcomes(), 'a=already b=done')
  })

  it('a failed step skips its dependants only, and the run fails with its exit code', async () => {
    const { sink, report } = start([step('a', [], { run: fail }), step('b', ['a']), step('c', ['b']), step('d', [])])
    const { exit, outcome, findings } = await report
    assert.deepEqual([exit, outcome], [41, 'failed'])
    assert.deepEqual(sink.outcomes().split(' ').sort(), ['a=failed', 'b=skipped', 'c=skipped', 'd=done'])
    assert.deepEqual(
      findings.map(({ code, where }) => [code, where]),
      [['LOCO-OPS-001', ['Title of a']]],
    )
  })

  it('a check that fails is a failed step, not work to do', async () => {
    const { sink, report } = start([step('a', [], { check: fail })])
    assert.equal((await report).exit, 41)
    assert.equal(sink.outcomes(), 'a=failed')
  })

  it('the target is proved before each change, and only then', async () => {
    let proofs = 0
    const { report } = start([step('a', [], { changes: true }), step('b', ['a']), step('c', ['b'], { changes: true, check: async () => 'True.' })], {
      proveTarget: async () => {
        proofs += 1
      },
    })
    await report
    assert.equal(proofs, 1)
  })

  it('another target stops the step before it changes anything', async () => {
    let ran = false
    const { sink, report } = start(
      [
        step('a', [], {
          changes: true,
          run: () =>
            made(() => {
              ran = true
            }),
        }),
      ],
      {
        proveTarget: fail,
      },
    )
    assert.equal((await report).exit, 41)
    assert.equal(ran, false)
    assert.equal(sink.outcomes(), 'a=failed')
  })

  it('cancelled: what may stop stops, the rest is not begun, exit 130', async () => {
    const begun = gate()
    const { sink, cancel, report } = start([
      step('a', [], {
        run: (context) => {
          begun.open()
          return untilAborted(context.signal)
        },
      }),
      step('b', ['a']),
    ])
    await begun.opened
    cancel.abort(stopped())
    const { exit, outcome } = await report
    assert.deepEqual([exit, outcome], [130, 'cancelled'])
    assert.equal(sink.outcomes(), 'a=cancelled b=cancelled')
  })

  it('cancelled once: a step that must not be left half-done is waited for', async () => {
    const begun = gate()
    const finish = gate()
    const { sink, cancel, report } = start([
      step('a', [], {
        run: async () => {
          begun.open()
          await finish.opened
          return 'Made.'
        },
      }),
      step('b', ['a']),
    ])
    await begun.opened
    cancel.abort(stopped())
    finish.open()
    assert.equal((await report).exit, 130)
    assert.equal(sink.outcomes(), 'a=done b=cancelled')
  })

  it('cancelled twice: a step that ignores it is given up, and what it says later is not heard', async () => {
    const begun = gate()
    const finish = gate()
    const { sink, cancel, force, report } = start([
      step('a', [], {
        run: async (context) => {
          begun.open()
          await finish.opened
          context.log('too late')
          return 'Made.'
        },
      }),
    ])
    await begun.opened
    cancel.abort(stopped())
    force.abort(stopped())
    assert.equal((await report).exit, 130)
    finish.open()
    await finish.opened
    assert.equal(sink.outcomes(), 'a=cancelled')
    assert.equal(sink.events.at(-1)?.kind, 'report')
  })

  it('cancelled when the last step was done anyway: it succeeded', async () => {
    const { cancel, report } = start([step('a', [], { run: () => made(() => cancel.abort(stopped())) })])
    assert.deepEqual([(await report).outcome, (await report).exit], ['succeeded', 0])
  })

  it('a lost hold on the namespace is a failure, not a wish of a person', async () => {
    const begun = gate()
    const { cancel, report } = start([
      step('a', [], {
        run: (context) => {
          begun.open()
          return untilAborted(context.signal)
        },
      }),
    ])
    await begun.opened
    cancel.abort(new LocoError('LOCO-OPS-003', { what: 'The Lease was lost.' }))
    const { exit, outcome, findings } = await report
    assert.deepEqual([exit, outcome, findings[0]?.code], [41, 'failed', 'LOCO-OPS-003'])
  })

  it('an error that is not the stop stays a failure while stopping', async () => {
    const { sink, cancel, report } = start([
      step('a', [], {
        run: async () => {
          cancel.abort(stopped())
          return fail()
        },
      }),
    ])
    await report
    assert.equal(sink.outcomes(), 'a=failed')
  })

  it('only the plan: nothing is run or checked', async () => {
    const { sink, report } = start([step('a', [], { check: fail, run: fail })], { planOnly: true })
    assert.equal((await report).exit, 0)
    assert.equal(sink.kinds(), 'plan report')
  })

  it('progress, log and findings carry their step; a warning does not fail the run', async () => {
    const { sink, report } = start([
      step('a', [], {
        run: async (context) => {
          context.progress({ sentence: 'Waiting.', done: 1, total: 3, left: 2 })
          context.log('line')
          context.finding({ code: 'LOCO-OPS-001', title: 'T', cause: 'C.', evidence: [], fix: [], severity: 'warning' }, 'instance-0')
          return 'Made.'
        },
      }),
    ])
    const { exit, findings } = await report
    assert.equal(exit, 0)
    assert.equal(findings[0]?.severity, 'warning')
    assert.equal(sink.kinds(), 'plan step-start step-progress step-log finding step-end report')
  })

  it('a conclusion that fails does not hide the outcome', async () => {
    const { report } = start([step('a', [])], { conclude: fail })
    const { exit, findings } = await report
    assert.deepEqual([exit, findings[0]?.severity], [0, 'warning'])
  })
})
