import assert from 'node:assert/strict'
import type { Duplex } from 'node:stream'
import type { LocoCode } from '../../../src/base/codes.ts'
import { Emitter } from '../../../src/base/emitter.ts'
import { LocoError } from '../../../src/base/error.ts'
import { waitFor } from '../../../src/base/wait.ts'
import type { Pacing } from '../../../src/screen/pacing.ts'
import { ScreenSession, type ScreenSource, type ScreenState } from '../../../src/screen/session.ts'
import { FakeClock, settled } from '../../fakes/fake-clock.ts'
import { encodingsMessage, FakeViewer, keyMessage, novncEncodings, pointerMessage, requestMessage } from '../../fakes/fake-viewer.ts'
import { type FakeVncOptions, FakeVncServer, rawPixels, rectangle, update } from '../../fakes/fake-vnc-server.ts'
import { numbers, rightMessage } from './streams.ts'

/** A source that says what the test says. */
class FakeSource implements ScreenSource {
  readonly #changes = new Emitter<void>()
  readonly changes = this.#changes.event
  pod: string | undefined = 'pod-0'
  reason: ScreenSource['reason']

  set(pod: string | undefined, reason?: ScreenSource['reason']): void {
    this.pod = pod
    this.reason = reason
    this.#changes.fire()
  }
}

/** A session with everything around it under control. Servers are made as they are connected to. */
class Stage {
  readonly clock = new FakeClock()
  readonly source = new FakeSource()
  readonly servers: FakeVncServer[] = []
  readonly pods: string[] = []
  readonly states: ScreenState[] = []
  readonly session: ScreenSession
  readonly viewer: FakeViewer
  /** What connecting does instead, for as long as it is set. */
  refuse: LocoCode | undefined

  constructor(options: FakeVncOptions = {}, pacing: Partial<Pacing> = {}) {
    const connect = async (pod: string): Promise<Duplex> => {
      this.pods.push(pod)
      if (this.refuse !== undefined) throw new LocoError(this.refuse, { what: `No way: ${this.refuse}.` })
      const server = new FakeVncServer(options)
      this.servers.push(server)
      return server.client
    }
    this.session = new ScreenSession({ source: this.source, connect, clock: this.clock, pacing })
    this.session.stateChanges((state) => this.states.push(state))
    this.viewer = new FakeViewer(this.session)
  }

  get server(): FakeVncServer {
    return this.servers.at(-1)!
  }

  get phases(): string[] {
    return this.states.map(({ phase }) => phase)
  }

  get codes(): unknown[] {
    return this.states.flatMap((state) => ('code' in state ? [state.code] : []))
  }

  /** Real waiting, for what takes turns of the event loop; time does not pass. */
  until(what: string, holds: () => boolean): Promise<boolean> {
    return waitFor(holds, () => new Error(`${what}; ${JSON.stringify(this.session.state)} ${String(this.viewer.fault)}`), { timeout: 3000, interval: 2 })
  }

  async live(): Promise<this> {
    await this.until('live', () => this.session.state.phase === 'live')
    await settled()
    return this
  }
}

const sent = (server: FakeVncServer, type: number): Buffer[] => server.messages.filter((message) => message[0] === type)

