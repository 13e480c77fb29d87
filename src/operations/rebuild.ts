import { t } from '@vscode/l10n'
import { type Clock, systemClock } from '../base/clock.ts'
import { LocoError } from '../base/error.ts'
import type { ReleaseState } from '../chart/release.ts'
import { emulatorId, emulatorName } from '../contracts/names.ts'
import { imagePart } from '../images/parts.ts'
import { baseChoiceIn, baseChoiceName, baseDiffers, disksOf, wroteOverAnother } from './base-disk.ts'
import { fleetText } from './fleet-text.ts'
import { waitForFleet } from './fleet-wait.ts'
import type { RebuildOptions } from './options.ts'
import type { Place, PodFacts, Site } from './ports.ts'
import { ordinalsOf, rebuildValues, replicasIn, tagOf } from './release-values.ts'
import { outdated, restartOneByOne, standing, type Wanted } from './restart-emulators.ts'
import type { StepList } from './runner.ts'
import { buildStep, clusterStep, holdStep, imageOf, siteOf, toolsStep, transferStep, type Work } from './site-steps.ts'
import type { Step } from './step.ts'

interface RebuildWork extends Work {
  release?: ReleaseState
  restarted: number
  /** Checksum of the base disk over which machines may begin with fresh overlays; undefined when none may. */
  freshOver?: string
}

export interface RebuildDeps {
  place: Place
  /** Folder of the chart. */
  chart: string
  reached: (site: Site) => Promise<void>
  clock?: Clock
}

/**
 * The image anew where its content changed, and restarts of exactly the pods that run another one, each showing a picture before the next is touched.
 * @throws LOCO-BLD-001, -002 for parts that do not exist
 */
export function rebuild(options: RebuildOptions, deps: RebuildDeps): StepList {
  for (const part of options.parts) imagePart(part)
  const work: RebuildWork = { place: deps.place, restarted: 0 }
  return {
    steps: [
      clusterStep(work, { mayStart: false, reached: deps.reached }),
      toolsStep(work, { engine: true }),
      releaseStep(work),
      holdStep(work, ['release']),
      buildStep(work),
      baseStep(work, options),
      { ...transferStep(work), after: ['base'] },
      upgradeStep(work, deps.chart),
      restartStep(work, options, deps.clock ?? systemClock),
      pruneStep(work),
    ],
    conclude: async (_, outcome) => {
      const { target } = work.place
      const fleet = fleetText(target)
      const pods = (await work.site?.cluster.pods()) ?? []
      const stand = work.image === undefined || pods.length === 0 ? [] : [standing(pods, { imageId: work.image.id, revision: undefined })]
      if (outcome !== 'succeeded') {
        return {
          sentence: outcome === 'cancelled' ? t`Rebuild was stopped: ${fleet}.` : t`Rebuild did not succeed: ${fleet}.`,
          kept: stand,
          gone: [],
          next: ['loco status', 'loco rebuild emulator'],
        }
      }
      const sentence =
        work.restarted === 0 ? t`Everything is up to date: ${fleet}.` : t`Emulators that run on the new image now: ${work.restarted}, of ${fleet}.`
      return { sentence, kept: [], gone: [], next: ['loco status'] }
    },
  }
}

function releaseStep(work: RebuildWork): Step {
  return {
    id: 'release',
    title: t('Find the release'),
    after: ['tools'],
    changes: false,
    async run({ signal }) {
      const { helm, target } = siteOf(work)
      const state = await helm.release({ release: target.release, namespace: target.namespace, signal })
      if (state === undefined) {
        throw new LocoError('LOCO-OPS-025', {
          what: t`There is no release ${target.release} in namespace ${target.namespace} of ${target.context}.`,
          fix: ['loco bootstrap', t('or name another: --release NAME --namespace NAME')],
        })
      }
      work.release = state
      return t`Release ${target.release}, revision ${state.revision}, is ${state.status}.`
    },
  }
}

/** Before anything is changed: no machine is restarted over a base disk that is not that of its overlay, unless a person chose so. */
function baseStep(work: RebuildWork, { base }: RebuildOptions): Step {
  return {
    id: 'base',
    title: t('Compare the base disk'),
    after: ['release', 'build'],
    changes: false,
    async run({ signal }) {
      const site = siteOf(work)
      if (site.images === undefined) return t('The image comes from a registry: its base disk is compared by each machine when it starts.')
      const image = imageOf(work)
      const next = await site.images.baseSha256(image, signal)
      if (next === undefined) return t('The image does not tell the checksum of its disk; each machine compares when it starts.')
      if (base === 'fresh') work.freshOver = next
      const touched = outdated(await site.cluster.pods(), { imageId: image.id, revision: undefined })
      const emulators = wroteOverAnother(await disksOf(site, touched, signal), next)
      if (emulators.length === 0) return t('No emulator that would be restarted has written over another base disk.')
      if (base === 'fresh') return t`These begin with fresh overlays, and their old ones are kept aside: ${emulators.join(', ')}.`
      if (base === undefined && baseChoiceIn(releaseOf(work).values) === 'fresh') {
        return t`These begin with fresh overlays, as the values of the release say (emulator.env.${baseChoiceName}): ${emulators.join(', ')}.`
      }
      throw baseDiffers(emulators)
    },
  }
}

