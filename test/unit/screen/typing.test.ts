import assert from 'node:assert/strict'
import type { LayoutName } from '../../../src/screen/keyboard-layouts.ts'
import { keyEvents, keysOfText } from '../../../src/screen/typing.ts'

/** Strokes in short: `Shift+KeyA`, `AltGr+KeyQ`. */
function short(text: string, layout: LayoutName): string {
  const { strokes, untypeable } = keysOfText(text, layout)
  const told = strokes.map(({ code, shift, altGr }) => `${shift ? 'Shift+' : ''}${altGr ? 'AltGr+' : ''}${code}`)
  return [...told, ...untypeable.map((character) => `no ${character}`)].join(' ')
}

const cases: [layout: LayoutName, text: string, strokes: string][] = [
  ['us', 'aZ1!', 'KeyA Shift+KeyZ Digit1 Shift+Digit1'],
  ['us', '`~-=\\|/?', 'Backquote Shift+Backquote Minus Equal Backslash Shift+Backslash Slash Shift+Slash'],
  ['us', 'a b\tc\nd\r\ne\rf', 'KeyA Space KeyB Tab KeyC Enter KeyD Enter KeyE Enter KeyF'],
  ['us', 'é€é', 'no é no €'],
  ['us', '\u0007', 'no \u0007'],
  ['us', '😀', 'no 😀'],
  ['gb', '"@#~£\\|¬', 'Shift+Digit2 Shift+Quote Backslash Shift+Backslash Shift+Digit3 IntlBackslash Shift+IntlBackslash Shift+Backquote'],
  ['gb', '€éÁ', 'AltGr+Digit4 AltGr+KeyE no Á'],
  ['de', 'yzYZ', 'KeyZ KeyY Shift+KeyZ Shift+KeyY'],
  ['de', 'ßäöüÄ', 'Minus Quote Semicolon BracketLeft Shift+Quote'],
  ['de', '@€{[]}\\~|', 'AltGr+KeyQ AltGr+KeyE AltGr+Digit7 AltGr+Digit8 AltGr+Digit9 AltGr+Digit0 AltGr+Minus AltGr+BracketRight AltGr+IntlBackslash'],
  ['de', '<>-_', 'IntlBackslash Shift+IntlBackslash Slash Shift+Slash'],
  // Dead keys: the accent alone needs the space bar.
  ['de', '^`´', 'Backquote Space Shift+Equal Space Equal Space'],
  ['de', 'éÀô', 'Equal KeyE Shift+Equal Shift+KeyA Backquote KeyO'],
  ['de', 'ñ', 'no ñ'],
  ['fr', 'azqwm1', 'KeyQ KeyW KeyA KeyZ Semicolon Shift+Digit1'],
  ['fr', 'éèçà&ù', 'Digit2 Digit7 Digit9 Digit0 Digit1 Quote'],
  ['fr', 'ûÊëñÀ', 'BracketLeft KeyU BracketLeft Shift+KeyE Shift+BracketLeft KeyE AltGr+Digit2 KeyN AltGr+Digit7 Shift+KeyQ'],
  ['fr', '^~`@#', 'AltGr+Digit9 AltGr+Digit2 Space AltGr+Digit7 Space AltGr+Digit0 AltGr+Digit3'],
  ['fr', '!§.,;:/?', 'Slash Shift+Slash Shift+Comma KeyM Comma Period Shift+Period Shift+KeyM'],
  // An accent that came as a character of its own is the same letter.
  ['fr', 'e\u0301', 'Digit2'],
]

describe('typing text', () => {
  for (const [layout, text, strokes] of cases) {
    it(`${layout}: ${JSON.stringify(text)} → ${strokes}`, () => {
      assert.equal(short(text, layout), strokes)
    })
  }

  for (const layout of ['us', 'gb', 'de', 'fr'] as const) {
    it(`${layout}: types every character that a program or a path is made of`, () => {
      const ascii = Array.from({ length: 95 }, (_, n) => String.fromCharCode(32 + n)).join('')
      assert.deepEqual(keysOfText(ascii, layout).untypeable, [])
    })
  }

  it('presses what is held first and lets go of it last', () => {
    const [stroke] = keysOfText('@', 'de').strokes
    assert.deepEqual(
      keyEvents(stroke!).map(({ code, down }) => `${code} ${down ? 'down' : 'up'}`),
      ['AltRight down', 'KeyQ down', 'KeyQ up', 'AltRight up'],
    )
  })

  it('names the keysym of a US keyboard, in the case that fits Shift: QEMU would press Caps Lock otherwise', () => {
    const keysyms = keysOfText('zZö!', 'de').strokes.map(({ keysym }) => String.fromCodePoint(keysym))
    assert.deepEqual(keysyms, ['y', 'Y', ';', '!'])
  })
})
