import { t } from '@vscode/l10n'
import { type Clock, systemClock } from '../base/clock.ts'
import { LocoError } from '../base/error.ts'
import type { ChartRequest } from '../chart/helm.ts'
import { assertRestricted } from '../chart/pod-security.ts'
import { type PlannedRelease, upToDate } from '../chart/release.ts'
import { emulatorId, emulatorName, podName } from '../contracts/names.ts'
import type { ReportEvent } from '../contracts/operation.ts'
import { imagePart } from '../images/parts.ts'
import { disk } from './chart-disk.ts'
import { fleetText } from './fleet-text.ts'
import { waitForFleet } from './fleet-wait.ts'
import { foldersStep } from './folders-step.ts'
import { succeeded } from './graph.ts'
import type { BootstrapOptions } from './options.ts'
import type { Place, PodFacts, Site } from './ports.ts'
import { bootstrapValues, hookNamespaces, ordinalsOf, overlayFor, replicasIn } from './release-values.ts'
import { outdated, restartOneByOne, type Wanted } from './restart-emulators.ts'
import type { Conclusion, StepList } from './runner.ts'
import { buildStep, clusterStep, holdStep, listenerOf, siteOf, toolsStep, transferStep, type Work } from './site-steps.ts'
import { type Step, type StepContext, StepFailure, type StepResult } from './step.ts'
import { layerOf, type ValuesCheck, valuesErrors } from './values-check.ts'

const kvmResource = 'devices.kubevirt.io/kvm'

/** What a Bootstrap's steps hand on, beside what every operation does. */
interface BootstrapWork extends Work {
  request?: ChartRequest
  planned?: PlannedRelease
  /** Namespace of the hook that makes folders of the node; undefined where none runs. */
  nodeNamespace?: string | undefined
}

export interface BootstrapDeps {
  place: Place
  /** Folder of the chart. */
  chart: string
  /** Called as soon as the cluster answers, before anything is changed. */
  reached: (site: Site) => Promise<void>
  clock?: Clock
}

/** Everything from a bare machine to a fleet that shows pictures, as a list of steps. @throws LOCO-BLD-001, -002 for parts that do not exist */
export function bootstrap(options: BootstrapOptions, deps: BootstrapDeps): StepList {
  for (const part of options.only) imagePart(part)
  const work: BootstrapWork = { place: deps.place }
  const clock = deps.clock ?? systemClock
  const steps = [
    clusterStep(work, { mayStart: deps.place.target.provider === 'native', reached: deps.reached }),
    toolsStep(work, { engine: true }),
    namespaceStep(work, clock),
    holdStep(work, ['namespace']),
    buildStep(work),
    transferStep(work),
    checksStep(work, options, deps.chart),
    foldersStep(work, () => plannedOf(work).planned.objects),
    installStep(work),
    renewStep(work, options, clock),
    emulatorsStep(work, options, clock),
    verifyStep(work),
  ]
  return { steps, conclude: (results, outcome) => conclude(work, results, outcome) }
}

function namespaceStep(work: Work, clock: Clock): Step {
  return {
    id: 'namespace',
    title: t('Make the namespace'),
    after: ['cluster'],
    detail: t`namespace ${work.place.target.namespace}; one that is there already is used as it is, and is never taken away.`,
    changes: true,
    async check() {
      const { cluster, target } = siteOf(work)
      const found = await cluster.namespace()
      if (found === undefined || found.terminating) return undefined
      return found.ours
        ? t`The namespace ${target.namespace} is there.`
        : t`The namespace ${target.namespace} was there before us, so it will be kept by Destroy.`
    },
    async run(context) {
      const { cluster, target } = siteOf(work)
      await waitUntilGone(siteOf(work), context, clock)
      await cluster.createNamespace()
      return t`The namespace ${target.namespace} was made; it lets in only pods that need no rights.`
    },
  }
}

/** A namespace that is being deleted takes no objects: it must go before it can come again. */
async function waitUntilGone({ cluster, target }: Site, { signal, progress }: StepContext, clock: Clock): Promise<void> {
  const end = clock.now() + 60_000
  for (;;) {
    const found = await cluster.namespace()
    if (found === undefined) return
    progress({ sentence: t`Waiting for the old namespace ${target.namespace} to go.` })
    if (clock.now() > end) {
      throw new LocoError('LOCO-OPS-022', {
        what: t`The namespace ${target.namespace} is being deleted and does not go.`,
        why: found.remaining.join(' ') || t('The cluster does not say what keeps it.'),
        fix: [`kubectl get namespace ${target.namespace} -o yaml`, t('or take another: --namespace NAME')],
        evidence: found.remaining,
      })
    }
    await clock.sleep(250, signal)
  }
}

