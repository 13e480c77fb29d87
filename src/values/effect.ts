import { t } from '@vscode/l10n'
import type { View } from './chart.ts'
import { isTable, pathText, type Values, valueAt } from './path.ts'
import { parseQuantity } from './quantity.ts'
import { classOf } from './rules/classes.ts'
import { dotted, hasClaims, hostFolders, leavesOf, numberOf, type Strategy, setting, strategies, strategyOf, textOf } from './rules/context.ts'
import type { ClusterRule, Finding } from './rules/rule.ts'
import type { DeployedFacts, Fix, ValuePath } from './types.ts'

const size = dotted('storage.persistentVolume.size')
const storageClass = dotted('storage.persistentVolume.storageClass')
const strategy = dotted('storage.strategy')
const plan = { knowable: 'plan', needsCluster: true, ours: true } as const

/** Values that end in the pod of an emulator: a change of one makes a new pod. */
const inPods = ['emulator', 'imageRepo', 'imagePullSecrets', 'storage.strategy', 'storage.ephemeral', 'storage.hostPath.sharedDirectory'].map(dotted)
/** Of these, what does not. */
const besidePods = ['emulator.servicePort', 'emulator.podDisruptionBudget'].map(dotted)

/** What Bootstrap finds out and gives itself where the values are silent: a difference in them is none of the file's. */
const foundByBootstrap = ['emulator.tag', 'emulator.kvm.enabled'].map(dotted)

/** VA-17: what the values do to the emulators that run. */
export const effectOnEmulators: ClusterRule = {
  code: 'LOCO-VA-17',
  severity: 'info',
  ...plan,
  applies: () => true,
  check(view, { deployed }) {
    return deployed === undefined ? [] : [...podChange(view, deployed), ...countChange(view, deployed)]
  },
}

/** The name of the claim template of a strategy, as in `loco.storage.disk` of the chart. */
const templateOf = (word: Strategy | undefined): string => (word === 'ephemeral' ? '' : word === 'hostpath' ? 'hostdisk' : 'disk')

const sameTemplate = (view: View, values: Values): boolean => templateOf(wasStrategy(values)) === templateOf(strategyOf(view))

function podChange(view: View, { values, emulators }: DeployedFacts): Finding[] {
  const replicas = numberOf(view, 'replicas') ?? emulators
  const stay = Math.min(replicas, emulators)
  const silent = foundByBootstrap.filter((path) => view.document.locate(path) === undefined)
  const changed = changedPaths(values, view.merged.values).filter(
    (path) => inPods.some((top) => below(path, top)) && ![...besidePods, ...silent].some((top) => below(path, top)),
  )
  const [first, ...others] = changed
  // Where a new StatefulSet is needed, ST-21 says so.
  if (first === undefined || stay === 0 || !sameTemplate(view, values)) return []
  const named = changed.map(pathText).join(', ')
  return [
    {
      code: 'LOCO-VA-17',
      path: first,
      involved: others,
      message: t`This change re-creates ${stay} of ${emulators} emulators, one after the other; their guests start anew. Changed: ${named}.`,
    },
  ]
}

function countChange(view: View, { emulators }: DeployedFacts): Finding[] {
  const replicas = numberOf(view, 'replicas')
  if (replicas === undefined || replicas === emulators) return []
  if (replicas > emulators) return [{ code: 'LOCO-VA-17', path: ['replicas'], message: t`The fleet grows from ${emulators} to ${replicas} emulators.` }]
  // Of claims that stay or go, ST-22 speaks.
  if (hasClaims(strategyOf(view))) return []
  return [
    {
      code: 'LOCO-VA-17',
      path: ['replicas'],
      message: t`The fleet shrinks from ${emulators} to ${replicas} emulators; what the guests of the others wrote is lost.`,
    },
  ]
}

const below = (path: ValuePath, top: ValuePath): boolean => top.every((key, index) => path[index] === key)

/** Paths of leaves that two sets of values differ in. */
function changedPaths(before: Values, after: Values): ValuePath[] {
  const paths = [...leavesOf(after), ...leavesOf(before)].map(({ path }) => path)
  const seen = new Set<string>()
  return paths.filter((path) => {
    const key = JSON.stringify(path)
    if (seen.has(key)) return false
    seen.add(key)
    return JSON.stringify(valueAt(before, path)) !== JSON.stringify(valueAt(after, path)) && ![before, after].some((values) => isFilled(valueAt(values, path)))
  })
}

/** A map with entries, which are told themselves. */
const isFilled = (value: unknown): boolean => isTable(value) && Object.keys(value).length > 0

