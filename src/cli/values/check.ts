import type { View } from '../../values/chart.ts'
import { check } from '../../values/check.ts'
import { fixesFor } from '../../values/fixes.ts'
import type { Checked, CheckedProblem, Places } from './answers.ts'

/** Checks files that were opened; what a rule could not know is told once for all of them. */
export function checked(views: readonly View[], places: Places): Checked {
  const results = views.map((view) => {
    addTexts(view, places)
    const { problems, unchecked } = check(view)
    return { problems: problems.map((problem): CheckedProblem => ({ problem, fixes: fixesFor(view, problem) })), unchecked }
  })
  const unchecked = new Map(results.flatMap((result) => result.unchecked.map((one) => [`${one.code} ${one.reason}`, one])))
  return { problems: results.flatMap(({ problems }) => problems), unchecked: [...unchecked.values()] }
}

/** The texts that the answers about a view may point into. */
export function addTexts({ document, before, chart }: View, places: Places): void {
  for (const { file, text } of [...(chart?.templates ?? []), ...before, document]) places.add(file, text)
}