describe('screen session', () => {
  let stage: Stage
  const given = (options: FakeVncOptions = {}, pacing: Partial<Pacing> = {}): Stage => {
    stage = new Stage(options, pacing)
    return stage
  }
  afterEach(() => stage.session.dispose())

  it('connects, shows a picture, and says so', async () => {
    const { states, viewer, session } = await given().live()
    assert.deepEqual(states, [{ phase: 'connecting', sentence: 'Connecting to the screen of pod pod-0.' }, { phase: 'live' }])
    await stage.until('drawn', () => viewer.reader?.updates === 1)
    assert.deepEqual([...viewer.reader!.display.rgb.subarray(0, 3)], [0x7f, 0x7f, 0x7f])
    assert.deepEqual([viewer.connection, viewer.fault, viewer.reader?.offers], [1, undefined, 1])
    assert.ok(session.meter().fps >= 0)
  })

  it('asks the server only for what can be measured, and never for fences', async () => {
    await given().live()
    const { encodings } = stage.server
    assert.deepEqual(encodings, [1, 7, -260, 16, 5, 2, 6, 0, -26, -254, -223, -224, -258, -261, -308, -307, -239, 0xc0a1e5ce | 0])
    // A viewer that changes its mind changes nothing: QEMU of some versions would take harm.
    stage.viewer.send(encodingsMessage([0]))
    await settled()
    assert.equal(sent(stage.server, 2).length, 1)
  })

  it('asks on its own: what the viewer asks does not reach the server one to one', async () => {
    await given().live()
    const before = stage.server.requests.length
    for (let n = 0; n < 50; n++) stage.viewer.send(requestMessage(true, 64, 48))
    await settled()
    assert.equal(stage.server.requests.length, before)
    // Nothing yet, says the viewer: that counts.
    stage.viewer.send(requestMessage(false, 64, 48))
    await settled()
    assert.equal(stage.server.requests.at(-1)?.incremental, false)
  })

  it('keys and pointer go to the server only from the driver, and what is held is let go with the role', async () => {
    await given().live()
    stage.session.setPace('focused')
    stage.viewer.send(keyMessage(true, 0x61, 0x1e))
    stage.viewer.send(pointerMessage(1, 5, 5))
    await settled()
    assert.deepEqual([sent(stage.server, 255), sent(stage.server, 5)], [[], []])
    stage.session.setDriver(true)
    stage.viewer.send(keyMessage(true, 0x61, 0x1e))
    stage.viewer.send(pointerMessage(1, 5, 5))
    await settled()
    assert.deepEqual(sent(stage.server, 255), [keyMessage(true, 0x61, 0x1e)])
    stage.session.setDriver(false)
    await settled()
    assert.deepEqual(sent(stage.server, 255)[1], keyMessage(false, 0x61, 0x1e))
    assert.deepEqual(sent(stage.server, 5), [pointerMessage(1, 5, 5), pointerMessage(0, 5, 5)])
  })

  it('wakes the server for the driver without any input', async () => {
    await given().live()
    stage.session.setDriver(true)
    stage.session.setPace('focused')
    await stage.clock.pass(1000)
    assert.ok(sent(stage.server, 6).length >= 10, `${sent(stage.server, 6).length}`)
    assert.deepEqual([sent(stage.server, 4), sent(stage.server, 5), sent(stage.server, 255)], [[], [], []])
    assert.ok(sent(stage.server, 6).every((message) => message.equals(Buffer.from('06000000fffffffc01000000', 'hex'))))
  })

  it('the clipboard of the viewer, and the size of its window, go nowhere', async () => {
    await given().live()
    stage.session.setDriver(true)
    stage.viewer.send(Buffer.from('0600000000000003616263', 'hex'))
    stage.viewer.send(Buffer.from('fb0000400030010000000000000000000040003000000000', 'hex'))
    stage.viewer.send(keyMessage(true, 0x61, 0x1e))
    await settled()
    assert.ok(!stage.server.messages.some((message) => message[0] === 251 || message.includes('abc')))
    assert.equal(sent(stage.server, 255).length, 1)
  })

  it('a hidden screen gets nothing, not even from a server that sends without being asked', async () => {
    await given().live()
    stage.session.setPace('hidden')
    const [requests, messages, bytes] = [stage.server.requests.length, stage.server.messages.length, stage.viewer.bytes]
    for (let n = 0; n < 100; n++) {
      stage.server.sendPicture(n)
      await stage.clock.pass(200)
    }
    assert.deepEqual([stage.server.requests.length, stage.server.messages.length, stage.viewer.bytes], [requests, messages, bytes])
    stage.session.setPace('visible')
    await stage.until('a whole picture is asked for', () => stage.server.requests.length > requests)
    assert.equal(stage.server.requests[requests]?.incremental, false)
    assert.equal(stage.session.state.phase, 'live')
  })

  it('gives up the connection of a screen that stays hidden, and is back when it is shown', async () => {
    await given({}, { disconnectAfterMs: 60_000 }).live()
    stage.session.setPace('hidden')
    await stage.clock.pass(59_000)
    assert.equal(stage.server.closed, false)
    await stage.clock.pass(1_500)
    await stage.until('closed', () => stage.server.closed)
    assert.equal(stage.session.state.phase, 'paused')
    stage.source.set('pod-1')
    await stage.clock.pass(60_000)
    assert.equal(stage.servers.length, 1)
    stage.session.setPace('visible')
    await stage.live()
    assert.deepEqual([stage.pods, stage.viewer.connection], [['pod-0', 'pod-1'], 2])
  })

  it('a look in between starts the time anew', async () => {
    await given({}, { disconnectAfterMs: 60_000 }).live()
    stage.session.setPace('hidden')
    await stage.clock.pass(50_000)
    stage.session.setPace('visible')
    stage.session.setPace('hidden')
    await stage.clock.pass(50_000)
    assert.equal(stage.server.closed, false)
  })

  it('a page that takes nothing stops the reading at a megabyte, and one that takes again gets the rest', async () => {
    await given({ width: 128, height: 128 }).live()
    stage.viewer.acknowledges = false
    for (let n = 0; n < 40; n++) stage.server.sendPicture(n)
    await settled()
    const open = stage.viewer.bytes
    assert.ok(open < 1.8 * 1024 * 1024, `${open}`)
    assert.ok(stage.viewer.largest <= 64 * 1024)
    // Nor is a server that has to wait taken for a dead one.
    await stage.clock.pass(60_000)
    assert.equal(stage.session.state.phase, 'live')
    assert.equal(stage.viewer.bytes, open)
    stage.viewer.acknowledges = true
    stage.session.acknowledge(stage.viewer.connection, open)
    await stage.until('the rest', () => stage.viewer.bytes > 40 * 64 * 1024)
    assert.equal(stage.viewer.fault, undefined)
  })

  it('follows the emulator to its next pod', async () => {
    await given().live()
    stage.source.set(undefined, { sentence: 'The pod is being deleted.', code: 'LOCO-SCR-001' })
    await stage.until('waiting', () => stage.session.state.phase === 'waiting')
    assert.deepEqual(stage.session.state, { phase: 'waiting', sentence: 'The pod is being deleted.', code: 'LOCO-SCR-001' })
    await stage.until('closed', () => stage.servers[0]!.closed)
    stage.source.set('pod-1')
    await stage.live()
    assert.deepEqual(stage.pods, ['pod-0', 'pod-1'])
    assert.deepEqual(stage.phases, ['connecting', 'live', 'waiting', 'connecting', 'live'])
  })

  it('comes back by itself when the connection breaks, with one sentence all the while', async () => {
    await given().live()
    stage.refuse = 'LOCO-KUB-020'
    stage.server.end.destroy()
    await stage.until('waiting', () => stage.session.state.phase === 'waiting')
    await stage.clock.pass(30_000)
    const tries = stage.pods.length
    assert.ok(tries > 5 && tries < 25, `${tries} tries in 30 s`)
    assert.deepEqual(
      stage.states.slice(2).map((state) => ('code' in state ? state.code : state.phase)),
      ['LOCO-SCR-008', 'LOCO-KUB-020'],
    )
    stage.refuse = undefined
    await stage.clock.pass(5_000)
    await stage.live()
  })

  it('tries at once when something is known that speaks for it', async () => {
    await given().live()
    stage.refuse = 'LOCO-KUB-020'
    stage.server.end.destroy()
    await stage.clock.pass(20_000)
    stage.refuse = undefined
    const tries = stage.pods.length
    stage.source.set('pod-0', { sentence: 'The cluster is back.' })
    await stage.until('a try', () => stage.pods.length > tries)
  })

  it('says what is known of the cluster rather than how a stream felt it', async () => {
    await given().live()
    stage.refuse = 'LOCO-KUB-041'
    stage.source.set('pod-0', { sentence: 'The cluster cannot be reached.', code: 'LOCO-KUB-020' })
    stage.server.end.destroy()
    await stage.until('waiting', () => stage.session.state.phase === 'waiting')
    assert.deepEqual(stage.session.state, { phase: 'waiting', sentence: 'The cluster cannot be reached.', code: 'LOCO-KUB-020' })
  })

  it('a server that goes silent is left after 10 s', async () => {
    await given({ onRequest: (server, incremental) => !incremental && server.requests.length === 1 && server.sendPicture() }).live()
    await stage.clock.pass(14_000)
    assert.equal(stage.session.state.phase, 'live')
    await stage.clock.pass(2_000)
    assert.deepEqual(stage.codes, ['LOCO-SCR-007'])
    assert.ok(stage.servers[0]!.closed)
    await stage.clock.pass(1_000)
    await stage.live()
  })

  it('a server that stops in the middle of a picture is left as well', async () => {
    await given().live()
    const half = update([rectangle(0, 0, 64, 48, 0, rawPixels(64, 48))])
    stage.server.send(half.subarray(0, half.length / 2))
    stage.server.end.removeAllListeners('data')
    await stage.clock.pass(16_000)
    assert.deepEqual(stage.codes, ['LOCO-SCR-007'])
  })

  const refusals: [what: string, options: FakeVncOptions, code: LocoCode][] = [
    ['another protocol', { greeting: 'HTTP/1.1 400 Bad Request\r\n\r\n' }, 'LOCO-SCR-002'],
    ['another version', { greeting: 'RFB 003.003\n' }, 'LOCO-SCR-002'],
    ['noise', { greeting: '\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f' }, 'LOCO-SCR-002'],
    ['a password', { security: [2, 19] }, 'LOCO-SCR-004'],
    ['words', { security: 'too many viewers' }, 'LOCO-SCR-005'],
    ['no picture', { width: 0 }, 'LOCO-SCR-006'],
    ['a picture of 65535 x 65535', { width: 65535, height: 65535, onRequest() {} }, 'LOCO-SCR-006'],
    ['a message that does not exist', { onRequest: (server) => server.send(Buffer.of(77)) }, 'LOCO-SCR-006'],
    [
      'sizes without an end',
      { onRequest: (server) => server.send(...Array.from({ length: 60 }, (_, n) => update([rectangle(0, 0, 100 + n, 50, -223)]))) },
      'LOCO-SCR-006',
    ],
  ]
  for (const [what, options, code] of refusals) {
    it(`${what}: refused with ${code}, left in peace, tried again when told to or with another pod`, async () => {
      given(options)
      await stage.until('refused', () => stage.session.state.phase === 'refused')
      assert.equal((stage.session.state as { code: string }).code, code)
      assert.ok(stage.server.closed)
      await stage.clock.pass(60_000)
      assert.equal(stage.pods.length, 1)
      stage.session.reconnect()
      await stage.until('a second try', () => stage.pods.length === 2)
      await stage.until('refused again', () => stage.session.state.phase === 'refused')
      stage.source.set('pod-1')
      await stage.until('a third try', () => stage.pods.length === 3)
    })
  }

  it('100 servers that send a spoilt stream: each is live, or left with a code, and none is left open', async () => {
    const random = numbers(31)
    const seen = new Set<string>()
    for (let n = 0; n < 100; n++) {
      given({
        onRequest: (server) => {
          const bytes = Buffer.concat(Array.from({ length: 4 }, () => rightMessage(random)))
          for (let changes = random(4); changes > 0; changes--) bytes.writeUInt8(random(256), random(bytes.length))
          server.send(bytes)
        },
      })
      await settled()
      await stage.clock.pass(500)
      const { state } = stage.session
      seen.add('code' in state && state.code !== undefined ? state.code : state.phase)
      stage.session.dispose()
      await settled()
      assert.ok(stage.servers.every(({ closed }) => closed))
    }
    assert.deepEqual([...seen].sort(), ['LOCO-SCR-006', 'connecting', 'live'])
  })

  it('a permission that is missing is refused, one that is withdrawn in between too', async () => {
    await given().live()
    stage.refuse = 'LOCO-KUB-011'
    stage.server.end.destroy()
    await stage.clock.pass(1_000)
    await stage.until('refused', () => stage.session.state.phase === 'refused')
    assert.deepEqual(stage.session.state, { phase: 'refused', sentence: 'No way: LOCO-KUB-011.', code: 'LOCO-KUB-011' })
  })

  it('a server that does not greet is waited for', async () => {
    given({ greeting: '' })
    await stage.until('connected', () => stage.servers.length === 1)
    await stage.clock.pass(10_500)
    await stage.until('waiting', () => stage.session.state.phase === 'waiting')
    assert.equal((stage.session.state as { code?: string }).code, 'LOCO-SCR-003')
    assert.ok(stage.servers[0]!.closed)
  })

  const faults: [what: string, message: Uint8Array][] = [
    ['an unknown message', Buffer.of(99)],
    ['16 bits a pixel', Buffer.from('0000000010100001001f003f001f0b0500000000', 'hex')],
    ['a clipboard of 16 MiB', Buffer.from('0600000001000000', 'hex')],
    ['a second greeting', Buffer.from('RFB 003.008\n')],
  ]
  for (const [what, message] of faults) {
    it(`a viewer that sends ${what} is cut off`, async () => {
      await given().live()
      stage.viewer.send(message)
      await stage.until('refused', () => stage.session.state.phase === 'refused')
      assert.equal((stage.session.state as { code: string }).code, 'LOCO-SCR-009')
    })
  }

  it('hears nothing of a viewer whose connection is over', async () => {
    await given().live()
    stage.session.setDriver(true)
    stage.source.set('pod-1')
    await stage.until('a new connection', () => stage.viewer.connection === 2)
    stage.session.input(1, keyMessage(true, 0x61, 0x1e))
    stage.session.acknowledge(1, 1e9)
    await stage.live()
    assert.deepEqual(sent(stage.server, 255), [])
  })

  it('draws fences as a measure of the delay', async () => {
    await given({ onRequest: (server) => server.sendPicture() }).live()
    stage.session.setPace('focused')
    await stage.clock.pass(3_000)
    const { fps, kbps, delayMs } = stage.session.meter()
    assert.ok(fps > 20, `${fps}`)
    assert.ok(kbps > 200, `${kbps}`)
    assert.notEqual(delayMs, undefined)
    assert.equal(stage.viewer.fault, undefined)
  })

  it('measures the way though pictures come before the answer', async () => {
    const size = update([rectangle(0, 0, 64, 48, -308, Buffer.alloc(4))])
    await given({
      onRequest: (server, incremental) => {
        if (incremental) return
        if (server.requests.length === 1) server.send(size)
        server.sendPicture()
      },
    }).live()
    stage.session.setPace('focused')
    await stage.clock.pass(2_500)
    assert.equal(stage.session.meter().delayMs, 0)
    stage.server.send(size)
    await settled()
    assert.ok((stage.session.meter().delayMs ?? 0) >= 400, JSON.stringify(stage.session.meter()))
  })

  it('a viewer that knows neither fences nor continuous updates gets its pictures too', async () => {
    given()
    stage.session.dispose()
    const plain = new Stage()
    stage = plain
    plain.session.dispose()
    const source = new FakeSource()
    const server = new FakeVncServer()
    const session = new ScreenSession({ source, connect: async () => server.client })
    const viewer = new FakeViewer(session, { encodings: novncEncodings.filter((number) => number !== -312 && number !== -313) })
    try {
      await waitFor(
        () => viewer.reader?.updates === 1,
        () => new Error('no picture'),
        { timeout: 3000 },
      )
      assert.deepEqual([viewer.reader?.offers, viewer.fault], [0, undefined])
    } finally {
      session.dispose()
    }
  })

  it('dispose closes the connection and says nothing more', async () => {
    await given().live()
    const { length } = stage.states
    stage.session.dispose()
    await stage.until('closed', () => stage.server.closed)
    await stage.clock.pass(60_000)
    assert.deepEqual([stage.states.length, stage.pods.length], [length, 1])
  })

  it('dispose while connecting leaves nothing open', async () => {
    given({ greeting: '' })
    await stage.until('connected', () => stage.servers.length === 1)
    stage.session.dispose()
    await stage.until('closed', () => stage.server.closed)
  })
})
