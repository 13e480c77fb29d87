import type { RuleCode, RuleFacts, Unknown } from '../rules/rule.ts'
import type { ClusterFacts, Severity, ValuePath } from '../types.ts'
import type { Manifest } from './manifest.ts'

/** What a rule says of a rendered object. */
export interface ManifestFinding {
  readonly code: RuleCode
  readonly severity?: Severity
  /** `StatefulSet/loco-loco-emulator`. */
  readonly object: string
  readonly message: string
  /** Values that decide about it, the likeliest first. */
  readonly values?: readonly ValuePath[]
}

/** A rule over what the templates render, of our chart or any other. */
export interface ManifestRule extends RuleFacts {
  readonly knowable: 'rendered' | 'plan'
  readonly ours: false
  /** `facts`: undefined without a cluster; a rule that needs one is then not asked. */
  check(manifest: Manifest, facts: ClusterFacts | undefined): readonly ManifestFinding[] | Unknown
}
