import type { ValuesDocument } from './document.ts'
import { type Merged, mergeValues } from './merge.ts'
import type { Schema } from './schema.ts'
import type { ClusterFacts, Problem, Severity } from './types.ts'

export interface TemplateFile {
  readonly file: string
  readonly text: string
}

/** A chart as it lies in its folder. */
export interface Chart {
  /** Where its Chart.yaml lies. */
  readonly folder: string
  readonly name: string
  readonly version: string
  /** True for the chart of this project, to which all storage rules apply. */
  readonly ours: boolean
  /** Its values.yaml; an empty document where there is none. */
  readonly defaults: ValuesDocument
  /** Undefined where there is none, and where it is broken (then `schemaProblem` says how). */
  readonly schema: Schema | undefined
  readonly schemaProblem?: Problem
  readonly templates: readonly TemplateFile[]
  /** Names (or aliases) under which its subcharts have their values; none where left out. */
  readonly subcharts?: readonly string[]
}

export interface ViewSettings {
  /** Severity by code; codes that are not named keep their own. */
  readonly severity: Readonly<Record<string, Severity | 'off'>>
}

/** All that is known of one file at one moment. */
export interface View {
  readonly document: ValuesDocument
  readonly role: 'defaults' | 'overlay'
  readonly chart: Chart | undefined
  /** What lies under this file, in order: the chart's defaults, then earlier `-f` files. Empty for the defaults themselves. */
  readonly before: readonly ValuesDocument[]
  /** `before`, then this file, as Helm merges them. */
  readonly merged: Merged
  readonly facts: ClusterFacts | undefined
  readonly settings: ViewSettings
}

export interface ViewInput {
  document: ValuesDocument
  role: 'defaults' | 'overlay'
  chart: Chart | undefined
  /** Earlier `-f` files, in order. */
  overlays?: readonly ValuesDocument[]
  facts?: ClusterFacts | undefined
  settings?: ViewSettings
}

/** Puts together what rules, completion and hover ask of. */
export function makeView(input: ViewInput): View {
  const { document, role, chart, overlays = [], facts, settings = { severity: {} } } = input
  const before = role === 'defaults' || chart === undefined ? [...overlays] : [chart.defaults, ...overlays]
  return { document, role, chart, before, merged: mergeValues([...before, document]), facts, settings }
}