function checksStep(work: BootstrapWork, options: BootstrapOptions, chart: string): Step {
  return {
    id: 'checks',
    title: t('Check the chart and the values'),
    after: ['tools', 'hold'],
    detail: t('lint, render, Pod Security, and a trial run in the cluster, before anything is installed.'),
    changes: false,
    async run(context) {
      const site = siteOf(work)
      const { helm, cluster, images, target } = site
      const values = bootstrapValues({
        overlay: overlayFor(chart, target.provider),
        imageRef: await images?.ref(listenerOf(context), context.signal),
        kvm: await cluster.offers(kvmResource),
        folders: foldersBy(site),
        installed: (await helm.release({ release: target.release, namespace: target.namespace, signal: context.signal }))?.values,
        files: options.values,
        storage: options.storage,
        replicas: options.replicas,
      })
      await checkValues({ chart, layers: values, facts: await cluster.facts(), fs: disk }, options.set, context)
      const request: ChartRequest = { chart, release: target.release, namespace: target.namespace, values, set: options.set, signal: context.signal }
      for (const { severity, path, text } of await helm.lint(request)) if (severity === 'warning') context.log(`helm lint: ${path}: ${text}`)
      const rendered = await helm.render(request)
      // A hook that needs the node runs in a namespace of its own, which is there only while it does.
      assertRestricted(rendered.filter(({ metadata }) => (metadata.namespace ?? target.namespace) === target.namespace))
      const planned = await helm.dryRun(request)
      // Helm's trial asks for the form of each object; this one also asks admission: quotas, policies, fields that may not change.
      await cluster.drift(planned.objects)
      work.request = request
      work.planned = planned
      work.nodeNamespace = hookNamespaces(rendered, target.namespace).find((namespace) => namespace === nodeNamespace(target.namespace))
      return t`The cluster would take the objects that the chart makes of these values (${planned.objects.length}).`
    },
  }
}

/**
 * All that is wrong with the values at once, at their lines; helm would tell the first, without a place. What only the cluster makes wrong is told and fails
 * nothing: the trial run that follows asks the cluster itself.
 */
async function checkValues(values: ValuesCheck, set: readonly string[], context: StepContext): Promise<void> {
  const layer = layerOf(set)
  if (layer === undefined) return // what stands on the command line may put right what the files say, and only helm knows
  const check = { ...values, layers: set.length === 0 ? values.layers : [...values.layers, layer] }
  const errors = await valuesErrors({ ...check, facts: undefined })
  if (errors.length > 0) throw new StepFailure(t('The values files have errors.'), errors)
  for (const { finding, where } of await valuesErrors(check)) context.finding({ ...finding, severity: 'warning' }, where)
}

function installStep(work: BootstrapWork): Step {
  return {
    id: 'install',
    title: t('Install the release'),
    after: ['checks', 'transfer', 'folders'],
    changes: true,
    async check() {
      const { helm, cluster } = siteOf(work)
      const { request, planned } = plannedOf(work)
      const state = await helm.release(request)
      if (state !== undefined && !state.chart.startsWith('loco-')) throw foreignRelease(request, state.chart)
      if (!upToDate(state, planned)) return undefined
      // Helm's own record says nothing about what somebody deleted or changed since: the objects themselves do.
      const changed = await cluster.drift(planned.objects)
      return changed.length === 0
        ? t`Revision ${state?.revision ?? 0} is deployed with these values, and its objects (${planned.objects.length}) are as it says.`
        : undefined
    },
    async run(context) {
      const { helm, cluster } = siteOf(work)
      const { request, planned } = plannedOf(work)
      // Not to be left half-done: a Helm that is stopped in the middle leaves a release that says "pending".
      const whole = { ...request, signal: context.force }
      const healed = await helm.heal(whole)
      if (healed.way !== 'none')
        context.log(t`The release was left ${healed.from} by a run that ended early; it was brought back to a state from which it can go on.`)
      const missing = planned.exists ? await cluster.drift(planned.objects) : []
      if (missing.length > 0) context.log(t`Missing or changed in the cluster: ${missing.join(', ')}.`)
      const { revision } = await upgradeWithHook(siteOf(work), work.nodeNamespace, () => helm.upgrade(whole))
      return t`Revision ${revision} is deployed, with its objects (${planned.objects.length}).`
    },
  }
}

/** Where Bootstrap cannot make folders of a local node itself, a hook of the chart does, in a namespace that lets it. Elsewhere that is not ours to decide. */
export function foldersBy({ folders, target }: Site): 'bootstrap' | { hookNamespace: string } | undefined {
  if (folders !== undefined) return 'bootstrap'
  return target.provider === 'production' ? undefined : { hookNamespace: nodeNamespace(target.namespace) }
}

const nodeNamespace = (namespace: string): string => `${namespace.slice(0, 53)}-node-work`

async function upgradeWithHook<T>({ cluster }: Site, namespace: string | undefined, upgrade: () => Promise<T>): Promise<T> {
  if (namespace === undefined) return upgrade()
  await cluster.openNodeNamespace(namespace)
  try {
    return await upgrade()
  } finally {
    await cluster.closeNodeNamespace(namespace)
  }
}

