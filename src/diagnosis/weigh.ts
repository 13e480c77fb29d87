import { titleOf } from '../base/codes.ts'
import type { Finding } from '../contracts/fleet.ts'
import { layers, type Signal } from './row.ts'

/** Since when (milliseconds) each sign has been seen by us, by `signalKey`. */
export type Seen = Readonly<Record<string, number>>

export interface Moment {
  /** Milliseconds since the epoch. */
  now: number
  /** What `remember` gave for the look before; without it only the times that Kubernetes itself tells count. */
  seen?: Seen
  /** True where nodes come and go by themselves: an unplaced pod is given minutes instead of seconds. */
  autoscaled?: boolean
}

export function signalKey({ row, subject }: Signal): string {
  return `${row.code} ${subject}`
}

/** The memory for the next look: signs that stand keep their first time, signs that are gone are forgotten. */
export function remember(signals: readonly Signal[], { now, seen = {} }: Moment): Seen {
  return Object.fromEntries(signals.map((signal) => [signalKey(signal), seen[signalKey(signal)] ?? now]))
}

/**
 * Signs as findings, the most telling first: fatal before warning before info, and within these a cause before its consequence. Consequences are left out
 * where a cause is known, and all signs of a pod whose node does not report.
 */
export function weigh(signals: readonly Signal[], moment: Moment): Finding[] {
  const away = signals.filter(({ row }) => row.reasons?.includes('Ready=False'))
  const troubles = away.length > 0 ? away : signals
  const known = troubles.some(({ row }) => row.symptom !== true && row.patience !== 'normal')
  return troubles
    .filter(({ row }) => !known || row.symptom !== true)
    .map((signal) => ({ signal, severity: severityOf(signal, moment) }))
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || layers.indexOf(a.signal.row.layer) - layers.indexOf(b.signal.row.layer))
    .map(({ signal, severity }) => findingOf(signal, severity))
}

type Severity = Finding['severity']
const severities: readonly Severity[] = ['fatal', 'warning', 'info']
const longest = 2000

function severityOf(signal: Signal, { now, seen = {}, autoscaled = false }: Moment): Severity {
  const { patience } = signal.row
  if (patience === 'normal') return 'info'
  if (patience === 'never' || signal.past === true) return 'warning'
  if ('times' in patience) return signal.times >= patience.times ? 'fatal' : 'warning'
  const since = Math.min(signal.since ?? now, seen[signalKey(signal)] ?? now)
  const seconds = (autoscaled ? patience.autoscaled : undefined) ?? patience.seconds
  return now - since >= seconds * 1000 ? 'fatal' : 'warning'
}

function findingOf({ row, facts, words }: Signal, severity: Severity): Finding {
  return {
    code: row.code,
    title: titleOf(row.code),
    cause: row.cause(facts),
    evidence: words.slice(0, 6).map((text) => (text.length > longest ? `${text.slice(0, longest)} …` : text)),
    fix: [...row.fix(facts)],
    severity,
  }
}
