import { entryOf, isLocoCode, titleOf } from '../base/codes.ts'
import { asLocoError, type LocoError } from '../base/error.ts'
import type { Finding } from '../contracts/fleet.ts'
import type { ReportEvent } from '../contracts/operation.ts'
import type { PlacedFinding } from '../diagnosis/group.ts'
import { StepFailure } from './step.ts'

export const cancelledExit = 130
const mixedExit = 10

/**
 * The exit code for a run with failures: one kind of failure → its code; several in one layer → that layer with unit digit 0; several layers → 10.
 * @param exits exit codes of the failures, at least one
 */
export function exitOf(exits: readonly number[]): number {
  const kinds = new Set(exits.filter((exit) => exit !== 0))
  const [first] = kinds
  if (first === undefined) return mixedExit // a failure without a code that says what failed: still a failure
  if (kinds.size === 1) return first
  const layers = new Set([...kinds].map((exit) => Math.floor(exit / 10)))
  const [layer = 0] = layers
  return layers.size === 1 && layer > 0 ? layer * 10 : mixedExit
}

/** Outcome and exit code of a whole run. `failures` are the findings that made steps fail. */
export function verdictOf(run: { failedSteps: number; cancelled: boolean; failures: readonly Finding[] }): Pick<ReportEvent, 'outcome' | 'exit'> {
  if (run.cancelled) return { outcome: 'cancelled', exit: cancelledExit }
  if (run.failedSteps === 0 && run.failures.length === 0) return { outcome: 'succeeded', exit: 0 }
  return { outcome: 'failed', exit: exitOf(run.failures.map((finding) => exitOfCode(finding.code))) }
}

function exitOfCode(code: string): number {
  return isLocoCode(code) ? entryOf(code).exit : mixedExit
}

/** An error as a finding: what reports and views show of it. */
export function findingOf(error: LocoError): Finding {
  return {
    code: error.code,
    title: titleOf(error.code),
    cause: error.why === undefined ? error.what : `${error.what} ${error.why}`,
    evidence: [...error.evidence],
    fix: [...error.fix],
    severity: 'fatal',
  }
}

/** Why a step failed: a sentence for the step, and its findings with the names they hold for (`where` when the error names none). */
export function failureOf(thrown: unknown, where: string): { sentence: string; findings: PlacedFinding[] } {
  if (thrown instanceof StepFailure && thrown.findings.length > 0) return { sentence: thrown.message, findings: [...thrown.findings] }
  const error = asLocoError(thrown)
  return { sentence: error.message, findings: [{ finding: findingOf(error), where }] }
}
