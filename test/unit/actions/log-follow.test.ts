import assert from 'node:assert/strict'
import { PassThrough, Readable } from 'node:stream'
import { Emitter } from '../../../src/base/emitter.ts'
import { LocoError } from '../../../src/base/error.ts'
import { type ContainerLife, followLog, type LogPart, type LogSight, type LogSource } from '../../../src/kube/log-follow.ts'

const line = (second: number, text: string): string => `2026-11-25T04:00:${String(second).padStart(2, '0')}.000000000Z ${text}\n`
const error = new LocoError('LOCO-KUB-020', { what: 'gone' })

/** A container whose log the test writes. */
class GivenSource implements LogSource {
  readonly changed = new Emitter<void>()
  readonly changes = this.changed.event
  readonly asked: { tailLines?: number; sinceTime?: string }[] = []
  sight: LogSight = { life: { pod: 'a', run: 0, state: 'running' }, waiting: '', blind: undefined }
  answers: (() => Readable)[] = []

  look(): LogSight {
    return this.sight
  }

  async open(request: { tailLines?: number; sinceTime?: string; signal?: AbortSignal }): Promise<Readable> {
    const { tailLines, sinceTime, signal } = request
    this.asked.push({ ...(tailLines !== undefined && { tailLines }), ...(sinceTime !== undefined && { sinceTime }) })
    const stream = this.answers.shift()?.()
    if (stream === undefined) return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
    // As the transport does: an error that nobody waits for must not end the process.
    stream.on('error', () => {})
    signal?.addEventListener('abort', () => stream.destroy(new Error('aborted')))
    return stream
  }

  becomes(life: ContainerLife | undefined, waiting = '', blind?: LocoError): void {
    this.sight = { life, waiting, blind }
    this.changed.fire()
  }
}

describe('following a log', () => {
  let source: GivenSource
  let end: AbortController
  let parts: AsyncGenerator<LogPart, never, void>

  beforeEach(() => {
    source = new GivenSource()
    end = new AbortController()
    parts = followLog({ source, tailLines: 10, signal: end.signal })
  })
  afterEach(() => end.abort())

  const next = async (): Promise<string> => {
    const { value: part } = await parts.next()
    if (part.kind === 'text') return part.bytes.toString()
    return part.kind === 'waiting' ? `waiting: ${part.sentence}` : part.kind === 'lost' ? `lost: ${part.error.code}` : part.kind
  }
  const whole =
    (...lines: string[]): (() => Readable) =>
    () =>
      Readable.from(lines.map((text) => Buffer.from(text)))

  it('begins with the last lines and goes on with what comes', async () => {
    const stream = new PassThrough()
    source.answers = [() => stream]
    stream.write(line(1, 'one'))
    assert.equal(await next(), 'one\n')
    stream.write(line(2, 'two'))
    assert.equal(await next(), 'two\n')
    assert.deepEqual(source.asked, [{ tailLines: 10 }])
  })

  it('goes on in the next run of the container, and says so', async () => {
    source.answers = [whole(line(1, 'one')), whole(line(2, 'two'))]
    assert.equal(await next(), 'one\n')
    const more = next()
    source.becomes({ pod: 'a', run: 0, state: 'ended' }, 'It has ended.')
    source.becomes({ pod: 'a', run: 1, state: 'running' })
    assert.equal(await more, 'started')
    assert.equal(await next(), 'two\n')
    assert.deepEqual(source.asked[1], { sinceTime: '2026-11-25T04:00:01.000000000Z' })
  })

  it('says what it waits for while a container is down, once', async () => {
    source.sight = { life: { pod: 'a', run: 0, state: 'ended' }, waiting: 'It has ended with code 1.', blind: undefined }
    source.answers = [whole(line(1, 'one')), whole(line(1, 'other pod'))]
    assert.equal(await next(), 'one\n')
    assert.equal(await next(), 'waiting: It has ended with code 1.')
    const more = next()
    source.changed.fire()
    source.becomes(undefined, 'There is no pod.')
    assert.equal(await more, 'waiting: There is no pod.')
    const after = next()
    source.becomes({ pod: 'b', run: 0, state: 'running' })
    assert.equal(await after, 'started')
    // The clock of another node says nothing: its log is read from its own last lines.
    assert.equal(await next(), 'other pod\n')
    assert.deepEqual(source.asked[1], { tailLines: 10 })
  })

  it('waits for a container that has not started', async () => {
    source.sight = { life: undefined, waiting: 'Not started.', blind: undefined }
    source.answers = [whole(line(1, 'one'))]
    assert.equal(await next(), 'waiting: Not started.')
    const more = next()
    source.becomes({ pod: 'a', run: 0, state: 'running' })
    assert.equal(await more, 'one\n')
  })

  it('tells an outage once, and comes back without a line twice', async () => {
    const broken = new PassThrough()
    source.answers = [
      () => broken,
      () => {
        throw error
      },
      whole(line(1, 'one'), line(2, 'two')),
    ]
    broken.write(line(1, 'one'))
    assert.equal(await next(), 'one\n')
    const more = next()
    broken.destroy(error)
    assert.equal(await more, 'lost: LOCO-KUB-020')
    const after = next()
    // What the watch says ends the pause at once.
    await new Promise(setImmediate)
    source.becomes({ pod: 'a', run: 0, state: 'running' }, '', error)
    await new Promise(setImmediate)
    source.becomes({ pod: 'a', run: 0, state: 'running' }, '')
    assert.equal(await after, 'back')
    assert.equal(await next(), 'two\n')
  })

  it('words of the network become words for a person', async () => {
    source.answers = [
      () => {
        throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' })
      },
    ]
    assert.equal(await next(), 'lost: LOCO-KUB-023')
  })

  it('gives a line that was torn again, whole and on a line of its own', async () => {
    const broken = new PassThrough()
    source.answers = [() => broken, whole(line(1, 'one two'))]
    broken.write(line(1, 'one two').slice(0, -5))
    assert.equal(await next(), 'one')
    const more = next()
    broken.destroy(error)
    assert.equal(await more, '\n')
    assert.equal(await next(), 'lost: LOCO-KUB-020')
    const after = next()
    source.becomes({ pod: 'a', run: 0, state: 'running' }, 'now')
    assert.equal(await after, 'back')
    assert.equal(await next(), 'one two\n')
  })

  it('a silent stream is given up when the watch says that the cluster is gone', async () => {
    const silent = new PassThrough()
    source.answers = [() => silent, whole(line(2, 'two'))]
    silent.write(line(1, 'one'))
    assert.equal(await next(), 'one\n')
    const more = next()
    source.becomes({ pod: 'a', run: 0, state: 'running' }, '', error)
    assert.equal(await more, 'lost: LOCO-KUB-020')
    assert.ok(silent.destroyed)
    const after = next()
    source.becomes({ pod: 'a', run: 0, state: 'running' })
    assert.equal(await after, 'back')
  })

  it('ends with its signal, and lets go of the stream', async () => {
    const stream = new PassThrough()
    source.answers = [() => stream]
    stream.write(line(1, 'one'))
    await next()
    const more = parts.next()
    end.abort(new Error('closed'))
    await assert.rejects(more, /closed/)
    assert.ok(stream.destroyed)
  })
})
