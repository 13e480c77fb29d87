import assert from 'node:assert/strict'
import type { ScreenOptions } from '../../../src/contracts/screen.ts'
import { type StatusState, statusWords } from '../../../webview/screen/status-words.ts'

const options: ScreenOptions = { scaling: 'fit', viewOnly: false, releaseChord: 'ctrl+alt', meter: true }
const live: StatusState = { options, state: { phase: 'live' }, captured: false, typing: false }
const cases: [why: string, state: StatusState, words: string][] = [
  ['before the keyboard is taken', live, 'Click the picture to type into the machine. Ctrl+Alt gives the keys back.'],
  ['while it is taken', { ...live, captured: true }, 'Keys go to the machine. Ctrl+Alt gives them back.'],
  [
    'by the chord of the settings',
    { ...live, captured: true, options: { ...options, releaseChord: 'rightctrl' } },
    'Keys go to the machine. Right Ctrl gives them back.',
  ],
  ['while text is typed', { ...live, captured: true, typing: true }, 'Typing into the machine. Ctrl+Alt stops it.'],
  ['view only', { ...live, options: { ...options, viewOnly: true } }, 'View only: keys and pointer stay here.'],
  ['not live: whether it is worth waiting', { ...live, state: { phase: 'waiting', sentence: 'The pod is gone.' } }, 'Not live. It comes back by itself.'],
  ['not live, for good', { ...live, captured: true, state: { phase: 'refused', sentence: 'No.' } }, 'Not live. It is not tried again by itself.'],
]

describe('status line', () => {
  for (const [why, state, words] of cases) it(why, () => assert.equal(statusWords(state), words))
})