function renewStep(work: BootstrapWork, options: BootstrapOptions, clock: Clock): Step {
  /** Emulators on an earlier revision that work are left alone unless asked for: a restart costs what the guest was doing. */
  const stale = async ({ cluster }: Site): Promise<{ broken: PodFacts[]; working: PodFacts[] }> => {
    const old = outdated(await cluster.pods(), await wantedAt(siteOf(work)))
    return { broken: old.filter((pod) => !pod.ready), working: old.filter((pod) => pod.ready) }
  }
  return {
    id: 'renew',
    title: options.rebuildEmulators ? t('Restart emulators on an earlier revision') : t('Replace broken emulators of an earlier revision'),
    after: ['install'],
    changes: true,
    async check() {
      const { broken, working } = await stale(siteOf(work))
      if (broken.length > 0 || (options.rebuildEmulators && working.length > 0)) return undefined
      if (working.length === 0) return t('No emulator stands on an earlier revision.')
      return t`On the earlier revision, at work and not touched: ${working.map((pod) => emulatorId(pod.ordinal)).join(', ')}.`
    },
    async run(context) {
      const site = siteOf(work)
      const { broken, working } = await stale(site)
      for (const pod of broken) await site.cluster.deletePod(pod)
      if (!options.rebuildEmulators || working.length === 0) return t`Pods that did not work were replaced: ${broken.length}.`
      const view = site.watch()
      try {
        await restartOneByOne({ cluster: site.cluster, view, pods: working, wanted: await wantedAt(site), timeout: options.timeout, context, clock })
      } finally {
        view.dispose()
      }
      return t`Restarted, one after the other: ${working.length}. Replaced, because they did not work: ${broken.length}.`
    },
  }
}

function emulatorsStep(work: BootstrapWork, options: BootstrapOptions, clock: Clock): Step {
  return {
    id: 'emulators',
    title: t('Wait until every emulator shows a picture'),
    after: ['renew'],
    changes: false,
    async run(context) {
      const { watch, target } = siteOf(work)
      const ordinals = ordinalsOf(replicasIn(plannedOf(work).planned.objects, emulatorName(target.release)))
      const view = watch()
      try {
        const emulators = await waitForFleet({ view, ordinals, timeout: options.timeout, signal: context.signal, progress: context.progress, clock })
        for (const { id, findings } of emulators)
          for (const finding of findings) context.finding({ ...finding, severity: finding.severity === 'info' ? 'info' : 'warning' }, id)
        return t`${emulators.length} of ${ordinals.length} emulators show a picture.`
      } finally {
        view.dispose()
      }
    },
  }
}

function verifyStep(work: BootstrapWork): Step {
  return {
    id: 'verify',
    title: t('Look at each screen'),
    after: ['emulators'],
    changes: false,
    async run({ signal, progress }) {
      const { screen, target } = siteOf(work)
      const ordinals = ordinalsOf(replicasIn(plannedOf(work).planned.objects, emulatorName(target.release)))
      let done = 0
      const sizes = await Promise.all(
        ordinals.map(async (ordinal) => {
          const picture = await screen(podName(target.release, ordinal), signal)
          done += 1
          progress({ sentence: t('Fetching the picture of each screen.'), done, total: ordinals.length })
          return picture.length
        }),
      )
      return t`A picture of each screen was fetched (${ordinals.length}, together ${Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1024)} KiB).`
    },
  }
}

async function conclude(work: BootstrapWork, results: ReadonlyMap<string, StepResult>, outcome: ReportEvent['outcome']): Promise<Conclusion> {
  const { target } = work.place
  const fleet = fleetText(target)
  if (outcome === 'succeeded' && work.site !== undefined) {
    const { cluster } = work.site
    const old = outdated(await cluster.pods(), await wantedAt(siteOf(work)))
    return {
      sentence: t`The fleet is up: ${fleet}.`,
      kept: old.map((pod) => t`${emulatorId(pod.ordinal)} runs on the earlier revision`),
      gone: [],
      next: [
        ...(old.length > 0 ? [t('Run it again with --rebuild-emulators to restart those, one after the other.')] : []),
        'loco status',
        `loco screen shot ${emulatorId(0)} -o screen.png`,
      ],
    }
  }
  return {
    sentence: outcome === 'cancelled' ? t`Bootstrap was stopped: ${fleet}.` : t`Bootstrap did not succeed: ${fleet}.`,
    kept: succeeded(results.get('install')?.outcome) ? [fleet] : [],
    gone: [],
    next: [t('Run the same command again: what is done is found, and not done twice.'), 'loco status'],
  }
}

/**
 * What pods should run after a Bootstrap: the revision that was just installed, whatever changed in it, image, memory or environment. Its image has a content
 * tag, so another image is another revision; and a person who names another image means it.
 */
async function wantedAt({ cluster }: Site): Promise<Wanted> {
  return { imageId: undefined, revision: await cluster.revision() }
}

function plannedOf({ request, planned }: BootstrapWork): { request: ChartRequest; planned: PlannedRelease } {
  if (request === undefined || planned === undefined) throw new Error('A step needs the checked chart but does not come after the step that checks it.')
  return { request, planned }
}

function foreignRelease({ release, namespace }: ChartRequest, chart: string): LocoError {
  return new LocoError('LOCO-OPS-024', {
    what: t`The release ${release} in namespace ${namespace} was made by another chart (${chart}).`,
    fix: [t('Take another name: --release NAME'), t('or another namespace: --namespace NAME')],
  })
}
