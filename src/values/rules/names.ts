import { t } from '@vscode/l10n'
import { removeKey } from '../edit.ts'
import { rewriting, textOf } from './context.ts'
import type { ClusterRule, Finding, ValuesRule } from './rule.ts'

/** Letters of an object's name, and of those of a release of ours: its pods carry a label that holds the name and a hash. */
const mostLetters = 63
const mostOfRelease = 38

/** VA-19: names that objects can have; a namespace among the values has no effect. */
export const names: ValuesRule = {
  code: 'LOCO-VA-19',
  severity: 'warning',
  knowable: 'values',
  needsCluster: false,
  ours: false,
  check(view) {
    const found: Finding[] = []
    for (const key of ['fullnameOverride', 'nameOverride']) {
      const name = textOf(view, key)
      if (name === undefined || name.length <= mostLetters || view.document.locate([key]) === undefined) continue
      found.push({ code: 'LOCO-VA-19', path: [key], message: t`"${name}" has ${name.length} letters; the name of an object has up to ${mostLetters}.` })
    }
    if (view.chart?.ours === true && view.document.locate(['namespace']) !== undefined) {
      found.push({
        code: 'LOCO-VA-19',
        path: ['namespace'],
        tag: 'unnecessary',
        message: t('A namespace among the values has no effect: "helm --namespace" or "loco --namespace" decides.'),
        fixes: () => [rewriting(view, t('Delete the namespace'), true, (document) => removeKey(document, ['namespace']))],
      })
    }
    return found
  },
}

/** VA-19: the name of the release leaves room for the labels of its pods. */
export const releaseName: ClusterRule = {
  code: 'LOCO-VA-19',
  severity: 'error',
  knowable: 'plan',
  needsCluster: true,
  ours: true,
  applies: () => true,
  check(_view, { release }) {
    if (release.length <= mostOfRelease) return []
    return [{ code: 'LOCO-VA-19', path: [], message: t`The release name ${release} has ${release.length} letters; it may have ${mostOfRelease}.` }]
  },
}
