import { t } from '@vscode/l10n'
import { emulatorId, emulatorName, ordinalOf, podName } from '../contracts/names.ts'
import { claimSignals } from '../diagnosis/claim.ts'
import { controllerSignals } from '../diagnosis/controller.ts'
import { autoscaled } from '../diagnosis/diagnose.ts'
import type { Claim, KubeEvent, ObjectMeta, Pod } from '../diagnosis/evidence.ts'
import { nodeSignals } from '../diagnosis/node.ts'
import { podSignals } from '../diagnosis/pod.ts'
import type { Signal } from '../diagnosis/row.ts'
import { remember, weigh } from '../diagnosis/weigh.ts'
import type { Emulator, Observation } from './emulator.ts'
import { findingOfError } from './finding-of-error.ts'
import { judgePod } from './judge-pod.ts'
import type { Opinion } from './opinion.ts'

/** A lost connection is usually back within this time (ms); until then the last verdicts stand and only the freshness says so. */
const hiccup = 5_000

/** Ways to what was seen that do not search all of it for each of a thousand emulators. */
interface Index {
  eventsAbout(object: { metadata?: ObjectMeta }): readonly KubeEvent[]
  pod(name: string): Pod | undefined
  claim(name: string): Claim | undefined
  /** Why the controller makes no pod, by the name of the pod that is missing; empty where it does not say which. */
  refusals: ReadonlyMap<string, readonly Signal[]>
}

/**
 * What we say of each emulator, by ordinal. Pure: everything that is seen goes in, and what was said before, so that `since` is kept while verdict and
 * stage stay. Blind means `unknown`, never a guess.
 */
export function judge(seen: Observation, before: ReadonlyMap<string, Emulator> = new Map()): Emulator[] {
  if (seen.freshness.state !== 'live') return blind(seen, before)
  const index = indexOf(seen)
  return ordinalsOf(seen).map((ordinal) => {
    const id = emulatorId(ordinal)
    const pod = index.pod(podName(seen.release, ordinal))
    const previous = before.get(id)
    const sameLife = previous !== undefined && previous.podUid === (pod?.metadata?.uid ?? null)
    const signals = pod === undefined ? absenceSignals(seen, ordinal, index) : signalsOf(seen, pod, index)
    const moment = { now: seen.now, seen: sameLife ? previous.seen : {}, autoscaled: pod !== undefined && autoscaled(index.eventsAbout(pod)) }
    const findings = weigh(signals, moment)
    const opinion = pod === undefined ? judgeAbsence(seen, ordinal, findings) : judgePod({ seen, ordinal, pod, findings, events: index.eventsAbout(pod) })
    return {
      id,
      ordinal,
      pod: pod?.metadata?.name ?? null,
      podUid: pod?.metadata?.uid ?? null,
      verdict: opinion.verdict,
      stage: opinion.stage ?? null,
      sentence: opinion.sentence,
      since: sinceOf(opinion, previous, seen.now),
      findings: opinion.findings,
      seen: remember(signals, moment),
    }
  })
}

function blind({ freshness, blindness, now }: Observation, before: ReadonlyMap<string, Emulator>): Emulator[] {
  if (freshness.state !== 'denied' && now - Date.parse(freshness.since) < hiccup) return [...before.values()]
  const findings = blindness === undefined ? [] : [findingOfError(blindness, 'warning')]
  return [...before.values()].map((emulator) => {
    const opinion: Opinion = { verdict: 'unknown', sentence: blindSentences[freshness.state](), findings }
    return { ...emulator, ...opinion, stage: null, since: sinceOf(opinion, emulator, now) }
  })
}

const blindSentences = {
  live: () => '',
  stale: () => t('The connection to the cluster is lost and is being renewed.'),
  denied: () => t('The cluster does not let this account see its pods.'),
  offline: () => t('The cluster cannot be reached.'),
}

