import { t } from '@vscode/l10n'
import { type Clock, systemClock } from '../base/clock.ts'
import { LocoError } from '../base/error.ts'
import { emulatorId } from '../contracts/names.ts'
import { isOfRelease } from './fleet-labels.ts'
import { fleetText } from './fleet-text.ts'
import type { DestroyOptions } from './options.ts'
import type { ClaimFacts, ClusterWork, ObjectFacts, OwnVolume, Place, Site } from './ports.ts'
import type { Conclusion, StepList } from './runner.ts'
import { clusterStep, holdStep, siteOf, toolsStep, type Work } from './site-steps.ts'
import type { Step, StepContext } from './step.ts'

interface DestroyWork extends Work {
  /** What was seen before anything was taken away; the report compares with it. */
  before?: Seen
  kept: string[]
}

interface Seen {
  release: string | undefined
  objects: ObjectFacts[]
  pods: string[]
  claims: ClaimFacts[]
  namespace: string | undefined
}

export interface DestroyDeps {
  place: Place
  reached: (site: Site) => Promise<void>
  clock?: Clock
}

/**
 * Takes a fleet away: only what carries our ownership, data only when asked for, and with the proof that it is gone. Twice gives the same, without an error.
 * @throws LOCO-OPS-030 when data of a cluster is to be deleted that is not proved to be local
 */
export function destroy(options: DestroyOptions, deps: DestroyDeps): StepList {
  const { target } = deps.place
  if (options.deleteData && target.provider === 'production') {
    throw new LocoError('LOCO-OPS-030', {
      what: t`The data of the fleet in ${target.context} is not deleted.`,
      why: t('That cluster is not proved to run on this machine.'),
      fix: ['loco destroy --keep-data', `kubectl get pvc -n ${target.namespace}`],
    })
  }
  const work: DestroyWork = { place: deps.place, kept: [] }
  const goal = new Gone(options.timeout, deps.clock ?? systemClock)
  return {
    steps: [
      clusterStep(work, { mayStart: false, reached: deps.reached }),
      toolsStep(work, { engine: false }),
      lookStep(work),
      holdWhereThereIsOne(work),
      uninstallStep(work, options, goal),
      claimsStep(work, options, goal),
      namespaceStep(work, goal),
    ],
    conclude: (_, outcome) => conclude(work, outcome),
  }
}

/** What a Destroy with these options would take away for good, for the plan and the question before it. Reads the cluster. */
export async function destroyLosses(site: Site, options: Pick<DestroyOptions, 'deleteData'>): Promise<string[]> {
  const { target } = site
  const { release, objects, pods, claims } = await look(site)
  const folders = new Map((options.deleteData ? await site.cluster.ownVolumes() : []).map(({ claim, folder }) => [claim, folder]))
  const disks = claims.map(({ name, size, deletesData }) =>
    folders.has(name)
      ? t`claim ${name} with its folder ${folders.get(name) ?? ''} on the node`
      : deletesData
        ? t`claim ${name} (${size}) with its data`
        : t`claim ${name} (${size}); its volume stays`,
  )
  const ephemeral = pods.length > 0 && claims.length === 0 ? [t`what the guests wrote: their disks go with their pods (${pods.length})`] : []
  return [
    ...(release === undefined && objects.length === 0
      ? []
      : [t`release ${target.release} in namespace ${target.namespace} (objects: ${objects.length}, emulators: ${pods.length})`]),
    ...(options.deleteData ? disks : []),
    ...ephemeral,
  ]
}

async function look({ cluster, helm, target }: Site, signal?: AbortSignal): Promise<Seen> {
  const namespace = await cluster.namespace()
  if (namespace === undefined) return { release: undefined, objects: [], pods: [], claims: [], namespace: undefined }
  const [release, objects, pods, claims] = await Promise.all([
    helm.release({ release: target.release, namespace: target.namespace, signal }),
    cluster.releaseObjects(),
    cluster.pods(),
    cluster.claims(),
  ])
  if (release !== undefined && !release.chart.startsWith('loco-')) {
    throw new LocoError('LOCO-OPS-024', {
      what: t`The release ${target.release} in namespace ${target.namespace} was made by another chart (${release.chart}).`,
      fix: [t('Name our release: --release NAME'), 'helm list --all-namespaces'],
    })
  }
  return { release: release?.chart, objects, pods: pods.map((pod) => emulatorId(pod.ordinal)), claims, namespace: namespace.uid }
}

