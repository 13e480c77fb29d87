import { t } from '@vscode/l10n'
import { eventCount, eventStart, eventTime, type KubeEvent } from '../../../diagnosis/evidence.ts'

/** A moment in milliseconds as a person reads it. */
export type MomentWords = (ms: number) => string

interface Folded {
  readonly event: KubeEvent
  readonly count: number
  readonly first: number
  readonly last: number
}

/** Events in the order of time, one line for those that say the same. Pure. */
export function eventLines(events: readonly KubeEvent[], moment: MomentWords): string[] {
  const same = Map.groupBy(events, ({ type, reason, message }) => JSON.stringify([type, reason, message]))
  return [...same.values()]
    .map(fold)
    .sort((a, b) => a.last - b.last || a.first - b.first)
    .map((folded) => line(folded, moment))
}

function fold(events: readonly KubeEvent[]): Folded {
  return {
    event: events[0] as KubeEvent,
    count: events.reduce((sum, event) => sum + eventCount(event), 0),
    first: Math.min(...events.map(eventStart)),
    last: Math.max(...events.map(eventTime)),
  }
}

function line({ event, count, first, last }: Folded, moment: MomentWords): string {
  const { type, reason = '', message = '' } = event
  const words = message.trim().replaceAll(/\s*\n\s*/g, ' ')
  const what = type === 'Warning' ? t`Warning: ${reason}: ${words}` : `${reason}: ${words}`
  return count === 1 ? `${moment(last)}  ${what}` : `${moment(last)}  ${what} ${t`(${count} times since ${moment(first)})`}`
}
