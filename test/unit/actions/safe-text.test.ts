import assert from 'node:assert/strict'
import { SafeText } from '../../../src/editor/actions/terminal/safe-text.ts'

const esc = '\u001b'
const cases: [name: string, input: string, output: string][] = [
  ['plain text', 'hello', 'hello'],
  ['line ends', 'a\nb\r\nc\rd', 'a\r\nb\r\nc\r\nd'],
  ['tabs', 'a\tb', 'a\tb'],
  ['colours', `${esc}[31mred${esc}[0m${esc}[38;2;1;2;3mx${esc}[m`, `${esc}[31mred${esc}[0m${esc}[38;2;1;2;3mx${esc}[m`],
  ['cursor movements', `${esc}[2J${esc}[1;1Hhidden${esc}[K${esc}[?25l`, 'hidden'],
  ['window titles', `${esc}]0;owned\u0007a${esc}]2;owned${esc}\\b`, 'ab'],
  ['the clipboard', `${esc}]52;c;ZXZpbA==\u0007a`, 'a'],
  ['links', `${esc}]8;;https://example.org\u0007text${esc}]8;;\u0007`, 'text'],
  ['device control strings', `${esc}P1$r0m${esc}\\a`, 'a'],
  ['character sets and resets', `a${esc}(0b${esc}cc${esc}=d`, 'abcd'],
  ['questions to the terminal', `a${esc}[6nb${esc}[>c`, 'ab'],
  ['other control characters', 'a\u0000b\u0007c\u0008d\u007fe', 'a␀b␇c␈d␡e'],
  ['C1 controls', 'a\u009b31mb', 'a\ufffd31mb'],
  ['letters of all kinds', 'äß漢字🙂', 'äß漢字🙂'],
]

describe('text of a log that a terminal may be given', () => {
  for (const [name, input, output] of cases) {
    it(name, () => assert.equal(new SafeText().take(Buffer.from(input)), output))
    it(`${name}, wherever it is cut`, () => {
      const bytes = Buffer.from(`${input}.`)
      for (let cut = 0; cut <= bytes.length; cut++) {
        const text = new SafeText()
        assert.equal(text.take(bytes.subarray(0, cut)) + text.take(bytes.subarray(cut)), `${output}.`, `cut at ${cut}`)
      }
    })
  }

  it('a sequence that never ends is not waited for', () => {
    const text = new SafeText()
    const told = text.take(Buffer.from(`a${esc}]0;${'x'.repeat(1000)}`)) + text.take(Buffer.from('b'))
    assert.ok(told.startsWith('a␛') && told.endsWith('xb'), told.slice(0, 20))
  })
})
