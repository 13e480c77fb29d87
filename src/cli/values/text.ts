import { t } from '@vscode/l10n'
import type { Colour, Paint } from '../../operations/paint.ts'
import type { Severity } from '../../values/types.ts'
import type { Checked, Places } from './answers.ts'

const colours: Record<Severity, Colour> = { error: 'red', warning: 'yellow', info: 'grey', hint: 'grey' }

/** What a check found, one line each in the form that terminals and editors make links of; fixes and sums below. */
export function checkText({ problems, unchecked }: Checked, places: Places, paint: Paint): string {
  const lines = problems.map(({ problem: { code, severity, message, file, range, related = [] }, fixes }) => {
    const at = (name: string, where: typeof range): string => {
      const { line, column } = places.span(name, where).start
      return `${places.shown(name)}:${line}:${column}`
    }
    const others = related.map((one) => `  ${at(one.file, one.range)}: ${one.message}`)
    return [`${at(file, range)}: ${paint(colours[severity], severity)} ${code}: ${message}`, ...others, ...fixes.map(({ title }) => `  → ${title}`)].join('\n')
  })
  const count = (...wanted: Severity[]): number => problems.filter(({ problem }) => wanted.includes(problem.severity)).length
  const sum = t`Errors: ${count('error')}, warnings: ${count('warning')}, notes: ${count('info', 'hint')}.`
  const reasons = Map.groupBy(unchecked, ({ reason }) => reason)
  const left = [...reasons].map(([reason, of]) => t`Not checked (${reason}): ${[...new Set(of.map(({ code }) => code))].sort().join(', ')}.`)
  return `${[...lines, sum, ...left].join('\n')}\n`
}
