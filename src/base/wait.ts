import { type Clock, systemClock } from './clock.ts'

export interface WaitOptions {
  /** Milliseconds until the wait gives up. */
  timeout: number
  /** Milliseconds between two looks (200). */
  interval?: number
  signal?: AbortSignal
  clock?: Clock
}

/**
 * Looks again and again until `look` gives something other than `undefined` or `false`, and returns that.
 * Errors of `look` count as "not yet" and become the cause when time runs out.
 * @throws what `late` makes of the last error, when the deadline passes; the signal's reason, when aborted.
 */
export async function waitFor<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  late: (last: unknown) => Error,
  options: WaitOptions,
): Promise<T> {
  const { timeout, interval = 200, signal, clock = systemClock } = options
  const end = clock.now() + timeout
  let last: unknown
  for (;;) {
    signal?.throwIfAborted()
    try {
      const seen = await look()
      if (seen !== undefined && seen !== false) return seen
    } catch (error) {
      last = error
    }
    if (clock.now() >= end) throw late(last)
    await clock.sleep(Math.min(interval, Math.max(0, end - clock.now())), signal)
  }
}
