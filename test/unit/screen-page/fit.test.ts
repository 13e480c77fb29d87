import assert from 'node:assert/strict'
import type { Scaling } from '../../../src/contracts/screen.ts'
import { fitted, type Size } from '../../../webview/screen/fit.ts'

const vga = { width: 640, height: 480 }
const cases: [why: string, scaling: Scaling, guest: Size, room: Size, ratio: number, expected: Size][] = [
  ['the height limits', 'fit', vga, { width: 2000, height: 960 }, 1, { width: 1280, height: 960 }],
  ['the width limits', 'fit', vga, { width: 320, height: 960 }, 1, { width: 320, height: 240 }],
  ['a whole multiple', 'integer', vga, { width: 1500, height: 1000 }, 1, { width: 1280, height: 960 }],
  ['never smaller than the machine: it scrolls', 'integer', vga, { width: 300, height: 200 }, 1, { width: 640, height: 480 }],
  ['whole device pixels: 3 for each of the machine', 'integer', vga, { width: 1000, height: 750 }, 2, { width: 960, height: 720 }],
  ['one to one', 'none', vga, { width: 300, height: 200 }, 1, { width: 640, height: 480 }],
  ['one to one of an editor that is zoomed a little: the device pixel counts', 'none', vga, { width: 300, height: 200 }, 1.25, { width: 512, height: 384 }],
  ['one to one on a display of double density looks as large as on a plain one', 'none', vga, { width: 300, height: 200 }, 2, { width: 640, height: 480 }],
]

describe('size of the picture', () => {
  for (const [why, scaling, guest, room, ratio, expected] of cases) {
    it(`${scaling}, ${room.width}×${room.height} at ${ratio}: ${why}`, () => assert.deepEqual(fitted(scaling, guest, room, ratio), expected))
  }
})
