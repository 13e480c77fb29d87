import { t } from '@vscode/l10n'
import { safeFolder } from '../../contracts/host-paths.ts'
import type { View } from '../chart.ts'
import type { ValuesDocument } from '../document.ts'
import { insertBlock, setValue } from '../edit.ts'
import { nearestName } from '../near.ts'
import { isTable, type Values } from '../path.ts'
import type { Fix } from '../types.ts'
import { dotted, effective, mapOf, rewriting, setting, strategies, textOf } from './context.ts'
import { convertObjectForm, isObjectForm, objectForm } from './object-form.ts'
import type { Finding, ValuesRule } from './rule.ts'

const strategy = dotted('storage.strategy')
const known = (): string => strategies.join(', ')
/** Words that people use for a strategy. */
const otherWords: Readonly<Record<string, string>> = {
  pvc: 'persistent',
  pv: 'persistent',
  persistentvolume: 'persistent',
  emptydir: 'ephemeral',
  none: 'ephemeral',
  local: 'hostpath',
  csi: 'csi-snapshot',
  snapshot: 'csi-snapshot',
}

/** ST-01: the strategy is one known word. */
export const strategyWord: ValuesRule = {
  code: 'LOCO-ST-01',
  severity: 'error',
  knowable: 'values',
  needsCluster: false,
  ours: true,
  check(view) {
    const value = effective(view, 'storage.strategy')
    if (value === undefined || value === null || Array.isArray(value) || (strategies as readonly unknown[]).includes(value)) return []
    if (isTable(value)) return winners(value).length > 1 ? [] : [inObjectForm(view, value)]
    const word = String(value)
    return [
      {
        code: 'LOCO-ST-01',
        path: strategy,
        message: t`"${word}" is not a strategy. Known: ${known()}.`,
        fixes: () => words(view, otherWords[word.toLowerCase()] ?? nearestName(word, strategies)),
      },
    ]
  },
}

function inObjectForm(view: View, value: Values): Finding {
  if (!isObjectForm(value))
    return {
      code: 'LOCO-ST-01',
      path: strategy,
      message: t`The strategy is one word, not a map. Known: ${known()}.`,
      fixes: () => words(view, undefined),
    }
  const word = objectForm(value).strategy
  return {
    code: 'LOCO-ST-01',
    path: strategy,
    covers: ['class', 'diskSize', 'nfsSize'].map((key) => ['storage', key]),
    message: t`This is the map of the original chart, which is not read. The strategy is one word: ${word}.`,
    fixes: () => [convertObjectForm(view)],
  }
}

function words(view: View, meant: string | undefined): Fix[] {
  const others = strategies.filter((word) => word !== meant)
  return [...(meant === undefined ? [] : [meant]), ...others].map((word) => setting(view, strategy, word, word === meant))
}

/** Strategies that the old map switches on. */
const winners = (value: Values): string[] => ['hostPath', 'hybrid'].filter((key) => isTable(value[key]) && value[key]['enabled'] === true)

/** ST-02: one strategy, with all that it needs. */
export const strategyParts: ValuesRule = {
  code: 'LOCO-ST-02',
  severity: 'error',
  knowable: 'values',
  needsCluster: false,
  ours: true,
  check(view) {
    const value = effective(view, 'storage.strategy')
    if (Array.isArray(value)) {
      const named = value.filter((word) => (strategies as readonly unknown[]).includes(word)) as string[]
      return [
        {
          code: 'LOCO-ST-02',
          path: strategy,
          message: t`Only one strategy can be chosen. Known: ${known()}.`,
          fixes: () => named.map((word, index) => setting(view, strategy, word, index === 0 && named.length === 1)),
        },
      ]
    }
    if (isTable(value) && winners(value).length > 1) {
      return [
        {
          code: 'LOCO-ST-02',
          path: strategy,
          covers: ['class', 'diskSize', 'nfsSize'].map((key) => ['storage', key]),
          message: t('Two strategies are switched on, in the map of the original chart. It would have taken hostPath; the strategy is one word today.'),
          fixes: () => [convertObjectForm(view)],
        },
      ]
    }
    return [...missingHost(view), ...missingClaims(view)]
  },
}

function missingHost(view: View): Finding[] {
  const word = textOf(view, 'storage.strategy')
  if (word !== 'hostpath' && word !== 'hybrid') return []
  const folder = effective(view, 'storage.hostPath.sharedDirectory')
  if (folder !== undefined && folder !== null && folder !== '') return []
  return [
    {
      code: 'LOCO-ST-02',
      path: dotted('storage.hostPath.sharedDirectory'),
      involved: [dotted('storage.hostPath'), strategy],
      covers: [dotted('storage.hostPath')],
      message: t`The strategy ${word} has no folder of the node: storage.hostPath.sharedDirectory is missing.`,
      fixes: () => [adding(view, t('Add the folder'), 'hostPath', { sharedDirectory: safeFolder(''), createIfNotExists: true })],
    },
  ]
}

function missingClaims(view: View): Finding[] {
  const word = textOf(view, 'storage.strategy')
  if (word !== 'hybrid' && word !== 'persistent' && word !== 'csi-snapshot') return []
  if (Object.keys(mapOf(view, 'storage.persistentVolume')).length > 0) return []
  return [
    {
      code: 'LOCO-ST-02',
      path: dotted('storage.persistentVolume'),
      involved: [strategy],
      message: t`The strategy ${word} has no claims: storage.persistentVolume is missing.`,
      fixes: () => [adding(view, t('Add the claims'), 'persistentVolume', { size: '10Gi' })],
    },
  ]
}

/** Adds what the strategy needs below `storage`, in place of a `null` that took it away. */
function adding(view: View, title: string, key: string, entries: Readonly<Record<string, unknown>>): Fix {
  const path = ['storage', key]
  const missing = (document: ValuesDocument): boolean => document.keysOf(path).length === 0
  if (missing(view.document) && view.document.locate(path) !== undefined) return rewriting(view, title, true, (document) => setValue(document, path, entries))
  if (missing(view.document)) return rewriting(view, title, true, (document) => insertBlock(document, ['storage'], { [key]: entries }))
  return rewriting(
    view,
    title,
    true,
    ...Object.entries(entries).map(
      ([name, value]) =>
        (document: ValuesDocument) =>
          setDefault(document, [...path, name], value),
    ),
  )
}

function setDefault(document: ValuesDocument, path: readonly string[], value: unknown): ReturnType<typeof setValue> | [] {
  const present = document.locate(path) !== undefined
  const empty = present && document.text.slice(document.locate(path)?.value.start, document.locate(path)?.value.end).replaceAll(/["'~]|null/g, '') === ''
  return present && !empty ? [] : setValue(document, path, value)
}

/** ST-22: `hostpath` cannot delete what it has on the node, so it keeps it. The chart refuses anything else. */
export const hostKeeps: ValuesRule = {
  code: 'LOCO-ST-22',
  severity: 'info',
  knowable: 'values',
  needsCluster: false,
  ours: true,
  check(view) {
    if (textOf(view, 'storage.strategy') !== 'hostpath') return []
    return ['whenDeleted', 'whenScaled'].flatMap((key): Finding[] => {
      const path = ['storage', 'retention', key]
      if (view.merged.at(path) !== 'Delete') return []
      return [
        {
          code: 'LOCO-ST-22',
          severity: 'error',
          path,
          involved: [strategy],
          message: t('The strategy hostpath cannot delete claims with their data: Kubernetes deletes no folder of a node. "loco destroy --delete-data" does.'),
          fixes: () => [setting(view, path, 'Retain', true)],
        },
      ]
    })
  },
}
