import { manifestRules } from '../manifest-rules/registry.ts'
import type { Severity } from '../types.ts'
import { ofTheChart, ofTheEngine, rules } from './registry.ts'
import type { RuleCode, RuleFacts } from './rule.ts'

/** One code with all that judge it. */
export interface RuleRow {
  readonly code: RuleCode
  readonly severity: Severity
  readonly knowable: readonly RuleFacts['knowable'][]
  /** True when a part of it asks the cluster. */
  readonly needsCluster: boolean
  /** True when all of it is about our own chart only. */
  readonly ours: boolean
}

/** What refuses the values at helm where a rule over values says "error". Of VA-01 helm takes the last of equal keys and says nothing. */
export const refusedBy: Readonly<Partial<Record<RuleCode, 'schema' | 'template' | 'helm'>>> = {
  'LOCO-VA-02': 'schema',
  'LOCO-VA-05': 'schema',
  'LOCO-VA-07': 'template',
  'LOCO-VA-08': 'template',
  'LOCO-VA-09': 'schema',
  'LOCO-VA-11': 'template',
  'LOCO-VA-12': 'template',
  'LOCO-VA-14': 'schema',
  'LOCO-VA-15': 'template',
  'LOCO-VA-19': 'schema',
  'LOCO-VA-20': 'helm',
  'LOCO-VA-22': 'helm',
  'LOCO-ST-01': 'schema',
  'LOCO-ST-02': 'schema',
  'LOCO-ST-03': 'schema',
  'LOCO-ST-05': 'template',
  'LOCO-ST-22': 'template',
}

/** Every rule once, in the order of its code. */
export function ruleTable(): RuleRow[] {
  const rows = new Map<RuleCode, RuleRow>()
  for (const { code, severity, knowable, needsCluster, ours } of [...ofTheEngine, ...ofTheChart, ...rules, ...manifestRules] as readonly RuleFacts[]) {
    const known = rows.get(code)
    rows.set(code, {
      code,
      severity: known?.severity ?? severity,
      knowable: [...new Set([...(known?.knowable ?? []), knowable])],
      needsCluster: needsCluster || known?.needsCluster === true,
      ours: ours && known?.ours !== false,
    })
  }
  return [...rows.values()].sort((one, other) => (one.code < other.code ? -1 : 1))
}

/** The rows as a table of docs/values-language.md, in English. `titles`: by code. */
export function ruleTableText(titles: Readonly<Record<string, { readonly title: string }>>): string {
  const header = ['| Code | Severity | Known from | Cluster | Charts | Helm refuses it by | What it says |', '| --- | --- | --- | --- | --- | --- | --- |']
  const lines = ruleTable().map(({ code, severity, knowable, needsCluster, ours }) => {
    const refused = refusedBy[code]
    return `| [${code}](codes.md#${code.toLowerCase()}) | ${severity} | ${knowable.join(', ')} | ${needsCluster ? 'yes' : ''} | ${ours ? 'ours' : 'any'} | ${refused ?? ''} | ${titles[code]?.title ?? ''} |`
  })
  return [...header, ...lines].join('\n')
}

/** A page with the table of rules between its two marks. */
export function withRuleTable(page: string, table: string): string {
  return page.replace(/(<!-- rules: [^\n]*-->\n)[\s\S]*?(<!-- \/rules -->)/, (_all, start: string, end: string) => `${start}\n${table}\n\n${end}`)
}
