import { t } from '@vscode/l10n'
import type { GroupedFinding, PlanEvent, StepOutcome } from '../../contracts/operation.ts'
import { type StepState, stepsEnded } from '../../operations/operation-state.ts'
import type { BookEntry } from '../../operations/operations-book.ts'
import { countText } from '../../operations/progress-line.ts'
import { operationRowLabel, operationTitle } from './title.ts'

/** A row of the Operations view as plain data. Ids are those of the journal, so that they stay over reloads. */
export interface OperationRow {
  readonly id: string
  /** The operation that the row belongs to. */
  readonly operation: string
  readonly label: string
  readonly description: string
  readonly tooltip: string
  readonly icon: string
  readonly colour?: string
  readonly contextValue: string
  /** What a screen reader says. */
  readonly spoken: string
  /** Opened when first seen. */
  readonly open: boolean
  /** A code that a click explains. */
  readonly code?: string
  readonly fix?: readonly string[]
  readonly children: readonly OperationRow[]
}

/** Writes a time for a person; given by the host, which knows the language. */
export type WriteTime = (time: Date) => string

/** The Operations view: one row an operation, its steps below, their findings below those. Pure. */
export function operationRows(entries: readonly BookEntry[], writeTime: WriteTime): OperationRow[] {
  const contexts = new Set(entries.flatMap(({ state: { plan } }) => plan?.target.context ?? []))
  return entries.flatMap((entry) => (entry.state.plan === undefined ? [] : [operationRow(entry, entry.state.plan, contexts.size > 1, writeTime)]))
}

const standings: Readonly<Record<BookEntry['standing'], { icon: string; colour?: string }>> = {
  running: { icon: 'loading~spin' },
  succeeded: { icon: 'pass', colour: 'loco.healthy' },
  failed: { icon: 'error', colour: 'loco.unhealthy' },
  cancelled: { icon: 'circle-slash', colour: 'loco.stopped' },
  interrupted: { icon: 'debug-disconnect', colour: 'loco.degraded' },
}

/** What fits a narrow side bar stands in the row; the whole title, with the context, in its tool tip. `withContext`: the rows are of several contexts. */
function operationRow({ id, state, standing }: BookEntry, plan: PlanEvent, withContext: boolean, writeTime: WriteTime): OperationRow {
  const { report, steps, findings } = state
  const title = operationTitle(plan.operation, plan.target)
  const when = writeTime(new Date(plan.t))
  const { ended, total } = stepsEnded(state)
  const stand = standing === 'running' ? t`${ended} of ${total} steps` : endedWord(standing, when)
  const description = withContext ? `${stand} · ${plan.target.context}` : stand
  const said = report?.sentence ?? (standing === 'interrupted' ? t('Its process is gone without a report. The next run finds out what stands.') : undefined)
  return {
    ...standings[standing],
    id: `operation/${id}`,
    operation: id,
    label: operationRowLabel(plan.operation, plan.target),
    description,
    tooltip: [title, stand, t`Begun ${when}`, ...(said === undefined ? [] : [said]), plan.target.server, id].join('\n'),
    contextValue: standing === 'running' ? ';operation;running;' : ';operation;ended;',
    spoken: standing === 'running' ? t`${title}, running, ${stand}` : `${title}, ${stand}`,
    open: standing === 'running',
    children: [
      ...steps.map((step) => stepRow(id, step, standing)),
      ...findings.map((finding, index) => findingRow(`operation/${id}/finding/${index}`, id, finding)),
    ],
  }
}

function endedWord(standing: Exclude<BookEntry['standing'], 'running'>, when: string): string {
  switch (standing) {
    case 'succeeded':
      return t`Succeeded, ${when}`
    case 'failed':
      return t`Failed, ${when}`
    case 'cancelled':
      return t`Cancelled, ${when}`
    case 'interrupted':
      return t`Interrupted, ${when}`
  }
}

