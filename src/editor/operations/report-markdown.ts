import { t } from '@vscode/l10n'
import type { GroupedFinding, StepOutcome } from '../../contracts/operation.ts'
import type { StepState } from '../../operations/operation-state.ts'
import type { BookEntry } from '../../operations/operations-book.ts'
import { operationTitle } from './title.ts'

/**
 * The report of an operation as a page, from its events only; while it runs, the page says how far it is. All words that come from outside are escaped:
 * a name with markup in it is shown as it is written. Pure.
 */
export function reportMarkdown({ id, state, standing }: Pick<BookEntry, 'id' | 'state' | 'standing'>): string {
  const { plan, report, steps } = state
  const title = plan === undefined ? id : operationTitle(plan.operation, plan.target)
  const findings = report?.findings ?? [...steps.flatMap((step) => step.findings), ...state.findings]
  return [
    `# ${plain(title)}`,
    `**${outcomeWord(standing)}.** ${plain(report?.sentence ?? standingSentence(standing))}`,
    facts([
      ...(plan === undefined
        ? []
        : [
            [t('Cluster'), `${plan.target.context} (${plan.target.provider})`],
            [t('Server'), plan.target.server],
            [t('Namespace'), plan.target.namespace],
            [t('Release'), plan.target.release],
            [t('Begun'), `${plan.t.slice(0, 19).replace('T', ' ')} UTC`],
          ]),
      ...(report === undefined
        ? []
        : [
            [t('Took'), secondsText(report.seconds)],
            [t('Exit code'), String(report.exit)],
          ]),
      [t('Operation'), id],
    ]),
    ...(findings.length === 0 ? [] : [`## ${t('Findings')}`, ...findings.map(findingSection)]),
    ...(steps.length === 0 ? [] : [`## ${t('Steps')}`, stepTable(steps, standing)]),
    ...list(t('Lost for good'), plan?.losses ?? []),
    ...list(t('Gone'), report?.gone ?? []),
    ...list(t('Kept'), report?.kept ?? []),
    ...list(t('Next'), report?.next ?? []),
  ].join('\n\n')
}

/**
 * A text as Markdown that shows exactly this text, on one line: no emphasis, link, picture, table, heading, list or HTML comes of it, and no address
 * becomes a link by itself.
 */
export function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]()#|!~:@$^=]/g, '\\$&')
    .replace(/^[-+]/, '\\$&')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
}

/** Lines as they are, in a fence that nothing in them can close. */
export function fenced(lines: readonly string[]): string {
  const text = lines.join('\n')
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text}\n${fence}`
}

function outcomeWord(standing: BookEntry['standing']): string {
  return { running: t('Running'), succeeded: t('Succeeded'), failed: t('Failed'), cancelled: t('Cancelled'), interrupted: t('Interrupted') }[standing]
}

function standingSentence(standing: BookEntry['standing']): string {
  return standing === 'running'
    ? t('It has not ended yet; this page follows it.')
    : t('Its process is gone without a report. Running it again finds out what stands and goes on from there.')
}

function facts(rows: readonly (readonly string[])[]): string {
  return ['| | |', '|---|---|', ...rows.map(([name = '', value = '']) => `| ${name} | ${plain(value)} |`)].join('\n')
}

const marks: Readonly<Record<'waiting' | 'running' | StepOutcome, string>> = {
  ...{ waiting: '·', running: '…', done: '✓', already: '=', failed: '✗', skipped: '–', cancelled: '■' },
}

function stepTable(steps: readonly StepState[], standing: BookEntry['standing']): string {
  const rows = steps.map((step) => {
    const said = step.sentence ?? (step.standing === 'running' ? (step.progress?.sentence ?? t('It runs.')) : t('It waits.'))
    const sentence = standing === 'interrupted' && step.sentence === undefined ? t('Not known.') : said
    return `| ${marks[step.standing].replace('=', '\\=')} | ${plain(step.title)} | ${step.seconds === undefined ? '' : secondsText(step.seconds)} | ${plain(sentence)} |`
  })
  return [`| | ${t('Step')} | ${t('Time')} | ${t('What was found or made')} |`, '|---|---|---:|---|', ...rows].join('\n')
}

function findingSection({ code, title, cause, where, fix, evidence }: GroupedFinding): string {
  return [
    `### ${plain(title)} (${code})`,
    plain(cause),
    `${t('It holds for:')} ${plain(where.join(', '))}`,
    ...(fix.length === 0 ? [] : [`${t('What to do:')}`, fix.map((one) => `- ${plain(one)}`).join('\n')]),
    ...(evidence.length === 0 ? [] : [`${t('What was said:')}`, fenced(evidence)]),
  ].join('\n\n')
}

function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`## ${title}`, items.map((item) => `- ${plain(item)}`).join('\n')]
}

function secondsText(seconds: number): string {
  if (seconds < 60) return t`${seconds.toFixed(1)} s`
  return t`${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}
