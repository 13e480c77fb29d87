import { t } from '@vscode/l10n'
import { parseQuantity } from '../quantity.ts'
import type { ClusterFacts, StorageClassFacts, ValuePath } from '../types.ts'
import { type Claim, isReadOnly, type Manifest, mountsOf, type PersistentVolume } from './manifest.ts'
import type { ManifestFinding, ManifestRule } from './rule.ts'

const rendered = { severity: 'error', knowable: 'rendered', needsCluster: false, ours: false } as const
const storageClass: readonly ValuePath[] = [['storage', 'persistentVolume', 'storageClass']]
const strategy: readonly ValuePath[] = [['storage', 'strategy']]

/** Provisioners that make volumes of a folder of one node. */
const oneNodeOnly = ['rancher.io/local-path', 'k8s.io/minikube-hostpath', 'hostpath.csi.k8s.io', 'docker.io/hostpath']

/** ST-13: the class can do the access mode. */
export const accessMode: ManifestRule = {
  code: 'LOCO-ST-13',
  severity: 'error',
  knowable: 'plan',
  needsCluster: true,
  ours: false,
  check({ claims }, facts) {
    if (facts?.storageClasses === undefined) return { unknown: t('the storage classes of the cluster cannot be read') }
    const classes = facts.storageClasses
    return claims.flatMap(({ object, spec }): ManifestFinding[] => {
      const modes = (spec.accessModes ?? []).filter((mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany')
      const made = classNamed(classes, spec.storageClassName)
      const mode = modes[0]
      if (mode === undefined || made === undefined || !oneNodeOnly.includes(made.provisioner)) return []
      const nodes = facts.nodes?.length ?? 1
      const accepted = made.provisioner === 'k8s.io/minikube-hostpath' && nodes === 1
      return [
        {
          code: 'LOCO-ST-13',
          severity: accepted ? 'warning' : 'error',
          object,
          values: storageClass,
          message: accepted
            ? t`The class ${made.name} accepts ${mode} and does not enforce it: on a second node the data would not be there.`
            : t`The class ${made.name} makes volumes for one node, so ${mode} cannot be had: ask for ReadWriteOnce and a claim for each pod.`,
        },
      ]
    })
  },
}

function classNamed(classes: readonly StorageClassFacts[], name: string | undefined): StorageClassFacts | undefined {
  return name === undefined ? classes.find(({ isDefault }) => isDefault) : classes.find((one) => one.name === name)
}

/** Claims that a pod uses by name, with whether something is written through them. */
function sharedBy({ pods, claims }: Manifest): { object: string; claim: Claim; writes: boolean; emulator: boolean }[] {
  return pods.flatMap((pod) =>
    pod.replicas < 2
      ? []
      : (pod.spec.volumes ?? []).flatMap((volume) => {
          const claim = claims.find(({ name, set }) => set === undefined && name === volume.persistentVolumeClaim?.claimName)
          const writes = mountsOf(pod).some((mounted) => mounted.volume === volume && !isReadOnly(mounted))
          return claim === undefined ? [] : [{ object: pod.object, claim, writes, emulator: pod.emulator }]
        }),
  )
}

const hasMode = ({ spec }: Claim, mode: string): boolean => spec.accessModes?.includes(mode) === true

/** ST-14: no two pods share a claim that one node can use, unless all only read it. */
export const sharedClaim: ManifestRule = {
  code: 'LOCO-ST-14',
  ...rendered,
  check: (manifest) =>
    sharedBy(manifest)
      .filter(({ claim, writes }) => hasMode(claim, 'ReadWriteOnce') && writes)
      .map(({ object, claim }) => ({
        code: 'LOCO-ST-14',
        object,
        values: strategy,
        message: t`All pods of ${object} share the claim ${claim.name}, which is ReadWriteOnce: give each its own with a claim template.`,
      })),
}

/** ST-33: a claim for one pod has one pod. */
export const claimOfOnePod: ManifestRule = {
  code: 'LOCO-ST-33',
  ...rendered,
  check: (manifest) =>
    sharedBy(manifest)
      .filter(({ claim }) => hasMode(claim, 'ReadWriteOncePod'))
      .map(({ object, claim }) => ({
        code: 'LOCO-ST-33',
        object,
        values: strategy,
        message: t`The claim ${claim.name} is ReadWriteOncePod and admits one pod; all pods of ${object} use it.`,
      })),
}

/** ST-16: a claim that waits for the scheduler needs a pod that is scheduled. */
export const boundByScheduler: ManifestRule = {
  code: 'LOCO-ST-16',
  ...rendered,
  check({ pods, claims }, facts) {
    return pods.flatMap((pod): ManifestFinding[] => {
      const { nodeName, volumes = [] } = pod.spec
      const used = claims.filter(({ name, set }) =>
        set === undefined ? volumes.some((one) => one.persistentVolumeClaim?.claimName === name) : pod.templates.includes(name),
      )
      if (nodeName === undefined || nodeName === '' || !used.some((claim) => waits(claim, facts))) return []
      return [
        {
          code: 'LOCO-ST-16',
          object: pod.object,
          message: t`${pod.object} names the node ${nodeName}, so that the scheduler never sees its pods and their claims are never bound. Use nodeSelector.`,
        },
      ]
    })
  },
}

/** Most classes wait for a pod; only a class that is known not to does not. */
function waits({ spec }: Claim, facts: ClusterFacts | undefined): boolean {
  if (spec.volumeName !== undefined && spec.volumeName !== '') return false
  return facts?.storageClasses === undefined || classNamed(facts.storageClasses, spec.storageClassName)?.binding !== 'Immediate'
}

/** ST-17: a volume is called after release and namespace, and fits its claim. */
export const volumeFitsClaim: ManifestRule = {
  code: 'LOCO-ST-17',
  ...rendered,
  check(manifest) {
    return manifest.volumes.flatMap((volume) => {
      const { release, namespace } = manifest
      const named = volume.name.includes(release) && volume.name.includes(namespace)
      const message = named
        ? misfit(manifest, volume)
        : t`The name of ${volume.object} does not hold release and namespace: a second release would collide with it.`
      return message === undefined ? [] : [{ code: 'LOCO-ST-17', object: volume.object, message }]
    })
  },
}

function misfit({ claims, namespace }: Manifest, { object, name, spec }: PersistentVolume): string | undefined {
  const { claimRef } = spec
  if (claimRef?.namespace !== undefined && claimRef.namespace !== namespace)
    return t`${object} is kept for a claim in ${claimRef.namespace}, and the release is in ${namespace}.`
  const claim = claims.find((one) => (one.set === undefined ? one.spec.volumeName === name || one.name === claimRef?.name : isOfTemplate(one, claimRef?.name)))
  if (claim === undefined) return undefined
  const wanted = claim.spec
  if (claim.set === undefined && claimRef?.name !== undefined && claimRef.name !== claim.name)
    return t`${object} is kept for the claim ${claimRef.name}, and ${claim.name} asks for it.`
  if ((wanted.storageClassName ?? '') !== (spec.storageClassName ?? '')) return t`${object} and the claim ${claim.name} name different storage classes.`
  const lacking = (wanted.accessModes ?? []).find((mode) => spec.accessModes?.includes(mode) !== true)
  if (lacking !== undefined) return t`${object} does not offer ${lacking}, which the claim ${claim.name} asks for.`
  const [has, asks] = [parseQuantity(spec.capacity?.['storage']), parseQuantity(wanted.resources?.requests?.['storage'])]
  return has !== undefined && asks !== undefined && has < asks ? t`${object} is smaller than the claim ${claim.name} asks for.` : undefined
}

const isOfTemplate = ({ name, set }: Claim, claim: string | undefined): boolean => claim !== undefined && new RegExp(`^${name}-${set}-\\d+$`).test(claim)

/** ST-18: a local volume says on which node it is. */
export const localVolume: ManifestRule = {
  code: 'LOCO-ST-18',
  ...rendered,
  check: ({ volumes }) =>
    volumes
      .filter(({ spec }) => spec.local !== undefined && (spec.nodeAffinity?.required === undefined || !spec.local.path.startsWith('/')))
      .map(({ object }) => ({ code: 'LOCO-ST-18', object, message: t`${object} is local: it needs nodeAffinity to its node and an absolute path.` })),
}

/** ST-22: a StatefulSet with claim templates says what becomes of the claims. */
export const claimsKept: ManifestRule = {
  code: 'LOCO-ST-22',
  ...rendered,
  severity: 'info',
  check: ({ objects }) =>
    objects
      .filter(
        ({ kind, spec }) =>
          kind === 'StatefulSet' &&
          Array.isArray(spec?.['volumeClaimTemplates']) &&
          spec['volumeClaimTemplates'].length > 0 &&
          spec['persistentVolumeClaimRetentionPolicy'] === undefined,
      )
      .map(({ kind, metadata }) => ({
        code: 'LOCO-ST-22',
        object: `${kind}/${metadata.name}`,
        message: t`${metadata.name} does not say what becomes of its claims when it is scaled down or deleted: state persistentVolumeClaimRetentionPolicy.`,
      })),
}
