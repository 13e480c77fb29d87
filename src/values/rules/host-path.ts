import { t } from '@vscode/l10n'
import { safeFolder, survivingInstead } from '../../contracts/host-paths.ts'
import { refusal } from '../host-folder.ts'
import type { ClusterFacts, NodeFacts } from '../types.ts'
import { dotted, effective, hostFolders, setting, strategyOf, textOf, usesHost } from './context.ts'
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
      const better = safeFolder(view.facts?.kind ?? '')
      return [
        {
          code: 'LOCO-ST-05',
          path,
          message: wrongFolder(folder, why),
          fixes: () => [setting(view, path, better, true)],
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
    const [first] = nodes
    const named = textOf(view, 'storage.hostPath.node') ?? ''
    const path = dotted('storage.hostPath.node')
    const names = nodes.map(hostname)
    const finding = { code: 'LOCO-ST-07', path, involved: [dotted('storage.hostPath'), strategy] } as const
    if (named !== '') {
      if (names.includes(named)) return []
      const list = names.join(', ')
      return [
        {
          ...finding,
          message: t`The cluster has no node ${named}. It has: ${list}.`,
          fixes: () => names.map((name) => setting(view, path, name, names.length === 1)),
        },
      ]
    }
    if (first === undefined || nodes.length < 2) return []
    return [
      {
        ...finding,
        message: t`The cluster has ${nodes.length} nodes, and the folder is on one of them only. Name it in storage.hostPath.node, or use the strategy persistent.`,
        fixes: () => [
          ...names.map((name) => setting(view, path, name, false, t`Use the folder of the node ${name}`)),
          setting(view, strategy, 'persistent', false),
        ],
      },
    ]
  },
}

const hostname = ({ labels, name }: NodeFacts): string => labels['kubernetes.io/hostname'] ?? name

/** ST-08: a folder that is gone after the node restarts. It works until then, and the original notes have it in their example: a warning. */
export const nodeRestart: ClusterRule = {
  code: 'LOCO-ST-08',
  severity: 'warning',
  knowable: 'plan',
  needsCluster: true,
  ours: true,
  applies: (view) => usesHost(strategyOf(view)),
  check(view, { kind }) {
    return hostFolders(view).flatMap(({ path, folder }): Finding[] => {
      const better = refusal(folder) === undefined ? survivingInstead(kind, folder) : undefined
      if (better === undefined) return []
      return [
        {
          code: 'LOCO-ST-08',
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
      const better = safeFolder(kind)
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

/** Clusters on which Bootstrap makes the folders itself, so that only a plain `helm install` needs the hook. */
const local: readonly ClusterFacts['kind'][] = ['native', 'minikube', 'kind', 'k3d', 'docker-desktop']

/** ST-11: the only object that touches the node is the hook that makes the folders; a namespace that forbids host paths refuses it. */
export const hostInNamespace: ClusterRule = {
  code: 'LOCO-ST-11',
  severity: 'error',
  knowable: 'plan',
  needsCluster: true,
  ours: true,
  applies: (view) =>
    usesHost(strategyOf(view)) && effective(view, 'storage.hostPath.createIfNotExists') === true && textOf(view, 'storage.hostPath.createdBy') !== 'bootstrap',
  check(view, { kind, namespace, namespaces }) {
    if (namespaces === undefined) return { unknown: t('the namespaces of the cluster cannot be read') }
    const named = textOf(view, 'storage.hostPath.hookNamespace') ?? ''
    const where = named === '' ? namespace : named
    const level = namespaces.find(({ name }) => name === where)?.podSecurity
    if (level === undefined || level === 'privileged') return []
    const path = dotted('storage.hostPath.createIfNotExists')
    return [
      {
        code: 'LOCO-ST-11',
        severity: local.includes(kind) ? 'warning' : 'error',
        path: named === '' ? path : dotted('storage.hostPath.hookNamespace'),
        involved: [path, dotted('storage.hostPath'), strategy],
        message: t`The namespace ${where} enforces ${level}, which refuses the hook that makes the folders on the node. Install with "loco bootstrap", name another in storage.hostPath.hookNamespace, or make the folders yourself and set createIfNotExists to false.`,
        fixes: () => [setting(view, path, false, false, t('Leave out the hook that makes the folders')), setting(view, strategy, 'persistent', false)],
      },
    ]
  },
}
