import type { V1StatefulSet } from '@kubernetes/client-node'
import { t } from '@vscode/l10n'
import { type Clock, systemClock } from '../base/clock.ts'
import { LocoError } from '../base/error.ts'
import { waitFor } from '../base/wait.ts'
import type { ChartRequest } from '../chart/helm.ts'
import type { RenderedObject } from '../chart/manifest.ts'
import { assertRestricted } from '../chart/pod-security.ts'
import type { ReleaseState } from '../chart/release.ts'
import { emulatorId, emulatorName } from '../contracts/names.ts'
import { claimsFor, claimTemplate, type DiskMove, moverPod, movesOf } from './disk-move.ts'
import { fleetText } from './fleet-text.ts'
import { waitForFleet } from './fleet-wait.ts'
import { foldersStep } from './folders-step.ts'
import { succeeded } from './graph.ts'
import type { MigrateOptions } from './options.ts'
import type { Place, Site } from './ports.ts'
import { ordinalsOf, replicasIn } from './release-values.ts'
import { outdated, restartOneByOne } from './restart-emulators.ts'
import type { StepList } from './runner.ts'
import { clusterStep, holdStep, siteOf, toolsStep, type Work } from './site-steps.ts'
import type { Step } from './step.ts'

interface MigrateWork extends Work {
  release?: ReleaseState
  from?: string
  request?: ChartRequest
  /** What the chart makes with the new strategy. */
  objects?: RenderedObject[]
  /** Copies that are needed; none where the claims stay the same, or where all is done. */
  moves: DiskMove[]
}

export interface MigrateDeps {
  place: Place
  /** Folder of the chart. */
  chart: string
  reached: (site: Site) => Promise<void>
  clock?: Clock
}

/**
 * Moves the disks of a fleet to another storage strategy. Old claims are read, never written and never deleted: until the copy is proved by checksums the release
 * stays as it is, and a Bootstrap brings it back. Each step finds what was done before, so the same command goes on from where it stopped.
 * @throws LOCO-VOL-013 for `ephemeral`, whose disks lie in the pods
 */
export function migrate(options: MigrateOptions, deps: MigrateDeps): StepList {
  if (options.to === 'ephemeral')
    throw cannotMove(t('With the strategy ephemeral a disk lies in its pod and is gone with it: everything that guests wrote would be lost.'))
  const work: MigrateWork = { place: deps.place, moves: [] }
  const clock = deps.clock ?? systemClock
  return {
    steps: [
      clusterStep(work, { mayStart: false, reached: deps.reached }),
      toolsStep(work, { engine: false }),
      holdWhereThereIsARelease(work),
      checksStep(work, options, deps.chart),
      foldersStep(work, () => (work.moves.length === 0 && fromOf(work) === options.to ? [] : objectsOf(work))),
      stopStep(work, options, clock),
      copyStep(work, options, clock),
      switchStep(work, options),
      emulatorsStep(work, options, clock),
    ],
    conclude: async (results, outcome) => {
      const fleet = fleetText(deps.place.target)
      const old = work.moves.map(({ from }) => from)
      if (outcome === 'succeeded') {
        return {
          sentence:
            work.from === options.to ? t`The disks lie as ${options.to} says already: ${fleet}.` : t`The disks lie as ${options.to} says now: ${fleet}.`,
          kept: old.map((name) => t`claim ${name}: the disk as it was before`),
          gone: [],
          next: ['loco status', ...(old.length === 0 ? [] : [`kubectl delete pvc --namespace ${deps.place.target.namespace} ${old.join(' ')}`])],
        }
      }
      const switched = succeeded(results.get('switch')?.outcome)
      return {
        sentence: outcome === 'cancelled' ? t`The migration was stopped: ${fleet}.` : t`The migration did not succeed: ${fleet}.`,
        kept: old.map((name) => t`claim ${name}: the disk as it was before`),
        gone: [],
        next: [
          t('Run the same command again: it goes on with what is left.'),
          ...(switched || work.from === undefined ? [] : [t`or stay with ${work.from}: loco bootstrap starts the emulators on their old disks`]),
        ],
      }
    },
  }
}

function holdWhereThereIsARelease(work: MigrateWork): Step {
  const step = holdStep(work, ['tools'])
  return {
    ...step,
    async check({ signal }) {
      const { helm, target } = siteOf(work)
      const release = await helm.release({ release: target.release, namespace: target.namespace, signal })
      if (release === undefined) {
        throw new LocoError('LOCO-CHT-020', {
          what: t`There is no release ${target.release} in namespace ${target.namespace}.`,
          fix: ['loco bootstrap --storage STRATEGY'],
        })
      }
      return undefined
    },
  }
}

