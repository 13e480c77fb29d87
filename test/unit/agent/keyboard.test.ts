import assert from 'node:assert/strict'
import { keyWaits } from '../../../containers/qemu-softgpu/agent/key-probe.ts'
import { chordEvents, chordsOfKeys, chordsOfText } from '../../../containers/qemu-softgpu/agent/keyboard.ts'

describe('keyboard', () => {
  const texts: [string, string[]][] = [
    ['a', ['a']],
    ['A', ['shift+a']],
    ['4', ['4']],
    ['$', ['shift+4']],
    [')', ['shift+0']],
    ['_', ['shift+minus']],
    ['"', ['shift+apostrophe']],
    ['\\|', ['backslash', 'shift+backslash']],
    ['a b\n', ['a', 'spc', 'b', 'ret']],
    ['x\r\ny', ['x', 'ret', 'y']],
    ['\t\b', ['tab', 'backspace']],
  ]
  for (const [text, chords] of texts)
    it(`types ${JSON.stringify(text)}`, () =>
      assert.deepEqual(
        chordsOfText(text).map((chord) => chord.join('+')),
        chords,
      ))

  it('has a key for every printable ASCII character', () => {
    for (let code = 32; code < 127; code += 1) assert.equal(chordsOfText(String.fromCharCode(code)).length, 1)
  })

  const chords: [string, string][] = [
    ['ctrl+alt+delete', 'ctrl+alt+delete'],
    ['Ctrl+Alt+Del', 'ctrl+alt+delete'],
    ['enter', 'ret'],
    ['f12', 'f12'],
    ['shift+f10', 'shift+f10'],
  ]
  for (const [given, expected] of chords) it(`takes ${given}`, () => assert.equal(chordsOfKeys([given])[0]?.join('+'), expected))

  for (const text of ['é', '日', '\u0007', '😀'])
    it(`refuses the text ${JSON.stringify(text)}`, () => assert.throws(() => chordsOfText(text), { code: 'LOCO-AGT-014' }))
  for (const key of ['', 'any', 'ctrl+', '+', 'f13', 'power', '__proto__', 'a+é'])
    it(`refuses the key ${key}`, () => assert.throws(() => chordsOfKeys([key]), { code: 'LOCO-AGT-014' }))

  it('lets go in reverse order', () => {
    const { down, up } = chordEvents(['ctrl', 'alt', 'delete'])
    assert.deepEqual(
      down.map(({ data }) => `${data.key.data} ${data.down}`),
      ['ctrl true', 'alt true', 'delete true'],
    )
    assert.deepEqual(
      up.map(({ data }) => `${data.key.data} ${data.down}`),
      ['delete false', 'alt false', 'ctrl false'],
    )
  })
})

describe('keyboard controller status', () => {
  const cases: [string, boolean | undefined][] = [
    ['portb[0x0064] = 0x1d\r\n', true],
    ['portb[0x0064] = 0x1c\r\n', false],
    ['portb[0x0064] = 0x18', false],
    ["unknown command: 'i'", undefined],
  ]
  for (const [words, expected] of cases) it(JSON.stringify(words), () => assert.equal(keyWaits(words), expected))
})
