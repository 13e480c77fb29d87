import assert from 'node:assert/strict'
import { waitFor } from '../../../src/base/wait.ts'
import { chords } from '../../../src/editor/screens/chords.ts'
import { Typist } from '../../../webview/screen/typist.ts'

const late = (): Error => new Error('The typist did not get that far.')

describe('typist', () => {
  let sent: string[]
  let states: boolean[]
  let typist: Typist

  beforeEach(() => {
    sent = []
    states = []
    typist = new Typist(
      ({ code, down }) => sent.push(`${down ? '+' : '-'}${code}`),
      (typing) => states.push(typing),
    )
  })

  it('sends one text after the other, key by key', async () => {
    typist.type(chords.ctrlEscape)
    typist.type(chords.altTab)
    await waitFor(() => sent.length === 8, late, { timeout: 2000, interval: 5 })
    assert.equal(sent.join(' '), '+ControlLeft +Escape -Escape -ControlLeft +AltLeft +Tab -Tab -AltLeft')
    await waitFor(() => states.length === 2, late, { timeout: 2000, interval: 5 })
    assert.deepEqual(states, [true, false])
  })

  it('stopped, leaves no key down and the rest untyped', async () => {
    typist.type(chords.ctrlAltDelete)
    await waitFor(() => sent.length === 2, late, { timeout: 2000, interval: 1 })
    typist.stop()
    assert.deepEqual(new Set(sent.slice(2)), new Set(['-ControlLeft', '-AltLeft']))
    assert.deepEqual(states, [true, false])
  })

  it('has nothing to do for no text', () => {
    typist.type([])
    assert.deepEqual(states, [])
  })
})
