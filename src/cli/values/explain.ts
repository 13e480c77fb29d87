import { t } from '@vscode/l10n'
import { stringify } from 'yaml'
import type { Chart } from '../../values/chart.ts'
import { table } from '../text.ts'

/** Whether the disks of the emulators are there afterwards. */
export interface Fate {
  readonly answer: 'kept' | 'lost' | 'depends'
  readonly why: string
}

/** What happens to a fleet, in the order of the table. */
export type Ordeal = 'podRestart' | 'nodeRestart' | 'upgrade' | 'uninstall' | 'clusterDeletion'

interface StrategyFacts {
  /** Objects that the chart makes for it. */
  readonly makes: () => string
  /** The values that it takes, with the chart's defaults. */
  readonly takes: readonly string[]
  readonly survives: () => Readonly<Record<Ordeal, Fate>>
}

export interface Explanation {
  readonly strategy: string
  readonly summary: string
  readonly makes: string
  /** YAML, ready to be put into a values file. */
  readonly values: string
  readonly survives: Readonly<Record<Ordeal, Fate>>
}

const kept = (why: string): Fate => ({ answer: 'kept', why })
const lost = (why: string): Fate => ({ answer: 'lost', why })
const depends = (why: string): Fate => ({ answer: 'depends', why })

const claims = (): Record<Ordeal, Fate> => ({
  podRestart: kept(t('The claim of an emulator waits for its next pod.')),
  nodeRestart: depends(t('On the class of the claims: most keep their volumes.')),
  upgrade: kept(t('An upgrade does not touch claims; their size and class cannot change.')),
  uninstall: depends(t('On storage.retention.whenDeleted: Retain keeps the claims, Delete takes them.')),
  clusterDeletion: depends(t('On where the class puts its volumes: those of a local cluster go with it.')),
})

const folder = (): Fate => depends(t('On the folder: on minikube and kind, what lies in /tmp is in memory.'))

const strategies: Readonly<Record<string, StrategyFacts>> = {
  ephemeral: {
    makes: () => t('A folder in each pod (emptyDir) with a limit.'),
    takes: ['ephemeral'],
    survives: () => ({
      podRestart: lost(t('The folder lives as long as the pod; only a restart of the container inside of it is survived.')),
      nodeRestart: depends(t('On the pod: one that starts again in its place keeps it, as on the sandbox; one that is made anew begins anew.')),
      upgrade: lost(t('Pods that the upgrade replaces begin anew.')),
      uninstall: lost(t('The pods go.')),
      clusterDeletion: lost(t('The pods go.')),
    }),
  },
  persistent: {
    makes: () => t('A claim for each emulator, by the claim template of the StatefulSet.'),
    takes: ['persistentVolume', 'retention'],
    survives: claims,
  },
  hostpath: {
    makes: () => t('A volume on a folder of one node, and a claim for it, for each emulator; one more for what all share.'),
    takes: ['hostPath', 'persistentVolume'],
    survives: () => ({
      ...claims(),
      nodeRestart: folder(),
      uninstall: kept(t('The folder stays on the node, whatever becomes of the release.')),
      clusterDeletion: depends(t('On the node: a machine keeps its folder, a node that is a container takes it along.')),
    }),
  },
  hybrid: {
    makes: () =>
      t('A claim for each emulator, and a volume on a folder of one node for what all share, with the disk in the image in its place where it cannot be used.'),
    takes: ['hostPath', 'persistentVolume', 'retention'],
    survives: claims,
  },
  'csi-snapshot': {
    makes: () => t('A claim for each emulator, and for each named state a VolumeSnapshot of each claim.'),
    takes: ['csiSnapshot', 'persistentVolume', 'retention'],
    survives: () => ({ ...claims(), uninstall: depends(t('On storage.retention.whenDeleted for the claims; the snapshots go with the release.')) }),
  },
}

export const strategyNames = Object.keys(strategies)

/** What a storage strategy means, with texts and defaults of the chart; undefined for a word that is none. */
export function explain(strategy: string, chart: Chart): Explanation | undefined {
  const facts = Object.hasOwn(strategies, strategy) ? strategies[strategy] : undefined
  if (facts === undefined) return undefined
  const path = ['storage', 'strategy']
  const schema = chart.schema?.facts(path, chart.defaults.values)
  const storage = (chart.defaults.values['storage'] ?? {}) as Record<string, unknown>
  const taken = Object.fromEntries(facts.takes.flatMap((key) => (Object.hasOwn(storage, key) ? [[key, storage[key]]] : [])))
  return {
    strategy,
    summary: schema?.enumDescriptions[schema.enum?.indexOf(strategy) ?? -1] ?? '',
    makes: facts.makes(),
    values: stringify({ storage: { strategy, ...taken } }, { lineWidth: 0 }),
    survives: facts.survives(),
  }
}

const ordeals: Readonly<Record<Ordeal, () => string>> = {
  podRestart: () => t('the pod is deleted'),
  nodeRestart: () => t('the node restarts'),
  upgrade: () => t('helm upgrade'),
  uninstall: () => t('helm uninstall'),
  clusterDeletion: () => t('the cluster is deleted'),
}

export function explanationText({ strategy, summary, makes, values, survives }: Explanation): string {
  const answers: Record<Fate['answer'], string> = { kept: t('kept'), lost: t('lost'), depends: t('depends') }
  const rows = Object.entries(ordeals).map(([ordeal, words]) => {
    const { answer, why } = survives[ordeal as Ordeal]
    return [words(), answers[answer], why]
  })
  return `${strategy}: ${summary}\n${makes}\n\n${table([[t('WHEN'), t('THE DISKS ARE'), t('WHY')], ...rows])}\n${values}`
}
