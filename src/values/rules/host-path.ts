import { t } from '@vscode/l10n'
import type { View } from '../chart.ts'
import { refusal, survives, surviving } from '../survival.ts'
import type { ClusterFacts, ValuePath } from '../types.ts'
import { dotted, effective, hostFolders, mapOf, setting, strategyOf, textOf, usesHost } from './context.ts'
import type { ClusterRule, Finding, ValuesRule } from './rule.ts'

const strategy = dotted('storage.strategy')

/** ST-05: a host path is absolute, without `..`, and not a folder that the node lives from. */
export const hostFolder: ValuesRule = {
  code: 'LOCO-ST-05',
  severity: 'error',
  knowable: 'values',
  needsCluster: false,
  ours: true,
  check(view) {
    return hostFolders(view).flatMap(({ path, folder }) => {
      const why = refusal(folder)
      if (why === undefined) return []
      const better = surviving(folder, view.facts?.kind ?? 'unknown')
      return [
        {
          code: 'LOCO-ST-05',
          path,
          message: wrongFolder(folder, why),
          fixes: () => [setting(view, path, refusal(better) === undefined ? better : '/var/lib/loco-cluster/art', true)],
        },
      ]
    })
  },
}

function wrongFolder(folder: string, why: 'relative' | 'climbs' | 'node'): string {
  switch (why) {
    case 'relative':
      return t`"${folder}" is no absolute path: a folder of a node begins with "/".`
    case 'climbs':
      return t`"${folder}" climbs with "..", so that nobody sees where it ends.`
    case 'node':
      return t`"${folder}" belongs to the node, which lives from it; a pod must not write there.`
  }
}

/** ST-07: data in a folder of one node, pods that may run on several. */
export const oneNode: ClusterRule = {
  code: 'LOCO-ST-07',
  severity: 'error',
  knowable: 'plan',
  needsCluster: true,
  ours: true,
  applies: (view) => usesHost(strategyOf(view)),
  check(view, { nodes }) {
    if (nodes === undefined) return { unknown: t('the nodes of the cluster cannot be read') }
    const possible = nodes.filter(({ schedulable }) => schedulable)
    if (possible.length < 2 || isBound(view, possible)) return []
    const first = possible[0]?.name ?? ''
    return [
      {
        code: 'LOCO-ST-07',
        path: strategy,
        involved: [dotted('storage.hostPath')],
        message: t`${possible.length} nodes can run the emulators, and the folder is on one of them only. Bind the emulators to one node, or use the strategy persistent.`,
        fixes: () => [
          setting(
            view,
            ['emulator', 'nodeSelector'],
            { ...mapOf(view, 'emulator.nodeSelector'), 'kubernetes.io/hostname': first },
            false,
            t`Bind the emulators to the node ${first}`,
          ),
          setting(view, strategy, 'persistent', false),
        ],
      },
    ]
  },
}

function isBound(view: View, nodes: NonNullable<ClusterFacts['nodes']>): boolean {
  if (['node', 'nodeName', 'hostname'].some((key) => (textOf(view, `storage.hostPath.${key}`) ?? '') !== '')) return true
  const wanted = Object.entries(mapOf(view, 'emulator.nodeSelector'))
  if (wanted.length > 0 && nodes.filter(({ labels }) => wanted.every(([key, value]) => labels[key] === value)).length < 2) return true
  // An affinity is a language of its own: whoever writes one is taken at their word.
  return Object.keys(mapOf(view, 'emulator.affinity')).includes('nodeAffinity')
}

/** ST-08: a folder that is gone after the node restarts. Disks are data, shared art can be copied again. */
export const nodeRestart: ClusterRule = {
  code: 'LOCO-ST-08',
  severity: 'error',
  knowable: 'plan',
  needsCluster: true,
  ours: true,
  applies: (view) => usesHost(strategyOf(view)),
  check(view, { kind }) {
    const word = strategyOf(view)
    return hostFolders(view).flatMap(({ path, folder }): Finding[] => {
      if (refusal(folder) !== undefined || survives(folder, kind) !== false) return []
      const better = surviving(folder, kind)
      return [
        {
          code: 'LOCO-ST-08',
          severity: word === 'hostpath' ? 'error' : 'warning',
          path,
          involved: [strategy],
          message: t`${folder} does not outlive a restart of the node on ${kind}: what is in it is gone. ${better} stays.`,
          fixes: () => [setting(view, path, better, true, t`Move it to ${better}`)],
        },
      ]
    })
  },
}

/** Folders of a machine in which people keep their files. */
const ofPeople = /^\/(?:home|Users|mnt|media|c|Volumes|workspaces?)(?:\/|$)/

/** ST-09: a folder of this machine is meant, and the node is a container that does not have it. */
export const nodeContainer: ClusterRule = {
  code: 'LOCO-ST-09',
  severity: 'warning',
  knowable: 'plan',
  needsCluster: true,
  ours: true,
  applies: (view) => usesHost(strategyOf(view)) && hostFolders(view).some(({ folder }) => ofPeople.test(folder)),
  check(view, { kind }) {
    if (kind !== 'kind' && kind !== 'k3d') return []
    return hostFolders(view).flatMap(({ path, folder }): Finding[] => {
      if (!ofPeople.test(folder)) return []
      const flag = kind === 'kind' ? `extraMounts: [{ hostPath: ${folder}, containerPath: ${folder} }]` : `k3d cluster create --volume ${folder}:${folder}`
      const better = surviving(folder, kind)
      return [
        {
          code: 'LOCO-ST-09',
          path,
          involved: [strategy],
          message: t`The node of ${kind} is a container: ${folder} of this machine is in it only when the cluster was made with "${flag}".`,
          fixes: () => [setting(view, path, better, false, t`Use ${better} of the node`)],
        },
      ]
    })
  },
}

/** ST-11: the only object that touches the node is the one-shot step that makes the folder; a namespace that forbids host paths refuses it. */
export const hostInNamespace: ClusterRule = {
  code: 'LOCO-ST-11',
  severity: 'error',
  knowable: 'plan',
  needsCluster: true,
  ours: true,
  applies: (view) => usesHost(strategyOf(view)) && effective(view, 'storage.hostPath.createIfNotExists') === true,
  check(view, { namespace, namespaces }) {
    if (namespaces === undefined) return { unknown: t('the namespaces of the cluster cannot be read') }
    const level = namespaces.find(({ name }) => name === hookNamespace(view, namespace))?.podSecurity
    if (level === undefined || level === 'privileged') return []
    const path: ValuePath = dotted('storage.hostPath.createIfNotExists')
    return [
      {
        code: 'LOCO-ST-11',
        path,
        involved: [dotted('storage.hostPath'), strategy],
        message: t`The namespace ${namespace} enforces ${level}, which refuses the step that makes the folder on the node. Make the folder yourself and set createIfNotExists to false, or use the strategy persistent.`,
        fixes: () => [setting(view, path, false, true, t('Leave out the step that makes the folder')), setting(view, strategy, 'persistent', false)],
      },
    ]
  },
}

/** Where the step that makes the folder runs: a namespace of its own, where the values name one. */
function hookNamespace(view: View, namespace: string): string {
  const own = textOf(view, 'storage.hostPath.initNamespace') ?? ''
  return own === '' ? namespace : own
}
