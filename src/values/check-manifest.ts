import { t } from '@vscode/l10n'
import { parseManifest, type RenderedObject } from '../chart/manifest.ts'
import type { View } from './chart.ts'
import { readManifest } from './manifest-rules/manifest.ts'
import { manifestRules } from './manifest-rules/registry.ts'
import type { ManifestFinding } from './manifest-rules/rule.ts'
import { withoutDisabled } from './off-switches.ts'
import type { ClusterFacts, Problem, Severity, Unchecked } from './types.ts'

export interface CheckedManifest {
  readonly findings: readonly (ManifestFinding & { readonly severity: Severity })[]
  readonly unchecked: readonly Unchecked[]
}

/** Judges what a chart rendered (the text of `helm template`) for a release in a namespace. */
export function checkManifest(text: string, release: string, namespace: string, facts?: ClusterFacts): CheckedManifest {
  return checkObjects(parseManifest(text), release, namespace, facts)
}

/** The same for objects that have been read. */
export function checkObjects(objects: readonly RenderedObject[], release: string, namespace: string, facts?: ClusterFacts): CheckedManifest {
  const manifest = readManifest(objects, release, namespace)
  const findings: CheckedManifest['findings'][number][] = []
  const unchecked: Unchecked[] = []
  for (const rule of manifestRules) {
    const answer = rule.needsCluster && facts === undefined ? { unknown: t('needs a cluster') } : rule.check(manifest, facts)
    if ('unknown' in answer) unchecked.push({ code: rule.code, reason: answer.unknown })
    else findings.push(...answer.map((finding) => ({ severity: rule.severity, ...finding })))
  }
  return { findings, unchecked }
}

/** What was found in rendered objects as problems of a values file: at the values that decide, else in its first line. */
export function manifestProblems({ document, settings }: View, { findings }: CheckedManifest): Problem[] {
  const problems = findings.flatMap(({ code, message, severity, values = [] }): Problem[] => {
    const path = values.find((one) => document.locate(one) !== undefined)
    const place = path === undefined ? undefined : document.locate(path)
    const set = settings.severity[code] ?? severity
    if (set === 'off') return []
    return [{ code, severity: set, message, file: document.file, range: place?.value ?? document.nearest([]), ...(path === undefined ? {} : { path }) }]
  })
  return withoutDisabled(document.text, problems)
}
