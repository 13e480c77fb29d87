import type { MomentWords } from './events.ts'

/** Moments in the time zone of this machine, to the second, so that they sort and compare by eye. */
export function moments(timeZone?: string): MomentWords {
  const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', ...(timeZone !== undefined && { timeZone }) })
  return (ms) => format.format(ms)
}
