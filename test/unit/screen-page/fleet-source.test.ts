import assert from 'node:assert/strict'
import { Emitter } from '../../../src/base/emitter.ts'
import type { LocoError } from '../../../src/base/error.ts'
import { waitFor } from '../../../src/base/wait.ts'
import type { FleetLease, FleetSession } from '../../../src/editor/fleets.ts'
import { FleetSource } from '../../../src/editor/screens/fleet-source.ts'

const fleet = { context: 'c', namespace: 'loco', release: 'loco' }
const late = (): Error => new Error('The source did not say so.')

/** A fake session of a fleet with one emulator. */
class FakeSession {
  readonly id = fleet
  pod: string | null = 'p-0'
  allowed = true
  readonly changed = new Emitter<readonly never[]>()
  readonly objectsChanged = new Emitter<void>()
  readonly store = {
    freshness: { state: 'live', since: '' },
    emulators: [],
    changes: { event: this.changed.event },
    get: () => ({ pod: this.pod, sentence: 'It is so.', findings: [] }),
  }
  readonly objects = {
    pod: () => ({ status: { phase: 'Running', containerStatuses: [{ name: 'emulator', state: { running: {} } }] } }),
    changes: this.objectsChanged.event,
  }
  async may(): Promise<{ allowed: boolean; reason: string }> {
    return { allowed: this.allowed, reason: '' }
  }
}

/** A fake lease whose session comes and goes. */
class FakeLease {
  readonly id = fleet
  session: FleetSession | undefined
  error: LocoError | undefined
  readonly emitter = new Emitter<void>()
  readonly changes = this.emitter.event
  dispose(): void {}

  give(session: FakeSession | undefined): void {
    this.session = session as unknown as FleetSession | undefined
    this.emitter.fire()
  }
}

describe('where a screen is, as its fleet changes', () => {
  let lease: FakeLease
  let source: FleetSource
  let changes: number

  beforeEach(() => {
    lease = new FakeLease()
    source = new FleetSource(lease as FleetLease, { fleet, emulator: 'instance-0' })
    changes = 0
    source.changes(() => {
      changes += 1
    })
  })
  afterEach(() => source.dispose())

  it('follows the pod, and tells only of what differs', () => {
    const session = new FakeSession()
    assert.equal(source.reason?.sentence, 'Connecting to the cluster.')
    lease.give(session)
    assert.deepEqual([source.pod, changes], ['p-0', 1])
    session.changed.fire([])
    session.objectsChanged.fire()
    assert.equal(changes, 1)
    session.pod = null
    session.changed.fire([])
    assert.deepEqual([source.pod, source.reason?.sentence, changes], [undefined, 'It is so.', 2])
  })

  it('listens to the session that is there now, not to the one before', () => {
    const [first, second] = [new FakeSession(), new FakeSession()]
    lease.give(first)
    lease.give(second)
    first.pod = null
    first.changed.fire([])
    assert.equal(source.pod, 'p-0')
    second.pod = null
    second.changed.fire([])
    assert.equal(source.pod, undefined)
  })

  it('names the right that is missing, and takes note when it was given', async () => {
    const session = new FakeSession()
    session.allowed = false
    lease.give(session)
    await waitFor(() => source.reason?.code === 'LOCO-ACT-002', late, { timeout: 2000, interval: 5 })
    assert.match(source.reason?.sentence ?? '', /create pods\/portforward in loco/)
    session.allowed = true
    await source.review()
    assert.equal(source.pod, 'p-0')
  })

  it('hears nothing more after its end', () => {
    const session = new FakeSession()
    lease.give(session)
    source.dispose()
    session.pod = null
    session.changed.fire([])
    assert.equal(changes, 1)
  })
})
