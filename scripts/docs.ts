import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { codes } from '../src/base/codes.ts'
import { codesPage } from '../src/base/codes-page.ts'
import { packageRoot } from '../src/base/package-root.ts'
import { documentedValues, valuesPage, withTexts } from '../src/chart/values-table.ts'
import { ruleTableText, withRuleTable } from '../src/values/rules/rule-table.ts'

const path = (...names: string[]): string => join(packageRoot(), ...names)
const read = (...names: string[]): string => readFileSync(path(...names), 'utf8')

writeFileSync(path('docs', 'codes.md'), codesPage(codes))

// Texts and defaults of values live in values.yaml, constraints in the schema; the schema takes the texts over, the page shows both.
const values = documentedValues(read('helm', 'loco-chart', 'values.yaml'))
const schema = withTexts(JSON.parse(read('helm', 'loco-chart', 'values.schema.json')), values)
writeFileSync(path('helm', 'loco-chart', 'values.schema.json'), `${JSON.stringify(schema, null, 2)}\n`)
writeFileSync(path('docs', 'values.md'), valuesPage(schema, values))

writeFileSync(path('docs', 'values-language.md'), withRuleTable(read('docs', 'values-language.md'), ruleTableText(codes)))
