import assert from 'node:assert/strict'
import { LogPlace } from '../../../src/kube/log-place.ts'

const at = (second: number, nanos = 0): string => `2026-11-25T04:00:${String(second).padStart(2, '0')}.${String(nanos).padStart(9, '0')}Z`
const all = (place: LogPlace, ...pieces: (string | Buffer)[]): string => Buffer.concat(pieces.map((piece) => place.take(Buffer.from(piece)))).toString('utf8')

describe('place in a log', () => {
  const log = `${at(1)} one\n${at(2)} two ü\n${at(3)} \n${at(4)} four\n`

  it('takes the times off', () => {
    const place = new LogPlace()
    assert.equal(all(place, log), 'one\ntwo ü\n\nfour\n')
    assert.equal(place.since, at(4))
  })

  it('wherever the pieces are cut', () => {
    const bytes = Buffer.from(log)
    for (let cut = 0; cut <= bytes.length; cut++) {
      assert.equal(all(new LogPlace(), bytes.subarray(0, cut), bytes.subarray(cut)), 'one\ntwo ü\n\nfour\n', `cut at ${cut}`)
    }
    const place = new LogPlace()
    assert.equal(Buffer.concat([...bytes].map((byte) => place.take(Buffer.of(byte)))).toString(), 'one\ntwo ü\n\nfour\n')
  })

  it('goes on after a break without a line twice or lost, wherever it broke', () => {
    const bytes = Buffer.from(log)
    for (let cut = 0; cut <= bytes.length; cut++) {
      const place = new LogPlace()
      const before = all(place, bytes.subarray(0, cut))
      const torn = place.pause()
      // The kubelet counts whole seconds: it sends the line of `since` again, and others of its second.
      const after = all(place, bytes)
      // What came of a torn line comes again whole: it is taken off here as the reader of the terminal sees it, on a line of its own.
      const whole = torn ? before.slice(0, before.lastIndexOf('\n') + 1) : before
      assert.equal(whole + after, 'one\ntwo ü\n\nfour\n', `broken at ${cut}`)
    }
  })

  it('tells lines of one second apart, to the nanosecond', () => {
    const place = new LogPlace()
    all(place, `${at(1, 5)} a\n${at(1, 6)} b\n`)
    place.pause()
    assert.equal(all(place, `${at(1, 5)} a\n${at(1, 6)} b\n${at(1, 7)} c\n${at(1, 999_999_999)} d\n`), 'c\nd\n')
  })

  it('knows times of another zone and without a fraction', () => {
    const place = new LogPlace()
    all(place, '2026-11-25T05:00:02+01:00 a\n')
    place.pause()
    assert.equal(all(place, '2026-11-25T04:00:02Z a\n2026-11-25T05:00:02.5+01:00 b\n'), 'b\n')
  })

  const odd: [name: string, text: string][] = [
    ['a line without a time', 'failed to open log file "/var/log/pods/x"\n'],
    ['a line of one word', 'word\n'],
    ['an empty line', '\n'],
    ['a number', '12 monkeys\n'],
    ['a very long first word', `${'x'.repeat(5000)} y\n`],
    ['a word of the length of a time', `${'x'.repeat(40)} y\n`],
  ]
  for (const [name, text] of odd) {
    it(`lets ${name} pass as it is`, () => {
      for (const cut of [0, 1, 20, 39, 40, 41]) assert.equal(all(new LogPlace(), text.slice(0, cut), text.slice(cut)), text, `cut at ${cut}`)
    })
  }
})
