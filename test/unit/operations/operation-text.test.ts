import assert from 'node:assert/strict'
import type { OperationEvent } from '../../../src/contracts/operation.ts'
import { OperationText } from '../../../src/operations/operation-text.ts'
import { inColour } from '../../../src/operations/paint.ts'
import { countText, ProgressLine } from '../../../src/operations/progress-line.ts'
import { ended, finding, found, plan, progress, started } from '../editor-operations/given.ts'

function shown(events: readonly OperationEvent[], { verbose = false } = {}): string {
  let screen = ''
  const write = (text: string): void => {
    screen += text
  }
  const text = new OperationText({ write, line: new ProgressLine({ stderr: { write }, interactive: true, columns: () => 80 }), paint: inColour, verbose })
  for (const event of events) text.emit(event)
  return screen
}
const esc = '\u001b'
const log: OperationEvent = { t: '', op: '', kind: 'step-log', step: 'build', line: 'Step 1/9' }

describe('an operation on a screen', () => {
  it('lines stay, coloured by their meaning; what lasts is one line that is rewritten', () => {
    assert.equal(
      shown([started('Build'), progress('Build', 'Layer.', 1, 3), ended('Build', 'done')]),
      `\r${esc}[2KBuild …\r${esc}[2KLayer. [1/3]\r${esc}[2K${esc}[32m✓ Build (1.5 s): So it is.${esc}[0m\n`,
    )
  })

  it('what builders print is shown on demand only', () => {
    assert.equal(shown([log]), '')
    assert.match(shown([log], { verbose: true }), /Step 1\/9/)
  })

  const hostile: [string, OperationEvent][] = [
    ['a finding', { ...found(), finding: { ...finding, cause: `${esc}]0;title\u0007${esc}[2Jgone` } } as OperationEvent],
    ['progress', progress('build', `${esc}[2J${esc}[Hgone`)],
    ['a plan', { ...plan, losses: [`${esc}[2J`] }],
  ]
  for (const [name, event] of hostile) {
    it(`words of others do not steer the terminal: ${name}`, () => {
      const ours = new RegExp(`${esc}\\[(2K|\\d+m)`, 'g')
      const rest = shown([event]).replace(ours, '')
      assert.ok(!rest.includes(esc) && !rest.includes('\u0007'), JSON.stringify(rest))
    })
  }

  const counts: [number, number, string][] = [
    [1, 3, '[1/3]'],
    [9_999, 9_999, '[9999/9999]'],
    [7_606_250, 277_040_462, '[2 %]'],
    [277_040_462, 277_040_462, '[100 %]'],
  ]
  for (const [done, total, expected] of counts) it(`${done} of ${total} is ${expected}`, () => assert.equal(countText(done, total), expected))
})
