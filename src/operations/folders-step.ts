import { basename, dirname } from 'node:path'
import { t } from '@vscode/l10n'
import { titleOf } from '../base/codes.ts'
import type { RenderedObject } from '../chart/manifest.ts'
import type { ProviderName } from '../cluster/kind-of-cluster.ts'
import type { NodeFolder } from '../cluster/node-folders.ts'
import type { Finding } from '../contracts/fleet.ts'
import { survivingInstead } from '../contracts/host-paths.ts'
import { ordinalOf } from '../contracts/names.ts'
import type { ClusterWork, OwnVolume } from './ports.ts'
import { siteOf, type Work } from './site-steps.ts'
import type { Step, StepContext } from './step.ts'

/** A volume of the chart on a folder of the node. */
interface FolderVolume extends NodeFolder {
  /** Who makes the folder: `hook`, `bootstrap` or `nobody`. */
  createdBy: string
}

/** The folders of the node that these objects need. Pure. */
export function folderVolumes(objects: readonly RenderedObject[]): FolderVolume[] {
  return objects.flatMap(({ kind, metadata, spec }) => {
    const { path } = (spec as { hostPath?: { path?: string } } | undefined)?.hostPath ?? {}
    if (kind !== 'PersistentVolume' || path === undefined) return []
    // What all share is read by all; the disk of an emulator is nobody else's.
    return [{ path, mode: path.endsWith('/art') ? 0o755 : 0o700, createdBy: metadata.annotations?.['loco-cluster/created-by'] ?? 'nobody' }]
  })
}

/** Warns of a folder that a restart of the node would take, with one that it would not. Pure. */
export function volatileFinding(provider: ProviderName, objects: readonly RenderedObject[]): Finding | undefined {
  const [first] = folderVolumes(objects)
  if (first === undefined) return undefined
  const folder = dirname(first.path)
  const safe = survivingInstead(provider, folder)
  if (safe === undefined) return undefined
  return {
    code: 'LOCO-VOL-011',
    title: titleOf('LOCO-VOL-011'),
    cause: t`${folder} is emptied when a node of this kind (${provider}) restarts, and what lies in it is lost.`,
    evidence: [folder],
    fix: [`--set storage.hostPath.sharedDirectory=${safe}`],
    severity: 'warning',
  }
}

/** A pod whose folder was not there waits ever longer between two looks, and what was said of it stands: a new one starts at once. */
async function replaceWaiting(cluster: ClusterWork, made: readonly NodeFolder[]): Promise<void> {
  const ordinals = made.map(({ path }) => ordinalOf(basename(path)))
  for (const pod of await cluster.pods()) if (!pod.ready && !pod.terminating && ordinals.includes(pod.ordinal)) await cluster.deletePod(pod)
}

/** Makes the folders of the strategies `hostpath` and `hybrid` on the node, and lets claims take released volumes again. */
export function foldersStep(work: Work, planned: () => readonly RenderedObject[]): Step {
  const wrong = async (): Promise<NodeFolder[]> =>
    (await siteOf(work).folders?.wrong(folderVolumes(planned()).filter(({ createdBy }) => createdBy === 'bootstrap'))) ?? []
  const released = async (): Promise<OwnVolume[]> =>
    folderVolumes(planned()).length === 0 ? [] : (await siteOf(work).cluster.ownVolumes()).filter((volume) => volume.disk && volume.released)
  const warn = (context: StepContext): void => {
    const finding = volatileFinding(work.place.target.provider as ProviderName, planned())
    if (finding !== undefined) context.finding(finding, t('the node'))
  }
  return {
    id: 'folders',
    title: t('Make the folders on the node'),
    after: ['checks'],
    detail: t('only with the storage strategies hostpath and hybrid; what a folder holds stays.'),
    changes: true,
    async check(context) {
      const needed = folderVolumes(planned())
      if (needed.length === 0) return t('No folder of the node is needed.')
      if ((await wrong()).length > 0 || (await released()).length > 0) return undefined
      warn(context)
      const [first] = needed
      if (first?.createdBy === 'nobody') return t`The folders (${needed.length}) are left to you, as storage.hostPath.createIfNotExists says.`
      if (first?.createdBy === 'hook') return t`The chart makes the folders (${needed.length}) itself, before it is installed.`
      return t`The folders (${needed.length}) are there and belong to the emulators.`
    },
    async run(context) {
      const { cluster, folders } = siteOf(work)
      const missing = await wrong()
      await folders?.make(missing)
      await replaceWaiting(cluster, missing)
      for (const volume of await released()) {
        context.log(t`The claim ${volume.claim} was deleted; its volume ${volume.name} is free for it again, with its data.`)
        await cluster.freeVolume(volume)
      }
      warn(context)
      return missing.length === 0 ? t('The folders are there.') : t`Made, for the emulators alone: ${missing.map(({ path }) => path).join(', ')}.`
    },
  }
}
