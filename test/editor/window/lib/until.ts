import { waitFor } from '../../../../src/base/wait.ts'

/** Milliseconds that one thing on screen may take to appear, on a machine that does other work too. */
export const patience = 20_000

/** Waits until the probe gives something, and says what was waited for and, where that helps, what was there instead. */
export function until<T>(
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  what: string | (() => string),
  timeout: number = patience,
): Promise<T> {
  return waitFor(
    probe,
    (last) =>
      new Error(`not within ${timeout} ms: ${typeof what === 'string' ? what : what()}${last instanceof Error ? ` (${last.message.split('\n')[0]})` : ''}`),
    { timeout, interval: 60 },
  )
}

export type Wanted = string | RegExp

/** True for the same text in any case, or a match of the expression. */
export const same = (wanted: Wanted, text: string): boolean =>
  wanted instanceof RegExp ? wanted.test(text) : text.trim().toLowerCase() === wanted.trim().toLowerCase()

/** True when the text holds the wanted one, in any case. */
export const holds = (wanted: Wanted, text: string): boolean =>
  wanted instanceof RegExp ? wanted.test(text) : text.toLowerCase().includes(wanted.toLowerCase())
