import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { Emitter } from '../../src/base/emitter.ts'
import { waitFor } from '../../src/base/wait.ts'
import { ScreenSession } from '../../src/screen/session.ts'
import { keyEvents, keysOfText } from '../../src/screen/typing.ts'
import { FakeViewer, type FakeViewerOptions, keyMessage } from '../fakes/fake-viewer.ts'
import { Machine, makeOverlay, versionOf, workshop } from '../guest/machine.ts'
import { readStrip, type Strip } from '../guest/strip.ts'
import { skipBecause } from '../skip.ts'

const always = [0, -26, -254, -223, -224, -258, -261, -308, -307, -239, -312, -313]
/** XT scan codes of the keys that the typed text needs. */
const scancodes: Record<string, number> = { KeyL: 0x26, KeyO: 0x18, KeyC: 0x2e, ShiftLeft: 0x2a, Digit1: 0x02, Space: 0x39, Enter: 0x1c }

describe('screen session with a real QEMU', function () {
  this.timeout(60_000)
  let shop: ReturnType<typeof workshop>
  const machines = new Map<string, Machine>()
  const sessions = new Set<ScreenSession>()
  const changes = new Emitter<void>()
  const source = { pod: 'one' as string | undefined, reason: undefined, changes: changes.event }

  before(function () {
    for (const [program, option] of [
      ['qemu-system-x86_64', '--version'],
      ['qemu-img', '--version'],
      ['nasm', '-v'],
    ] as const) {
      if (versionOf(program, option) === undefined) skipBecause(this, `${program} is not installed`)
    }
    shop = workshop()
  })
  after(() => shop?.dispose())
  afterEach(async () => {
    for (const session of sessions) session.dispose()
    sessions.clear()
    await Promise.all([...machines.values()].map((machine) => machine.stop()))
    machines.clear()
    source.pod = 'one'
  })

  const socketOf = (pod: string): string => join(shop.folder, `${pod}.vnc`)

  async function boot(pod = 'one', options = ''): Promise<Machine> {
    const file = join(shop.folder, `${pod}.qcow2`)
    makeOverlay(shop.image, file)
    const folder = join(shop.folder)
    const machine = await Machine.start({ folder, drive: `file=${file},format=qcow2`, extra: ['-vnc', `unix:${socketOf(pod)},share=force-shared${options}`] })
    machines.set(pod, machine)
    return machine
  }

  function watch(options: FakeViewerOptions = {}): { session: ScreenSession; viewer: FakeViewer; strip: () => Strip | undefined } {
    const session = new ScreenSession({
      source,
      connect: async (pod, signal) => {
        const stream = createConnection({ path: socketOf(pod), signal })
        await once(stream, 'connect', { signal })
        return stream
      },
    })
    sessions.add(session)
    const viewer = new FakeViewer(session, options)
    session.setPace('focused')
    return { session, viewer, strip: () => (viewer.reader === undefined ? undefined : readStrip(viewer.reader.picture)) }
  }

  const until = <T>(what: string, look: () => T | undefined | false, session?: ScreenSession): Promise<T> =>
    waitFor(look, () => new Error(`Not within 20 s: ${what} ${JSON.stringify(session?.state)}`), { timeout: 20_000, interval: 10 })

  const passes = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

  for (const [name, encoding, options] of [
    ['Tight', 7, ''],
    ['Tight with JPEG', 7, ',lossy=on'],
    ['ZRLE', 16, ''],
    ['Zlib', 6, ''],
    ['Hextile', 5, ''],
    ['raw', 0, ''],
  ] as const) {
    it(`${name}: noVNC's decoders draw the guest from it, frame after frame`, async () => {
      await boot('one', options)
      const { viewer, strip, session } = watch({ encodings: [encoding, ...always] })
      const first = await until('a strip', strip, session)
      await until('20 frames more', () => (strip()?.frame ?? 0) > first.frame + 20, session)
      assert.equal(viewer.fault, undefined)
      assert.ok(viewer.largest <= 64 * 1024)
    })
  }

  it('typed text arrives, from the driver only', async () => {
    const machine = await boot()
    const { viewer, session, strip } = watch()
    const before = await until('a strip', strip, session)
    const type = (text: string): void => {
      for (const { code, keysym, down } of keysOfText(text, 'us').strokes.flatMap(keyEvents)) viewer.send(keyMessage(down, keysym, scancodes[code] ?? 0))
    }
    type('LOCO')
    await passes(500)
    assert.equal((await machine.strip())?.keyPresses, before.keyPresses)
    session.setDriver(true)
    type('Lo co!\n')
    await until('10 key presses on the screen (two with Shift)', () => strip()?.keyPresses === before.keyPresses + 9, session)
  })

  it('waking moves no pointer and presses no key, and shows more of what the guest draws', async () => {
    await boot()
    const { session, strip, viewer } = watch()
    const before = await until('a strip', strip, session)
    const rate = async (): Promise<number> => {
      await passes(500)
      const from = viewer.reader?.updates ?? 0
      await passes(2500)
      return ((viewer.reader?.updates ?? 0) - from) / 2.5
    }
    // A busy machine draws more or less by itself: one round of three has to show it.
    const rounds: [watching: number, driving: number][] = []
    while (rounds.length < 3 && !rounds.some(([watching, driving]) => driving > watching)) {
      session.setDriver(false)
      const watching = await rate()
      session.setDriver(true)
      rounds.push([watching, await rate()])
    }
    const after = await until('a strip', strip, session)
    assert.deepEqual([after.mouse.packets, after.keyPresses], [before.mouse.packets, before.keyPresses])
    assert.ok(
      rounds.some(([watching, driving]) => driving > watching),
      JSON.stringify(rounds),
    )
  })

  it('a hidden screen costs nothing, and is up to date when it is shown', async () => {
    await boot()
    const { session, strip, viewer } = watch()
    await until('a strip', strip, session)
    session.setPace('hidden')
    await passes(500)
    const [{ bytes }, { frame }] = [viewer, strip()!]
    await passes(2000)
    assert.equal(viewer.bytes, bytes)
    session.setPace('visible')
    await until('what happened meanwhile', () => (strip()?.frame ?? 0) > frame + 30, session)
    assert.equal(viewer.fault, undefined)
  })

  it('several viewers see one machine', async () => {
    await boot()
    const viewers = [watch(), watch(), watch()]
    // As in a window: one of them has the focus. Three at full rate would be decoded in one thread here.
    for (const { session } of viewers.slice(1)) session.setPace('visible')
    for (const { session, strip } of viewers) await until('a strip', strip, session)
  })

  it('a machine that stands still is told from one that is silent, and comes back', async () => {
    const machine = await boot()
    const { session, strip } = watch()
    await until('a strip', strip, session)
    // The guest stops, QEMU lives: a still picture, not a silent screen.
    await machine.press('f11')
    await passes(13_000)
    assert.equal(session.state.phase, 'live')
    process.kill(machine.pid!, 'SIGSTOP')
    await until('silence is noticed', () => 'code' in session.state && session.state.code === 'LOCO-SCR-007', session)
    process.kill(machine.pid!, 'SIGCONT')
    await until('live again', () => session.state.phase === 'live', session)
  })

  it('goes on with the next machine when one is killed', async () => {
    const one = await boot('one')
    const { session, strip, viewer } = watch()
    await until('a strip', strip, session)
    await one.stop('SIGKILL')
    machines.delete('one')
    await until('waiting', () => session.state.phase === 'waiting', session)
    await boot('two')
    source.pod = 'two'
    changes.fire()
    await until('live again', () => session.state.phase === 'live', session)
    await until('a strip', strip, session)
    assert.equal(viewer.fault, undefined)
  })
})
