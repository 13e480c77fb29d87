import * as v from 'valibot'

/** What we say of an emulator. `unknown` when we cannot see; never a guess. */
export const verdictWord = v.picklist(['healthy', 'starting', 'degraded', 'unhealthy', 'stopped', 'unknown'])
export type VerdictWord = v.InferOutput<typeof verdictWord>

/** How far a guest got: P0 process, P1 running, P2 picture, P3 desktop, P4 network, P5 game. */
export const stage = v.picklist(['P0', 'P1', 'P2', 'P3', 'P4', 'P5'])
export type Stage = v.InferOutput<typeof stage>

/** How fresh what we show is; `since` is an ISO time with zone. */
export const freshness = v.object({ state: v.picklist(['live', 'stale', 'denied', 'offline']), since: v.string() })
export type Freshness = v.InferOutput<typeof freshness>

/** One cause with its fix. `code` is a published code (docs/codes.md). */
export const finding = v.object({
  code: v.string(),
  title: v.string(),
  /** One sentence, with names. */
  cause: v.string(),
  /** Raw words of Kubernetes, QEMU and so on. */
  evidence: v.array(v.string()),
  /** What to do, best first. */
  fix: v.array(v.string()),
  /** `fatal`: waiting longer will not help. `warning`: may still come right. `info`: normal, worth telling. */
  severity: v.picklist(['fatal', 'warning', 'info']),
})
export type Finding = v.InferOutput<typeof finding>

/** One emulator as told to the outside (`loco status --output json`, the editor's views). */
export const emulatorStatus = v.object({
  /** `instance-<ordinal>`; its pod may come and go. */
  id: v.string(),
  ordinal: v.number(),
  pod: v.nullable(v.string()),
  verdict: verdictWord,
  stage: v.nullable(stage),
  /** One sentence why; no clock in it. */
  sentence: v.string(),
  /** ISO time since which the verdict holds. */
  since: v.string(),
  findings: v.array(finding),
})
export type EmulatorStatus = v.InferOutput<typeof emulatorStatus>

export const statusDocument = v.object({
  schema: v.literal('loco.status/1'),
  context: v.string(),
  namespace: v.string(),
  release: v.string(),
  freshness,
  emulators: v.array(emulatorStatus),
})
export type StatusDocument = v.InferOutput<typeof statusDocument>
