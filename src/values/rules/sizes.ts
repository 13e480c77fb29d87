import { t } from '@vscode/l10n'
import type { View } from '../chart.ts'
import { pathText } from '../path.ts'
import { nearestQuantity, parseQuantity, sizeHolding, unitKind } from '../quantity.ts'
import type { ValuePath } from '../types.ts'
import { dotted, hasClaims, leavesOf, numberOf, setting, strategyOf, textOf } from './context.ts'
import type { Finding, ValuesRule } from './rule.ts'

const MiB = 2 ** 20
/** Keys whose values are sizes of Kubernetes, wherever they stand. */
const sizeKeys = new Set(['size', 'sizeLimit', 'memory', 'storage', 'ephemeral-storage', 'diskSize', 'nfsSize', 'capacity'])

function* sizesOf(view: View): Generator<{ path: ValuePath; value: unknown }> {
  for (const leaf of leavesOf(view.merged.values)) if (sizeKeys.has(String(leaf.path.at(-1))) && isScalar(leaf.value)) yield leaf
}

const isScalar = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number'

/** ST-03: a size is a quantity of Kubernetes; powers of 1000 and of 1024 are not mixed. */
export const quantities: ValuesRule = {
  code: 'LOCO-ST-03',
  severity: 'error',
  knowable: 'values',
  needsCluster: false,
  ours: true,
  check(view) {
    const sizes = [...sizesOf(view)]
    return [...sizes.flatMap(({ path, value }) => wrong(view, path, value)), ...mixed(view, sizes)]
  },
}

function wrong(view: View, path: ValuePath, value: unknown): Finding[] {
  if (typeof value !== 'string' || value === '' || parseQuantity(value) !== undefined) return []
  const meant = nearestQuantity(value)
  return [
    {
      code: 'LOCO-ST-03',
      path,
      message:
        meant === undefined
          ? t`"${value}" is not a size that Kubernetes reads; "10Gi" is one.`
          : t`"${value}" is not a size that Kubernetes reads; "${meant}" is.`,
      fixes: () => (meant === undefined ? [] : [setting(view, path, meant, true)]),
    },
  ]
}

/** A size in powers of 1000 where the others count in powers of 1024: mostly a forgotten `i`. */
function mixed(view: View, sizes: readonly { path: ValuePath; value: unknown }[]): Finding[] {
  const binary = sizes.find(({ value }) => unitKind(value) === 'binary')
  if (binary === undefined) return []
  return sizes.flatMap(({ path, value }) => {
    if (typeof value !== 'string' || unitKind(value) !== 'decimal' || parseQuantity(value) === undefined || view.document.locate(path) === undefined) return []
    const meant = `${value.slice(0, -1)}${value.at(-1)?.toUpperCase() ?? ''}i`
    const other = pathText(binary.path)
    return [
      {
        code: 'LOCO-ST-03',
        severity: 'warning',
        path,
        message: t`"${value}" counts in powers of 1000, ${other} in powers of 1024; "${meant}" was probably meant.`,
        fixes: () => [setting(view, path, meant, true)],
      },
    ]
  })
}

/** MiB that a saved state takes at least, whatever the guest's RAM. */
const leastStateMiB = 87
/** Saved states that a claim should have room for. */
const states = 2

/** ST-04: a claim holds what its disk can become, and saved states. The base lies in the image. */
export const claimSize: ValuesRule = {
  code: 'LOCO-ST-04',
  severity: 'warning',
  knowable: 'values',
  needsCluster: false,
  ours: true,
  check(view) {
    const strategy = strategyOf(view)
    // A folder of a node has no size: nobody enforces it.
    if (!hasClaims(strategy) || strategy === 'hostpath') return []
    const size = textOf(view, 'storage.persistentVolume.size')
    const bytes = parseQuantity(size)
    const diskMiB = numberOf(view, 'storage.ephemeral.sizeMiB') ?? 2048
    const stateMiB = Math.max(leastStateMiB, numberOf(view, 'emulator.memoryMiB') ?? 0)
    const needed = (diskMiB + states * stateMiB) * 1.2 * MiB
    if (size === undefined || bytes === undefined || bytes >= needed) return []
    const path = dotted('storage.persistentVolume.size')
    const enough = sizeHolding(needed)
    return [
      {
        code: 'LOCO-ST-04',
        path,
        involved: [dotted('storage.ephemeral.sizeMiB'), dotted('emulator.memoryMiB')],
        message: t`${size} can be too little: a disk of ${diskMiB} MiB, ${states} saved states of ${stateMiB} MiB and a fifth to spare fit in ${enough}.`,
        fixes: () => [setting(view, path, enough, true)],
      },
    ]
  },
}

/** MiB of logs and scratch files of an emulator: `loco.scratchMiB` of the chart; a chart test compares them. */
export const scratchMiB = 256

/** ST-25: a disk in the pod has room in the limit of its local disk, else the node evicts the pod when the disk grows. */
export const localDisk: ValuesRule = {
  code: 'LOCO-ST-25',
  severity: 'warning',
  knowable: 'values',
  needsCluster: false,
  ours: true,
  check(view) {
    if (strategyOf(view) !== 'ephemeral') return []
    const path = ['emulator', 'resources', 'limits', 'ephemeral-storage']
    const limit = view.merged.at(path)
    const bytes = limit === '' ? undefined : parseQuantity(limit)
    const diskMiB = numberOf(view, 'storage.ephemeral.sizeMiB')
    if (bytes === undefined || diskMiB === undefined || bytes >= (diskMiB + scratchMiB) * MiB) return []
    const enough = `${diskMiB + scratchMiB}Mi`
    return [
      {
        code: 'LOCO-ST-25',
        path,
        involved: [dotted('storage.ephemeral.sizeMiB'), dotted('storage.strategy')],
        message: t`The node evicts an emulator whose disk grows beyond ${String(limit)}: a disk of ${diskMiB} MiB and ${scratchMiB} MiB of logs need ${enough}.`,
        fixes: () => [setting(view, path, enough, true)],
      },
    ]
  },
}