/** What the release says of a changed base disk after this Rebuild. It names the base that was chosen, so that it holds for no later one. */
function chosenBase({ freshOver }: RebuildWork): Record<string, string> {
  return freshOver === undefined ? {} : { [baseChoiceName]: `fresh:${freshOver}` }
}

function upgradeStep(work: RebuildWork, chart: string): Step {
  return {
    id: 'upgrade',
    title: t('Give the release the new image'),
    after: ['transfer', 'hold'],
    changes: true,
    async check() {
      const { images, target } = siteOf(work)
      if (images === undefined) return t('The image comes from a registry: its tag is a value of the release.')
      const { ref } = imageOf(work)
      const uses = imagesIn(releaseOf(work), emulatorName(target.release))
      const chosen = chosenBase(work)[baseChoiceName]
      if (chosen !== undefined && baseChoiceIn(releaseOf(work).values) !== chosen) return undefined
      return releaseOf(work).status === 'deployed' && uses.every((image) => tagOf(image) === tagOf(ref)) ? t`The release uses ${ref}.` : undefined
    },
    async run(context) {
      const { helm, target } = siteOf(work)
      const { ref } = imageOf(work)
      const request = {
        chart,
        release: target.release,
        namespace: target.namespace,
        values: rebuildValues(releaseOf(work).values, ref, chosenBase(work)),
        // Not to be left half-done: a Helm that is stopped in the middle leaves a release that says "pending".
        signal: context.force,
      }
      const healed = await helm.heal(request)
      if (healed.way !== 'none')
        context.log(t`The release was left ${healed.from} by a run that ended early; it was brought back to a state from which it can go on.`)
      const { revision } = await helm.upgrade(request)
      return t`Revision ${revision} uses ${ref}; running emulators are not touched by this.`
    },
  }
}

function restartStep(work: RebuildWork, options: RebuildOptions, clock: Clock): Step {
  const wanted = async ({ cluster }: Site): Promise<Wanted> => ({ imageId: work.image?.id, revision: await cluster.revision() })
  const toRestart = async ({ cluster }: Site, goal: Wanted): Promise<PodFacts[]> => {
    const pods = await cluster.pods()
    const old = outdated(pods, goal)
    // A machine that refuses to start over the new base runs its image already, and learns of the choice only by a new pod.
    const refuses = ({ ready, revision, terminating }: PodFacts): boolean => !ready && !terminating && revision !== goal.revision
    return work.freshOver === undefined ? old : pods.filter((pod) => old.includes(pod) || refuses(pod))
  }
  return {
    id: 'restart',
    title: t('Restart emulators on the new image'),
    after: ['upgrade'],
    detail: t('one after the other, only those that run another image; what a guest was doing ends, and with ephemeral storage its disk begins anew.'),
    changes: true,
    async check() {
      const { cluster } = siteOf(work)
      const pods = await cluster.pods()
      return (await toRestart(siteOf(work), await wanted(siteOf(work)))).length === 0
        ? t`${pods.length} of ${pods.length} emulators run on it already.`
        : undefined
    },
    async run(context) {
      const site = siteOf(work)
      const goal = await wanted(site)
      const pods = await toRestart(site, goal)
      const view = site.watch()
      try {
        await restartOneByOne({ cluster: site.cluster, view, pods, wanted: goal, timeout: options.timeout, context, clock })
        work.restarted = pods.length
        const ordinals = ordinalsOf(replicasIn(releaseOf(work).objects, emulatorName(site.target.release)))
        await waitForFleet({ view, ordinals, timeout: options.timeout, signal: context.signal, progress: context.progress, clock })
      } finally {
        view.dispose()
      }
      return t`Restarted: ${pods.map((pod) => emulatorId(pod.ordinal)).join(', ')}; each showed a picture before the next was touched.`
    },
  }
}

function pruneStep(work: RebuildWork): Step {
  return {
    id: 'prune',
    title: t('Remove earlier images that nobody uses'),
    after: ['restart'],
    changes: true,
    async run({ signal }) {
      const { images } = siteOf(work)
      const removed = images === undefined ? 0 : await images.prune(imageOf(work), signal)
      return removed === 0 ? t('There was none.') : t`Images removed from the engine and the node: ${removed}.`
    },
  }
}

/** Images in the pods that a release makes of its StatefulSet. */
function imagesIn({ objects }: ReleaseState, statefulSet: string): string[] {
  const found = objects.find((object) => object.kind === 'StatefulSet' && object.metadata.name === statefulSet)
  const spec = found?.spec as { template?: { spec?: { containers?: { image?: string }[] } } } | undefined
  return (spec?.template?.spec?.containers ?? []).map(({ image }) => image ?? '')
}

function releaseOf({ release }: RebuildWork): ReleaseState {
  if (release === undefined) throw new Error('A step needs the release but does not come after the step that finds it.')
  return release
}
