import type { V1Container } from '@kubernetes/client-node'
import { t } from '@vscode/l10n'
import { parseQuantity } from '../quantity.ts'
import type { ValuePath } from '../types.ts'
import { envOf, isNonRoot, isReadOnly, type Mounted, mountsOf, type PodTemplate } from './manifest.ts'
import type { ManifestFinding, ManifestRule } from './rule.ts'

const rendered = { knowable: 'rendered', needsCluster: false, ours: false } as const
const MiB = 2 ** 20
const strategy: readonly ValuePath[] = [['storage', 'strategy']]

/** ST-06: a host path says what it must be. */
export const hostPathType: ManifestRule = {
  code: 'LOCO-ST-06',
  severity: 'warning',
  ...rendered,
  check({ pods, volumes }) {
    const inPods = pods.flatMap(({ object, spec }) => (spec.volumes ?? []).flatMap(({ hostPath }) => (hostPath === undefined ? [] : [{ object, ...hostPath }])))
    const own = volumes.flatMap(({ object, spec }) => (spec.hostPath === undefined ? [] : [{ object, ...spec.hostPath }]))
    return [...inPods, ...own].flatMap(({ object, path, type }): ManifestFinding[] => {
      if (type === undefined || type === '')
        return [
          {
            code: 'LOCO-ST-06',
            object,
            message: t`${object} uses ${path} of the node without a type: that it is missing is only noticed at the mount. Use Directory or DirectoryOrCreate.`,
          },
        ]
      return type === 'FileOrCreate'
        ? [{ code: 'LOCO-ST-06', object, message: t`${object} uses ${path} with FileOrCreate, which does not make the folders above it.` }]
        : []
    })
  },
}

const commandOf = ({ command = [], args = [] }: V1Container): string => [...command, ...args].join(' ')

/** ST-10: who writes a folder of the node may do so, and not everybody. */
export const hostPathOwner: ManifestRule = {
  code: 'LOCO-ST-10',
  severity: 'error',
  ...rendered,
  check: ({ pods }) => pods.flatMap((pod) => [...openToAll(pod), ...notWritable(pod)]),
}

function openToAll(pod: PodTemplate): ManifestFinding[] {
  return pod.containers
    .filter((container) => /chmod\s+(?:-\w+\s+)*(?:0?777|a\+rwx|ugo\+rwx)\b/.test(commandOf(container)))
    .map(({ name }) => ({
      code: 'LOCO-ST-10',
      severity: 'warning',
      object: pod.object,
      message: t`The container ${name} of ${pod.object} lets every process write (chmod 777): give the folder the right owner instead.`,
    }))
}

function notWritable(pod: PodTemplate): ManifestFinding[] {
  const prepared = (name: string): boolean =>
    (pod.spec.initContainers ?? []).some(
      (init) => !isNonRoot(pod, init) && /\bchown\b|install\s+-/.test(commandOf(init)) && init.volumeMounts?.some((mount) => mount.name === name) === true,
    )
  return mountsOf(pod).flatMap((mounted): ManifestFinding[] => {
    const { container, volume } = mounted
    if (volume?.hostPath?.type !== 'DirectoryOrCreate' || isReadOnly(mounted) || !isNonRoot(pod, container) || prepared(volume.name)) return []
    return [
      {
        code: 'LOCO-ST-10',
        object: pod.object,
        values: strategy,
        message: t`The container ${container.name} does not run as root and cannot write ${volume.hostPath.path}, which the kubelet makes for root. Prepare it with the right owner.`,
      },
    ]
  })
}

/** ST-11: a namespace that forbids host paths gets none. */
export const hostPathAllowed: ManifestRule = {
  code: 'LOCO-ST-11',
  severity: 'error',
  knowable: 'plan',
  needsCluster: true,
  ours: false,
  check({ pods, objects, namespace }, facts) {
    if (facts?.namespaces === undefined) return { unknown: t('the namespaces of the cluster cannot be read') }
    return pods.flatMap((pod): ManifestFinding[] => {
      const own = objects.find(({ kind, metadata }) => `${kind}/${metadata.name}` === pod.object)?.metadata.namespace ?? namespace
      const level = facts.namespaces?.find(({ name }) => name === own)?.podSecurity
      const used = pod.spec.volumes?.find(({ hostPath }) => hostPath !== undefined)?.hostPath
      if (used === undefined || level === undefined || level === 'privileged') return []
      return [
        {
          code: 'LOCO-ST-11',
          object: pod.object,
          values: strategy,
          message: t`The namespace ${own} enforces ${level} and refuses ${pod.object}, which uses ${used.path} of the node.`,
        },
      ]
    })
  },
}

/** ST-24: a volume in memory has a limit that the pod can hold beside its guest. */
export const memoryVolume: ManifestRule = {
  code: 'LOCO-ST-24',
  severity: 'error',
  ...rendered,
  check: ({ pods }) =>
    pods.flatMap((pod) =>
      (pod.spec.volumes ?? []).flatMap(({ name, emptyDir }): ManifestFinding[] => {
        if (emptyDir?.medium !== 'Memory') return []
        const { object } = pod
        const limit = parseQuantity(emptyDir.sizeLimit)
        if (limit === undefined)
          return [
            {
              code: 'LOCO-ST-24',
              object,
              message: t`The volume ${name} of ${object} is in memory without a sizeLimit: it counts to the memory limit of the pod.`,
            },
          ]
        const room = roomInMemory(pod)
        if (room === undefined || limit <= room) return []
        return [
          {
            code: 'LOCO-ST-24',
            object,
            message: t`The volume ${name} of ${object} may take ${Math.floor(limit / MiB)} MiB of memory, and its limit leaves ${Math.max(0, Math.floor(room / MiB))} MiB beside the guest.`,
          },
        ]
      }),
    ),
}

