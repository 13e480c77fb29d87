import assert from 'node:assert/strict'
import { defaultPacing, type Pacing, type ScreenPace } from '../../../src/screen/pacing.ts'
import { Pump, type Wish } from '../../../src/screen/pump.ts'

interface Given {
  pace?: ScreenPace
  driver?: boolean
  pacing?: Partial<Pacing>
  /** Milliseconds between two new pictures of the guest, and their size; it stands still without. */
  every?: number
  bytes?: number
  /** Milliseconds there and back. */
  distance?: number
}

/** Runs a pump for `ms` against QEMU as its source says that it behaves: one wish remembered, a look at the screen each 30 ms that gets longer. */
function run(ms: number, { pace = 'focused', driver = true, pacing = {}, every, bytes = 5000, distance = 0 }: Given): Record<Wish | 'updates', number> {
  const pump = new Pump({ ...defaultPacing, ...pacing })
  pump.setPace(pace)
  pump.driver = driver
  pump.canWake = true
  pump.begin()
  const counts = { whole: 0, ask: 0, wake: 0, probe: 0, updates: 0 }
  const toServer: [at: number, Wish][] = []
  const toViewer: number[] = []
  let [asked, interval, looked, drawn] = [false, 30, 0, 0]
  for (let now = 0; now < ms; now++) {
    for (const wish of pump.due(now)) {
      counts[wish] += 1
      toServer.push([now + distance / 2, wish])
    }
    while (toServer[0] !== undefined && toServer[0][0] <= now) {
      const [, wish] = toServer.shift()!
      if (wish === 'ask' || wish === 'whole') asked = true
      if (wish === 'wake') interval = 30
      if (wish === 'probe' || wish === 'whole') pump.answered(now)
    }
    if (now - looked >= interval) {
      looked = now
      const frame = every === undefined ? 0 : Math.floor(now / every) + 1
      const sends = asked && frame > drawn
      interval = sends ? Math.max(30, interval / 2) : Math.min(3000, interval + 50)
      if (sends) {
        drawn = frame
        asked = false
        toViewer.push(now + distance / 2)
      }
    }
    while (toViewer[0] !== undefined && toViewer[0] <= now) {
      toViewer.shift()
      counts.updates += 1
      pump.updating(now)
      pump.updated(now, bytes, true)
    }
  }
  return counts
}

const perSecond = (given: Given): Record<Wish | 'updates', number> => {
  const counts = run(10_000, given)
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count / 10])) as Record<Wish | 'updates', number>
}

describe('pump', () => {
  const rates: [what: string, given: Given, least: number, most: number][] = [
    ['a guest of 20 frames: all of them, to the driver', { every: 50 }, 19, 20.1],
    ['a guest of 30 frames: nearly all', { every: 33 }, 27, 31],
    ['without the driver QEMU looks less often', { every: 50, driver: false }, 8, 18],
    ['50 ms away: still all of them', { every: 50, distance: 50 }, 19, 20.1],
    ['200 ms away: most of them', { every: 50, distance: 200 }, 12, 20.1],
    ['heavy pictures, 50 ms away: no more than one ahead', { every: 50, distance: 50, bytes: 600_000 }, 5, 17],
    ['beside another tab: 5', { every: 50, pace: 'visible' }, 4, 5.1],
    ['beside another tab, 100 ms away: 5', { every: 50, pace: 'visible', distance: 100 }, 4, 5.1],
    ['a rate that is set', { every: 20, pacing: { focusedRate: 10 } }, 8, 10.1],
    ['hidden: none', { every: 50, pace: 'hidden' }, 0, 0],
  ]
  for (const [what, given, least, most] of rates) {
    it(`${what} (${least} to ${most} a second)`, () => {
      const { updates } = perSecond(given)
      assert.ok(updates >= least && updates <= most, `${updates}`)
    })
  }

  it('sends nothing before the viewer is ready, and nothing to a hidden one', () => {
    const pump = new Pump(defaultPacing)
    assert.deepEqual([pump.due(0), pump.next()], [[], Number.POSITIVE_INFINITY])
    assert.deepEqual(run(10_000, { pace: 'hidden' }), { whole: 0, ask: 0, wake: 0, probe: 0, updates: 0 })
  })

  it('stops asking while nothing changes, and wakes less often', () => {
    const { ask, wake, probe } = run(10_000, {})
    assert.ok(ask <= 8, `${ask} asks`)
    assert.ok(wake <= 110, `${wake} wakes`)
    assert.ok(probe >= 4 && probe <= 5, `${probe} probes`)
  })

  it('wakes for the driver, for others only together with the first picture, and only a server that knows the message', () => {
    assert.equal(run(5000, { every: 50, driver: false }).wake, 1)
    const pump = new Pump(defaultPacing)
    pump.driver = true
    pump.begin()
    for (let now = 0; now < 1000; now++) assert.ok(!pump.due(now).includes('wake'))
  })

  it('asks for no more while the viewer is behind by more than the budget, or by three updates', () => {
    const pump = new Pump({ ...defaultPacing, byteBudget: 1000 })
    pump.setPace('focused')
    pump.begin()
    pump.due(0)
    pump.updating(10)
    pump.behind = { bytes: 1001, updates: 1 }
    assert.deepEqual(pump.due(100), [])
    pump.behind = { bytes: 1000, updates: 3 }
    assert.deepEqual(pump.due(100), [])
    pump.behind = { bytes: 1000, updates: 2 }
    assert.deepEqual(pump.due(101), ['ask'])
  })

  it('is not driven by a server that answers at once', () => {
    const pump = new Pump(defaultPacing)
    pump.setPace('focused')
    pump.begin()
    let asks = 0
    for (let now = 0; now < 1000; now++) {
      while (pump.due(now).length > 0) {
        asks += 1
        pump.updating(now)
        pump.updated(now, 100, true)
      }
    }
    assert.ok(asks < 70, `${asks}`)
  })

  it('asks for all of the picture again after it was hidden', () => {
    const pump = new Pump(defaultPacing)
    pump.begin()
    assert.deepEqual(pump.due(0), ['whole'])
    pump.setPace('hidden')
    pump.wantWhole()
    assert.deepEqual(pump.due(100), [])
    pump.setPace('visible')
    assert.equal(pump.next(), 0)
    assert.deepEqual(pump.due(5000), ['whole'])
  })

  it('measures the way by what must be answered, once', () => {
    const pump = new Pump(defaultPacing)
    pump.begin()
    pump.due(100)
    assert.equal(pump.answered(142), 42)
    assert.equal(pump.answered(150), undefined)
  })

  it('calls a server stalled that owes an answer and says nothing at all, not one that sends a large picture', () => {
    const pump = new Pump(defaultPacing)
    pump.begin()
    pump.due(0)
    assert.equal(pump.stalled(9_999), false)
    assert.equal(pump.stalled(10_000), true)
    pump.heard(9_000)
    assert.equal(pump.stalled(10_000), false)
    assert.equal(pump.stalled(19_000), true)
    pump.setPace('hidden')
    assert.equal(pump.stalled(60_000), false)
  })

  it('never wants to be looked at again at a time that has passed, with nothing to do', () => {
    for (const silent of [true, false]) {
      const pump = new Pump(defaultPacing)
      pump.setPace('focused')
      pump.begin()
      for (let now = 0; now < 30_000; now++) {
        if (pump.due(now).length === 0 && !pump.stalled(now)) assert.ok(pump.next() > now, `${now}`)
        if (!silent && now % 3000 === 0) pump.heard(now)
      }
    }
  })
})
