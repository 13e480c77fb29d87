import assert from 'node:assert/strict'
import { BuildLog, type EngineMessage, engineMessages } from '../../../src/images/builder-stream.ts'

// As Docker 20.10 sends them.
const words: EngineMessage[] = [
  { stream: 'Step 1/3 : FROM busybox:1' },
  { stream: '\n' },
  { stream: ' ---> 5c37206b4d2a\n' },
  { stream: 'Step 2/3 : RUN apt-get update' },
  { stream: '\n' },
  { stream: ' ---> Running in 9a1b\n' },
  { stream: 'Get:1 http://deb' },
  { stream: 'ian.org\nReading: 1%\rReading: 100%\n' },
  { stream: '\u001b[91mwarning\u001b[0m\n' },
]

describe('BuildLog', () => {
  it('counts steps and completes lines that come in pieces', () => {
    const log = new BuildLog()
    const lines = words.flatMap((message) => log.feed(message))
    assert.deepEqual(lines, [
      'Step 1/3 : FROM busybox:1',
      ' ---> 5c37206b4d2a',
      'Step 2/3 : RUN apt-get update',
      ' ---> Running in 9a1b',
      'Get:1 http://debian.org',
      'Reading: 100%',
      'warning',
    ])
    assert.deepEqual(log.step, { number: 2, total: 3, instruction: 'RUN apt-get update' })
    assert.deepEqual(log.tail, ['Get:1 http://debian.org', 'Reading: 100%', 'warning'])
  })

  it('a new step starts with no lines behind it, and the tail stays short', () => {
    const log = new BuildLog()
    log.feed({ stream: 'Step 1/2 : RUN a\nold\n' })
    log.feed({ stream: `Step 2/2 : RUN b\n${Array.from({ length: 50 }, (_, n) => `${n}\n`).join('')}` })
    assert.equal(log.tail.length, 20)
    assert.equal(log.tail[0], '30')
  })

  it('knows the id and the error', () => {
    const log = new BuildLog()
    log.feed({ aux: { ID: 'sha256:1' } })
    log.feed({ error: 'short', errorDetail: { message: 'The command returned a non-zero code: 1' } })
    assert.equal(log.image, 'sha256:1')
    assert.equal(log.error, 'The command returned a non-zero code: 1')
  })
})

describe('engineMessages', () => {
  async function read(chunks: (string | Buffer)[]): Promise<EngineMessage[]> {
    async function* stream(): AsyncGenerator<string | Buffer> {
      yield* chunks
    }
    const seen: EngineMessage[] = []
    for await (const message of engineMessages(stream())) seen.push(message)
    return seen
  }
  const euro = Buffer.from('{"stream":"€"}\n')
  const cases: [what: string, chunks: (string | Buffer)[], expected: EngineMessage[]][] = [
    ['one a line', ['{"stream":"a"}\n{"stream":"b"}\n'], [{ stream: 'a' }, { stream: 'b' }]],
    ['cut anywhere', ['{"str', 'eam":"a"}', '\n'], [{ stream: 'a' }]],
    ['cut inside a character', [euro.subarray(0, 12), euro.subarray(12)], [{ stream: '€' }]],
    ['no newline at the end, carriage returns', ['{"stream":"a"}\r\n{"error":"e"}'], [{ stream: 'a' }, { error: 'e' }]],
    ['what is no JSON is passed over', ['<html>\n\n7\n{"stream":"a"}\n'], [{ stream: 'a' }]],
  ]
  for (const [what, chunks, expected] of cases) it(what, async () => assert.deepEqual(await read(chunks), expected))
})
