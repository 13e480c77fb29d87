import { t } from '@vscode/l10n'
import { type Clock, systemClock } from '../base/clock.ts'
import { asLocoError, LocoError } from '../base/error.ts'
import type { OperationKind, PlanEvent, ReportEvent, StepOutcome, Target } from '../contracts/operation.ts'
import { groupFindings, type PlacedFinding } from '../diagnosis/group.ts'
import { type EventSink, EventStream } from './events.ts'
import { blocked, inOrder, ready } from './graph.ts'
import { failureOf, findingOf, verdictOf } from './report.ts'
import type { Step, StepContext, StepResult } from './step.ts'

/** What an operation says at its end, beside the findings. */
export type Conclusion = Pick<ReportEvent, 'sentence' | 'kept' | 'gone' | 'next'>

/** What an operation consists of. */
export interface StepList {
  steps: readonly Step[]
  /** Says what stands, once no step runs any more. May read the cluster. */
  conclude: (results: ReadonlyMap<string, StepResult>, outcome: ReportEvent['outcome']) => Promise<Conclusion>
}

export interface Run extends StepList {
  id: string
  operation: OperationKind
  target: Target
  /** What will be lost for good; empty for harmless operations. */
  losses: readonly string[]
  /** What one should know before, though nothing is lost for good by it. */
  warnings?: readonly string[]
  baseDisk?: PlanEvent['baseDisk']
  sinks: readonly EventSink[]
  /** Aborted to stop at the next safe point. A reason that is a LocoError other than "cancelled" makes the run a failed one. */
  signal: AbortSignal
  /** Aborted to stop at once. */
  force: AbortSignal
  /** Called before each step that changes something; throws when the target is no longer the one that was planned. */
  proveTarget: () => Promise<void>
  /** Only the plan and a report; nothing is checked or changed. */
  planOnly?: boolean
  /** Milliseconds that steps get to end by themselves after `force` (2,000). */
  grace?: number
  /** Milliseconds that `conclude` may take (10,000). */
  concludeTimeout?: number
  clock?: Clock
}

/** Runs the steps of an operation and gives its report. Never throws: whatever goes wrong is in the report, and its exit code is 0 only if no step failed. */
export async function runOperation(run: Run): Promise<ReportEvent> {
  return new Runner(run).run()
}

class Runner {
  readonly #run: Run
  readonly #clock: Clock
  readonly #events: EventStream
  readonly #steps: readonly Step[]
  readonly #standing = new Map<string, StepOutcome | 'running'>()
  readonly #results = new Map<string, StepResult>()
  readonly #failures: PlacedFinding[] = []
  readonly #findings: PlacedFinding[] = []
  readonly #begun: number

  constructor(run: Run) {
    this.#run = run
    this.#clock = run.clock ?? systemClock
    this.#events = new EventStream(run.id, run.sinks, () => this.#clock.now())
    this.#steps = inOrder(run.steps)
    this.#begun = this.#clock.now()
  }

