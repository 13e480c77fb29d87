import { keyMessage } from '../../fakes/fake-viewer.ts'
import type { BenchScreen } from './screens.ts'

const passes = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits for the first whole picture. */
export async function ready(screen: BenchScreen): Promise<void> {
  const end = performance.now() + 20_000
  while (screen.strip() === undefined) {
    if (performance.now() > end) throw new Error(`${screen.name}: no picture within 20 s`)
    await passes(20)
  }
  await passes(1000)
}

/** Frames of the guest that were seen a second, each counted once. */
export async function framesASecond(screen: BenchScreen, seconds: number): Promise<number> {
  const frames = new Set<number>()
  screen.onDrawn(() => {
    const frame = screen.strip()?.frame
    if (frame !== undefined) frames.add(frame)
  })
  const begun = performance.now()
  await passes(seconds * 1000)
  const rate = frames.size / ((performance.now() - begun) / 1000)
  screen.onDrawn(() => {})
  return rate
}

/** Milliseconds from a key press until the picture shows that the guest has counted it. */
export async function keyToPixel(screen: BenchScreen, count: number): Promise<number[]> {
  const samples: number[] = []
  for (let n = 0; n < count; n++) {
    // The guest draws 20 times a second: a step that fits no frame spreads the presses over it.
    await passes(90 + ((n * 37) % 60))
    samples.push(await onePress(screen))
  }
  return samples
}

function onePress(screen: BenchScreen): Promise<number> {
  return new Promise((resolve, reject) => {
    const before = screen.strip()?.keyPresses ?? 0
    const late = setTimeout(() => reject(new Error(`${screen.name}: the key was not seen within 10 s`)), 10_000)
    const begun = performance.now()
    screen.onDrawn(() => {
      const now = screen.strip()?.keyPresses
      if (now === undefined || now === before) return
      clearTimeout(late)
      screen.onDrawn(() => {})
      resolve(performance.now() - begun)
    })
    screen.send(keyMessage(true, 0x61, 0x1e))
    screen.send(keyMessage(false, 0x61, 0x1e))
  })
}
