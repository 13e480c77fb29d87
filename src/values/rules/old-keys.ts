import { t } from '@vscode/l10n'
import type { View } from '../chart.ts'
import { moveKey, removeKey } from '../edit.ts'
import { pathText } from '../path.ts'
import type { Fix, ValuePath } from '../types.ts'
import { dotted, effective, rewriting } from './context.ts'
import { isObjectForm } from './object-form.ts'
import type { Finding, ValuesRule } from './rule.ts'

/** A key of the original chart, and what became of it. */
interface OldKey {
  readonly path: string
  /** Where its value stands today. */
  readonly now?: string
  /** Why it is gone. */
  readonly why?: () => string
  /** What deleting it does, where that is more than to delete it. */
  readonly deleted?: () => string
}

const noNfs = (): string => t('There is no NFS server any more: each emulator has a disk of its own.')
const noWatcher = (): string => t('It served the watcher of shared files, which is gone.')
const neverRead = (): string => t('The original chart did not read it either.')
const noDownload = (): string => t('Disks are not downloaded at the start: they are in the image or on a claim.')
const noBrowserPaths = (): string => t('Screens go one way, so there is nothing to choose.')

const oldKeys: readonly OldKey[] = [
  { path: 'storage.class', now: 'storage.persistentVolume.storageClass' },
  { path: 'storage.diskSize', now: 'storage.persistentVolume.size' },
  { path: 'storage.nfsSize', why: noNfs },
  { path: 'nfs', why: noNfs },
  { path: 'artRes', why: noNfs },
  { path: 'git', why: noWatcher },
  { path: 'stunner', why: neverRead },
  { path: 'persistence', why: neverRead },
  { path: 'registryConfig', why: () => t('Name the Secret of the registry in imagePullSecrets.') },
  { path: 'vnc', why: noBrowserPaths },
  { path: 'emulator.replicas', now: 'replicas' },
  { path: 'emulator.serviceType', why: () => t('The Service of the emulators is headless.') },
  {
    path: 'emulator.diskPVC',
    why: () => t('Emulators do not share a claim: each gets its own.'),
    deleted: () => t('Give each emulator a claim of its own'),
  },
  { path: 'emulator.diskReadOnly', why: () => t('The base disk is always read only; what a guest writes goes to its own overlay.') },
  { path: 'emulator.usePrebuiltSnapshot', why: noDownload },
  { path: 'emulator.snapshotRegistry', why: noDownload },
  { path: 'emulator.snapshotTag', why: noDownload },
  { path: 'emulator.snapshotBranch', why: noDownload },
  { path: 'emulator.snapshotDir', why: noDownload },
  { path: 'emulator.snapshotMode', why: () => t('The storage strategy decides what outlives the pod.') },
  { path: 'emulator.snapshotReset', why: () => t('Use "loco rebuild" for a fresh disk.') },
  { path: 'emulator.qemuLoadVm', why: () => t('Saved states are loaded with "loco snapshot load".') },
  { path: 'emulator.kvm.hostPath', why: () => t('KVM comes from a device plugin: emulator.kvm.enabled is enough.') },
  { path: 'emulator.dri', why: () => t('No device of the node is mounted.') },
  { path: 'frontend.env', why: neverRead },
  { path: 'vr.buildArgs', why: neverRead },
]

/** VA-14: keys of the original chart. Where the schema does not know them helm refuses the file; then it is an error. */
export const originalKeys: ValuesRule = {
  code: 'LOCO-VA-14',
  severity: 'warning',
  knowable: 'values',
  needsCluster: false,
  ours: true,
  check(view) {
    return oldKeys.flatMap((old) => {
      const path = dotted(old.path)
      return view.document.locate(path) === undefined || isOfToday(view, path) || isPartOfObjectForm(view, path) ? [] : [finding(view, path, old)]
    })
  },
}

/** True where today's schema has the key and does not call it out of date. */
function isOfToday(view: View, path: ValuePath): boolean {
  const schema = view.chart?.schema
  if (schema === undefined) return false
  const { values } = view.merged
  return schema.keys(path.slice(0, -1), values).includes(String(path.at(-1))) && !schema.facts(path, values).deprecated
}

/** The old map at `storage.strategy` is converted with its neighbours, which ST-01 speaks of. */
const isPartOfObjectForm = (view: View, [first, key]: ValuePath): boolean =>
  first === 'storage' && ['class', 'diskSize', 'nfsSize'].includes(String(key)) && isObjectForm(effective(view, 'storage.strategy'))

function finding(view: View, path: ValuePath, { now, why, deleted }: OldKey): Finding {
  const name = pathText(path)
  return {
    code: 'LOCO-VA-14',
    path,
    tag: 'deprecated',
    message: now === undefined ? t`${name} is a key of the original chart. ${why?.() ?? ''}` : t`${name} is a key of the original chart; today it is ${now}.`,
    fixes: () => [now === undefined ? deletion(view, path, true, deleted?.()) : moved(view, path, dotted(now))],
  }
}

export function deletion(view: View, path: ValuePath, preferred = true, title = t`Delete ${pathText(path)}`): Fix {
  return rewriting(view, title, preferred, (document) => removeKey(document, path))
}

/** Moves a value to another path; where there is one already, that one stays. */
function moved(view: View, from: ValuePath, to: ValuePath): Fix {
  if (view.document.locate(to) !== undefined) return deletion(view, from)
  return rewriting(view, t`Move to ${pathText(to)}`, true, (document) => moveKey(document, from, to))
}
