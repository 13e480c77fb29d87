import assert from 'node:assert/strict'
import type { ReleaseChord } from '../../../src/contracts/screen.ts'
import { ReleaseWatch } from '../../../webview/screen/release-watch.ts'

/** `+code` down, `-code` up; `!` where the keyboard is given back. */
const cases: [why: string, chord: ReleaseChord, keys: string][] = [
  ['pressed and let go', 'ctrl+alt', '+ControlLeft +AltLeft -AltLeft -ControlLeft!'],
  ['in any order', 'ctrl+alt', '+AltLeft +ControlRight -AltLeft -ControlRight!'],
  ['one of them alone', 'ctrl+alt', '+ControlLeft -ControlLeft +AltLeft -AltLeft'],
  ['Ctrl+Alt+Del is for the machine', 'ctrl+alt', '+ControlLeft +AltLeft +Delete -Delete -AltLeft -ControlLeft'],
  ['and the chord works after it', 'ctrl+alt', '+ControlLeft +AltLeft +Delete -Delete -AltLeft -ControlLeft +ControlLeft +AltLeft -ControlLeft -AltLeft!'],
  ['keys that repeat are one press', 'ctrl+alt', '+ControlLeft +ControlLeft +AltLeft +AltLeft -AltLeft -ControlLeft!'],
  ['AltGr says Ctrl and the right Alt', 'ctrl+alt', '+ControlLeft +AltRight -AltRight -ControlLeft'],
  ['a letter on the way', 'ctrl+shift', '+ControlLeft +ShiftLeft +KeyV -KeyV -ShiftLeft -ControlLeft'],
  ['the other chord', 'ctrl+shift', '+ShiftRight +ControlLeft -ShiftRight -ControlLeft!'],
  ['Ctrl+Alt is for the machine then', 'ctrl+shift', '+ControlLeft +AltLeft -AltLeft -ControlLeft'],
  ['one key alone', 'rightctrl', '+ControlRight -ControlRight!'],
  ['the left one is another key', 'rightctrl', '+ControlLeft -ControlLeft'],
  ['used with a letter it is a Ctrl like any other', 'rightctrl', '+ControlRight +KeyC -KeyC -ControlRight'],
]

describe('release chord', () => {
  for (const [why, chord, keys] of cases) {
    it(`${chord}: ${why}`, () => {
      const watch = new ReleaseWatch(chord)
      const seen = keys.split(' ').map((step) => {
        const key = step.replace('!', '')
        return watch.key(key.slice(1), key.startsWith('+')) ? `${key}!` : key
      })
      assert.equal(seen.join(' '), keys)
    })
  }

  it('a key whose release was not seen does not count after the keyboard was lost', () => {
    const watch = new ReleaseWatch('ctrl+alt')
    watch.key('KeyA', true)
    watch.reset()
    watch.key('ControlLeft', true)
    watch.key('AltLeft', true)
    watch.key('ControlLeft', false)
    assert.equal(watch.key('AltLeft', false), true)
  })
})
