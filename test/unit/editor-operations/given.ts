import type { OperationEvent, PlanEvent, ReportEvent, Target } from '../../../src/contracts/operation.ts'
import { type OperationState, unread, withEvent } from '../../../src/operations/operation-state.ts'

export const id = '20261125-005714-123-k3f9'
export const at = { t: '2026-11-25T00:57:14.123Z', op: id }
export const target: Target = {
  provider: 'native',
  context: 'loco-sandbox',
  server: 'https://127.0.0.1:6443',
  clusterUid: 'uid-1',
  namespace: 'loco',
  release: 'loco',
}
export const plan: PlanEvent = {
  ...at,
  kind: 'plan',
  schema: 'loco.operation/1',
  operation: 'bootstrap',
  target,
  steps: [
    { id: 'build', title: 'Build the image', after: [], detail: 'nine names.' },
    { id: 'install', title: 'Install the release', after: ['build'] },
  ],
  losses: [],
}
export const finding = {
  code: 'LOCO-SCH-002',
  title: 'Not enough memory on the nodes',
  cause: 'instance-0 asks for more memory than the node has.',
  evidence: ['0/1 nodes are available: 1 Insufficient memory.'],
  fix: ['Lower emulator.memoryMiB.'],
  severity: 'fatal' as const,
  where: ['instance-0', 'instance-1'],
}
export const report: ReportEvent = {
  ...at,
  kind: 'report',
  schema: 'loco.operation.report/1',
  operation: 'bootstrap',
  outcome: 'succeeded',
  exit: 0,
  seconds: 83,
  sentence: 'The fleet is up.',
  findings: [],
  kept: [],
  gone: [],
  next: ['loco status'],
}
export const started = (step: string): OperationEvent => ({ ...at, kind: 'step-start', step, title: step })
export const progress = (step: string, sentence: string, done?: number, total?: number): OperationEvent => ({
  ...at,
  kind: 'step-progress',
  step,
  sentence,
  ...(done !== undefined && { done }),
  ...(total !== undefined && { total }),
})
export const ended = (step: string, outcome: 'done' | 'already' | 'failed' | 'skipped' | 'cancelled', sentence = 'So it is.'): OperationEvent => ({
  ...at,
  kind: 'step-end',
  step,
  title: step,
  outcome,
  seconds: 1.5,
  sentence,
})
export const found = (step?: string): OperationEvent => ({ ...at, kind: 'finding', finding, ...(step !== undefined && { step }) })

/** The state after these events. */
export const stateOf = (...events: OperationEvent[]): OperationState => events.reduce(withEvent, unread(id))
