import * as v from 'valibot'
import { finding } from './fleet.ts'

/** The kinds of operation. */
export const operationKind = v.picklist(['bootstrap', 'rebuild', 'destroy', 'migrate'])
export type OperationKind = v.InferOutput<typeof operationKind>

/** What an operation works on, fixed when it is planned and proved again before each change. */
export const target = v.object({
  /** `native`, `minikube`, `kind`, `k3d`, `docker-desktop`, `production`. */
  provider: v.string(),
  context: v.string(),
  /** URL of the API server. */
  server: v.string(),
  /** UID of the namespace kube-system: the cluster's identity. Null while the cluster does not exist yet. */
  clusterUid: v.nullable(v.string()),
  namespace: v.string(),
  release: v.string(),
})
export type Target = v.InferOutput<typeof target>

export const plannedStep = v.object({
  id: v.string(),
  title: v.string(),
  /** Ids of steps that must have succeeded first. */
  after: v.array(v.string()),
  /** What it will do here, one sentence; for destructive steps what is lost. */
  detail: v.optional(v.string()),
})
export type PlannedStep = v.InferOutput<typeof plannedStep>

/** `already`: was true before, proved. `skipped`: a step it depends on failed. */
export const stepOutcome = v.picklist(['done', 'already', 'failed', 'skipped', 'cancelled'])
export type StepOutcome = v.InferOutput<typeof stepOutcome>

/** A finding in a report, with the names it holds for (one entry for one cause). */
export const groupedFinding = v.object({ ...finding.entries, where: v.array(v.string()) })
export type GroupedFinding = v.InferOutput<typeof groupedFinding>

const at = { t: v.string(), op: v.string() }

export const operationEvent = v.variant('kind', [
  v.object({
    ...at,
    kind: v.literal('plan'),
    schema: v.literal('loco.operation/1'),
    operation: operationKind,
    target,
    steps: v.array(plannedStep),
    /** What will be lost for good, named with sizes where known; empty for harmless operations. */
    losses: v.array(v.string()),
    /** What one should know before it runs, though nothing is lost for good by it. */
    warnings: v.optional(v.array(v.string())),
    /** A Rebuild met machines that wrote over another base disk, and nobody has chosen yet what becomes of them. `certain`: the next base disk is known. */
    baseDisk: v.optional(v.object({ certain: v.boolean(), emulators: v.array(v.string()) })),
  }),
  v.object({ ...at, kind: v.literal('step-start'), step: v.string(), title: v.string() }),
  /** What is waited for and why; `done` of `total` where countable; `left` = seconds, where measured. */
  v.object({
    ...at,
    kind: v.literal('step-progress'),
    step: v.string(),
    sentence: v.string(),
    done: v.optional(v.number()),
    total: v.optional(v.number()),
    left: v.optional(v.number()),
  }),
  v.object({ ...at, kind: v.literal('step-log'), step: v.string(), line: v.string() }),
  v.object({
    ...at,
    kind: v.literal('step-end'),
    step: v.string(),
    title: v.string(),
    outcome: stepOutcome,
    seconds: v.number(),
    /** What was found or made: the proof of `done` and `already`, the reason of `failed` and `skipped`. */
    sentence: v.string(),
  }),
  v.object({ ...at, kind: v.literal('finding'), step: v.optional(v.string()), finding: groupedFinding }),
  /** Always the last event. */
  v.object({
    ...at,
    kind: v.literal('report'),
    schema: v.literal('loco.operation.report/1'),
    operation: operationKind,
    outcome: v.picklist(['succeeded', 'failed', 'cancelled']),
    /** Exit code of the process (docs/cli.md). */
    exit: v.number(),
    seconds: v.number(),
    sentence: v.string(),
    findings: v.array(groupedFinding),
    /** What stands or is kept on purpose. */
    kept: v.array(v.string()),
    /** What was taken away, with the proof that it is gone. */
    gone: v.array(v.string()),
    /** What to do next, as commands where there is one. */
    next: v.array(v.string()),
  }),
])
export type OperationEvent = v.InferOutput<typeof operationEvent>
export type ReportEvent = Extract<OperationEvent, { kind: 'report' }>
export type PlanEvent = Extract<OperationEvent, { kind: 'plan' }>
