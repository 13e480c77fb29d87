import type { LocoCode } from '../../../src/base/codes.ts'
import type { Stage, VerdictWord } from '../../../src/contracts/fleet.ts'
import type { Blank } from './picture.ts'

/** What is known of the guest at one moment. Durations in seconds. */
export interface Signals {
  /** QMP run state as last told; null before the first answer. */
  status: string | null
  /** Since QMP answered last (or since QEMU was started). */
  silent: number
  /** Since QEMU was started or the guest was reset. */
  age: number
  /** A picture was seen since the start or the last reset. */
  pictured: boolean
  /** What is on the screen when it is no picture; null for a picture, or before the first look. */
  blank: Blank | null
  /** Since when it is blank. */
  blankFor: number
  /** Harmless keys in a row that a still guest did not answer. */
  unanswered: number
  /** Pixels, disk or keys showed life since it was last asked; false for a machine that only stands still but answers. */
  moving: boolean
}

export interface Judgement {
  verdict: VerdictWord
  stage: Stage | null
  /** One sentence, no clock in it. */
  sentence: string
  code: LocoCode | null
}

/** Seconds until a silent QEMU is called so; a busy node makes it slow long before. */
export const patienceWithQemu = 10
/** Seconds that a screen may be empty after a start or a reset: Windows under emulation needs its time. */
const patienceWithStart = 120
/** Seconds that a screen may be all blue before it counts as a crash: mode switches flash. */
const patienceWithBlue = 3
/** Unanswered keys that make a machine frozen: one can get lost. */
const keysToFreeze = 2

/** Judges a guest from signals that any guest has. Total: every combination gives one sentence. */
export function judgeGuest(signals: Signals): Judgement {
  const { status, pictured } = signals
  if (signals.silent >= patienceWithQemu) {
    return { verdict: 'unhealthy', stage: 'P0', sentence: 'QEMU does not answer on its control socket.', code: 'LOCO-GST-001' }
  }
  if (status === null) return { verdict: 'starting', stage: 'P0', sentence: 'QEMU is starting.', code: null }
  if (status !== 'running') return notRunning(status, pictured)
  const stage: Stage = pictured ? 'P2' : 'P1'
  if (signals.unanswered >= keysToFreeze) {
    return {
      verdict: 'unhealthy',
      stage,
      sentence: 'The machine is frozen: picture and disk stand still and it does not take a key.',
      code: 'LOCO-GST-009',
    }
  }
  if (signals.blank === 'crash') {
    return { verdict: 'degraded', stage, sentence: 'The screen looks like a crash: text on blue and nothing else.', code: 'LOCO-GST-008' }
  }
  if (!pictured) {
    return signals.age < patienceWithStart
      ? { verdict: 'starting', stage, sentence: 'The machine runs; its screen shows nothing yet.', code: null }
      : { verdict: 'unhealthy', stage, sentence: 'The machine runs, but its screen never showed a picture.', code: 'LOCO-GST-010' }
  }
  switch (signals.blank) {
    case 'blue':
      return {
        verdict: signals.blankFor < patienceWithBlue ? 'degraded' : 'unhealthy',
        stage,
        sentence: 'The screen is blue all over, as after a crash.',
        code: 'LOCO-GST-008',
      }
    case 'black':
      return { verdict: 'degraded', stage, sentence: 'The machine runs, but its screen is black.', code: 'LOCO-GST-006' }
    case 'other':
    case 'off':
      return { verdict: 'degraded', stage, sentence: 'The machine runs, but its screen shows nothing but one colour.', code: 'LOCO-GST-007' }
    case null:
      return {
        verdict: 'healthy',
        stage,
        sentence: signals.moving ? 'The machine runs and shows a picture.' : 'The machine shows a still picture and answers.',
        code: null,
      }
  }
}

/** Every run state of QEMU 7.2 (qapi/run-state.json) but `running`. */
function notRunning(status: string, pictured: boolean): Judgement {
  const stage: Stage = pictured ? 'P2' : 'P0'
  switch (status) {
    case 'shutdown':
      return { verdict: 'stopped', stage, sentence: 'The guest switched its machine off.', code: null }
    case 'io-error':
      return { verdict: 'unhealthy', stage, sentence: 'The machine was stopped because its disk refuses writes.', code: 'LOCO-GST-003' }
    case 'guest-panicked':
      return { verdict: 'unhealthy', stage, sentence: 'The guest crashed and said so.', code: 'LOCO-GST-004' }
    case 'internal-error':
    case 'watchdog':
      return { verdict: 'unhealthy', stage, sentence: 'The processor of the machine met a state that it cannot go on from.', code: 'LOCO-GST-005' }
    case 'prelaunch':
    case 'inmigrate':
    case 'restore-vm':
      return { verdict: 'starting', stage, sentence: 'QEMU is getting the machine ready.', code: null }
    case 'suspended':
      return { verdict: 'degraded', stage, sentence: 'The guest put its machine to sleep.', code: 'LOCO-GST-011' }
    default:
      return { verdict: 'degraded', stage, sentence: 'The machine is paused.', code: 'LOCO-GST-002' }
  }
}
