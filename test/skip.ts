import type { Context, Runnable, Suite } from 'mocha'

/** Skips the test (or, in a `before` hook, its whole suite) and keeps the reason for the summary. */
export function skipBecause(context: Context, reason: string): never {
  const runnable = context.test as (Runnable & { skipReason?: string }) | undefined
  if (runnable) {
    if (runnable.type === 'hook' && runnable.parent) (runnable.parent as Suite & { skipReason?: string }).skipReason = reason
    else runnable.skipReason = reason
  }
  return context.skip()
}
