import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codes } from '../../../../src/base/codes.ts'
import { packageRoot } from '../../../../src/base/package-root.ts'
import { refusedBy, ruleTable, ruleTableText, withRuleTable } from '../../../../src/values/rules/rule-table.ts'

describe('values: the table of rules', () => {
  it('docs/values-language.md has it as the rules are (npm run docs writes it)', () => {
    const page = readFileSync(join(packageRoot(), 'docs', 'values-language.md'), 'utf8')
    assert.equal(page, withRuleTable(page, ruleTableText(codes)))
    assert.ok(page.includes('[LOCO-ST-36](codes.md#loco-st-36)'))
  })

  it('ST-01 to ST-36 and VA-01 to VA-19 are all there', () => {
    const numbers = (area: string, last: number): string[] => Array.from({ length: last }, (_, index) => `LOCO-${area}-${String(index + 1).padStart(2, '0')}`)
    const table = ruleTable().map(({ code }) => code as string)
    assert.deepEqual(
      [...numbers('ST', 36), ...numbers('VA', 19)].filter((code) => !table.includes(code)),
      [],
    )
  })

  it('every error over values says what refuses it, but for equal keys and files that are not looked at', () => {
    const silent = ruleTable().filter(({ code, severity, knowable }) => severity === 'error' && knowable.includes('values') && refusedBy[code] === undefined)
    assert.deepEqual(
      silent.map(({ code }) => code),
      ['LOCO-VA-01', 'LOCO-VA-21'],
    )
  })
})
