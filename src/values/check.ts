import { t } from '@vscode/l10n'
import type { View } from './chart.ts'
import { withoutDisabled } from './off-switches.ts'
import { pathText } from './path.ts'
import { rules } from './rules/registry.ts'
import type { Finding, Rule } from './rules/rule.ts'
import type { Problem, TextRange, Unchecked, ValuePath } from './types.ts'
import { validate } from './validate.ts'

export interface Checked {
  /** In the order of the text. */
  readonly problems: readonly Problem[]
  /** Rules that would have to know more, each once. */
  readonly unchecked: readonly Unchecked[]
}

/** A problem with the finding that it was made of; those of the text and the schema have none. */
export interface Judgement {
  readonly problem: Problem
  readonly finding: Finding | undefined
}

interface Judged {
  readonly judgements: readonly Judgement[]
  readonly unchecked: readonly Unchecked[]
}

/** A view never changes, so it is judged once: diagnostics, fixes and fix-all ask for the same. */
const known = new WeakMap<View, Judged>()

/** All that there is to say about a values file, off-switches and severities of the settings taken into account. */
export function check(view: View): Checked {
  const { judgements, unchecked } = judge(view)
  return { problems: judgements.map(({ problem }) => problem), unchecked }
}

/** The same, with what fixes need. */
export function judge(view: View): Judged {
  const done = known.get(view)
  if (done !== undefined) return done
  const judged = judgeNow(view)
  known.set(view, judged)
  return judged
}

function judgeNow(view: View): Judged {
  const { document, chart } = view
  const syntax = [...document.syntax, ...brokenSchema(view)].map((problem): Judgement => ({ problem, finding: undefined }))
  const schema = chart?.schema === undefined ? [] : validate(chart.schema, view.merged, document)
  const { findings, unchecked } = findingsOf(view)
  const covered = new Set(findings.flatMap((finding) => schema.filter((problem) => covers(finding, problem))))
  const ofRules = findings
    .filter((finding) => !isBesideSchema(finding, schema, covered) && !isUpset(view, finding))
    .map((finding): Judgement => ({ problem: problemOf(view, finding, schema), finding }))
  const ofSchema = schema.filter((problem) => !covered.has(problem)).map((problem): Judgement => ({ problem, finding: undefined }))
  const all = [...syntax, ...ofSchema, ...ofRules].flatMap(({ problem, finding }) => {
    const severity = view.settings.severity[problem.code] ?? problem.severity
    return severity === 'off' ? [] : [{ problem: { ...problem, severity }, finding }]
  })
  const shown = new Set(
    withoutDisabled(
      document.text,
      all.map(({ problem }) => problem),
    ),
  )
  const judgements = all.filter(({ problem }) => shown.has(problem)).sort((one, other) => one.problem.range.start - other.problem.range.start)
  return { judgements, unchecked: unchecked.filter(({ code }) => view.settings.severity[code] !== 'off') }
}

/** A schema that helm cannot read lets nothing be installed, whatever the values say. */
function brokenSchema({ chart, document }: View): Problem[] {
  const problem = chart?.schemaProblem
  if (problem === undefined) return []
  const { file, range, message } = problem
  return [{ ...problem, file: document.file, range: document.nearest([]), related: [{ file, range, message }] }]
}

function findingsOf(view: View): { findings: Finding[]; unchecked: Unchecked[] } {
  const findings: Finding[] = []
  const unchecked = new Map<string, Unchecked>()
  for (const rule of rules) {
    if (rule.ours && view.chart?.ours !== true) continue
    const answer = ask(rule, view)
    if ('unknown' in answer) unchecked.set(`${rule.code} ${answer.unknown}`, { code: rule.code, reason: answer.unknown })
    else findings.push(...answer.map((finding) => ({ severity: rule.severity, ...finding })))
  }
  return { findings, unchecked: [...unchecked.values()] }
}

function ask(rule: Rule, view: View): readonly Finding[] | { unknown: string } {
  if (!rule.needsCluster) return rule.check(view)
  if (!rule.applies(view)) return []
  return view.facts === undefined ? { unknown: t('needs a cluster') } : rule.check(view, view.facts)
}

const isBelow = (path: ValuePath, top: ValuePath): boolean => top.length <= path.length && top.every((key, index) => key === path[index])

/** True when a rule says better what the schema says too. */
const covers = (finding: Finding, { path }: Problem): boolean =>
  path !== undefined && finding.code !== 'LOCO-VA-03' && [finding.path, ...(finding.covers ?? [])].some((top) => top.length > 0 && isBelow(path, top))

/** A key that the schema does not know is not also one that nothing reads. */
const isBesideSchema = (finding: Finding, schema: readonly Problem[], covered: ReadonlySet<Problem>): boolean =>
  finding.code === 'LOCO-VA-03' && [...schema, ...covered].some(({ path }) => path !== undefined && isBelow(finding.path, path))

/** In a text that cannot be read in full, only what stands in it is judged: what is missing may be what cannot be read. */
const isUpset = ({ document }: View, { path, involved = [] }: Finding): boolean =>
  document.broken && ![path, ...involved].some((one) => one.length > 0 && document.locate(one) !== undefined)

function problemOf(view: View, finding: Finding, schema: readonly Problem[]): Problem {
  const { code, path, message, tag } = finding
  // What the schema refuses as well is an error, whatever the rule thinks of it: helm does not take the file.
  const refused = schema.some((problem) => covers(finding, problem))
  const severity = refused ? 'error' : (finding.severity ?? 'warning')
  const related = [...(finding.related ?? []), ...elsewhere(view, finding)]
  return {
    code,
    severity,
    message,
    file: view.document.file,
    range: placeOf(view, finding),
    path,
    ...(related.length > 0 ? { related } : {}),
    ...(tag === undefined ? {} : { tag }),
  }
}

/** The value itself, where it is in this file; else the first that has a part in it; else the nearest key above. */
function placeOf({ document }: View, { path, involved = [], tag }: Finding): TextRange {
  for (const one of [path, ...involved]) {
    const place = one.length === 0 ? undefined : document.locate(one)
    if (place === undefined) continue
    const whole = document.text.slice(place.value.start, place.value.end)
    // Of a map or list the key is enough: a screen full of red tells less.
    return tag !== undefined || whole === '' || /\n/.test(whole) ? (place.key ?? place.value) : place.value
  }
  return document.nearest(path)
}

/** Where another file says what this one is told about. */
function elsewhere({ document, merged }: View, { path }: Finding): NonNullable<Problem['related']> {
  const origin = path.length === 0 ? undefined : merged.origin(path)
  const place = origin === undefined || origin === document ? undefined : origin.locate(path)
  if (origin === undefined || place === undefined) return []
  return [{ file: origin.file, range: place.key ?? place.value, message: t`${pathText(path)} is set here.` }]
}
