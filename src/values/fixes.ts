import { t } from '@vscode/l10n'
import { makeView, type View } from './chart.ts'
import { judge } from './check.ts'
import { ValuesDocument } from './document.ts'
import { applied } from './edit.ts'
import { entryFixes } from './entry-fixes.ts'
import { samePath } from './path.ts'
import { Rewrite } from './rewrite.ts'
import type { Edit, Fix, Problem } from './types.ts'

/** What can be done about a problem of `check(view)`, the likeliest first. All edits are of this file. */
export function fixesFor(view: View, problem: Problem): Fix[] {
  return [...mendingFixes(view, problem), ...silencing(view, problem)]
}

/** Fixes that change what is wrong, without those that only silence it. */
function mendingFixes(view: View, problem: Problem): Fix[] {
  const judgement = judge(view).judgements.find((one) => isSame(one.problem, problem))
  if (judgement === undefined) return []
  const { finding } = judgement
  const found = finding === undefined ? entryFixes(view, judgement.problem).filter((fix) => mends(view, problem, fix)) : (finding.fixes?.() ?? [])
  return found.filter(({ edits }) => edits.some(({ range, newText }) => view.document.text.slice(range.start, range.end) !== newText))
}

const isSame = (one: Problem, other: Problem): boolean =>
  one.code === other.code && one.range.start === other.range.start && one.range.end === other.range.end && one.message === other.message

/** Whether a fix leaves a file that parses and no longer has the problem. What the schema allows is only known by asking it. */
function mends(view: View, problem: Problem, fix: Fix): boolean {
  const after = withText(view, applied(view.document.text, fix.edits))
  if (after.document.broken) return false
  const still = judge(after).judgements.filter((one) => one.problem.code === problem.code && isSamePlace(one.problem, problem))
  return still.length < judge(view).judgements.filter((one) => one.problem.code === problem.code && isSamePlace(one.problem, problem)).length
}

const isSamePlace = (one: Problem, other: Problem): boolean => samePath(one.path ?? [], other.path ?? [])

/** The view of the same file with another text. */
export function withText(view: View, text: string): View {
  const { document, role, chart, before, facts, settings } = view
  const overlays = before.filter((one) => one !== chart?.defaults)
  return makeView({ document: ValuesDocument.parse(document.file, text), role, chart, overlays, facts, settings })
}

/** Advice can be switched off: on its line, or in the file where its value is not in it. An error cannot: helm would refuse the file all the same. */
function silencing({ document }: View, { code, severity, range, path = [] }: Problem): Fix[] {
  if (severity === 'error' || document.broken) return []
  const { text, file } = document
  const end = text.includes('\r\n') ? '\r\n' : '\n'
  const start = text.lastIndexOf('\n', range.start - 1) + 1
  const line = text.slice(start).split('\n', 1)[0] ?? ''
  if (path.length === 0 || /^\s*(?:#|$)/.test(line)) {
    return [
      {
        title: t`Switch off ${code} for this file`,
        preferred: false,
        edits: [{ file, range: { start: 0, end: 0 }, newText: `# loco-disable-file ${code}${end}` }],
      },
    ]
  }
  const indent = /^[ \t]*/.exec(line)?.[0] ?? ''
  const newText = `${indent}# loco-disable-next-line ${code}${end}`
  return [{ title: t`Switch off ${code} for this line`, preferred: false, edits: [{ file, range: { start, end: start }, newText }] }]
}

/** Fixing one problem can show another; more rounds than this are a circle. */
const mostRounds = 50

/**
 * Applies the preferred fixes until none is left, as edits of the text as it is. A fix that would make the file unreadable, or does not help, is left out.
 * @param only the code of the rule whose fixes are wanted; all by default
 */
export function fixAll(view: View, only?: string): Edit[] {
  const rewrite = new Rewrite(view.document)
  const refused = new Set<string>()
  let now = view
  for (let round = 0; round < mostRounds; round++) {
    const fixes = preferredFixes(now, refused, only)
    const [first] = fixes
    if (first === undefined) break
    // All that stand apart at once; where they spoil each other, the first alone.
    const next = [apart(fixes), [first]]
      .map((some) => ({
        some,
        after: withText(
          now,
          applied(
            now.document.text,
            some.flatMap(({ fix }) => fix.edits),
          ),
        ),
      }))
      .find(({ some, after }) => helps(now, after, some))
    if (next === undefined) {
      refused.add(first.id)
      continue
    }
    rewrite.apply(...next.some.flatMap(({ fix }) => fix.edits))
    now = withText(view, rewrite.document.text)
  }
  return rewrite.edits()
}

interface Candidate {
  readonly id: string
  readonly fix: Fix
}

function preferredFixes(view: View, refused: ReadonlySet<string>, only: string | undefined): Candidate[] {
  return judge(view).judgements.flatMap(({ problem }) => {
    const id = `${problem.code} ${JSON.stringify(problem.path ?? problem.range.start)}`
    if (refused.has(id) || (only !== undefined && problem.code !== only)) return []
    const fix = mendingFixes(view, problem).find(({ preferred }) => preferred)
    return fix === undefined ? [] : [{ id, fix }]
  })
}

function apart(fixes: readonly Candidate[]): Candidate[] {
  const taken: Candidate[] = []
  const touches = (one: Edit, other: Edit): boolean => one.range.start <= other.range.end && other.range.start <= one.range.end
  for (const candidate of fixes) {
    if (!taken.some(({ fix }) => fix.edits.some((edit) => candidate.fix.edits.some((other) => touches(edit, other))))) taken.push(candidate)
  }
  return taken
}

/** True when the text can still be read and at least one of the problems is gone. */
function helps(before: View, after: View, fixes: readonly Candidate[]): boolean {
  if (after.document.broken && !before.document.broken) return false
  if (after.document.text === before.document.text) return false
  // Two fixes that each make the same map would make it twice, and Helm would forget the first.
  const repeated = ({ document }: View): number => document.syntax.filter(({ code }) => code === 'LOCO-VA-01').length
  if (repeated(after) > repeated(before)) return false
  const count = (view: View): number => judge(view).judgements.length
  const left = new Set(preferredFixes(after, new Set(), undefined).map(({ id }) => id))
  return count(after) < count(before) || fixes.some(({ id }) => !left.has(id))
}
