import type { LocoCode } from '../../base/codes.ts'
import type { View } from '../chart.ts'
import type { ClusterFacts, Fix, Knowable, Problem, Severity, ValuePath } from '../types.ts'

export type RuleCode = Extract<LocoCode, `LOCO-VA-${string}` | `LOCO-ST-${string}`>

/** What a rule says of a value. */
export interface Finding {
  readonly code: RuleCode
  /** The value spoken of; where this file does not have it, the problem stands at its nearest neighbour. */
  readonly path: ValuePath
  readonly message: string
  /** Where it is not the rule's own. */
  readonly severity?: Severity
  /** Other values that have a part in it: the problem stands at the first that is in this file. */
  readonly involved?: readonly ValuePath[]
  /** Values of which the schema need not speak as well: this finding says it better. `path` always is one, with all below it. */
  readonly covers?: readonly ValuePath[]
  readonly related?: Problem['related']
  readonly tag?: 'unnecessary' | 'deprecated'
  readonly fixes?: () => readonly Fix[]
}

/** Why a rule could not be judged, in words. */
export interface Unknown {
  readonly unknown: string
}

export type Judged = readonly Finding[] | Unknown

/** What is told of every rule, whoever judges it. */
export interface RuleFacts {
  readonly code: RuleCode
  readonly severity: Severity
  /** Where it is known; `chart`: a promise of our own chart that its tests hold. */
  readonly knowable: Knowable | 'chart'
  readonly needsCluster: boolean
  /** True for a rule that knows what the values of our own chart mean. */
  readonly ours: boolean
}

/** A rule over the text and what lies under it. */
export interface ValuesRule extends RuleFacts {
  readonly knowable: 'values'
  readonly needsCluster: false
  check(view: View): readonly Finding[]
}

/** A rule that asks the cluster as well. */
export interface ClusterRule extends RuleFacts {
  readonly knowable: 'plan'
  readonly needsCluster: true
  /** False when the rule holds whatever the cluster is: then nothing is left unchecked without one. */
  applies(view: View): boolean
  /** Asked only where the rule applies. */
  check(view: View, facts: ClusterFacts): Judged
}

export type Rule = ValuesRule | ClusterRule
