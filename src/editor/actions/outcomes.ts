import { t } from '@vscode/l10n'
import type { LocoError } from '../../base/error.ts'
import { asLocoError } from '../../base/error.ts'

/** How an action on one of several things went. `error` undefined: it was done. */
export interface Outcome {
  readonly name: string
  readonly error: LocoError | undefined
}

/** Names in a sentence before it says how many more there are. */
const longest = 8

/** Does something with each, all at the same time, and tells of each how it went. */
export function forEachOf<T>(items: readonly T[], nameOf: (item: T) => string, work: (item: T) => Promise<void>): Promise<Outcome[]> {
  return Promise.all(
    items.map(async (item) => {
      try {
        await work(item)
        return { name: nameOf(item), error: undefined }
      } catch (error) {
        return { name: nameOf(item), error: asLocoError(error) }
      }
    }),
  )
}

/** Names as a list that fits into a sentence. */
export function listOf(names: readonly string[]): string {
  const shown = names.slice(0, longest).join(', ')
  return names.length <= longest ? shown : t`${shown} and ${names.length - longest} more`
}

/** What was not done and why: one line for each reason, with those whom it keeps. */
export function failureLines(outcomes: readonly Outcome[]): string[] {
  const failed = outcomes.flatMap(({ name, error }) => (error === undefined ? [] : [{ name, error }]))
  const byReason = Map.groupBy(failed, ({ error }) => `${error.message} (${error.code})`)
  return [...byReason].map(([reason, group]) => t`${listOf(group.map(({ name }) => name))}: ${reason}`)
}
