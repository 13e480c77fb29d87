import assert from 'node:assert/strict'
import { LocoError } from '../../../src/base/error.ts'
import type { OperationEvent, PlanEvent } from '../../../src/contracts/operation.ts'
import { Followed, FollowedOperations, type FollowHost } from '../../../src/editor/operations/followed.ts'
import { JoinedOperation } from '../../../src/editor/operations/join.ts'
import { OperationSession, type SessionHost } from '../../../src/editor/operations/session.ts'
import type { TaskScreen } from '../../../src/editor/operations/task-terminal.ts'
import type { OperationOptions } from '../../../src/operations/options.ts'
import { ended, id, plan, report, started } from './given.ts'

const options: OperationOptions = { operation: 'destroy', cluster: 'auto', namespace: 'loco', release: 'loco', deleteData: true, timeout: 1 }
const losing: PlanEvent = { ...plan, operation: 'destroy', losses: ['claim disk-0 (10Gi)'] }

class FakeScreen implements TaskScreen {
  readonly said: string[] = []
  emit(event: OperationEvent): void {
    this.said.push(event.kind)
  }
  say(text: string): void {
    this.said.push(text)
  }
  complain(text: string): void {
    this.said.push(`! ${text}`)
  }
}

/** A follower whose events the test gives, and that keeps what it was asked to do. */
function fakeFollowing(): { host: FollowHost; send: (event: OperationEvent) => void; die: (error: Error) => void; calls: string[] } {
  const calls: string[] = []
  const queue: (OperationEvent | Error)[] = []
  let wake: () => void = () => {}
  const put = (one: OperationEvent | Error): void => {
    queue.push(one)
    wake()
  }
  const host: FollowHost = {
    async *events(_, signal) {
      signal.addEventListener('abort', () => put(signal.reason as Error))
      for (;;) {
        const next = queue.shift()
        if (next instanceof Error) throw next
        if (next !== undefined) yield next
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    },
    progress: () => ({ emit: ({ kind }) => void calls.push(`progress ${kind}`), end: () => void calls.push('progress ends') }),
    requestCancel: async () => void calls.push('cancel'),
    ended: (_, { outcome }) => void calls.push(outcome),
    lost: (_, { code }) => void calls.push(code),
  }
  return { host, send: put, die: put, calls }
}

interface FakeSession {
  host: SessionHost
  calls: string[]
  following: ReturnType<typeof fakeFollowing>
}

function fakeSession(over: Partial<SessionHost> = {}): FakeSession {
  const calls: string[] = []
  const following = fakeFollowing()
  const host: SessionHost = {
    trusted: () => true,
    newId: () => id,
    plan: async () => losing,
    planning: () => {},
    confirm: async ({ detail }) => void calls.push(`asked: ${/lost for good:\n {2}• (.*)/.exec(detail ?? '')?.[1] ?? 'no loss'}`) === undefined,
    chooseBase: async ({ baseDisk }) => {
      calls.push(`which base for ${baseDisk?.emulators.join()}?`)
      return 'fresh'
    },
    asksForLossesOnly: () => false,
    start: async ({ plan: agreed }) => void calls.push(`started with ${agreed.losses.length} losses`),
    follow: (operation) => new Followed(operation, following.host, new AbortController().signal),
    failed: ({ code }) => void calls.push(code),
    closedByPerson: async () => true,
    ...over,
  }
  return { host, calls, following }
}

describe('an operation that is begun in the editor', () => {
  it('is planned, agreed to with its losses named, started, followed, and ends with the exit code of its report', async () => {
    const { host, calls, following } = fakeSession()
    const screen = new FakeScreen()
    const exit = new OperationSession(host, () => options).run(screen)
    for (const event of [losing, started('build'), ended('build', 'failed'), { ...report, outcome: 'failed', exit: 59 } as const]) following.send(event)
    assert.equal(await exit, 59)
    assert.deepEqual(calls, ['asked: claim disk-0 (10Gi)', 'started with 1 losses'])
    assert.deepEqual(screen.said, ['Looking at what is there, for the plan …', 'plan', 'step-start', 'step-end', 'report'])
  })

  const questions: [string, PlanEvent, boolean, string[]][] = [
    ['nothing is lost, and every plan is asked about', plan, false, ['asked: no loss', 'started with 0 losses']],
    ['nothing is lost, and only losses are asked about', plan, true, ['started with 0 losses']],
    ['something is lost', losing, true, ['asked: claim disk-0 (10Gi)', 'started with 1 losses']],
  ]
  for (const [name, planned, lossesOnly, expected] of questions) {
    it(`asks or does not ask: ${name}`, async () => {
      const { host, calls, following } = fakeSession({ plan: async () => planned, asksForLossesOnly: () => lossesOnly })
      following.send(report)
      await new OperationSession(host, () => options).run(new FakeScreen())
      assert.deepEqual(calls, expected)
    })
  }

  it('starts nothing when the person does not agree', async () => {
    const { host, calls } = fakeSession({ confirm: async () => false })
    const screen = new FakeScreen()
    assert.equal(await new OperationSession(host, () => options).run(screen), 130)
    assert.deepEqual(calls, [])
    assert.equal(screen.said.at(-1), 'Nothing was changed.')
  })

  it('starts nothing in a workspace that is not trusted, not even a plan', async () => {
    const { host } = fakeSession({ trusted: () => false, plan: () => assert.fail('planned') })
    const screen = new FakeScreen()
    assert.equal(await new OperationSession(host, () => options).run(screen), 1)
    assert.match(screen.said.join(), /not trusted/)
  })

  it('asks anew when the plan has become another one, and never without end', async () => {
    const changed = new LocoError('LOCO-OPS-004', { what: 'More would be lost.' })
    let refusals = 1
    const { host, calls, following } = fakeSession()
    const start = host.start
    host.start = async (...request) => {
      if (refusals-- > 0) throw changed
      await start(...request)
    }
    following.send(report)
    assert.equal(await new OperationSession(host, () => options).run(new FakeScreen()), 0)
    assert.deepEqual(calls, ['asked: claim disk-0 (10Gi)', 'asked: claim disk-0 (10Gi)', 'started with 1 losses'])

    refusals = 100
    assert.equal(await new OperationSession(host, () => options).run(new FakeScreen()), changed.exit)
    assert.deepEqual(calls.slice(3), [...Array<string>(3).fill('asked: claim disk-0 (10Gi)'), 'LOCO-OPS-004'])
  })

  const rebuilding: OperationOptions = { operation: 'rebuild', cluster: 'auto', namespace: 'loco', release: 'loco', parts: [], timeout: 1 }
  /** The plan as the operation makes it: it asks until a choice was made, and a choice of fresh overlays loses something. */
  const planOfRebuild: SessionHost['plan'] = async ({ options }) => {
    const { base } = options as { base?: string }
    const asks = base === undefined && { baseDisk: { certain: true, emulators: ['instance-0'] } }
    return { ...plan, operation: 'rebuild', losses: base === 'fresh' ? ['what the guest of instance-0 wrote'] : [], ...asks }
  }

  it('a changed base disk is a choice; fresh overlays are planned anew, with their losses named', async () => {
    const { host, calls, following } = fakeSession({ plan: planOfRebuild })
    following.send(report)
    assert.equal(await new OperationSession(host, () => rebuilding).run(new FakeScreen()), 0)
    assert.deepEqual(calls, ['which base for instance-0?', 'asked: what the guest of instance-0 wrote', 'started with 1 losses'])
  })

  it('no choice about a changed base disk starts nothing', async () => {
    const { host, calls } = fakeSession({ plan: planOfRebuild, chooseBase: async () => undefined })
    assert.equal(await new OperationSession(host, () => rebuilding).run(new FakeScreen()), 130)
    assert.deepEqual(calls, [])
  })

  it('a plan that warns is asked about even where only losses are', async () => {
    const warned = { ...plan, warnings: ['instance-2 is switched off.'] }
    const { host, calls, following } = fakeSession({ plan: async () => warned, asksForLossesOnly: () => true })
    following.send(report)
    await new OperationSession(host, () => options).run(new FakeScreen())
    assert.deepEqual(calls, ['asked: no loss', 'started with 0 losses'])
  })

  it('tells a refusal with its code and what to do, in the terminal and beside it', async () => {
    const refusal = new LocoError('LOCO-SBX-001', { what: 'The sandbox needs root.', fix: ['sudo loco sandbox up'] })
    const { host, calls } = fakeSession({ plan: () => Promise.reject(refusal) })
    const screen = new FakeScreen()
    assert.equal(await new OperationSession(host, () => options).run(screen), refusal.exit)
    assert.deepEqual(screen.said.slice(1), ['! LOCO-SBX-001: The sandbox needs root.', '  → sudo loco sandbox up'])
    assert.deepEqual(calls, ['LOCO-SBX-001'])
  })

  it('a wrong task is told where the task is shown', async () => {
    const { host, calls } = fakeSession()
    const wrong = new LocoError('LOCO-OPS-006', { what: 'The property "replicas" is wrong.' })
    const session = new OperationSession(host, () => {
      throw wrong
    })
    assert.equal(await session.run(new FakeScreen()), 2)
    assert.deepEqual(calls, ['LOCO-OPS-006'])
  })

  it('is given up by Ctrl-C while its plan is made, which is no error', async () => {
    const { host, calls } = fakeSession({
      plan: (_, signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    })
    const session = new OperationSession(host, () => options)
    const screen = new FakeScreen()
    const exit = session.run(screen)
    session.interrupt()
    assert.equal(await exit, 130)
    assert.deepEqual([calls, screen.said.at(-1)], [[], 'Nothing was changed.'])
  })

  const wishes: [string, (session: OperationSession) => unknown, boolean, number][] = [
    ['Ctrl-C stops it at a safe point', (session) => session.interrupt(), true, 1],
    ['Ctrl-C twice', (session) => [session.interrupt(), session.interrupt()], true, 2],
    ['a terminal that a person closes stops it', (session) => session.closed(), true, 1],
    ['a terminal that goes with its window does not', (session) => session.closed(), false, 0],
  ]
  for (const [name, wish, byPerson, cancels] of wishes) {
    it(`while it runs: ${name}`, async () => {
      const { host, following } = fakeSession({ closedByPerson: async () => byPerson })
      const session = new OperationSession(host, () => options)
      const exit = session.run({ emit: ({ kind }) => kind === 'step-start' && void begun(), say: () => {}, complain: () => {} })
      let begun: () => void = () => {}
      const running = new Promise<void>((resolve) => (begun = resolve))
      following.send(losing)
      following.send(started('build'))
      await running
      await wish(session)
      following.send(report)
      await exit
      assert.equal(following.calls.filter((call) => call === 'cancel').length, cancels)
    })
  }
})

describe('operations that a window follows', () => {
  it('each once: one progress, any number of terminals, each with all events from the first', async () => {
    const { host, send, calls } = fakeFollowing()
    const all = new FollowedOperations(host)
    const [one, other] = [new FakeScreen(), new FakeScreen()]
    const followed = all.follow(id)
    followed.attach(one)
    send(plan)
    send(started('build'))
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(all.follow(id), followed)
    all.follow(id).attach(other)
    send(report)
    await followed.report
    assert.deepEqual(one.said, ['plan', 'step-start', 'report'])
    assert.deepEqual(other.said, one.said)
    assert.deepEqual(
      calls.filter((call) => !call.startsWith('progress ')),
      ['succeeded'],
    )
    assert.ok(calls.includes('progress ends'))
  })

  it('one whose process dies is told as lost, and its progress ends', async () => {
    const { host, send, die, calls } = fakeFollowing()
    const followed = new FollowedOperations(host).follow(id)
    send(plan)
    die(new LocoError('LOCO-OPS-011', { what: 'It does not run.' }))
    await assert.rejects(followed.report, { code: 'LOCO-OPS-011' })
    assert.deepEqual(calls.slice(1), ['LOCO-OPS-011', 'progress ends'])
  })

  it('the end of the window ends nothing and tells nothing', async () => {
    const { host, send, calls } = fakeFollowing()
    const all = new FollowedOperations(host)
    const followed = all.follow(id)
    send(plan)
    await new Promise((resolve) => setImmediate(resolve))
    all.dispose()
    await assert.rejects(followed.report)
    assert.deepEqual(calls, ['progress plan', 'progress ends'])
  })

  it('a terminal that joins can be left, and the operation goes on', async () => {
    const { host, send, calls } = fakeFollowing()
    const followed = new FollowedOperations(host).follow(id)
    send(plan)
    const joined = new JoinedOperation({ running: followed, read: () => [] })
    const screen = new FakeScreen()
    const exit = joined.run(screen)
    joined.interrupt()
    assert.equal(await exit, 0)
    assert.match(screen.said.at(-1) ?? '', /goes on/)
    assert.ok(!calls.includes('cancel'))
    send(report)
    await followed.report
  })

  it('one that has ended is shown as it was, with its exit code', async () => {
    const events: OperationEvent[] = [plan, started('build'), ended('build', 'failed'), { ...report, outcome: 'failed', exit: 59 }]
    const screen = new FakeScreen()
    assert.equal(await new JoinedOperation({ running: undefined, read: () => events }).run(screen), 59)
    assert.deepEqual(screen.said, ['plan', 'step-end', 'report'])
  })
})