  async run(): Promise<ReportEvent> {
    const { operation, target, losses, warnings = [], baseDisk, planOnly } = this.#run
    this.#events.emit({
      kind: 'plan',
      schema: 'loco.operation/1',
      operation,
      target,
      steps: this.#steps.map(({ id, title, after, detail }) => ({ id, title, after: [...after], ...(detail !== undefined && { detail }) })),
      losses: [...losses],
      ...(warnings.length > 0 && { warnings: [...warnings] }),
      ...(baseDisk !== undefined && { baseDisk }),
    })
    if (planOnly) return this.#report('succeeded', 0, { sentence: t('This is only the plan: nothing was changed.'), kept: [], gone: [], next: [] })
    await this.#runSteps()
    return this.#end()
  }

  async #runSteps(): Promise<void> {
    const { signal, force } = this.#run
    const running = new Map<string, Promise<void>>()
    const forced = afterAbort(force, this.#run.grace ?? 2000)
    try {
      for (;;) {
        this.#skip()
        if (!signal.aborted && !force.aborted) {
          for (const step of ready(this.#steps, this.#standing)) {
            this.#standing.set(step.id, 'running')
            running.set(
              step.id,
              this.#runStep(step).finally(() => running.delete(step.id)),
            )
          }
        }
        if (running.size === 0) break
        if ((await Promise.race([...running.values(), forced.promise])) === 'late') break
      }
    } finally {
      forced.dispose()
    }
    for (const step of this.#steps) {
      if (this.#standing.get(step.id) === 'running') this.#ended(step, 'cancelled', t('It was stopped in the middle; the next run finds out what stands.'), 0)
      else if (!this.#standing.has(step.id)) this.#ended(step, 'cancelled', t('It was not begun.'), 0)
    }
  }

  #skip(): void {
    for (let steps = blocked(this.#steps, this.#standing); steps.length > 0; steps = blocked(this.#steps, this.#standing)) {
      for (const { step, by } of steps) {
        const cause = this.#steps.find((one) => one.id === by)?.title ?? by
        this.#ended(step, 'skipped', t`It needs "${cause}", which did not succeed.`, 0)
      }
    }
  }

  async #runStep(step: Step): Promise<void> {
    const begun = this.#clock.now()
    const seconds = (): number => (this.#clock.now() - begun) / 1000
    const context = this.#context(step)
    this.#events.emit({ kind: 'step-start', step: step.id, title: step.title })
    try {
      const proof = await step.check?.(context)
      if (proof !== undefined) return this.#ended(step, 'already', proof, seconds())
      this.#run.signal.throwIfAborted()
      if (step.changes) await this.#run.proveTarget()
      this.#ended(step, 'done', await step.run(context), seconds())
    } catch (thrown) {
      if (this.#isStop(thrown)) return this.#ended(step, 'cancelled', t('It was stopped at a safe point.'), seconds())
      const { sentence, findings } = failureOf(thrown, step.title)
      if (!this.#results.has(step.id)) {
        this.#failures.push(...findings)
        for (const finding of groupFindings(findings)) this.#events.emit({ kind: 'finding', step: step.id, finding })
      }
      this.#ended(step, 'failed', sentence, seconds())
    }
  }

  /** True for what a step throws because it was told to stop. */
  #isStop(thrown: unknown): boolean {
    if (!this.#run.signal.aborted && !this.#run.force.aborted) return false
    return thrown === this.#run.signal.reason || thrown === this.#run.force.reason || asLocoError(thrown).code === 'LOCO-USE-002'
  }

  #context(step: Step): StepContext {
    const { signal, force } = this.#run
    const alive = (): boolean => !this.#results.has(step.id)
    return {
      signal,
      force,
      progress: (progress) => void (alive() && this.#events.emit({ kind: 'step-progress', step: step.id, ...progress })),
      log: (line) => void (alive() && this.#events.emit({ kind: 'step-log', step: step.id, line })),
      finding: (finding, where) => {
        if (!alive()) return
        this.#findings.push({ finding, where })
        this.#events.emit({ kind: 'finding', step: step.id, finding: { ...finding, where: [where] } })
      },
    }
  }

  /** A step that was given up (`force`) may still end later: its first end counts. */
  #ended(step: Step, outcome: StepOutcome, sentence: string, seconds: number): void {
    if (this.#results.has(step.id)) return
    this.#standing.set(step.id, outcome)
    this.#results.set(step.id, { outcome, sentence, seconds })
    this.#events.emit({ kind: 'step-end', step: step.id, title: step.title, outcome, seconds, sentence })
  }

  async #end(): Promise<ReportEvent> {
    const count = (outcome: StepOutcome): number => [...this.#results.values()].filter((result) => result.outcome === outcome).length
    const stoppedBy = this.#run.signal.reason
    const broken = this.#run.signal.aborted && stoppedBy instanceof LocoError && stoppedBy.code !== 'LOCO-USE-002' ? stoppedBy : undefined
    if (broken !== undefined) this.#failures.push({ finding: findingOf(broken), where: this.#run.target.namespace })
    const { outcome, exit } = verdictOf({
      failedSteps: count('failed'),
      cancelled: count('cancelled') > 0 && broken === undefined,
      failures: this.#failures.map(({ finding }) => finding),
    })
    return this.#report(outcome, exit, await this.#conclusion(outcome))
  }

  async #conclusion(outcome: ReportEvent['outcome']): Promise<Conclusion> {
    try {
      return await inTime(this.#run.conclude(this.#results, outcome), this.#run.concludeTimeout ?? 10_000)
    } catch (thrown) {
      // The end of an operation may come when the cluster is gone; what is known is still told.
      this.#findings.push({ finding: { ...findingOf(asLocoError(thrown)), severity: 'warning' }, where: t('the report') })
      return { sentence: t('The operation has ended; what stands could not be read.'), kept: [], gone: [], next: ['loco status'] }
    }
  }

  #report(outcome: ReportEvent['outcome'], exit: number, conclusion: Conclusion): ReportEvent {
    const report = this.#events.emit({
      kind: 'report',
      schema: 'loco.operation.report/1',
      operation: this.#run.operation,
      outcome,
      exit,
      seconds: (this.#clock.now() - this.#begun) / 1000,
      findings: groupFindings([...this.#failures, ...this.#findings]),
      ...conclusion,
    })
    this.#events.close()
    return report
  }
}

/** The end of an operation must not hang on a cluster that is silent. */
async function inTime<T>(work: Promise<T>, timeout: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LocoError('LOCO-KUB-022', { what: t('The cluster did not say in time what stands.'), fix: ['loco status'] })), timeout)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Resolves with `late` some time after the abort. */
function afterAbort(signal: AbortSignal, delay: number): { promise: Promise<'late'>; dispose(): void } {
  let timer: NodeJS.Timeout | undefined
  let start: () => void = () => {}
  const promise = new Promise<'late'>((resolve) => {
    start = () => {
      timer = setTimeout(() => resolve('late'), delay)
    }
    if (signal.aborted) start()
    else signal.addEventListener('abort', start, { once: true })
  })
  return {
    promise,
    dispose() {
      signal.removeEventListener('abort', start)
      clearTimeout(timer)
    },
  }
}
