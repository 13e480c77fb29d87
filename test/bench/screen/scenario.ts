import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { packageRoot } from '../../../src/base/package-root.ts'
import { Machine, makeOverlay, workshop } from '../../guest/machine.ts'
import type { Figure } from '../figure.ts'
import type { Scenario } from '../scenarios.ts'
import { BenchBrowser } from './browser.ts'
import { framesASecond, keyToPixel, ready } from './measure.ts'
import { compared, type Measured } from './measured.ts'
import { ours, plain } from './screens.ts'

const guest = 'QEMU of this machine (TCG); the demo guest, assembled for 30 frames a second; both ways in turn on the same QEMU'
/** Milliseconds in each direction, on the way to the server. */
const distances = [0, 25]

type Measure = (who: 'ours' | 'plain', port: number, delayMs: number, into: Measured) => Promise<void>

/** Frame rate and key → pixel of the session beside a plain client over a plain relay, with noVNC's decoders but no browser; and what a hidden screen costs. */
export const screenHeadless: Scenario = async ({ repeats }) =>
  withMachine(async (port) => {
    const measure: Measure = async (who, at, delayMs, into) => {
      const screen = await (who === 'ours' ? ours : plain)(at, delayMs)
      try {
        await ready(screen)
        into.fps.push(await framesASecond(screen, 5))
        into.keys.push(...(await keyToPixel(screen, 20)))
      } finally {
        screen.dispose()
      }
    }
    return [...(await inTurn(port, repeats, measure, `${guest}; noVNC’s decoders without a browser`)), await hidden(port)]
  })

/** The same with noVNC in a browser, drawing on its canvas. */
export const screenInBrowser: Scenario = async ({ repeats }) => {
  if (BenchBrowser.missing !== undefined) throw new Error(BenchBrowser.missing)
  return withMachine(async (port) => {
    const browser = await BenchBrowser.start()
    try {
      return await inTurn(port, repeats, (...way) => browser.measure(...way), `${guest}; noVNC 1.7 in headless Chromium`)
    } finally {
      await browser.close()
    }
  })
}

async function inTurn(port: number, rounds: number, measure: Measure, conditions: string): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const delayMs of distances) {
    const theirs: Measured = { fps: [], keys: [] }
    const own: Measured = { fps: [], keys: [] }
    for (let round = 0; round < rounds; round++) {
      await measure('plain', port, delayMs, theirs)
      await measure('ours', port, delayMs, own)
    }
    figures.push(...compared(delayMs * 2, theirs, own, conditions))
  }
  return figures
}

async function hidden(port: number): Promise<Figure> {
  const screen = await ours(port, 0)
  await ready(screen)
  screen.setPace?.('hidden')
  await new Promise((resolve) => setTimeout(resolve, 10_000))
  const before = screen.bytes()
  await new Promise((resolve) => setTimeout(resolve, 5_000))
  const rate = (screen.bytes() - before) / 5
  screen.dispose()
  return { what: 'hidden screen, after 10 s', unit: 'B/s', samples: [rate], wanted: '0', conditions: 'the guest goes on drawing' }
}

async function withMachine(work: (port: number) => Promise<Figure[]>): Promise<Figure[]> {
  const shop = workshop()
  const display = await freeDisplay()
  const drive = join(shop.folder, 'bench.qcow2')
  makeOverlay(fastGuest(shop.folder), drive)
  const machine = await Machine.start({ folder: shop.folder, drive: `file=${drive},format=qcow2`, extra: ['-vnc', `127.0.0.1:${display},share=force-shared`] })
  try {
    return await work(5900 + display)
  } finally {
    await machine.stop()
    shop.dispose()
  }
}

/** The demo guest draws 20 frames a second, which hides what faster guests show: the same guest with 30. */
function fastGuest(folder: string): string {
  const sources = join(folder, 'guest')
  cpSync(join(packageRoot(), 'containers', 'qemu-softgpu', 'guest'), sources, { recursive: true })
  const layout = join(sources, 'layout.inc')
  const text = readFileSync(layout, 'utf8')
  const faster = text.replace('TICKS_PER_SECOND equ 20', 'TICKS_PER_SECOND equ 30').replace('PIT_DIVISOR     equ 59659', 'PIT_DIVISOR     equ 39773')
  if (faster.length !== text.length || !faster.includes('equ 39773')) throw new Error('layout.inc of the guest tells its time in another way now.')
  writeFileSync(layout, faster)
  const image = join(folder, 'fast.img')
  execFileSync('nasm', ['-f', 'bin', '-o', image, 'main.asm'], { cwd: sources })
  return image
}

async function freeDisplay(): Promise<number> {
  for (let display = 80; ; display += 1) {
    const server = createServer()
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(5900 + display, '127.0.0.1', () => resolve(true))
    })
    server.close()
    if (free) return display
  }
}