function lookStep(work: DestroyWork): Step {
  return {
    id: 'look',
    title: t('See what is there'),
    after: ['tools'],
    changes: false,
    async run({ signal }) {
      const seen = await look(siteOf(work), signal)
      work.before = seen
      if (seen.namespace === undefined) return t`There is no namespace ${work.place.target.namespace}.`
      return t`Objects of the release: ${seen.objects.length}, emulators: ${seen.pods.length}, claims: ${seen.claims.length}.`
    },
  }
}

/** Without a namespace there is nowhere to put a Lease, and nothing to keep others from. */
function holdWhereThereIsOne(work: DestroyWork): Step {
  const step = holdStep(work, ['look'])
  return { ...step, check: async () => (seenOf(work).namespace === undefined ? t('There is no namespace to hold.') : undefined) }
}

function uninstallStep(work: DestroyWork, options: DestroyOptions, goal: Gone): Step {
  return {
    id: 'uninstall',
    title: t('Uninstall the release'),
    after: ['hold'],
    detail: t('the release and all that carries its labels; emulators are switched off.'),
    changes: true,
    async check() {
      const { release, objects, pods } = seenOf(work)
      return release === undefined && objects.length === 0 && pods.length === 0 ? t('There is no release, and nothing carries its labels.') : undefined
    },
    async run(context) {
      const { cluster, helm, target } = siteOf(work)
      // Claims can be owned by the StatefulSet (storage.retention.whenDeleted: Delete) and would go with it, whatever was asked for here.
      if (!options.deleteData) await keepClaims(siteOf(work), context, goal)
      const request = { release: target.release, namespace: target.namespace, signal: context.force }
      await helm.heal(request)
      await helm.uninstall(request)
      for (const object of await cluster.releaseObjects()) if (!object.deleted && !object.owned) await cluster.deleteObject(object)
      for (const volume of await sharedVolumes(cluster)) await cluster.deleteVolume(volume)
      for (const pod of await cluster.pods()) if (!pod.terminating && (await cluster.revision()) === undefined) await cluster.deletePod(pod)
      await goal.wait(context, t('Waiting for the emulators and objects of the release to go.'), async () => [
        ...(await cluster.pods()).map((pod) => ({ name: `Pod/${pod.name}`, finalizers: [] })),
        ...(await cluster.releaseObjects()).map((object) => ({ name: `${object.kind}/${object.name}`, finalizers: object.finalizers })),
        // Cluster-wide, and bound to its claim until that is gone: a next installation would meet it.
        ...(await sharedVolumes(cluster)).map(({ name }) => ({ name: `PersistentVolume/${name}`, finalizers: [] })),
      ])
      return t('The release is uninstalled, and no pod or object of it is left.')
    },
  }
}

const sharedVolumes = async (cluster: ClusterWork): Promise<OwnVolume[]> => (await cluster.ownVolumes()).filter(({ disk }) => !disk)

async function keepClaims({ cluster }: Site, context: StepContext, goal: Gone): Promise<void> {
  const owned = (await cluster.claims()).filter((claim) => claim.owned)
  if (owned.length === 0) return
  await cluster.keepClaims()
  await goal.wait(context, t('Waiting for the StatefulSet to let go of the claims.'), async () =>
    (await cluster.claims()).filter((claim) => claim.owned).map(({ name, finalizers }) => ({ name: `PersistentVolumeClaim/${name}`, finalizers })),
  )
}