function checksStep(work: MigrateWork, options: MigrateOptions, chart: string): Step {
  return {
    id: 'checks',
    title: t('See how the disks lie, and how they will'),
    after: ['hold'],
    changes: false,
    async run(context) {
      const { helm, cluster, folders, target } = siteOf(work)
      const release = await helm.release({ release: target.release, namespace: target.namespace, signal: context.signal })
      if (release === undefined) throw new Error('The release went away while its namespace was held.')
      const from = strategyOf(release)
      if (from === 'ephemeral') {
        throw cannotMove(
          t('The disks of this fleet lie in its pods (strategy ephemeral) and cannot be copied while guests write to them; they are gone when the pods are.'),
        )
      }
      if ((options.to === 'hostpath' || options.to === 'hybrid') && folders === undefined) {
        throw cannotMove(t('The folders for the disks can be made on the node only by root on the machine of a sandbox.'))
      }
      const request: ChartRequest = {
        chart,
        release: target.release,
        namespace: target.namespace,
        values: [release.values, await strategyValues(siteOf(work), release, options.to)],
        set: options.set,
        signal: context.signal,
      }
      const objects = await helm.render(request)
      assertRestricted(objects.filter(({ metadata }) => (metadata.namespace ?? target.namespace) === target.namespace))
      Object.assign(work, { release, from, request, objects })
      if (from === options.to) return t`The strategy is ${options.to} already.`
      const replicas = replicasIn(objects, emulatorName(target.release))
      const claims = (await cluster.claims()).map(({ name }) => name)
      work.moves = movesOf({ release: target.release, from, to: options.to, replicas, claims })
      return work.moves.length === 0
        ? t`From ${from} to ${options.to}: the claims stay the same, and nothing has to be copied.`
        : t`From ${from} to ${options.to}: ${work.moves.length} disks are to be copied.`
    },
  }
}

function stopStep(work: MigrateWork, options: MigrateOptions, clock: Clock): Step {
  return {
    id: 'stop',
    title: t('Switch the emulators off'),
    after: ['folders'],
    detail: t('only where disks are copied: a disk that a guest writes to cannot be. What the guests were doing ends.'),
    changes: true,
    async check() {
      if (work.moves.length === 0) return t('No disk has to be copied.')
      return (await siteOf(work).cluster.pods()).length === 0 ? t('No emulator runs.') : undefined
    },
    async run(context) {
      const { cluster } = siteOf(work)
      await cluster.scaleToZero()
      await waitFor(
        async () => {
          const left = await cluster.pods()
          context.progress({ sentence: t`Waiting for the emulators to end: ${left.length}.` })
          return left.length === 0
        },
        (cause) => new LocoError('LOCO-OPS-022', { what: t('Emulators were told to end and do not.'), fix: ['loco status', 'kubectl get pods'], cause }),
        { timeout: options.timeout, signal: context.signal, clock },
      )
      return t('Every emulator is switched off, and its disk is written out.')
    },
  }
}

function copyStep(work: MigrateWork, options: MigrateOptions, clock: Clock): Step {
  return {
    id: 'copy',
    title: t('Copy the disks, and compare each copy'),
    after: ['stop'],
    detail: t('the old disks are only read; what lies in the new place from before is set aside there.'),
    changes: true,
    check: async () => (work.moves.length === 0 ? t('No disk has to be copied.') : undefined),
    async run(context) {
      const { cluster, target } = siteOf(work)
      const set = statefulSetOf(work)
      const volumes = objectsOf(work).filter(({ kind }) => kind === 'PersistentVolume')
      await cluster.apply([...volumes, ...claimsFor(set, work.moves, target.namespace)])
      const told: string[] = []
      for (const [done, move] of work.moves.entries()) {
        context.progress({ sentence: t`Copying the disk of ${emulatorId(move.ordinal)}.`, done, total: work.moves.length })
        const said = await cluster.runPod(moverPod(move, { release: target.release, namespace: target.namespace, set }), {
          timeout: options.timeout,
          signal: context.signal,
          clock,
        })
        if (!said.succeeded) {
          throw new LocoError('LOCO-VOL-014', {
            what: t`The disk of ${emulatorId(move.ordinal)} could not be copied from ${move.from} to ${move.to}.`,
            why: said.words.at(-1) ?? t('The pod that copies said nothing.'),
            fix: [t('The old disk is as it was. Mend the cause and run the same command again;'), t`or stay with ${fromOf(work)}: loco bootstrap`],
            evidence: said.words,
          })
        }
        context.log(`${emulatorId(move.ordinal)}: ${said.words.join(' ')}`)
        told.push(`${emulatorId(move.ordinal)} (${said.words.join(' ')})`)
      }
      return t`Copied, and the same by their checksums (SHA-256): ${told.join(', ')}.`
    },
  }
}

