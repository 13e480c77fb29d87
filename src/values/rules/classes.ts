import { t } from '@vscode/l10n'
import { emulatorName } from '../../contracts/names.ts'
import type { View } from '../chart.ts'
import type { ClusterFacts, StorageClassFacts } from '../types.ts'
import { dotted, hasClaims, setting, strategyOf, textOf } from './context.ts'
import type { ClusterRule, Judged } from './rule.ts'

const path = dotted('storage.persistentVolume.storageClass')
const strategy = dotted('storage.strategy')
const classesUnknown = (): string => t('the storage classes of the cluster cannot be read')

/** True when claims are made by a storage class. `hostpath` makes its volumes itself. */
const usesClass = (view: View): boolean => {
  const word = strategyOf(view)
  return hasClaims(word) && word !== 'hostpath'
}

/** The class that the claims get; undefined when there is none, or not exactly one default. */
export function classOf(view: View, classes: readonly StorageClassFacts[]): StorageClassFacts | undefined {
  const name = textOf(view, 'storage.persistentVolume.storageClass') ?? ''
  if (name !== '') return classes.find((one) => one.name === name)
  const defaults = classes.filter(({ isDefault }) => isDefault)
  return defaults.length === 1 ? defaults[0] : undefined
}

/** ST-12: the class exists, or exactly one is the default. */
export const classExists: ClusterRule = {
  code: 'LOCO-ST-12',
  severity: 'error',
  knowable: 'plan',
  needsCluster: true,
  ours: true,
  applies: usesClass,
  check(view, { storageClasses }) {
    if (storageClasses === undefined) return { unknown: classesUnknown() }
    if (classOf(view, storageClasses) !== undefined) return []
    const name = textOf(view, 'storage.persistentVolume.storageClass') ?? ''
    const defaults = storageClasses.filter(({ isDefault }) => isDefault)
    return [
      {
        code: 'LOCO-ST-12',
        path,
        involved: [strategy],
        message: name === '' ? noDefault(storageClasses, defaults) : t`The cluster has no storage class "${name}". It has: ${listed(storageClasses)}.`,
        fixes: () => {
          const best = defaults.length === 1 ? defaults[0] : storageClasses.length === 1 ? storageClasses[0] : undefined
          const ordered = [...(best === undefined ? [] : [best]), ...storageClasses.filter((one) => one !== best)]
          return ordered.map((one) => setting(view, path, one.name, one === best))
        },
      },
    ]
  },
}

function noDefault(classes: readonly StorageClassFacts[], defaults: readonly StorageClassFacts[]): string {
  if (classes.length === 0) return t('No storage class is named, and the cluster has none at all.')
  return defaults.length === 0
    ? t`No storage class is named, and none of the cluster is the default. It has: ${listed(classes)}.`
    : t`No storage class is named, and ${defaults.length} of the cluster are the default. It has: ${listed(classes)}.`
}

function listed(classes: readonly StorageClassFacts[]): string {
  return classes.length === 0 ? t('none') : classes.map(({ name, isDefault }) => (isDefault ? t`${name} (default)` : name)).join(', ')
}

/** ST-36: `csi-snapshot` needs a snapshot class of the driver that makes the claims. */
export const snapshotClass: ClusterRule = {
  code: 'LOCO-ST-36',
  severity: 'error',
  knowable: 'plan',
  needsCluster: true,
  ours: true,
  applies: (view) => strategyOf(view) === 'csi-snapshot',
  check(view, { storageClasses, snapshotClasses }): Judged {
    if (storageClasses === undefined) return { unknown: classesUnknown() }
    if (snapshotClasses === undefined) return { unknown: t('the snapshot classes of the cluster cannot be read') }
    const storageClass = classOf(view, storageClasses)
    if (storageClass === undefined) return []
    const named = snapshotClassName(view)
    if (snapshotClasses.some(({ name, driver }) => driver === storageClass.provisioner && (named === '' || named === name))) return []
    const able = storageClasses.filter(({ provisioner }) => snapshotClasses.some(({ driver }) => driver === provisioner))
    return [
      {
        code: 'LOCO-ST-36',
        path: named === '' ? path : snapshotPath,
        involved: [path, strategy],
        message: t`No snapshot class has the driver ${storageClass.provisioner} of the storage class ${storageClass.name}, so that no state can be saved.`,
        fixes: () => [
          ...snapshotClasses
            .filter(({ driver }) => named !== '' && driver === storageClass.provisioner)
            .map(({ name }) => setting(view, snapshotPath, name, true)),
          ...able.filter((one) => one !== storageClass).map((one) => setting(view, path, one.name, named === '' && able.length === 1)),
          setting(view, strategy, 'persistent', false),
        ],
      },
    ]
  },
}

const snapshotPath = dotted('storage.csiSnapshot.snapshotClass')
const snapshotClassName = (view: View): string => textOf(view, 'storage.csiSnapshot.snapshotClass') ?? ''

/** ST-23: minikube's provisioner gives a new claim the folder of an old one of the same name. */
export const oldData: ClusterRule = {
  code: 'LOCO-ST-23',
  severity: 'warning',
  knowable: 'plan',
  needsCluster: true,
  ours: true,
  applies: usesClass,
  check(view, facts) {
    const { kind, storageClasses, claims, deployed } = facts
    if (kind !== 'minikube' || deployed !== undefined) return []
    if (storageClasses === undefined) return { unknown: classesUnknown() }
    if (classOf(view, storageClasses)?.provisioner !== 'k8s.io/minikube-hostpath') return []
    if (claims === undefined) return { unknown: t('the claims of the namespace cannot be read') }
    const left = claimsOf(facts, claims)
    if (left.length === 0) return []
    const first = left[0]?.name ?? ''
    return [
      {
        code: 'LOCO-ST-23',
        path: strategy,
        involved: [path],
        message: t`Claims of an earlier release are still there, the first is ${first}: new emulators start with what is in them. "kubectl delete pvc" removes them.`,
      },
    ]
  },
}

function claimsOf({ release }: ClusterFacts, claims: NonNullable<ClusterFacts['claims']>): typeof claims {
  const ours = new RegExp(`^[a-z-]+-${emulatorName(release)}-\\d+$`)
  return claims.filter(({ name }) => ours.test(name))
}
