import assert from 'node:assert/strict'
import { LocoError } from '../../../src/base/error.ts'
import { confirm } from '../../../src/cli/confirm.ts'
import { emulatorPod } from '../../../src/cli/emulator-argument.ts'
import { dnsLabel, duration } from '../../../src/cli/options.ts'
import { bytesText, errorText, table } from '../../../src/cli/text.ts'
import { paintFor } from '../../../src/operations/paint.ts'
import { ProgressLine } from '../../../src/operations/progress-line.ts'
import { fakeTerminal } from './fake-terminal.ts'

describe('text for a person', () => {
  const sizes: [number, string][] = [
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [10 * 1024, '10 KiB'],
    [1.5 * 1024 ** 3, '1.5 GiB'],
  ]
  for (const [bytes, expected] of sizes) it(`${bytes} bytes are ${expected}`, () => assert.equal(bytesText(bytes), expected))

  it('a table pads all columns but the last', () => {
    assert.equal(
      table([
        ['a', 'bb', 'c'],
        ['aaa', 'b', 'ccc'],
      ]),
      'a    bb  c\naaa  b   ccc\n',
    )
  })

  it('colours only where a person watches and has not refused', () => {
    assert.equal(paintFor(false, {})('red', 'x'), 'x')
    assert.equal(paintFor(true, { NO_COLOR: '1' })('red', 'x'), 'x')
    assert.notEqual(paintFor(true, {})('red', 'x'), 'x')
  })

  it('an error says what, why and each fix', () => {
    const error = new LocoError('LOCO-USE-006', { what: 'It is gone.', why: 'Somebody took it.', fix: ['look', 'ask'] })
    assert.equal(
      errorText(error, (_, text) => text),
      'LOCO-USE-006: It is gone.\n  Somebody took it.\n  → look\n  → ask\n',
    )
  })

  it('durations have a unit', () => {
    assert.equal(duration('90s'), 90_000)
    assert.equal(duration('15m'), 900_000)
    assert.equal(duration('1h'), 3_600_000)
    for (const bad of ['', '5', 'm', '1.5h', '-1s']) assert.throws(() => duration(bad), bad)
  })

  it('names follow Kubernetes', () => {
    for (const good of ['loco', 'a', 'a-1']) assert.equal(dnsLabel(good), good)
    for (const bad of ['', '-a', 'a-', 'A', 'a_b', 'a'.repeat(54), '../x']) assert.throws(() => dnsLabel(bad), bad)
  })

  it('an emulator is named by id, ordinal or pod', () => {
    for (const name of ['instance-2', '2', 'loco-loco-emulator-2']) assert.equal(emulatorPod(name, 'loco'), 'loco-loco-emulator-2')
    assert.throws(() => emulatorPod('two', 'loco'), { code: 'LOCO-USE-006' })
  })
})

describe('progress', () => {
  it('writes one plain line for each new sentence where nobody watches', () => {
    const terminal = fakeTerminal()
    const line = new ProgressLine(terminal)
    for (const done of [1, 2, 3]) line.show({ sentence: 'Loading.', done, total: 3 })
    line.show({ sentence: 'Done.' })
    line.end()
    assert.equal(terminal.err(), 'Loading.\nDone.\n')
  })

  it('rewrites one line, cut to the screen, while a person watches', () => {
    const terminal = fakeTerminal({ interactive: true, columns: 30 })
    const line = new ProgressLine(terminal)
    line.show({ sentence: 'A sentence that is longer than the screen is wide', done: 1, total: 2, left: 10 })
    line.end()
    const [, shown = ''] = terminal.err().split('\r\u001b[2K')
    assert.ok(shown.length > 0 && shown.length <= 29, shown)
    assert.ok(terminal.err().endsWith('\r\u001b[2K'))
  })

  it('tells the time left in seconds, then in minutes', () => {
    const terminal = fakeTerminal({ interactive: true })
    const line = new ProgressLine(terminal)
    line.show({ sentence: 'Building.', left: 42.4 })
    line.show({ sentence: 'Building.', left: 300 })
    assert.match(terminal.err(), /about 42 s left[\s\S]*about 5 min left/)
  })
})

describe('a question before a loss', () => {
  it('is not asked where the person said yes', async () => {
    const terminal = fakeTerminal()
    await confirm(terminal, { yes: true, losses: ['the disk'], question: 'Lose it?' })
    assert.match(terminal.err(), /will be lost: the disk/)
  })

  it('is refused, never guessed, where nobody can answer', async () => {
    await assert.rejects(confirm(fakeTerminal(), { yes: false, losses: ['the disk'], question: 'Lose it?' }), { code: 'LOCO-USE-004' })
  })
})
