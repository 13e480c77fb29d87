import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { skipBecause } from '../skip.ts'
import { buildGuest, Machine, type MachineOptions, makeOverlay, versionOf, workshop } from './machine.ts'
import type { Picture, Strip } from './strip.ts'

/** Colours (0xrrggbb) that are in the picture, at most `limit` of them. */
function colours({ rgb }: Picture, limit = 8): Set<number> {
  const seen = new Set<number>()
  for (let at = 0; at < rgb.length && seen.size < limit; at += 3) seen.add(((rgb[at] ?? 0) << 16) | ((rgb[at + 1] ?? 0) << 8) | (rgb[at + 2] ?? 0))
  return seen
}

/** The lines of the picture on which the typed characters stand. */
const echoLine = ({ width, rgb }: Picture): Buffer => Buffer.from(rgb.subarray(702 * width * 3, 734 * width * 3))

const black = 0x000000
const blue = 0x0000ad

describe('the demo guest in a real QEMU', function () {
  this.timeout(60_000)
  let shop: ReturnType<typeof workshop>
  const running = new Set<Machine>()

  async function start(options: Partial<MachineOptions> = {}): Promise<Machine> {
    const machine = await Machine.start({ folder: shop.folder, drive: `file=${shop.image},format=raw,snapshot=on`, ...options })
    running.add(machine)
    return machine
  }

  before(function () {
    for (const [program, option] of [
      ['nasm', '-v'],
      ['qemu-system-x86_64', '--version'],
      ['qemu-img', '--version'],
    ] as const) {
      if (versionOf(program, option) === undefined) skipBecause(this, `${program} is not installed`)
    }
    shop = workshop()
  })
  afterEach(async () => {
    await Promise.all([...running].map((machine) => machine.stop()))
    running.clear()
  })
  after(() => shop?.dispose())

  it('is built to the same bytes twice', () => {
    const again = join(shop.folder, 'again.img')
    buildGuest(again)
    assert.ok(readFileSync(again).equals(readFileSync(shop.image)))
  })

  it('shows a moving picture soon after power-on', async () => {
    const machine = await start({ instance: 'instance-3' })
    const first = await machine.untilStrip('The guest shows no strip')
    say(`power-on to first strip: ${Math.round(performance.now() - machine.startedAt)} ms (TCG)`)
    const before = await machine.picture()
    const later = await machine.untilStrip('The picture does not move', (strip) => strip.frame >= first.frame + 10)
    assert.equal(later.ordinal, 3)
    assert.equal(later.mouse.found, true)
    assert.ok(colours(before, 64).size === 64, 'a landscape has many colours')
    assert.ok(!Buffer.from(before.rgb).equals(Buffer.from((await machine.picture()).rgb)))
  })

  it('runs under KVM, too', async function () {
    if (!/\b(vmx|svm)\b/.test(readFileSync('/proc/cpuinfo', 'utf8'))) skipBecause(this, 'this machine has no hardware virtualisation')
    const machine = await start({ accel: 'kvm' })
    await machine.untilStrip('The guest shows no strip')
    say(`power-on to first strip: ${Math.round(performance.now() - machine.startedAt)} ms (KVM)`)
    await machine.untilStrip('The guest stands still', (strip) => strip.frame > 30)
  })

  const numbers: [instance: string | undefined, expected: number | undefined][] = [
    ['instance-0', 0],
    ['loco-loco-emulator-12', 12],
    ['instance-9999', 9999],
    ['instance-12345', undefined], // more than the wagon can carry
    ['nobody', undefined],
    ['instance-5-of-a-name-that-is-longer-than-the-guest-reads-0', undefined],
    [undefined, undefined],
  ]
  for (const [instance, expected] of numbers) {
    it(`is number ${expected ?? 'none'} when the host says ${instance === undefined ? 'nothing' : `"${instance}"`}`, async () => {
      const machine = await start(instance === undefined ? {} : { instance })
      assert.equal((await machine.untilStrip('The guest shows no strip')).ordinal, expected)
    })
  }

  it('echoes keys, follows the mouse and answers with its lights', async () => {
    const machine = await start()
    const idle = await machine.untilStrip('The guest shows no strip', (strip) => strip.lights.num)
    const empty = echoLine(await machine.picture())

    await machine.press('a')
    const typed = await machine.untilStrip('The key does not arrive', (strip) => strip.keyPresses === idle.keyPresses + 1 && strip.lastScancode === 0x9e)
    assert.equal(typed.lastScancode, 0x9e)
    const small = echoLine(await machine.picture())
    assert.ok(!small.equals(empty))

    await machine.press('backspace')
    await machine.until(async () => echoLine(await machine.picture()).equals(empty), 'Backspace does not take the character away')
    await machine.press('shift', 'a')
    await machine.untilStrip('The chord does not arrive', (strip) => strip.keyPresses === idle.keyPresses + 4)
    const large = echoLine(await machine.picture())
    assert.ok(!large.equals(empty) && !large.equals(small), 'shift makes another character')

    await machine.press('scroll_lock')
    await machine.untilStrip('The ScrollLock light stays off', (strip) => strip.lights.scroll && strip.lights.num && !strip.lights.caps)
    await machine.press('scroll_lock')
    await machine.untilStrip('The ScrollLock light stays on', (strip) => !strip.lights.scroll)

    await machine.moveMouse(30, -20)
    await machine.mouseButton('right', true)
    const moved = await machine.untilStrip('The mouse does not move', ({ mouse }) => mouse.right)
    assert.deepEqual([moved.mouse.x - idle.mouse.x, moved.mouse.y - idle.mouse.y], [30, -20])
  })

  it('loses no key of a fast typist', async () => {
    const machine = await start()
    const idle = await machine.untilStrip('The guest shows no strip')
    for (let n = 0; n < 70; n++) await machine.press('x')
    await machine.untilStrip('Keys are lost', (strip) => strip.keyPresses === idle.keyPresses + 70)
  })

  it('keeps its pointer away from the strip', async () => {
    const machine = await start()
    await machine.untilStrip('The guest shows no strip')
    for (let n = 0; n < 4; n++) await machine.moveMouse(200, 200)
    const { mouse } = await machine.untilStrip('The pointer is not in the corner', (strip) => strip.mouse.x === 1023 && strip.mouse.y === 751)
    assert.ok(mouse.packets >= 4)
  })

  for (const [signal, how] of [
    ['SIGTERM', 'ended properly'],
    ['SIGKILL', 'killed'],
  ] as const) {
    it(`goes on counting on its disk after QEMU was ${how}`, async () => {
      const file = join(shop.folder, `${signal}.qcow2`)
      makeOverlay(shop.image, file)
      const drive = `file=${file},format=qcow2`
      const first = await start({ drive })
      const saved = await first.untilStrip('The guest does not save', (strip) => strip.saved && strip.savedSeconds >= 2)
      assert.equal(saved.boots, 1)
      await first.stop(signal)
      running.delete(first)

      const second = await start({ drive })
      const again = await second.untilStrip('The guest does not save again', (strip) => strip.saved && strip.savedSeconds > saved.savedSeconds)
      assert.equal(again.boots, 2)
    })
  }

  it('lives on when its disk cannot be written, and does not call it saved', async () => {
    const broken = 'file.driver=blkdebug,file.inject-error.0.event=write_aio,file.inject-error.0.errno=5'
    const machine = await start({ drive: `driver=raw,${broken},file.image.driver=file,file.image.filename=${shop.image},werror=report` })
    const strip = await machine.untilStrip('The guest does not go on', ({ frame }) => frame > 30)
    assert.deepEqual([strip.saved, strip.savedSeconds, strip.boots], [false, 0, 1])
  })

  const screens: [keys: string[], back: string, expected: number[]][] = [
    [['f9'], 'f9', [black]],
    [['f10'], 'f10', [blue]],
    [['shift', 'f10'], 'f10', [blue, 0xffffff]],
    [['f10'], 'f9', [blue]],
  ]
  for (const [keys, back, expected] of screens) {
    const names = expected.map((colour) => `#${colour.toString(16).padStart(6, '0')}`).join(' and ')
    it(`shows only ${names} after ${keys.join('+')}, lives on, and comes back with ${back}`, async () => {
      const machine = await start()
      const before = await machine.untilStrip('The guest shows no strip', (strip) => strip.saved)
      await machine.press(...keys)
      await machine.until(async () => {
        const seen = colours(await machine.picture())
        return seen.size === expected.length && expected.every((colour) => seen.has(colour))
      }, 'The screen does not change')
      const writes = await machine.blockWrites()
      await machine.until(async () => (await machine.blockWrites()) > writes, 'The guest stopped saving')
      await machine.press(back)
      const after = await machine.untilStrip('The picture does not come back', (strip) => strip.savedSeconds > before.savedSeconds)
      assert.equal(after.boots, before.boots)
      assert.ok(after.frame > before.frame)
    })
  }

  it('is dead after F11: no pixel, no disk, no light', async () => {
    const machine = await start()
    await machine.untilStrip('The guest shows no strip', (strip) => strip.saved)
    await machine.press('f11')
    // Two looks with two saves' time between them that are equal to the byte.
    let last = await snapshot(machine)
    await machine.until(async () => {
      await new Promise((resolve) => setTimeout(resolve, 2500))
      await machine.press('scroll_lock')
      const now = await snapshot(machine)
      const same = now.writes === last.writes && now.picture.equals(last.picture)
      last = now
      return same
    }, 'The guest still lives')
    assert.equal((await machine.strip())?.lights.scroll, false)
  })

  for (const keys of [['f12'], ['ctrl', 'alt', 'delete']]) {
    it(`restarts on ${keys.join('+')}`, async () => {
      const machine = await start()
      const before: Strip = await machine.untilStrip('The guest shows no strip', (strip) => strip.saved)
      await machine.press(...keys)
      const after = await machine.untilStrip('The guest does not come back', (strip) => strip.boots === before.boots + 1)
      assert.equal(after.keyPresses, 0)
    })
  }

  it('halts the processor between frames', async () => {
    const machine = await start()
    await machine.untilStrip('The guest shows no strip')
    const [begin, from] = [cpuSeconds(machine.pid), performance.now()]
    const first = await machine.untilStrip('The picture stands still')
    await new Promise((resolve) => setTimeout(resolve, 2000))
    const last = await machine.untilStrip('The picture stands still')
    const seconds = (performance.now() - from) / 1000
    const share = (cpuSeconds(machine.pid) - begin) / seconds
    // A figure, not a limit: it is the machine's as much as the guest's.
    say(`${Math.round((last.frame - first.frame) / seconds)} frames a second, ${Math.round(share * 100)} % of a core for QEMU (TCG, nobody watching)`)
  })
})

const say = (figure: string): boolean => process.stdout.write(`      ${figure}\n`)

async function snapshot(machine: Machine): Promise<{ writes: number; picture: Buffer }> {
  return { writes: await machine.blockWrites(), picture: Buffer.from((await machine.picture()).rgb) }
}

/** User and system time of a process in seconds, from /proc (clock ticks of 1/100 s). */
function cpuSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}
