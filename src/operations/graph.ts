import type { StepOutcome } from '../contracts/operation.ts'

/** The part of a step that the graph knows. */
export interface Node {
  readonly id: string
  readonly after: readonly string[]
}

/** Where each step stands; steps that are not in the map wait. */
export type Standing = ReadonlyMap<string, StepOutcome | 'running'>

/** Order, with every step behind all it depends on. @throws Error for a graph that is a defect: a name twice, an unknown name, a circle */
export function inOrder<T extends Node>(steps: readonly T[]): T[] {
  const ids = new Set(steps.map((step) => step.id))
  if (ids.size !== steps.length) throw new Error('Two steps have the same id.')
  for (const step of steps) for (const id of step.after) if (!ids.has(id)) throw new Error(`Step ${step.id} comes after ${id}, which does not exist.`)
  const placed = new Set<string>()
  const order: T[] = []
  while (order.length < steps.length) {
    const next = steps.filter((step) => !placed.has(step.id) && step.after.every((id) => placed.has(id)))
    if (next.length === 0) throw new Error('The steps depend on each other in a circle.')
    for (const step of next) {
      placed.add(step.id)
      order.push(step)
    }
  }
  return order
}

/** Steps that may begin: they wait, and all they depend on has succeeded. */
export function ready<T extends Node>(steps: readonly T[], standing: Standing): T[] {
  return steps.filter((step) => !standing.has(step.id) && step.after.every((id) => succeeded(standing.get(id))))
}

/** Steps that can no longer run, each with the step of its own dependencies that keeps it from running. */
export function blocked<T extends Node>(steps: readonly T[], standing: Standing): { step: T; by: string }[] {
  return steps.flatMap((step) => {
    if (standing.has(step.id)) return []
    const by = step.after.find((id) => standing.get(id) === 'failed' || standing.get(id) === 'skipped')
    return by === undefined ? [] : [{ step, by }]
  })
}

/** True for the outcomes that let dependants begin. */
export function succeeded(outcome: StepOutcome | 'running' | undefined): boolean {
  return outcome === 'done' || outcome === 'already'
}
