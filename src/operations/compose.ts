import { join } from 'node:path'
import { type Clock, systemClock } from '../base/clock.ts'
import { LocoError } from '../base/error.ts'
import type { Logger } from '../base/logger.ts'
import { packageRoot } from '../base/package-root.ts'
import { resolveTarget } from '../cluster/target.ts'
import { targetWorld } from '../cluster/world.ts'
import type { ReportEvent, Target } from '../contracts/operation.ts'
import { Kubeconfig, loadKubeconfig } from '../kube/kubeconfig.ts'
import { type RebuildOutlook, rebuildOutlook } from './base-disk.ts'
import { bootstrap } from './bootstrap.ts'
import { bootstrapWarnings } from './bootstrap-outlook.ts'
import { destroy, destroyLosses } from './destroy.ts'
import { OperationLease } from './lease.ts'
import { migrate } from './migrate.ts'
import { type OperateHost, type OperationControl, operate } from './operate.ts'
import { operationId } from './operation-id.ts'
import type { OperationOptions } from './options.ts'
import type { Place, Site } from './ports.ts'
import { RealPlace, type RealPlaceOptions } from './real-place.ts'
import { rebuild } from './rebuild.ts'
import type { StepList } from './runner.ts'
import { personOf, stateRoot } from './state-folder.ts'

export interface OperationDeps extends Pick<RealPlaceOptions, 'sandbox' | 'env'> {
  log: Logger
  clock?: Clock
  /** Folder of the chart; that of this package when left out. */
  chart?: string
  /** Id of the operation; a new one when left out. */
  id?: string
}

/** An operation that is planned and may run: between the two a person can be asked. */
export interface PreparedOperation {
  readonly id: string
  readonly target: Target
  /** Why this cluster, one sentence. */
  readonly why: string
  /** What will be lost for good; ask before running when there is any. */
  readonly losses: readonly string[]
  /** Runs it to its report. @throws LOCO-OPS-001, -012; see `operate` */
  run(host: Pick<OperateHost, 'sinks' | 'signal' | 'force' | 'planOnly'>): Promise<ReportEvent>
}

/**
 * Plans an operation on the real world: chooses the cluster, and for a Destroy sees what will be lost.
 * @throws coded errors when the cluster cannot be chosen or asked, or the operation is refused
 */
export async function composeOperation(options: OperationOptions, deps: OperationDeps, signal: AbortSignal): Promise<PreparedOperation> {
  const { env, log, clock = systemClock, chart = join(packageRoot(), 'helm', 'loco-chart') } = deps
  const access = await deps.sandbox(() => {}).access()
  const kubeconfig = await kubeconfigs(env, access?.kubeconfig)
  const { target, why } = await resolveTarget(options, targetWorld({ kubeconfig, sandbox: access, env, signal }))
  const id = deps.id ?? operationId(clock.now())
  const placeFor = (control: OperationControl | undefined): RealPlace =>
    new RealPlace({
      ...{ target, why, kubeconfig, sandbox: deps.sandbox, env, log, clock },
      hold: (client) => new OperationLease({ client, namespace: target.namespace, op: id, lost: (error) => control?.fail(error), clock, log }),
    })
  const { losses, warnings, baseDisk } = await outlookAt(placeFor(undefined), options, chart, signal)
  stepsOf(options, { place: placeFor(undefined), chart, reached: async () => {}, clock }) // refuses what can never run before anybody is asked
  return {
    id,
    target,
    why,
    losses,
    async run(host) {
      let place: RealPlace | undefined
      let site: Site | undefined
      try {
        return await operate(
          (control) => {
            place = placeFor(control)
            const reached = async (found: Site): Promise<void> => {
              site = found
              if (found.target.clusterUid !== null) control.settle(found.target.clusterUid)
            }
            const steps = stepsOf(options, { place, chart, reached, clock })
            const proveTarget = async (): Promise<void> => site?.cluster.proveTarget(site.target)
            return {
              id,
              operation: options.operation,
              asked: options,
              target,
              losses,
              warnings,
              ...(baseDisk !== undefined && { baseDisk }),
              proveTarget,
              ...withRelease(steps, () => site),
            }
          },
          { ...host, root: stateRoot(env), person: personOf(env), log, clock },
        )
      } finally {
        place?.dispose()
      }
    },
  }
}

/** The hold on the namespace is given back before the report is written: whoever reads the report may go on at once. */
function withRelease(list: StepList, site: () => Site | undefined): StepList {
  return {
    ...list,
    conclude: async (results, outcome) => {
      try {
        return await list.conclude(results, outcome)
      } finally {
        await site()?.hold.release()
      }
    },
  }
}

function stepsOf(options: OperationOptions, deps: { place: Place; chart: string; reached: (site: Site) => Promise<void>; clock: Clock }): StepList {
  switch (options.operation) {
    case 'bootstrap':
      return bootstrap(options, deps)
    case 'rebuild':
      return rebuild(options, deps)
    case 'destroy':
      return destroy(options, deps)
    case 'migrate':
      return migrate(options, deps)
  }
}

/** What the operation would meet and take away, seen now. Only a Destroy is refused when that cannot be seen: the others take nothing that their steps do not name. */
async function outlookAt(place: RealPlace, options: OperationOptions, chart: string, signal: AbortSignal): Promise<RebuildOutlook> {
  const nothing = { losses: [], warnings: [], baseDisk: undefined }
  try {
    const site = await place.reach(signal)
    if (site === undefined) return nothing
    switch (options.operation) {
      case 'bootstrap':
        return { ...nothing, warnings: await bootstrapWarnings(site, options, chart, signal) }
      case 'rebuild':
        return await rebuildOutlook(site, options, signal)
      case 'destroy':
        return { ...nothing, losses: await destroyLosses(site, options) }
      case 'migrate':
        return nothing
    }
  } catch (error) {
    // Whatever is missing for a look (a cluster that does not answer, helm, an engine, values that do not render) is told by the step that needs it.
    if (options.operation === 'destroy' || signal.aborted) throw error
    return nothing
  } finally {
    place.dispose()
  }
}

/** All kubeconfig files, that of the sandbox among them; none at all is fine, because a sandbox can be started. */
async function kubeconfigs(env: NodeJS.ProcessEnv, sandbox: string | undefined): Promise<Kubeconfig> {
  try {
    return await loadKubeconfig({ env, extraFiles: sandbox === undefined ? [] : [sandbox] })
  } catch (error) {
    if (error instanceof LocoError && error.code === 'LOCO-KUB-001') return new Kubeconfig([])
    throw error
  }
}
