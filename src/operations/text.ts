import { t } from '@vscode/l10n'
import type { GroupedFinding, OperationEvent, PlanEvent, ReportEvent, StepOutcome } from '../contracts/operation.ts'

/** How a line is meant; the host decides how that looks. */
export type Tone = 'plain' | 'strong' | 'good' | 'warn' | 'bad' | 'faint'

export interface OperationLine {
  tone: Tone
  text: string
}

/**
 * An event as lines that stay on a person's screen; no lines for events that only matter while they last (`progressText`).
 * Terminal and editor draw the same lines.
 */
export function operationLines(event: OperationEvent): OperationLine[] {
  switch (event.kind) {
    case 'plan':
      return planLines(event)
    case 'step-end':
      return [{ tone: tones[event.outcome], text: `${marks[event.outcome]} ${event.title}${secondsText(event.seconds)}: ${event.sentence}` }]
    case 'step-log':
      return [{ tone: 'faint', text: `    ${event.line}` }]
    case 'finding':
      return findingLines(event.finding)
    case 'report':
      return reportLines(event)
    case 'step-start':
    case 'step-progress':
      return []
  }
}

/** What is being done right now, for a line that is rewritten; undefined for events that say nothing of that. */
export function progressText(event: OperationEvent): { sentence: string; done?: number; total?: number; left?: number } | undefined {
  if (event.kind === 'step-start') return { sentence: `${event.title} …` }
  if (event.kind !== 'step-progress') return undefined
  const { sentence, done, total, left } = event
  return { sentence, ...(done !== undefined && { done }), ...(total !== undefined && { total }), ...(left !== undefined && { left }) }
}

const marks: Record<StepOutcome, string> = { done: '✓', already: '=', failed: '✗', skipped: '–', cancelled: '■' }
const tones: Record<StepOutcome, Tone> = { done: 'good', already: 'good', failed: 'bad', skipped: 'faint', cancelled: 'warn' }
/** What an operation is, and where. */
const headings: Record<PlanEvent['operation'], (target: PlanEvent['target']) => string> = {
  bootstrap: ({ release, namespace, context, provider }) => t`Bootstrap of release ${release} in namespace ${namespace} of ${context} (${provider})`,
  rebuild: ({ release, namespace, context, provider }) => t`Rebuild of release ${release} in namespace ${namespace} of ${context} (${provider})`,
  destroy: ({ release, namespace, context, provider }) => t`Destroy of release ${release} in namespace ${namespace} of ${context} (${provider})`,
  migrate: ({ release, namespace, context, provider }) => t`Migration of the disks of release ${release} in namespace ${namespace} of ${context} (${provider})`,
}

function planLines({ op, operation, target, steps, losses, warnings = [] }: PlanEvent): OperationLine[] {
  return [
    { tone: 'strong', text: headings[operation](target) },
    { tone: 'faint', text: t`operation ${op}` },
    ...steps.map(
      ({ title, detail }, index): OperationLine => ({ tone: 'plain', text: `  ${index + 1}. ${title}${detail === undefined ? '' : `: ${detail}`}` }),
    ),
    ...warnings.map((warning): OperationLine => ({ tone: 'warn', text: `  ${t`mind: ${warning}`}` })),
    ...losses.map((loss): OperationLine => ({ tone: 'warn', text: `  ${t`will be lost: ${loss}`}` })),
  ]
}

function findingLines({ code, title, cause, where, fix, severity }: GroupedFinding): OperationLine[] {
  const tone: Tone = severity === 'fatal' ? 'bad' : severity === 'warning' ? 'warn' : 'plain'
  return [
    { tone, text: `  ${code} ${title} (${where.join(', ')})` },
    { tone: 'plain', text: `    ${cause}` },
    ...fix.map((text): OperationLine => ({ tone: 'plain', text: `    → ${text}` })),
  ]
}

function reportLines(report: ReportEvent): OperationLine[] {
  const tone: Tone = report.outcome === 'succeeded' ? 'good' : report.outcome === 'failed' ? 'bad' : 'warn'
  const list = (items: readonly string[], line: (item: string) => string): OperationLine[] => items.map((item) => ({ tone: 'plain', text: `  ${line(item)}` }))
  return [
    { tone, text: `${report.sentence}${secondsText(report.seconds)}` },
    // Findings were told when they came; here they stand once more, each cause once, because the first telling may have scrolled away.
    ...report.findings.flatMap(findingLines),
    ...list(report.gone, (item) => t`gone: ${item}`),
    ...list(report.kept, (item) => t`kept: ${item}`),
    ...list(report.next, (item) => t`next: ${item}`),
  ]
}

/** Seconds as a person reads them; nothing for what took no time worth telling. */
function secondsText(seconds: number): string {
  if (seconds < 0.05) return ''
  if (seconds < 10) return ` (${t`${seconds.toFixed(1)} s`})`
  return seconds < 120 ? ` (${t`${Math.round(seconds)} s`})` : ` (${t`${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`})`
}
