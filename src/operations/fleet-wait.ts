import { t } from '@vscode/l10n'
import { type Clock, systemClock } from '../base/clock.ts'
import { LocoError } from '../base/error.ts'
import type { EmulatorStatus, Finding } from '../contracts/fleet.ts'
import type { PlacedFinding } from '../diagnosis/group.ts'
import { verdictWords } from '../fleet/words.ts'
import type { FleetView } from './ports.ts'
import { findingOf } from './report.ts'
import { StepFailure, type StepProgress } from './step.ts'

/** Milliseconds for which a fatal finding must stand before it ends a wait: what was seen in the moment of a change of ours may be of yesterday. */
const settle = 1_000
/** Stages at which an emulator shows a picture. */
const withPicture = new Set(['P2', 'P3', 'P4', 'P5'])

export interface FleetWait {
  view: FleetView
  /** Ordinals that must show a picture. */
  ordinals: readonly number[]
  /** Milliseconds after which it is too late. */
  timeout: number
  signal: AbortSignal
  progress: (progress: StepProgress) => void
  clock?: Clock
}

/** True for an emulator that a person can look at: it is well, or not quite well but shows a picture. */
export function showsPicture({ verdict, stage }: EmulatorStatus): boolean {
  return (verdict === 'healthy' || verdict === 'degraded') && stage !== null && withPicture.has(stage)
}

/** What a wait for these emulators knows of the moment: done, hopeless, or whom it waits for. Pure. */
export function judgeWait(
  emulators: readonly EmulatorStatus[],
  ordinals: readonly number[],
): { done: boolean; fatal: PlacedFinding[]; progress: StepProgress; late: PlacedFinding[] } {
  const wanted = ordinals.map((ordinal) => emulators.find((one) => one.ordinal === ordinal) ?? missing(ordinal))
  const waiting = wanted.filter((one) => !showsPicture(one))
  const findings = (severity: Finding['severity']): PlacedFinding[] =>
    waiting.flatMap((one) => one.findings.filter((finding) => finding.severity === severity).map((finding) => ({ finding, where: one.id })))
  const [first] = waiting
  return {
    done: waiting.length === 0,
    fatal: findings('fatal'),
    progress: {
      sentence: first === undefined ? t('All emulators show a picture.') : waitingSentence(first, waiting.length),
      done: wanted.length - waiting.length,
      total: wanted.length,
    },
    late: waiting.flatMap((one) =>
      one.findings.length > 0 ? one.findings.map((finding) => ({ finding, where: one.id })) : [{ finding: tooLate(one), where: one.id }],
    ),
  }
}

/**
 * Waits until all these emulators show a picture. Ends within seconds when waiting is hopeless, and then tells every cause that is known.
 * @throws StepFailure with what is wrong; the signal's reason
 */
export async function waitForFleet(wait: FleetWait): Promise<EmulatorStatus[]> {
  const { view, ordinals, timeout, signal, progress, clock = systemClock } = wait
  const end = clock.now() + timeout
  let fatalSince: number | undefined
  let told = ''
  for (;;) {
    signal.throwIfAborted()
    const { emulators } = view.status()
    const now = clock.now()
    const judged = judgeWait(emulators, ordinals)
    if (judged.done) return emulators.filter((one) => ordinals.includes(one.ordinal))
    fatalSince = judged.fatal.length === 0 ? undefined : (fatalSince ?? now)
    if (fatalSince !== undefined && now - fatalSince >= settle)
      throw new StepFailure(t`Waiting longer would not help these: ${names(judged.fatal)}.`, judged.fatal)
    if (now >= end) throw new StepFailure(t`Not all emulators show a picture after ${Math.round(timeout / 1000)} seconds.`, judged.late)
    const key = JSON.stringify(judged.progress)
    if (key !== told) progress(judged.progress)
    told = key
    const next = Math.min(end, fatalSince === undefined ? end : fatalSince + settle)
    await changeOrTime(view, Math.max(1, next - now), signal, clock)
  }
}

/** Resolves when an emulator changes, or after `delay` milliseconds. */
async function changeOrTime(view: FleetView, delay: number, signal: AbortSignal, clock: Clock): Promise<void> {
  const change = new AbortController()
  const subscription = view.onChange(() => change.abort())
  try {
    await clock.sleep(delay, AbortSignal.any([signal, change.signal]))
  } catch {
    signal.throwIfAborted()
  } finally {
    subscription.dispose()
  }
}

const names = (placed: readonly PlacedFinding[]): string => [...new Set(placed.map(({ where }) => where))].join(', ')

function waitingSentence({ id, sentence }: EmulatorStatus, waiting: number): string {
  return waiting === 1 ? t`Waiting for ${id}: ${sentence}` : t`Waiting for ${waiting} emulators; ${id}: ${sentence}`
}

function missing(ordinal: number): EmulatorStatus {
  const id = `instance-${ordinal}`
  return { id, ordinal, pod: null, verdict: 'unknown', stage: null, sentence: t('It has not been seen yet.'), since: '', findings: [] }
}

function tooLate({ id, verdict, sentence }: EmulatorStatus): Finding {
  return findingOf(
    new LocoError('LOCO-OPS-020', {
      what: t`${id} does not show a picture.`,
      why: t`It is ${verdictWords(verdict)}: ${sentence}`,
      fix: [`loco logs ${id}`, 'loco status', t('or wait longer: --timeout 30m')],
    }),
  )
}