const wasStrategy = (values: Values): Strategy | undefined => strategies.find((word) => word === valueAt(values, strategy))

const takingBack = (view: View, path: ValuePath, was: unknown): Fix[] =>
  was === undefined ? [] : [setting(view, path, was, false, t`Take back to ${String(was)}`)]

/** ST-19: of a claim only the size changes, upwards, where the class allows it. */
export const claimChange: ClusterRule = {
  code: 'LOCO-ST-19',
  severity: 'error',
  ...plan,
  applies: (view) => hasClaims(strategyOf(view)) && strategyOf(view) !== 'hostpath',
  check(view, { deployed, claims, storageClasses }) {
    if (deployed === undefined || !sameTemplate(view, deployed.values)) return []
    const wanted = parseQuantity(view.merged.at(size))
    const was = valueAt(deployed.values, size)
    const held = parseQuantity(was)
    if (wanted === undefined || held === undefined || wanted === held) return []
    const now = textOf(view, 'storage.persistentVolume.size') ?? ''
    const finding = (message: string): Finding => ({ code: 'LOCO-ST-19', path: size, involved: [strategy], message, fixes: () => takingBack(view, size, was) })
    if (wanted < held) return [finding(t`Claims cannot shrink: ${String(was)} → ${now}.`)]
    if (storageClasses === undefined || claims === undefined) return { unknown: t('the storage classes or claims of the cluster cannot be read') }
    const made = classOf(view, storageClasses)
    if (made === undefined || made.expandable) return []
    return [finding(t`Claims of the class ${made.name} cannot grow: ${String(was)} → ${now}.`)]
  },
}

/** ST-20: where a volume lies is fixed when it is made. */
export const sourceChange: ClusterRule = {
  code: 'LOCO-ST-20',
  severity: 'error',
  ...plan,
  applies: (view) => strategyOf(view) === 'hostpath',
  check(view, { deployed }) {
    if (deployed === undefined || wasStrategy(deployed.values) !== 'hostpath') return []
    return hostFolders(view).flatMap(({ path, folder }): Finding[] => {
      const was = valueAt(deployed.values, path)
      if (was === undefined || was === folder) return []
      return [
        {
          code: 'LOCO-ST-20',
          path,
          involved: [strategy],
          message: t`The source of a volume cannot change: ${String(was)} → ${folder}. Destroy the release with --keep-data, move the folder, and bootstrap again.`,
          fixes: () => takingBack(view, path, was),
        },
      ]
    })
  },
}

/** ST-21: claim templates of a StatefulSet are fixed when it is made. */
export const setChange: ClusterRule = {
  code: 'LOCO-ST-21',
  severity: 'error',
  ...plan,
  applies: () => true,
  check(view, { deployed, storageClasses }) {
    if (deployed === undefined) return []
    const [was, now] = [wasStrategy(deployed.values), strategyOf(view)]
    if (was === undefined || now === undefined) return []
    if (templateOf(was) !== templateOf(now)) {
      const lost = was === 'ephemeral' || now === 'ephemeral'
      return [
        {
          code: 'LOCO-ST-21',
          path: strategy,
          message: lost
            ? t`A release that runs cannot change from ${was} to ${now}: its StatefulSet must be made anew, and disks cannot be taken along. If they may be lost: "loco destroy", then "loco bootstrap --storage ${now}".`
            : t`A release that runs cannot change from ${was} to ${now} by an upgrade: its StatefulSet must be made anew. "loco storage migrate --to ${now}" takes the disks along.`,
          fixes: () => takingBack(view, strategy, was),
        },
      ]
    }
    if (!hasClaims(now)) return []
    const fixed = (path: ValuePath): Finding[] => {
      const [before, after] = [valueAt(deployed.values, path), view.merged.at(path)]
      if (before === undefined || before === after) return []
      const name = pathText(path)
      return [
        {
          code: 'LOCO-ST-21',
          path,
          involved: [strategy],
          message: t`${name} is part of the claim template, which cannot change: the StatefulSet must be made anew ("loco destroy --keep-data", then bootstrap). Claims that exist stay as they are.`,
          fixes: () => takingBack(view, path, before),
        },
      ]
    }
    const grows = (parseQuantity(view.merged.at(size)) ?? 0) > (parseQuantity(valueAt(deployed.values, size)) ?? 0)
    const mayGrow = storageClasses !== undefined && classOf(view, storageClasses)?.expandable === true
    // The folders of `hostpath` have no class; of the others, a size that no claim can take is ST-19.
    return now === 'hostpath' ? fixed(size) : [...fixed(storageClass), ...(grows && mayGrow ? fixed(size) : [])]
  },
}
