import type { Finding } from '../contracts/fleet.ts'
import type { StepOutcome } from '../contracts/operation.ts'
import type { PlacedFinding } from '../diagnosis/group.ts'

/** Progress of a step: what is waited for and why, `done` of `total` where countable, `left` seconds where measured. */
export interface StepProgress {
  sentence: string
  done?: number
  total?: number
  left?: number
}

/** What a step may use while it works. */
export interface StepContext {
  /** Aborted when a person asks to stop: what can be left half-done safely (waiting, building) stops now. */
  readonly signal: AbortSignal
  /** Aborted when a person asks again: what should not be left half-done (a Helm upgrade) stops now, too. */
  readonly force: AbortSignal
  progress(progress: StepProgress): void
  log(line: string): void
  /** Tells of something that does not fail the step. */
  finding(finding: Finding, where: string): void
}

/** One step of an operation. */
export interface Step {
  readonly id: string
  /** What it does, in the words of a list: `Build the emulator image`. */
  readonly title: string
  /** Ids of steps that must have succeeded first. */
  readonly after: readonly string[]
  /** What it will do here, one sentence; for destructive steps what is lost. */
  readonly detail?: string
  /** True when `run` changes the cluster: the target is proved again right before. */
  readonly changes: boolean
  /**
   * Is it true already? The answer is read from the world now, never from a journal.
   * @returns the proof as a sentence, or undefined when there is work to do
   */
  check?(context: StepContext): Promise<string | undefined>
  /** Does it. @returns what was made, as a sentence. @throws StepFailure or LocoError */
  run(context: StepContext): Promise<string>
}

/** How a step ended. */
export interface StepResult {
  outcome: StepOutcome
  sentence: string
  seconds: number
}

/** A step that failed for reasons that are findings (several pods, several causes); a single cause is thrown as `LocoError`. */
export class StepFailure extends Error {
  readonly findings: readonly PlacedFinding[]

  constructor(sentence: string, findings: readonly PlacedFinding[]) {
    super(sentence)
    this.name = 'StepFailure'
    this.findings = findings
  }
}
