import { rm } from 'node:fs/promises'
import { t } from '@vscode/l10n'
import { LocoError } from '../../base/error.ts'
import { waitFor } from '../../base/wait.ts'
import { additionParts } from '../additions.ts'
import { type KubeObject, SandboxApi } from '../api.ts'
import type { NodeTools } from '../context.ts'
import { driverName } from './driver-name.ts'
import { csiObjects, snapshotDefinitions } from './objects.ts'
import { csiPlaces } from './places.ts'

const shown = 5
/** Milliseconds for the API server to take the snapshot kinds away. */
const kindsPatience = 20_000

/** Takes csi away from a node that runs. @throws LOCO-SBX-024 while anything would lose its data. */
export async function takeCsiAway({ paths, supervisor }: NodeTools): Promise<void> {
  const api = await SandboxApi.open(paths.pki)
  try {
    const holders = await csiHolders(api)
    if (holders.length > 0) throw stillUsed(holders)
    await deleteCsiObjects(api)
    await deleteSnapshotKinds(api)
  } finally {
    api.close()
  }
  await supervisor.stop(additionParts.csi, 3_000)
  const { data, door } = csiPlaces(paths)
  for (const path of [data, door]) await rm(path, { recursive: true, force: true })
}

/** Deletes the classes and rights that came with csi, and leaves the kinds: what was added a moment ago may not be served yet. */
export async function deleteCsiObjects(api: SandboxApi): Promise<void> {
  for (const object of csiObjects) await api.delete(object)
}

/** Deletes the snapshot kinds; with them the API server deletes what is left of them. */
async function deleteSnapshotKinds(api: SandboxApi): Promise<void> {
  const kinds = snapshotDefinitions()
  for (const object of kinds) await api.delete(object)
  // That takes a moment, in which a kind that is applied anew would vanish with the old one.
  await waitFor(
    async () => (await Promise.all(kinds.map((object) => api.has(object)))).every((there) => !there),
    () =>
      new LocoError('LOCO-SBX-014', {
        what: t`The snapshot kinds were not gone within ${kindsPatience / 1000} s.`,
        fix: ['kubectl get crd volumesnapshots.snapshot.storage.k8s.io -o yaml'],
      }),
    { timeout: kindsPatience, interval: 50 },
  )
}

/** What lies on volumes of the driver, in words: volumes with their claims, and snapshots. */
async function csiHolders(api: SandboxApi): Promise<string[]> {
  const [volumes, snapshots, contents] = await Promise.all([
    api.list('/api/v1/persistentvolumes'),
    api.list('/apis/snapshot.storage.k8s.io/v1/volumesnapshots'),
    api.list('/apis/snapshot.storage.k8s.io/v1/volumesnapshotcontents'),
  ])
  return [
    ...volumes.flatMap(volumeHolder),
    ...snapshots.map((object) => named(t('snapshot'), object)),
    ...contents.map((object) => named(t('snapshot content'), object)),
  ]
}

/** In words, the claim of a volume, or a volume without one; nothing for a volume of another driver. */
export function volumeHolder(volume: KubeObject): string[] {
  const { csi, claimRef } = (volume['spec'] ?? {}) as { csi?: { driver: string }; claimRef?: KubeObject['metadata'] }
  if (csi?.driver !== driverName) return []
  return [claimRef === undefined ? named(t('volume'), volume) : named(t('claim'), { metadata: claimRef })]
}

const named = (kind: string, { metadata: { name, namespace } }: Pick<KubeObject, 'metadata'>): string =>
  `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`

function stillUsed(holders: readonly string[]): LocoError {
  const more = holders.length > shown ? [t`${holders.length - shown} more`] : []
  return new LocoError('LOCO-SBX-024', {
    what: t('csi cannot be taken away: there are still claims or snapshots on it.'),
    why: [...holders.slice(0, shown), ...more].join(', '),
    fix: [t('kubectl delete volumesnapshot, pvc (what is named here), then the command again'), t('loco sandbox down --purge (takes everything away)')],
    evidence: holders,
  })
}
