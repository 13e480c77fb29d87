import assert from 'node:assert/strict'
import { ReadableLines } from '../../../src/editor/actions/logs/readable-lines.ts'
import { SafeText } from '../../../src/editor/actions/terminal/safe-text.ts'

const [esc, m] = ['\u001b', 'm']
const colour = (text: string): string => text.replaceAll(new RegExp(`${esc}\\[[0-9]*${m}`, 'g'), '')
const lines = (): ReadableLines => new ReadableLines((ms) => new Date(ms).toISOString().slice(11, 19))
const entry = (more: object = {}): string =>
  JSON.stringify({ timestamp: '2026-11-25T04:43:59.735Z', level: 'info', message: 'It runs.', service: 's', pod: 'p', instance: 'i', ...more })

const cases: [name: string, log: string, readable: string][] = [
  ['a line of the agent', `${entry()}\n`, '04:43:59 info  It runs.\n'],
  ['what else it says', `${entry({ stage: 'P2', times: 3 })}\n`, '04:43:59 info  It runs. stage=P2 times=3\n'],
  ['plain lines', 'a\n\nb {"x":1}\n', 'a\n\nb {"x":1}\n'],
  ['JSON of others', '{"msg":"x"}\n{"message":1,"level":"info","timestamp":"t"}\n', '{"msg":"x"}\n{"message":1,"level":"info","timestamp":"t"}\n'],
  ['broken JSON', '{"message":\n', '{"message":\n'],
  ['a line that has no end yet', 'abc', 'abc'],
  ['a time that is none', `${entry({ timestamp: 'soon' })}\n`, 'soon info  It runs.\n'],
]

describe('lines of the agent for a person', () => {
  for (const [name, log, readable] of cases) {
    it(name, () => {
      const bytes = Buffer.from(log)
      for (let cut = 0; cut <= bytes.length; cut++) {
        const to = lines()
        assert.equal(colour(Buffer.concat([to.take(bytes.subarray(0, cut)), to.take(bytes.subarray(cut))]).toString()), readable, `cut at ${cut}`)
      }
    })
  }

  it('a line that is too long to be held passes', () => {
    const long = `{${'x'.repeat(200_000)}`
    const to = lines()
    assert.equal(Buffer.concat([to.take(Buffer.from(long)), to.take(Buffer.from('y\n'))]).toString(), `${long}y\n`)
  })

  it('what a message hides in escapes does not reach the terminal', () => {
    const text = new SafeText().take(lines().take(Buffer.from(`${entry({ message: 'a\u001b]0;owned\u0007b\u001b[2J' })}\n`)))
    assert.match(colour(text), /info {2}ab\r\n$/)
  })
})
