import type { GroupedFinding, OperationEvent, PlanEvent, PlannedStep, ReportEvent, StepOutcome } from '../contracts/operation.ts'
import type { StepProgress } from './step.ts'

/** A step as its events tell it. */
export interface StepState extends PlannedStep {
  standing: 'waiting' | 'running' | StepOutcome
  /** How it ended, as a sentence. */
  sentence?: string
  seconds?: number
  /** What it does right now. */
  progress?: StepProgress
  findings: readonly GroupedFinding[]
}

/** An operation as its events tell it so far. Views are drawn from this. */
export interface OperationState {
  readonly id: string
  readonly plan?: PlanEvent
  readonly steps: readonly StepState[]
  /** Findings that belong to no step. */
  readonly findings: readonly GroupedFinding[]
  readonly report?: ReportEvent
}

/** An operation of which nothing has been read yet. */
export const unread = (id: string): OperationState => ({ id, steps: [], findings: [] })

/** The state after one more event. Pure; events of unknown steps (a journal of another version) change nothing. */
export function withEvent(state: OperationState, event: OperationEvent): OperationState {
  switch (event.kind) {
    case 'plan':
      return { ...state, plan: event, steps: event.steps.map((step) => ({ ...step, standing: 'waiting', findings: [] })) }
    case 'step-start':
      return withStep(state, event.step, (step) => ({ ...step, standing: 'running' }))
    case 'step-progress': {
      const { sentence, done, total, left } = event
      const progress = { sentence, ...(done !== undefined && { done }), ...(total !== undefined && { total }), ...(left !== undefined && { left }) }
      return withStep(state, event.step, (step) => ({ ...step, progress }))
    }
    case 'step-log':
      return state
    case 'step-end':
      return withStep(state, event.step, ({ progress: _, ...step }) => ({
        ...step,
        standing: event.outcome,
        sentence: event.sentence,
        seconds: event.seconds,
      }))
    case 'finding': {
      const { finding, step: of } = event
      if (of === undefined) return { ...state, findings: [...state.findings, finding] }
      return withStep(state, of, (step) => ({ ...step, findings: [...step.findings, finding] }))
    }
    case 'report':
      return { ...state, report: event }
  }
}

function withStep(state: OperationState, id: string, change: (step: StepState) => StepState): OperationState {
  return { ...state, steps: state.steps.map((step) => (step.id === id ? change(step) : step)) }
}

/** How many steps have ended, whatever their outcome, of how many. */
export function stepsEnded({ steps }: OperationState): { ended: number; total: number } {
  return { ended: steps.filter(({ standing }) => standing !== 'waiting' && standing !== 'running').length, total: steps.length }
}

/** The step that a person would name when asked what it does: the last of those that run. */
export const currentStep = ({ steps }: OperationState): StepState | undefined => steps.filter(({ standing }) => standing === 'running').at(-1)