/** Ordinals that the controller wants, those that have a pod, and those that were scaled away but left a disk. */
function ordinalsOf({ release, set, pods, claims }: Observation): number[] {
  const { first, count } = wantedOf(set)
  const ordinals = new Set(Array.from({ length: count }, (_, index) => first + index))
  for (const { metadata } of pods) {
    const ordinal = ordinalOf(metadata?.name ?? '')
    if (ordinal !== undefined && metadata?.name === podName(release, ordinal)) ordinals.add(ordinal)
  }
  if (set !== undefined) {
    for (const { metadata } of claims) {
      const ordinal = ordinalOf(metadata?.name ?? '')
      if (ordinal !== undefined && metadata?.name?.endsWith(`-${emulatorName(release)}-${ordinal}`)) ordinals.add(ordinal)
    }
  }
  return [...ordinals].sort((a, b) => a - b)
}

function wantedOf(set: Observation['set']): { first: number; count: number } {
  if (set === undefined || set.metadata?.deletionTimestamp !== undefined) return { first: 0, count: 0 }
  return { first: set.spec?.ordinals?.start ?? 0, count: set.spec?.replicas ?? 1 }
}

/** True when the controller keeps a pod for this ordinal. */
export function isWanted(set: Observation['set'], ordinal: number): boolean {
  const { first, count } = wantedOf(set)
  return ordinal >= first && ordinal < first + count
}

function signalsOf({ nodes, now }: Observation, pod: Pod, { eventsAbout, claim }: Index): Signal[] {
  const node = nodes.find((one) => one.metadata?.name === pod.spec?.nodeName)
  const claims = pod.spec?.volumes?.flatMap((volume) => claim(volume.persistentVolumeClaim?.claimName ?? '') ?? []) ?? []
  return [
    ...(node === undefined ? [] : nodeSignals(node)),
    // "Waits for its pod" is news of a claim, not of the emulator whose pod is right here.
    ...claims.flatMap((one) => claimSignals({ claim: one, events: eventsAbout(one) })).filter(({ row }) => row.patience !== 'normal'),
    ...podSignals({ pod, events: eventsAbout(pod), now }),
  ]
}

function indexOf({ pods, claims, events, set }: Observation): Index {
  const byUid = Map.groupBy(events, ({ involvedObject }) => involvedObject?.uid ?? '')
  const byName = <T extends { metadata?: ObjectMeta }>(items: readonly T[]): Map<string, T> => new Map(items.map((item) => [item.metadata?.name ?? '', item]))
  const podsByName = byName(pods)
  const claimsByName = byName(claims)
  const eventsAbout: Index['eventsAbout'] = ({ metadata }) => byUid.get(metadata?.uid ?? '') ?? []
  const refused = set === undefined ? [] : controllerSignals({ controller: set, events: eventsAbout(set), pods: [...podsByName.keys()] })
  return {
    eventsAbout,
    pod: (name) => podsByName.get(name),
    claim: (name) => claimsByName.get(name),
    refusals: Map.groupBy(refused, ({ subject }) => subject),
  }
}

function absenceSignals({ release, set }: Observation, ordinal: number, { refusals }: Index): Signal[] {
  return isWanted(set, ordinal) ? [...(refusals.get(podName(release, ordinal)) ?? []), ...(refusals.get('') ?? [])] : []
}

function judgeAbsence({ set }: Observation, ordinal: number, findings: Opinion['findings']): Opinion {
  if (set?.metadata?.deletionTimestamp !== undefined) return { verdict: 'stopped', sentence: t('The fleet is being removed.'), findings }
  if (!isWanted(set, ordinal)) return { verdict: 'stopped', sentence: t('It is scaled away; its disk is kept.'), findings }
  const [first] = findings
  if (first !== undefined) return { verdict: first.severity === 'fatal' ? 'unhealthy' : 'starting', sentence: first.cause, findings }
  return { verdict: 'starting', sentence: t('Kubernetes has not made its pod yet.'), findings }
}

/** Kept while verdict and stage stay; else the time that the source itself tells, where it does; else now. */
function sinceOf({ verdict, stage = null, since }: Opinion, previous: Emulator | undefined, now: number): string {
  if (previous?.verdict === verdict && previous.stage === stage) return previous.since
  return since ?? new Date(now).toISOString()
}
