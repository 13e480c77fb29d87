import { t } from '@vscode/l10n'
import { fullname } from '../../contracts/names.ts'
import type { View } from '../chart.ts'
import { removeKey } from '../edit.ts'
import { pathText } from '../path.ts'
import type { ValuePath } from '../types.ts'
import { dotted, leavesOf, mapOf, numberOf, rewriting, setting } from './context.ts'
import type { ClusterRule, Finding, ValuesRule } from './rule.ts'

/** What identifies a guest on its network; the agent derives each from the ordinal. */
const identity = ['GUEST_MAC', 'GUEST_IP', 'GUEST_HOSTNAME', 'INSTANCE_INDEX']
/** What QEMU gives every machine that is told nothing. */
const defaultMac = '52:54:00:12:34:56'

/** VA-11: no two guests answer to one address or name. */
export const ownIdentity: ValuesRule = {
  code: 'LOCO-VA-11',
  severity: 'error',
  knowable: 'values',
  needsCluster: false,
  ours: true,
  check(view) {
    const replicas = numberOf(view, 'replicas') ?? 1
    const env = mapOf(view, 'emulator.env')
    return identity.flatMap((name): Finding[] => {
      const value = env[name]
      const isDefault = name === 'GUEST_MAC' && value === defaultMac
      if (value === undefined || value === null || (replicas < 2 && !isDefault)) return []
      const path = ['emulator', 'env', name]
      return [
        {
          code: 'LOCO-VA-11',
          path,
          involved: [['replicas']],
          message: isDefault
            ? t`${defaultMac} is the address of every QEMU that is told none: machines of others on the network have it too.`
            : t`All ${replicas} emulators would answer to ${name} ${String(value)}. Without the line each derives its own from its ordinal.`,
          fixes: () => (view.document.locate(path) === undefined ? [] : [rewriting(view, t`Delete ${name}`, true, (document) => removeKey(document, path))]),
        },
      ]
    })
  },
}

/** The port of the screen within a pod. */
const screenPort = 5901

/** VA-12: no two services on one port. */
export const ownPort: ValuesRule = {
  code: 'LOCO-VA-12',
  severity: 'error',
  knowable: 'values',
  needsCluster: false,
  ours: true,
  check(view) {
    return [...healthPort(view), ...hubPort(view), ...repeatedNodePorts(view)]
  },
}

function healthPort(view: View): Finding[] {
  const [health, service] = [numberOf(view, 'emulator.healthPort'), numberOf(view, 'emulator.servicePort')]
  if (health === undefined || (health !== screenPort && health !== service)) return []
  const path = dotted('emulator.healthPort')
  const free = [8080, 8081].find((port) => port !== health && port !== service) ?? 8082
  return [
    {
      code: 'LOCO-VA-12',
      path,
      involved: [dotted('emulator.servicePort')],
      message: t`The health port ${health} is the port of the screen, too. Give it one of its own.`,
      fixes: () => [setting(view, path, free, true)],
    },
  ]
}

function hubPort(view: View): Finding[] {
  const [lan, health] = [numberOf(view, 'hub.lanPort'), numberOf(view, 'hub.healthPort')]
  if (lan === undefined || lan !== health) return []
  const path = dotted('hub.healthPort')
  return [
    {
      code: 'LOCO-VA-12',
      path,
      involved: [dotted('hub.lanPort')],
      message: t`The health port ${health} of the hub is the port of its network, too. Give it one of its own.`,
      fixes: () => [setting(view, path, lan === 8080 ? 8081 : 8080, true)],
    },
  ]
}

/** Node ports that the values ask for; 0 and nothing leave the choice to the cluster. */
function nodePorts(view: View): { path: ValuePath; port: number }[] {
  return leavesOf(view.merged.values).flatMap(({ path, value }) =>
    path.at(-1) === 'nodePort' && typeof value === 'number' && value > 0 ? [{ path, port: value }] : [],
  )
}

function repeatedNodePorts(view: View): Finding[] {
  const ports = nodePorts(view)
  return ports.flatMap(({ path, port }, index): Finding[] => {
    const first = ports.slice(0, index).find((other) => other.port === port)
    if (first === undefined) return []
    const other = pathText(first.path)
    const free = freePort(ports.map((one) => one.port))
    return [
      {
        code: 'LOCO-VA-12',
        path,
        involved: [first.path],
        message: t`The node port ${port} is asked for by ${other}, too.`,
        fixes: () => [setting(view, path, free, true)],
      },
    ]
  })
}

/** VA-12: a node port that no other Service of the cluster has. */
export const freeNodePort: ClusterRule = {
  code: 'LOCO-VA-12',
  severity: 'error',
  knowable: 'plan',
  needsCluster: true,
  ours: true,
  applies: (view) => nodePorts(view).length > 0,
  check(view, { nodePorts: taken, namespace, release }) {
    if (taken === undefined) return { unknown: t('the Services of the cluster cannot be read') }
    return nodePorts(view).flatMap(({ path, port }): Finding[] => {
      const owner = taken.get(port)
      if (owner === undefined || owner.startsWith(`${namespace}/${fullname(release)}-`)) return []
      const free = freePort([...taken.keys(), ...nodePorts(view).map((one) => one.port)])
      return [{ code: 'LOCO-VA-12', path, message: t`The node port ${port} belongs to the Service ${owner}.`, fixes: () => [setting(view, path, free, true)] }]
    })
  },
}

/** The lowest node port that is not among these. */
function freePort(taken: readonly number[]): number {
  let port = 30000
  while (taken.includes(port)) port++
  return port
}