function switchStep(work: MigrateWork, options: MigrateOptions): Step {
  return {
    id: 'switch',
    title: t('Install the release with the new strategy'),
    after: ['copy'],
    changes: true,
    check: async () => (fromOf(work) === options.to ? t`The strategy is ${options.to} already.` : undefined),
    async run({ force }) {
      const { cluster, helm, target } = siteOf(work)
      if (claimTemplate(fromOf(work)) !== claimTemplate(options.to)) {
        // Claim templates cannot change: the StatefulSet goes and comes again, its claims stay whatever their retention says.
        await cluster.keepClaims()
        const name = emulatorName(target.release)
        for (const object of await cluster.releaseObjects()) if (object.kind === 'StatefulSet' && object.name === name) await cluster.deleteObject(object)
        await waitFor(
          async () => !(await cluster.releaseObjects()).some((object) => object.kind === 'StatefulSet' && object.name === name),
          (cause) =>
            new LocoError('LOCO-OPS-022', {
              what: t`The StatefulSet ${name} was deleted and does not go.`,
              fix: [`kubectl get statefulset ${name} -o yaml`],
              cause,
            }),
          { timeout: 60_000 },
        )
      }
      const { revision } = await helm.upgrade({ ...requestOf(work), signal: force })
      return t`Revision ${revision} keeps the disks as ${options.to} says.`
    },
  }
}

function emulatorsStep(work: MigrateWork, options: MigrateOptions, clock: Clock): Step {
  return {
    id: 'emulators',
    title: t('Wait until every emulator shows a picture'),
    after: ['switch'],
    changes: true,
    async run(context) {
      const site = siteOf(work)
      const ordinals = ordinalsOf(replicasIn(objectsOf(work), emulatorName(site.target.release)))
      const view = site.watch()
      try {
        const wanted = { imageId: undefined, revision: await site.cluster.revision() }
        const old = outdated(await site.cluster.pods(), wanted)
        if (old.length > 0) await restartOneByOne({ cluster: site.cluster, view, pods: old, wanted, timeout: options.timeout, context, clock })
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

/** The strategy with which a release was installed; the chart's default where nobody gave one. */
function strategyOf({ values }: ReleaseState): string {
  const { storage } = values as { storage?: { strategy?: string } }
  return storage?.strategy ?? 'persistent'
}

/** What has to be laid over the values of the release. Without a cluster to look at the chart does not know the node, so it is named. */
async function strategyValues({ cluster, folders }: Site, release: ReleaseState, to: string): Promise<Record<string, unknown>> {
  const hostPath = { ...(folders !== undefined && { createdBy: 'bootstrap' }) }
  const given = (release.values as { storage?: { hostPath?: { node?: string } } }).storage?.hostPath?.node
  if (to !== 'hostpath' && to !== 'hybrid') return { storage: { strategy: to } }
  const nodes = given === undefined || given === '' ? await cluster.hostnames() : [given]
  const [node] = nodes
  if (nodes.length !== 1 || node === undefined) {
    throw cannotMove(
      t`The strategy ${to} keeps files in a folder of one node, and this cluster has ${nodes.length}. Name it in the values first: storage.hostPath.node.`,
    )
  }
  return { storage: { strategy: to, hostPath: { ...hostPath, node } } }
}

function cannotMove(why: string): LocoError {
  return new LocoError('LOCO-VOL-013', {
    what: t('The disks are not moved.'),
    why,
    fix: [t('docs/storage.md says what can be moved. If what guests wrote may be lost: loco destroy, then loco bootstrap --storage STRATEGY')],
  })
}

function statefulSetOf(work: MigrateWork): V1StatefulSet {
  const name = emulatorName(siteOf(work).target.release)
  const found = objectsOf(work).find(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === name)
  if (found === undefined) throw new Error('The chart makes no StatefulSet of the emulators.')
  return found as unknown as V1StatefulSet
}

function objectsOf({ objects }: MigrateWork): RenderedObject[] {
  if (objects === undefined) throw new Error('A step needs what the chart makes but does not come after the step that renders it.')
  return objects
}

function requestOf({ request }: MigrateWork): ChartRequest {
  if (request === undefined) throw new Error('A step needs the values but does not come after the step that makes them.')
  return request
}

function fromOf({ from }: MigrateWork): string {
  if (from === undefined) throw new Error('A step needs the strategy but does not come after the step that finds it.')
  return from
}
