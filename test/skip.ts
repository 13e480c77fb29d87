import type { Context, Suite } from 'mocha'

interface Skippable {
  type?: string
  parent?: Suite & { skipReason?: string }
  skipReason?: string
}

/** Skips the test (or, in a `before` hook, its whole suite) and keeps the reason for the summary. */
export function skipBecause(context: Context, reason: string): never {
  const runnable = context.test as Skippable | undefined
  if (runnable?.type === 'hook' && runnable.parent) runnable.parent.skipReason = reason
  else if (runnable) runnable.skipReason = reason
  return context.skip()
}
