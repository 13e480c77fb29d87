import type { V1Container } from '@kubernetes/client-node'
import { t } from '@vscode/l10n'
import { isBelow } from '../host-folder.ts'
import type { ValuePath } from '../types.ts'
import { envOf, isReadOnly, type Manifest, type Mounted, mountsOf, type PodTemplate } from './manifest.ts'
import type { ManifestFinding, ManifestRule } from './rule.ts'
import { disks } from './volumes.ts'

const rendered = { severity: 'error', knowable: 'rendered', needsCluster: false, ours: false } as const
/** Where our images hold their own disk. */
const builtin = '/opt/builtin-images'
const disk: readonly ValuePath[] = [['emulator', 'env', 'DISK']]

/** ST-15: each machine writes below a path of its own. A step before it, which fills what all share, is none. */
export const ownPath: ManifestRule = {
  code: 'LOCO-ST-15',
  ...rendered,
  check: (manifest) =>
    manifest.pods.flatMap((pod) =>
      mountsOf(pod).flatMap((mounted): ManifestFinding[] => {
        const { container, mount, volume } = mounted
        if (
          !pod.emulator ||
          !pod.spec.containers.includes(container) ||
          pod.replicas < 2 ||
          isReadOnly(mounted) ||
          (mount.subPathExpr ?? '') !== '' ||
          !isShared(manifest, mounted)
        )
          return []
        return [
          {
            code: 'LOCO-ST-15',
            object: pod.object,
            message: t`All pods of ${pod.object} write the same ${mount.mountPath} (${volume?.name ?? ''}): the second fails on the lock of the first. Give each its own with subPathExpr or a claim template.`,
          },
        ]
      }),
    ),
}

/** True for a volume that is one for all pods. A ReadWriteOnce claim is ST-14, one for a single pod ST-33. */
function isShared({ claims }: Manifest, { volume }: Mounted): boolean {
  if (volume?.hostPath !== undefined || volume?.nfs !== undefined) return true
  const claim = claims.find(({ name, set }) => set === undefined && name === volume?.persistentVolumeClaim?.claimName)
  return claim?.spec.accessModes?.includes('ReadWriteMany') === true
}

/** The disk that an emulator's overlay stands on, where the manifest names it. */
function bases(pod: PodTemplate): { container: V1Container; base: string; mounted: Mounted | undefined }[] {
  if (!pod.emulator) return []
  return pod.spec.containers.flatMap((container) => {
    const base = envOf(container, 'DISK')
    if (base === undefined || base === '') return []
    const holding = mountsOf(pod)
      .filter((mounted) => mounted.container === container && isBelow(base, mounted.mount.mountPath))
      .sort((one, other) => other.mount.mountPath.length - one.mount.mountPath.length)
    return [{ container, base, mounted: holding[0] }]
  })
}

/** ST-26: a base beside the overlays is mounted read only. */
export const readOnlyBase: ManifestRule = {
  code: 'LOCO-ST-26',
  ...rendered,
  check: ({ pods }) =>
    pods.flatMap((pod) =>
      bases(pod).flatMap(({ base, mounted }): ManifestFinding[] => {
        // On the emulator's own volume the agent only reads it: nobody else has the volume.
        if (mounted === undefined || isReadOnly(mounted) || mounted.mount.mountPath === disks) return []
        return [
          {
            code: 'LOCO-ST-26',
            object: pod.object,
            values: disk,
            message: t`The base ${base} lies on ${mounted.mount.name}, which is mounted writable: a write to it breaks every overlay. Mount it read only.`,
          },
        ]
      }),
    ),
}

/** ST-27: the base of an overlay is in the pod. */
export const baseInPod: ManifestRule = {
  code: 'LOCO-ST-27',
  ...rendered,
  check: ({ pods }) =>
    pods.flatMap((pod) =>
      bases(pod).flatMap(({ base, mounted }): ManifestFinding[] => {
        if (mounted !== undefined || isBelow(base, builtin)) return []
        return [
          {
            code: 'LOCO-ST-27',
            object: pod.object,
            values: disk,
            message: t`The base ${base} is in no volume of ${pod.object}, and images keep theirs in ${builtin}: the overlay would point at nothing.`,
          },
        ]
      }),
    ),
}

/** ST-31: there is a disk to start from. Known to be missing only where the image's is hidden and the volume is new. */
export const someDisk: ManifestRule = {
  code: 'LOCO-ST-31',
  ...rendered,
  check: ({ pods }) =>
    pods.flatMap((pod) =>
      hidesBuiltin(pod) && mountsOf(pod).every(({ mount, volume }) => mount.mountPath !== disks || volume?.emptyDir !== undefined) && !hasInit(pod)
        ? [
            {
              code: 'LOCO-ST-31',
              object: pod.object,
              message: t`${pod.object} has no disk to boot: its volumes are new, and an empty one lies over ${builtin} of the image.`,
            },
          ]
        : [],
    ),
}

const hasInit = ({ spec }: PodTemplate): boolean => (spec.initContainers ?? []).length > 0

/** True when an empty volume lies over the disk of the image. */
const hidesBuiltin = (pod: PodTemplate): boolean =>
  pod.emulator && mountsOf(pod).some(({ mount, volume }) => isBelow(builtin, mount.mountPath) && volume?.emptyDir !== undefined)

/** ST-30: mounts that work and hide nothing. */
export const mounts: ManifestRule = {
  code: 'LOCO-ST-30',
  ...rendered,
  check: ({ pods }) => pods.flatMap((pod) => mountsOf(pod).flatMap((mounted) => wrongMount(pod, mounted))),
}

function wrongMount(pod: PodTemplate, mounted: Mounted): ManifestFinding[] {
  const { container, mount, volume } = mounted
  const { object } = pod
  const found = (message: string): ManifestFinding[] => [{ code: 'LOCO-ST-30', object, message }]
  if (volume === undefined && !pod.templates.includes(mount.name))
    return found(t`${container.name} of ${object} mounts ${mount.name}, and there is no such volume.`)
  if (!mount.mountPath.startsWith('/')) return found(t`${container.name} of ${object} mounts ${mount.name} at ${mount.mountPath}, which is no absolute path.`)
  const first = container.volumeMounts?.find(({ mountPath }) => mountPath === mount.mountPath)
  if (first !== mount) return found(t`${container.name} of ${object} mounts two volumes at ${mount.mountPath}; one hides the other.`)
  const empty =
    !hasInit(pod) &&
    volume?.emptyDir !== undefined &&
    someDisk.check({ release: '', namespace: '', objects: [], pods: [pod], claims: [], volumes: [] }, undefined)
  if (pod.emulator && isBelow(builtin, mount.mountPath) && !(Array.isArray(empty) && empty.length > 0))
    return found(t`The mount ${mount.name} of ${object} hides ${builtin}, the disk of the image.`)
  return []
}
