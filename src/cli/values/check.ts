import type { View } from '../../values/chart.ts'
import { check } from '../../values/check.ts'
import { fixesFor } from '../../values/fixes.ts'
import type { Problem, Unchecked } from '../../values/types.ts'
import type { Checked, CheckedProblem, Places } from './answers.ts'

interface Found {
  readonly problems: readonly Problem[]
  readonly unchecked: readonly Unchecked[]
}

/** Checks a file that was opened by what helm makes of it. */
export type CheckRendered = (view: View) => Promise<Found>

/** Checks files that were opened; what a rule could not know is told once for all of them. */
export async function checked(views: readonly View[], places: Places, rendered?: CheckRendered): Promise<Checked> {
  const results = await Promise.all(
    views.map(async (view) => {
      addTexts(view, places)
      const found = check(view)
      // Values that are wrong in themselves do not render, or render what nobody means.
      const more = rendered === undefined || found.problems.some(({ severity }) => severity === 'error') ? undefined : await rendered(view)
      const problems = [...found.problems, ...(more?.problems ?? [])].map((problem): CheckedProblem => ({ problem, fixes: fixesFor(view, problem) }))
      return { problems, unchecked: [...found.unchecked, ...(more?.unchecked ?? [])] }
    }),
  )
  const unchecked = new Map(results.flatMap((result) => result.unchecked.map((one) => [`${one.code} ${one.reason}`, one])))
  return { problems: results.flatMap(({ problems }) => problems), unchecked: [...unchecked.values()] }
}

/** The texts that the answers about a view may point into. */
export function addTexts({ document, before, chart }: View, places: Places): void {
  for (const { file, text } of [...(chart?.templates ?? []), ...before, document]) places.add(file, text)
}
