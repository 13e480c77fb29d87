import * as v from 'valibot'

export const sandboxPart = v.object({
  name: v.string(),
  state: v.picklist(['running', 'stopped', 'failed']),
  pid: v.nullable(v.number()),
})
export type SandboxPart = v.InferOutput<typeof sandboxPart>

/** `loco sandbox status --output json`. Paths are absolute; null while there is none. */
export const sandboxStatus = v.object({
  schema: v.literal('loco.sandbox/1'),
  state: v.picklist(['down', 'starting', 'up', 'broken']),
  kubeconfig: v.nullable(v.string()),
  dockerHost: v.nullable(v.string()),
  /** Name of the person the sandbox belongs to. */
  owner: v.nullable(v.string()),
  /** What was added on request: csi. */
  additions: v.array(v.string()),
  parts: v.array(sandboxPart),
  /** Where state is kept while the node is off, and its size in bytes; null when there is none. */
  kept: v.nullable(v.object({ path: v.string(), bytes: v.number() })),
})
export type SandboxStatus = v.InferOutput<typeof sandboxStatus>