const steps: Readonly<Record<StepState['standing'], { icon: string; colour?: string }>> = {
  waiting: { icon: 'circle-outline' },
  running: { icon: 'loading~spin' },
  done: { icon: 'check', colour: 'loco.healthy' },
  already: { icon: 'check-all', colour: 'loco.healthy' },
  failed: { icon: 'error', colour: 'loco.unhealthy' },
  skipped: { icon: 'debug-step-over', colour: 'loco.stopped' },
  cancelled: { icon: 'circle-slash', colour: 'loco.stopped' },
}

function stepRow(operation: string, step: StepState, of: BookEntry['standing']): OperationRow {
  // What ran when the process died has no end in the journal, and what waited never began.
  const standing = of === 'running' || step.standing !== 'running' ? step.standing : 'cancelled'
  const sentence = step.sentence ?? (standing === 'cancelled' ? t('It was stopped in the middle.') : progressOf(step))
  return {
    ...steps[standing],
    id: `operation/${operation}/step/${step.id}`,
    operation,
    label: step.title,
    description: sentence,
    tooltip: [step.title, outcomeWord(standing), sentence === '' ? (step.detail ?? '') : sentence].filter((line) => line !== '').join('\n'),
    contextValue: ';step;',
    spoken: sentence === '' ? t`${step.title}: ${outcomeWord(standing)}` : t`${step.title}: ${outcomeWord(standing)}. ${sentence}`,
    open: step.findings.some(({ severity }) => severity === 'fatal'),
    children: step.findings.map((finding, index) => findingRow(`operation/${operation}/step/${step.id}/finding/${index}`, operation, finding)),
  }
}

function progressOf({ standing, progress }: StepState): string {
  if (standing !== 'running' || progress === undefined) return ''
  const { sentence, done, total } = progress
  return done === undefined || total === undefined ? sentence : `${sentence} ${countText(done, total)}`
}

function outcomeWord(standing: 'waiting' | 'running' | StepOutcome): string {
  return {
    waiting: t('Waiting'),
    running: t('Running'),
    done: t('Done'),
    already: t('True already'),
    failed: t('Failed'),
    skipped: t('Skipped'),
    cancelled: t('Cancelled'),
  }[standing]
}

const severities: Readonly<Record<GroupedFinding['severity'], { icon: string; colour?: string }>> = {
  fatal: { icon: 'error', colour: 'loco.unhealthy' },
  warning: { icon: 'warning', colour: 'loco.degraded' },
  info: { icon: 'info' },
}

function findingRow(id: string, operation: string, { code, title, cause, where, fix, severity }: GroupedFinding): OperationRow {
  return {
    ...severities[severity],
    id,
    operation,
    label: title,
    description: where.join(', '),
    tooltip: [`${title} (${code})`, cause, ...fix.map((one) => `→ ${one}`)].join('\n'),
    contextValue: ';finding;',
    spoken: t`${title}, ${code}, ${where.join(', ')}: ${cause}`,
    open: false,
    code,
    fix,
    children: [],
  }
}

/**
 * What a tree must be told after a change: rows that look different now, and rows whose children came or went. Undefined when the top level did.
 * Rows are named by id, because the objects are new each time.
 */
export function changedRows(before: readonly OperationRow[], after: readonly OperationRow[]): string[] | undefined {
  if (ids(before) !== ids(after)) return undefined
  return after.flatMap((row, index) => changed(before[index] as OperationRow, row))
}

function changed(before: OperationRow, after: OperationRow): string[] {
  if (ids(before.children) !== ids(after.children) || looks(before) !== looks(after)) return [after.id]
  return after.children.flatMap((row, index) => changed(before.children[index] as OperationRow, row))
}

const ids = (rows: readonly OperationRow[]): string => rows.map(({ id }) => id).join('\n')
const looks = ({ children: _, ...row }: OperationRow): string => JSON.stringify(row)