/** Bytes that the memory limits of a pod leave beside its guest; undefined without limits. */
function roomInMemory({ spec }: PodTemplate): number | undefined {
  const limits = spec.containers.map(({ resources }) => parseQuantity(resources?.limits?.['memory']))
  if (limits.some((limit) => limit === undefined)) return undefined
  const guests = spec.containers.reduce((sum, container) => sum + (Number(envOf(container, 'QEMU_MEMORY')) || 0) * MiB, 0)
  return limits.reduce<number>((sum, limit) => sum + (limit ?? 0), 0) - guests
}

/** Where a machine's own disk is written. */
export const disks = '/images'

/** ST-25: a disk in the pod has room, and the node knows it. */
export const podDisk: ManifestRule = {
  code: 'LOCO-ST-25',
  severity: 'warning',
  ...rendered,
  check: ({ pods }) =>
    pods.flatMap((pod) =>
      mountsOf(pod).flatMap(({ container, mount, volume }): ManifestFinding[] => {
        if (!pod.emulator || mount.mountPath !== disks || volume?.emptyDir === undefined || volume.emptyDir.medium === 'Memory') return []
        const { requests, limits } = container.resources ?? {}
        const lacking = [
          ...(volume.emptyDir.sizeLimit === undefined ? ['sizeLimit'] : []),
          ...(requests?.['ephemeral-storage'] === undefined ? ['requests.ephemeral-storage'] : []),
          ...(limits?.['ephemeral-storage'] === undefined ? ['limits.ephemeral-storage'] : []),
        ].join(', ')
        return lacking === ''
          ? []
          : [{ code: 'LOCO-ST-25', object: pod.object, message: t`The node may evict a pod of ${pod.object} when its disk grows. Missing: ${lacking}.` }]
      }),
    ),
}

const networkDrivers = /(?:^|\.)(?:nfs|smb|cifs|efs|azurefile|9p|virtiofs)(?:\.|$)/i

/** ST-28: what a guest writes does not lie on a network file system. */
export const networkDisk: ManifestRule = {
  code: 'LOCO-ST-28',
  severity: 'warning',
  ...rendered,
  check: ({ pods, volumes }) => [
    ...pods.flatMap((pod) =>
      mountsOf(pod)
        .filter((mounted) => mounted.mount.mountPath === disks && !isReadOnly(mounted) && isNetwork(mounted))
        .map(
          () =>
            ({
              code: 'LOCO-ST-28',
              object: pod.object,
              message: t`${pod.object} writes disks to a network file system, where locks and direct writes are unreliable.`,
            }) as const,
        ),
    ),
    ...volumes
      .filter(
        ({ spec }) =>
          (spec.nfs !== undefined || networkDrivers.test(spec.csi?.driver ?? '')) && spec.accessModes?.every((mode) => mode === 'ReadOnlyMany') !== true,
      )
      .map(
        ({ object }) =>
          ({
            code: 'LOCO-ST-28',
            object,
            message: t`${object} is a network file system, where locks and direct writes are unreliable. A base that is only read may lie there.`,
          }) as const,
      ),
  ],
}

const isNetwork = ({ volume }: Mounted): boolean => volume?.nfs !== undefined || networkDrivers.test(volume?.csi?.driver ?? '')

/** ST-34: a folder in a volume is made by somebody who owns it. */
export const subPathOwner: ManifestRule = {
  code: 'LOCO-ST-34',
  severity: 'warning',
  ...rendered,
  check: ({ pods }) =>
    pods.flatMap((pod) =>
      mountsOf(pod).flatMap((mounted): ManifestFinding[] => {
        const { container, mount, volume } = mounted
        const folder = mount.subPath || mount.subPathExpr
        const kept = pod.templates.includes(mount.name) || volume?.persistentVolumeClaim !== undefined || volume?.hostPath !== undefined
        if (!folder || !kept || !isNonRoot(pod, container)) return []
        if (volume?.persistentVolumeClaim?.readOnly === true)
          return [
            { code: 'LOCO-ST-34', object: pod.object, message: t`The kubelet cannot make ${folder} on ${mount.name}, which is read only: make it beforehand.` },
          ]
        const made = (pod.spec.initContainers ?? []).some(
          (init) => init !== container && init.volumeMounts?.some((one) => one.name === mount.name && !one.subPath && !one.subPathExpr) === true,
        )
        return made || isReadOnly(mounted)
          ? []
          : [
              {
                code: 'LOCO-ST-34',
                object: pod.object,
                message: t`The folder ${folder} of ${mount.name} will belong to root, and ${container.name} cannot write it: make it in an init step.`,
              },
            ]
      }),
    ),
}

/** ST-35: the owner of a whole disk is not changed at each start. */
export const ownerOnMismatch: ManifestRule = {
  code: 'LOCO-ST-35',
  severity: 'info',
  ...rendered,
  check: ({ pods }) =>
    pods
      .filter(
        ({ spec, templates }) =>
          spec.securityContext?.fsGroup !== undefined &&
          spec.securityContext.fsGroupChangePolicy !== 'OnRootMismatch' &&
          (templates.length > 0 || spec.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined) === true),
      )
      .map(({ object }) => ({
        code: 'LOCO-ST-35',
        object,
        message: t`Each start of ${object} changes the owner of every file: set fsGroupChangePolicy to OnRootMismatch.`,
      })),
}