function claimsStep(work: DestroyWork, options: DestroyOptions, goal: Gone): Step {
  return {
    id: 'claims',
    title: options.deleteData ? t('Delete the disks') : t('Keep the disks'),
    after: ['uninstall'],
    detail: options.deleteData
      ? t('claims of the emulators with all that their guests wrote.')
      : t('claims of the emulators stay, and a next Bootstrap takes them up again.'),
    changes: options.deleteData,
    async check() {
      const { cluster } = siteOf(work)
      const claims = await cluster.claims()
      const own = options.deleteData ? (await cluster.ownVolumes()).filter(({ disk }) => disk) : []
      if (claims.length === 0 && own.length === 0) return t('There are no claims.')
      if (options.deleteData) return undefined
      work.kept.push(...claims.map(claimText))
      return t`Claims kept with their data: ${claims.length}.`
    },
    async run(context) {
      const { cluster } = siteOf(work)
      const claims = await cluster.claims()
      const own = (await cluster.ownVolumes()).filter(({ disk }) => disk)
      for (const claim of claims) await cluster.deleteClaim(claim)
      await goal.wait(context, t('Waiting for the claims to go.'), async () =>
        (await cluster.claims()).map(({ name, finalizers }) => ({ name: `PersistentVolumeClaim/${name}`, finalizers })),
      )
      const going = claims.flatMap(({ volume, deletesData }) => (volume !== undefined && deletesData ? [volume] : []))
      await goal.wait(context, t('Waiting for the volumes behind the claims to go.'), async () =>
        (await cluster.volumes(going)).map((name) => ({ name: `PersistentVolume/${name}`, finalizers: [] })),
      )
      await removeFolders(work, own, context, goal)
      const staying = claims.flatMap(({ name, volume, deletesData }) =>
        volume !== undefined && !deletesData && !own.some((one) => one.name === volume)
          ? [t`volume ${volume} of claim ${name}: its reclaim policy is Retain`]
          : [],
      )
      work.kept.push(...staying)
      return t`Gone are claims: ${claims.length}, volumes: ${going.length + own.length}.`
    },
  }
}

/** Volumes on folders of the node are ours, and Kubernetes does not empty them. */
async function removeFolders(work: DestroyWork, own: readonly OwnVolume[], context: StepContext, goal: Gone): Promise<void> {
  const { cluster, folders } = siteOf(work)
  for (const volume of own) await cluster.deleteVolume(volume)
  await goal.wait(context, t('Waiting for the volumes behind the claims to go.'), async () =>
    (await cluster.volumes(own.map(({ name }) => name))).map((name) => ({ name: `PersistentVolume/${name}`, finalizers: [] })),
  )
  for (const { folder } of own) {
    if (folders === undefined) work.kept.push(t`folder ${folder} on the node: delete it there`)
    else await folders.remove(folder)
  }
}

function namespaceStep(work: DestroyWork, goal: Gone): Step {
  return {
    id: 'namespace',
    title: t('Take the namespace away, if it is ours and empty'),
    after: ['claims'],
    changes: true,
    async check() {
      const { cluster, target } = siteOf(work)
      const found = await cluster.namespace()
      if (found === undefined) return t`There is no namespace ${target.namespace}.`
      const why = found.ours ? await whyKept(siteOf(work)) : t('it was there before us')
      if (why === undefined) return undefined
      work.kept.push(t`namespace ${target.namespace}: ${why}`)
      return t`The namespace ${target.namespace} is kept: ${why}.`
    },
    async run(context) {
      const { cluster, hold, target } = siteOf(work)
      const found = await cluster.namespace()
      // The Lease lies in the namespace and goes with it; given back first, nobody takes its end for a loss.
      await hold.release()
      if (found !== undefined) await cluster.deleteNamespace(found.uid)
      await goal.wait(context, t`Waiting for the namespace ${target.namespace} to go.`, async () => {
        const left = await cluster.namespace()
        return left === undefined ? [] : [{ name: `Namespace/${target.namespace}`, finalizers: left.remaining }]
      })
      return t`The namespace ${target.namespace} is gone.`
    },
  }
}

async function whyKept({ cluster }: Site): Promise<string | undefined> {
  const inside = await cluster.contents()
  if (inside === undefined) return t('this account may not see everything in it')
  if (inside.length === 0) return undefined
  const names = inside.map(({ kind, name }) => `${kind}/${name}`)
  return t`there is still something in it: ${[...names.slice(0, 8), ...(names.length > 8 ? ['…'] : [])].join(', ')}`
}

