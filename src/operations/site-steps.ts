import { t } from '@vscode/l10n'
import { asLocoError } from '../base/error.ts'
import type { PlacedFinding } from '../diagnosis/group.ts'
import type { BuiltImage } from '../images/build.ts'
import type { ImageListener } from '../images/progress.ts'
import type { ImageWork, Place, Site } from './ports.ts'
import { findingOf } from './report.ts'
import { type Step, type StepContext, StepFailure } from './step.ts'

/** What the steps of one operation hand on to each other. Filled as they succeed; a step reads only what steps it comes after have filled. */
export interface Work {
  readonly place: Place
  site?: Site
  image?: BuiltImage
}

/** The site, once the first step has reached it. */
export function siteOf(work: Work): Site {
  if (work.site === undefined) throw new Error('A step needs the cluster but does not come after the step that reaches it.')
  return work.site
}

/** Builders and transfers tell their progress through the step. */
export const listenerOf = (context: StepContext): ImageListener => ({ progress: (progress) => context.progress(progress), log: (line) => context.log(line) })

/** Where am I: reaches the cluster, and starts it where that is ours to do. `reached` hears of it before any other step. */
export function clusterStep(work: Work, options: { mayStart: boolean; reached: (site: Site) => Promise<void> }): Step {
  const { place } = work
  const use = async (site: Site): Promise<void> => {
    await options.reached(site)
    work.site = site
  }
  return {
    id: 'cluster',
    title: options.mayStart ? t('Bring the cluster up') : t('Reach the cluster'),
    after: [],
    detail: place.why,
    changes: false,
    async check({ signal }) {
      const site = await place.reach(signal)
      if (site === undefined) return undefined
      await use(site)
      return `${t`${site.target.context} at ${site.target.server} answers.`} ${place.why}`
    },
    async run(context) {
      // Without a sandbox there is nothing to reach: whoever may not start one gets the refusal of `start`, with its fix.
      const site = await place.start(listenerOf(context), context.signal)
      await use(site)
      return t`${site.target.context} at ${site.target.server} is up.`
    },
  }
}

/** The tools that the later steps run: all that is missing is told at once. `engine`: images will be built. */
export function toolsStep(work: Work, needs: { engine: boolean }): Step {
  return {
    id: 'tools',
    title: t('Check the tools'),
    after: ['cluster'],
    changes: false,
    async run({ signal }) {
      const { helm, images } = siteOf(work)
      const asked = await Promise.allSettled([
        helm.version().then(({ major, minor, patch }) => `Helm ${major}.${minor}.${patch}`),
        ...(images === undefined || !needs.engine ? [] : [images.engineVersion(signal).then((version) => `Docker ${version}`)]),
      ])
      signal.throwIfAborted()
      const missing = asked.flatMap((one): PlacedFinding[] =>
        one.status === 'rejected' ? [{ finding: findingOf(asLocoError(one.reason)), where: t('tools') }] : [],
      )
      if (missing.length > 0) throw new StepFailure(t('Not every tool is there.'), missing)
      return t`Found: ${asked.map((one) => (one.status === 'fulfilled' ? one.value : '')).join(', ')}.`
    },
  }
}

/** Builds the image of the emulators unless the engine has one of the same content. */
export function buildStep(work: Work): Step {
  return {
    id: 'build',
    title: t('Build the image of the emulators'),
    after: ['tools'],
    changes: false,
    async check(context) {
      const { images } = siteOf(work)
      if (images === undefined) return noSideLoading(work)
      const image = await images.built(listenerOf(context), context.signal)
      if (image !== undefined) work.image = image
      return image && t`${image.ref} is built, and nothing that goes into it has changed.`
    },
    async run(context) {
      const image = await imagesOf(work).build(listenerOf(context), context.signal)
      work.image = image
      return image.built ? t`${image.ref} was built and got its names.` : t`${image.ref} was built before and got its names.`
    },
  }
}

/** Puts the image on the node unless it is there. */
export function transferStep(work: Work): Step {
  return {
    id: 'transfer',
    title: t('Put the image on the node'),
    after: ['build'],
    changes: true,
    async check({ signal }) {
      const { images } = siteOf(work)
      if (images === undefined) return noSideLoading(work)
      return (await images.onNode(imageOf(work), signal)) ? t`The node has ${imageOf(work).id.slice(0, 19)} under all its names: 0 bytes to send.` : undefined
    },
    async run(context) {
      const { how, bytes } = await imagesOf(work).transfer(imageOf(work), listenerOf(context), context.signal)
      if (how === 'sent') return t`${(bytes / 1024 / 1024).toFixed(0)} MiB went to the node in one archive, and the node has the id that was built.`
      return how === 'named' ? t('The node had the image and got its names.') : t('The node had the image.')
    },
  }
}

/** Takes the Lease of the namespace, so that nobody else changes it meanwhile. */
export function holdStep(work: Work, after: readonly string[]): Step {
  return {
    id: 'hold',
    title: t('Keep others from changing the namespace'),
    after,
    changes: true,
    async run({ signal }) {
      const { hold, target } = siteOf(work)
      await hold.acquire(signal)
      return t`The Lease of namespace ${target.namespace} is ours until the end.`
    },
  }
}

/** The image that the step `build` found or made. */
export function imageOf(work: Work): BuiltImage {
  if (work.image === undefined) throw new Error('A step needs the image but does not come after the step that builds it.')
  return work.image
}

function imagesOf(work: Work): ImageWork {
  const { images } = siteOf(work)
  if (images === undefined) throw new Error('Images cannot be put on the nodes of this cluster.')
  return images
}

function noSideLoading(work: Work): string {
  return t`The nodes of ${siteOf(work).target.context} fetch images from a registry: nothing is built or sent.`
}
