import { t } from '@vscode/l10n'
import { podOverheadMiB } from '../../contracts/names.ts'
import type { View } from '../chart.ts'
import { parseQuantity } from '../quantity.ts'
import type { NodeFacts } from '../types.ts'
import { dotted, effective, hasClaims, mapOf, numberOf, setting, strategyOf, textOf } from './context.ts'
import type { ClusterRule, Finding } from './rule.ts'

const MiB = 2 ** 20
const GiB = 2 ** 30
const kvmDevice = 'devices.kubevirt.io/kvm'
const nodesUnknown = (): string => t('the nodes of the cluster cannot be read')

/** What the scheduler keeps free for one emulator: cores and bytes. */
function requestsOf(view: View): { cpu: number; memory: number } {
  const limit = parseQuantity(textOf(view, 'emulator.resources.limits.memory') || undefined)
  const own = parseQuantity(textOf(view, 'emulator.resources.requests.memory') || undefined)
  return {
    cpu: parseQuantity(effective(view, 'emulator.resources.requests.cpu')) ?? 0,
    memory: own ?? limit ?? ((numberOf(view, 'emulator.memoryMiB') ?? 0) + podOverheadMiB) * MiB,
  }
}

/** VA-10: the nodes can hold all emulators. What other pods use is not counted: it is the best that can become of it. */
export const capacity: ClusterRule = {
  code: 'LOCO-VA-10',
  severity: 'warning',
  knowable: 'plan',
  needsCluster: true,
  ours: true,
  applies: (view) => (numberOf(view, 'replicas') ?? 0) > 0,
  check(view, { nodes }) {
    if (nodes === undefined) return { unknown: nodesUnknown() }
    const replicas = numberOf(view, 'replicas') ?? 0
    const { cpu, memory } = requestsOf(view)
    const able = nodes.filter(({ schedulable }) => schedulable)
    const fits = able.reduce((sum, { allocatable }) => sum + Math.floor(Math.min(share(allocatable.cpu, cpu), share(allocatable.memory, memory))), 0)
    if (able.length === 0 || replicas <= fits) return []
    const [cores, gigabytes] = [sum(able, 'cpu'), Math.round((sum(able, 'memory') / GiB) * 10) / 10]
    const left = replicas - fits
    const asked = `${Math.round(cpu * 1000)}m`
    const askedMiB = Math.ceil(memory / MiB)
    return [
      {
        code: 'LOCO-VA-10',
        path: ['replicas'],
        involved: [dotted('emulator.resources.requests.cpu'), dotted('emulator.resources.requests.memory'), dotted('emulator.memoryMiB')],
        message: t`${replicas} emulators ask for ${asked} CPU and ${askedMiB} MiB each, and the nodes offer ${cores} CPUs and ${gigabytes} GiB: ${left} stay Pending.`,
        fixes: () => [
          ...(fits > 0 ? [setting(view, ['replicas'], fits, false, t`Set replicas to ${fits}`)] : []),
          ...lowerRequest(view, able, replicas, memory),
        ],
      },
    ]
  },
}

/** The processor request with which all fit, where memory is not what is short. */
function lowerRequest(view: View, nodes: readonly NodeFacts[], replicas: number, memory: number): ReturnType<typeof setting>[] {
  const perNode = Math.ceil(replicas / nodes.length)
  const enough = nodes.every(({ allocatable }) => share(allocatable.memory, memory) >= perNode)
  const milli = Math.floor((Math.min(...nodes.map(({ allocatable }) => allocatable.cpu)) / perNode) * 1000)
  return enough && milli >= 10 ? [setting(view, dotted('emulator.resources.requests.cpu'), `${milli}m`, false, t`Ask for ${`${milli}m`} CPU each`)] : []
}

const share = (has: number, wants: number): number => (wants <= 0 ? Number.POSITIVE_INFINITY : has / wants)
const sum = (nodes: readonly NodeFacts[], what: 'cpu' | 'memory'): number => nodes.reduce((total, { allocatable }) => total + allocatable[what], 0)

/** VA-16: a schedulable node has the labels, and the device, that the values ask for. */
export const fittingNode: ClusterRule = {
  code: 'LOCO-VA-16',
  severity: 'warning',
  knowable: 'plan',
  needsCluster: true,
  ours: true,
  applies: (view) => Object.keys(mapOf(view, 'emulator.nodeSelector')).length > 0 || asksKvm(view),
  check(view, { nodes }) {
    if (nodes === undefined) return { unknown: nodesUnknown() }
    const able = nodes.filter(({ schedulable }) => schedulable)
    return [...noLabel(view, able), ...noDevice(view, able)]
  },
}

const asksKvm = (view: View): boolean => effective(view, 'emulator.kvm.enabled') === true