async function conclude(work: DestroyWork, outcome: 'succeeded' | 'failed' | 'cancelled'): Promise<Conclusion> {
  const { target } = work.place
  const fleet = fleetText(target)
  const { before, site } = work
  const now = site === undefined || before === undefined ? undefined : await look(site)
  const gone = before === undefined || now === undefined ? [] : whatIsGone(before, now, target.release)
  const left = now === undefined ? [] : now.objects.map(({ kind, name }) => `${kind}/${name}`)
  if (outcome === 'succeeded') {
    const nothing = before !== undefined && gone.length === 0
    return {
      sentence: nothing ? t`There was nothing to take away: ${fleet}.` : t`The fleet is gone: ${fleet}.`,
      kept: [...work.kept],
      gone,
      next: ['loco bootstrap'],
    }
  }
  return {
    sentence: outcome === 'cancelled' ? t`Destroy was stopped: ${fleet}.` : t`Destroy did not succeed: ${fleet}.`,
    kept: [...work.kept, ...left],
    gone,
    next: [t('Run the same command again: it goes on with what is left.')],
  }
}

/** What was there before and is not there now, as read just now. Pure. */
function whatIsGone(before: Seen, now: Seen, release: string): string[] {
  const absent = (names: readonly string[], still: readonly string[]): string[] => names.filter((name) => !still.includes(name))
  const objectNames = (seen: Seen): string[] =>
    seen.objects.filter((object) => isOfRelease(object.labels, release) && !object.owned).map(({ kind, name }) => `${kind}/${name}`)
  return [
    ...(before.release !== undefined && now.release === undefined ? [t`release ${release}`] : []),
    ...absent(objectNames(before), objectNames(now)),
    ...absent(before.pods, now.pods),
    ...absent(before.claims.map(claimText), now.claims.map(claimText)),
    ...(before.namespace !== undefined && now.namespace === undefined ? [t('the namespace')] : []),
  ]
}

const claimText = ({ name, size }: ClaimFacts): string => t`claim ${name} (${size})`

/** Waits until things are gone, and names what keeps them when they do not go. */
class Gone {
  readonly #timeout: number
  readonly #clock: Clock

  constructor(timeout: number, clock: Clock) {
    this.#timeout = timeout
    this.#clock = clock
  }

  /** `waiting` says for what, one sentence. @throws LOCO-OPS-022 with names and finalizers when time is up; the signal's reason */
  async wait({ signal, progress }: StepContext, waiting: string, left: () => Promise<{ name: string; finalizers: readonly string[] }[]>): Promise<void> {
    const end = this.#clock.now() + this.#timeout
    let most = 0
    for (;;) {
      const still = await left()
      const [first] = still
      if (first === undefined) return
      most = Math.max(most, still.length)
      progress({ sentence: `${waiting} (${first.name})`, done: most - still.length, total: most })
      if (this.#clock.now() >= end) throw stuck(still)
      await this.#clock.sleep(200, signal)
    }
  }
}

function stuck(still: readonly { name: string; finalizers: readonly string[] }[]): LocoError {
  const lines = still.map(({ name, finalizers }) =>
    finalizers.length === 0 ? t`${name} ends slowly or its node does not answer.` : t`${name} is kept by: ${finalizers.join(', ')}.`,
  )
  return new LocoError('LOCO-OPS-022', {
    what: t`Deleted, but not gone in time: ${still
      .slice(0, 3)
      .map(({ name }) => name)
      .join(', ')}.`,
    why: lines.slice(0, 5).join(' '),
    fix: [t('Run the same command again: it goes on with what is left.'), ...still.slice(0, 3).map(({ name }) => `kubectl get ${name} -o yaml`)],
    evidence: lines,
  })
}

function seenOf({ before }: DestroyWork): Seen {
  if (before === undefined) throw new Error('A step needs what was seen but does not come after the step that looks.')
  return before
}
