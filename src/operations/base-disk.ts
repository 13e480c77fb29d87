import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import type { AgentHealth } from '../contracts/agent.ts'
import { emulatorId } from '../contracts/names.ts'
import type { PlanEvent } from '../contracts/operation.ts'
import type { ImageListener } from '../images/progress.ts'
import type { RebuildOptions } from './options.ts'
import type { PodFacts, Site } from './ports.ts'
import { tagOf } from './release-values.ts'
import { outdated } from './restart-emulators.ts'

type Values = Readonly<Record<string, unknown>>

/** The environment of the agent in which a person's choice about a changed base disk stands (docs/agent.md). */
export const baseChoiceName = 'LOCO_BASE_CHANGED'

/** The disk of one emulator, as its agent tells it; undefined while the agent does not answer. */
export interface EmulatorDisk {
  id: string
  disk: AgentHealth['disk'] | undefined
}

/**
 * Emulators whose guests wrote, on a claim, over the base disk of an image that is not the next one: over that one their overlays would be garbage.
 * `next` is the checksum of the next image's base disk; where it is not known, all that wrote over an image's disk are meant. Pure.
 */
export function wroteOverAnother(disks: readonly EmulatorDisk[], next: string | undefined): string[] {
  return disks.flatMap(({ id, disk }) => {
    const wrote = disk?.persistent === true && disk.source === 'builtin'
    return wrote && (next === undefined || (disk.baseSha256 !== null && disk.baseSha256 !== next)) ? [id] : []
  })
}

/** The disks of these pods, asked of their agents at once; who does not answer in five seconds does not answer. */
export function disksOf(site: Site, pods: readonly PodFacts[], signal: AbortSignal): Promise<EmulatorDisk[]> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(5_000)])
  return Promise.all(
    pods.map(async (pod) => {
      const disk = await site.disk(pod.name, soon).catch(() => undefined)
      signal.throwIfAborted()
      return { id: emulatorId(pod.ordinal), disk }
    }),
  )
}

/** What a plan of a Rebuild says beforehand. */
export interface RebuildOutlook {
  losses: string[]
  warnings: string[]
  baseDisk: PlanEvent['baseDisk']
}

/**
 * What a Rebuild would meet: machines that wrote over another base disk than that of the image to come. Reads the cluster and the engine, and builds nothing: an
 * image that is not built yet has a base disk that nobody knows.
 */
export async function rebuildOutlook(site: Site, options: Pick<RebuildOptions, 'base'>, signal: AbortSignal): Promise<RebuildOutlook> {
  const { images, target, cluster, helm } = site
  const nothing = { losses: [], warnings: [], baseDisk: undefined }
  const release = await helm.release({ release: target.release, namespace: target.namespace, signal })
  if (images === undefined || release === undefined) return nothing
  const silent: ImageListener = {}
  const image = await images.built(silent, signal)
  const next = image && (await images.baseSha256(image, signal))
  const tag = tagOf(await images.ref(silent, signal))
  const pods = await cluster.pods()
  const goal = { imageId: image?.id, revision: undefined }
  const touched = image === undefined ? pods.filter((pod) => !pod.terminating && tagOf(pod.image) !== tag) : outdated(pods, goal)
  const emulators = wroteOverAnother(await disksOf(site, touched, signal), next)
  if (emulators.length === 0) return nothing
  const certain = next !== undefined
  const choice = options.base ?? (baseChoiceIn(release.values) === 'fresh' ? 'fresh' : undefined)
  return {
    losses: choice === 'fresh' ? emulators.map((id) => lossText(id, certain)) : [],
    warnings: choice === undefined ? [certain ? changedText(emulators) : unknownText(emulators)] : [],
    baseDisk: choice === undefined ? { certain, emulators } : undefined,
  }
}

/** What stands in the values of a release about a changed base; undefined when nothing does. */
export function baseChoiceIn(values: Values): string | undefined {
  const emulator = values['emulator'] as { env?: Readonly<Record<string, unknown>> } | undefined
  const choice = emulator?.env?.[baseChoiceName]
  return typeof choice === 'string' ? choice : undefined
}

/** The refusal to restart machines over a base disk that is not theirs, before any was touched. */
export function baseDiffers(emulators: readonly string[]): LocoError {
  return new LocoError('LOCO-OPS-026', {
    what: t`The new image has another base disk than that over which these have written: ${emulators.join(', ')}.`,
    why: t('An overlay holds only what differs from its base; over another one it would be garbage. No emulator was touched: all run on as before.'),
    fix: [
      t('To begin with fresh overlays, and keep the old ones aside on their claims: loco rebuild emulator --base fresh'),
      t('To keep what the guests wrote: leave the emulators on the image on which they run.'),
    ],
  })
}

const lossText = (id: string, certain: boolean): string =>
  certain
    ? t`what the guest of ${id} wrote: it begins with a fresh overlay (the old one is kept aside on its claim)`
    : t`what the guest of ${id} wrote, if the image to be built has another base disk: it then begins with a fresh overlay (the old one is kept aside on its claim)`

const changedText = (emulators: readonly string[]): string =>
  t`The new image has another base disk than that over which these have written: ${emulators.join(', ')}. It stops before it touches them, unless you choose fresh overlays (--base fresh).`

const unknownText = (emulators: readonly string[]): string =>
  t`These have written over the base disk of the earlier image: ${emulators.join(', ')}. If the image to be built has another one, it stops before it touches them, unless you choose fresh overlays (--base fresh).`