function noLabel(view: View, nodes: readonly NodeFacts[]): Finding[] {
  const selector = mapOf(view, 'emulator.nodeSelector')
  const wanted = Object.entries(selector)
  if (wanted.length === 0 || nodes.some(({ labels }) => wanted.every(([key, value]) => labels[key] === value))) return []
  const path = dotted('emulator.nodeSelector')
  const lacking = wanted.filter(([key, value]) => !nodes.some(({ labels }) => labels[key] === value)).map(([key]) => key)
  const blamed = lacking[0] ?? wanted[0]?.[0] ?? ''
  const values = [...new Set(nodes.flatMap(({ labels }) => labels[blamed] ?? []))]
  const said = `${blamed}=${String(selector[blamed])}`
  return [
    {
      code: 'LOCO-VA-16',
      path: [...path, blamed],
      involved: [path],
      message:
        values.length === 0
          ? t`No schedulable node has the label ${said}: the emulators stay Pending. No node has a label ${blamed}.`
          : t`No schedulable node has the label ${said} together with the others: the emulators stay Pending. Nodes have ${values.join(', ')}.`,
      fixes: () => [
        ...values.map((value) => setting(view, [...path, blamed], value, values.length === 1)),
        setting(view, path, {}, false, t('Let them run on every node')),
      ],
    },
  ]
}

function noDevice(view: View, nodes: readonly NodeFacts[]): Finding[] {
  if (!asksKvm(view) || nodes.some(({ allocatable }) => allocatable.devices.includes(kvmDevice))) return []
  const path = dotted('emulator.kvm.enabled')
  return [
    {
      code: 'LOCO-VA-16',
      path,
      involved: [dotted('emulator.kvm')],
      message: t`No schedulable node offers ${kvmDevice}: the emulators stay Pending. Without it they run with TCG, several times slower.`,
      fixes: () => [setting(view, path, false, true, t('Run without KVM'))],
    },
  ]
}

/** ST-29: the local disk of the nodes holds what the emulators may write there. */
export const nodeDisk: ClusterRule = {
  code: 'LOCO-ST-29',
  severity: 'warning',
  knowable: 'plan',
  needsCluster: true,
  ours: true,
  applies: (view) => localBytes(view) > 0,
  check(view, { nodes }) {
    if (nodes === undefined) return { unknown: nodesUnknown() }
    const able = nodes.filter(({ schedulable }) => schedulable)
    const disks = able.flatMap(({ allocatable }) => allocatable.ephemeralStorage ?? [])
    if (able.length === 0 || disks.length < able.length) return { unknown: t('the nodes do not tell the size of their disk') }
    const each = localBytes(view)
    const replicas = numberOf(view, 'replicas') ?? 0
    // A folder of a node is on one of them; volumes of pods are spread over all.
    const room = strategyOf(view) === 'hostpath' ? Math.max(...disks) : disks.reduce((total, disk) => total + Math.floor(disk / each) * each, 0)
    if (each * replicas <= room) return []
    const [needs, has] = [gibibytes(each * replicas), gibibytes(room)]
    const path = strategyOf(view) === 'hostpath' ? dotted('storage.persistentVolume.size') : dotted('storage.ephemeral.sizeMiB')
    const fits = Math.floor(room / each)
    return [
      {
        code: 'LOCO-ST-29',
        path,
        involved: [['replicas'], dotted('storage.strategy')],
        message: t`${replicas} emulators can write ${needs} GiB to the disk of their node, which has ${has} GiB for pods.`,
        fixes: () => (fits > 0 ? [setting(view, ['replicas'], fits, false, t`Set replicas to ${fits}`)] : []),
      },
    ]
  },
}

/** Bytes of the node's own disk that one emulator may fill. */
function localBytes(view: View): number {
  const strategy = strategyOf(view)
  if (strategy === 'ephemeral') return (numberOf(view, 'storage.ephemeral.sizeMiB') ?? 0) * MiB
  return strategy === 'hostpath' ? (parseQuantity(effective(view, 'storage.persistentVolume.size')) ?? 0) : 0
}

const gibibytes = (bytes: number): number => Math.round((bytes / GiB) * 10) / 10

/** ST-22: scaling down keeps claims, or deletes what is in them; neither should surprise. */
export const scaledDown: ClusterRule = {
  code: 'LOCO-ST-22',
  severity: 'info',
  knowable: 'plan',
  needsCluster: true,
  ours: true,
  applies: (view) => hasClaims(strategyOf(view)),
  check(view, { deployed }) {
    const replicas = numberOf(view, 'replicas')
    if (deployed === undefined || replicas === undefined || replicas >= deployed.emulators) return []
    const gone = deployed.emulators - replicas
    const path = dotted('storage.retention.whenScaled')
    if (textOf(view, 'storage.retention.whenScaled') === 'Delete') {
      return [
        {
          code: 'LOCO-ST-22',
          severity: 'warning',
          path: ['replicas'],
          involved: [path],
          message: t`Scaling down from ${deployed.emulators} to ${replicas} emulators deletes the claims of ${gone}, and what their guests wrote.`,
          fixes: () => [setting(view, path, 'Retain', false, t('Keep their claims'))],
        },
      ]
    }
    return [
      {
        code: 'LOCO-ST-22',
        path: ['replicas'],
        involved: [path],
        message: t`Scaling down from ${deployed.emulators} to ${replicas} emulators keeps the claims of ${gone}: their disks are there when they come back.`,
      },
    ]
  },
}
