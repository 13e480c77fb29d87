import { t } from '@vscode/l10n'
import {
  type Condition,
  type ContainerSpec,
  type ContainerStatus,
  conditionOf,
  eventCount,
  eventStart,
  eventsOf,
  eventTime,
  type KubeEvent,
  type Pod,
  type Terminated,
  timeOf,
} from './evidence.ts'
import { type Facts, type Groups, groupsOf, match, noFacts, noGroups, type Row, type Signal } from './row.ts'
import { configRows } from './rows/config.ts'
import { crashRows, failedPodRows } from './rows/crash.ts'
import { imageRows, staleImageRow } from './rows/image.ts'
import { probeKillRows, probeRows } from './rows/probe.ts'
import { schedulingRows } from './rows/scheduling.ts'
import { sandboxRows, volumeRows } from './rows/volume.ts'

export interface PodEvidence {
  pod: Pod
  /** Any events; those of the pod are taken by its UID. */
  events: readonly KubeEvent[]
  /** Milliseconds since the epoch. */
  now: number
  /** Milliseconds since the epoch: what happened before (the start of an operation) does not count. */
  after?: number
  /** Restarts per container that had happened by then. */
  restartsBefore?: Readonly<Record<string, number>>
  /** Image id (`sha256:…`) per container that should run. */
  expectedImageIds?: Readonly<Record<string, string>>
}

/** A container that runs this long has its crashes behind it: the kubelet forgets its back-off then. */
const recovered = 600_000
/** After its start a container may fail its probes for this long without anybody being told. */
const probeGrace = 15_000
/** A kill by a probe and the end of the container are this far apart at most: the grace period lies between. */
const killToEnd = 120_000

interface Container {
  spec: ContainerSpec
  status: ContainerStatus
  init: boolean
}

/** Everything that the catalogue knows of what stands in a pod's status and events, in no order. A pod that is being deleted has no troubles. */
export function podSignals(evidence: PodEvidence): Signal[] {
  const { pod, after = 0 } = evidence
  if (pod.metadata?.deletionTimestamp !== undefined) return []
  const events = eventsOf(pod, evidence.events).filter((event) => eventTime(event) >= after)
  const containers = containersOf(pod)
  const ofContainers = containers.flatMap((container) => {
    const own = events.filter((event) => event.involvedObject?.fieldPath?.endsWith(`{${container.spec.name}}`))
    return [
      ...waitingSignals(pod, container, own),
      ...crashSignals(evidence, container, own),
      ...probeSignals(pod, container, own),
      ...staleImage(evidence, container),
    ]
  })
  return [...schedulingSignals(pod, events), ...preparationSignals(pod, events), ...ofContainers, ...failedSignals(pod, ofContainers)]
}

function containersOf(pod: Pod): Container[] {
  const { spec = {}, status = {} } = pod
  const pair = (specs: ContainerSpec[] = [], statuses: ContainerStatus[] = [], init: boolean): Container[] =>
    statuses.map((one) => ({ spec: specs.find((spec) => spec.name === one.name) ?? { name: one.name }, status: one, init }))
  return [
    // An init container that is always restarted is a sidecar: it is expected to go on like any other.
    ...pair(spec.initContainers, status.initContainerStatuses, true).map((one) => ({ ...one, init: one.spec.restartPolicy !== 'Always' })),
    ...pair(spec.containers, status.containerStatuses, false),
  ]
}

function factsOf(pod: Pod, container?: Container): Facts {
  return {
    ...noFacts,
    namespace: pod.metadata?.namespace ?? 'default',
    object: pod.metadata?.name ?? '',
    container: container?.spec.name ?? '',
    image: container?.spec.image ?? container?.status.image ?? '',
  }
}

/** Image and configuration: what a container waits for, and starts that failed before the process ran. */
function waitingSignals(pod: Pod, container: Container, events: readonly KubeEvent[]): Signal[] {
  const { state = {}, lastState = {} } = container.status
  const words = (own: string | undefined): Words[] => [
    { text: own ?? '' },
    ...events.filter((event) => failing.has(event.reason ?? '')).map((event) => ({ text: event.message ?? '', event })),
  ]
  const make = (rows: readonly Row[], reason: string, own: string | undefined, since?: number): Signal[] => {
    const found = firstFit(rows, reason, words(own))
    if (found === undefined) return []
    const facts = { ...factsOf(pod, container), groups: found.groups }
    return [{ row: found.row, facts, subject: container.spec.name, since: found.since ?? since, times: container.status.restartCount ?? 0, words: found.words }]
  }
  const waiting = state.waiting
  if (waiting?.reason !== undefined) {
    const found = [...make(imageRows, waiting.reason, waiting.message), ...make(configRows, waiting.reason, waiting.message)]
    if (found.length > 0) return found
  }
  // containerd says RunContainerError for a moment only; afterwards the refusal stands in how the container "ended".
  const end = state.running === undefined ? (state.terminated ?? lastState.terminated) : undefined
  if (end?.reason === undefined || !neverRan.has(end.reason)) return []
  const found = match(configRows, end.reason, end.message ?? '')
  if (found === undefined) return []
  const facts = { ...factsOf(pod, container), groups: found.groups, exit: end.exitCode }
  return [{ row: found.row, facts, subject: container.spec.name, since: timeOf(end.finishedAt), times: 1, words: said(end.message ?? end.reason) }]
}

const failing = new Set(['Failed', 'InspectFailed', 'ErrImageNeverPull'])
const neverRan = new Set(['StartError', 'ContainerCannotRun'])

interface Words {
  text: string
  event?: KubeEvent
}

/** The newest words that a row with a `text` knows decide; a row without one only if none does. "Back-off pulling image" says nothing, an older event does. */
function firstFit(
  rows: readonly Row[],
  reason: string,
  words: readonly Words[],
): { row: Row; groups: Groups; since: number | undefined; words: string[] } | undefined {
  const fits = words.map((one) => ({ ...one, found: match(rows, reason, one.text) }))
  const chosen = fits.find((fit) => fit.found?.row.text !== undefined) ?? fits.find((fit) => fit.found !== undefined)
  if (chosen?.found === undefined) return undefined
  const { row, groups } = chosen.found
  const same = fits.filter((fit) => fit.found?.row === row)
  const starts = same.flatMap((fit) => (fit.event === undefined ? [] : [eventStart(fit.event)]))
  return { row, groups, since: starts.length === 0 ? undefined : Math.min(...starts), words: said(...same.map((fit) => fit.text)) }
}

/** Crashes, and restarts that a failed probe caused. */
function crashSignals({ pod, now, after = 0, restartsBefore = {} }: PodEvidence, container: Container, events: readonly KubeEvent[]): Signal[] {
  const { spec, status, init } = container
  const { state = {}, lastState = {} } = status
  const running = state.running !== undefined
  const end = state.terminated ?? lastState.terminated
  if (end === undefined || neverRan.has(end.reason ?? '') || (state.terminated?.exitCode === 0 && !restarts(pod, container))) return []
  const finished = timeOf(end.finishedAt) ?? now
  if (finished < after || (running && now - finished > recovered)) return []
  const wanted = !restarts(pod, container) && end.exitCode !== 0 ? Number.POSITIVE_INFINITY : 0
  const times = Math.max(wanted, (status.restartCount ?? 0) - (restartsBefore[spec.name] ?? 0) + (running ? 0 : 1))
  const past = running && status.ready === true
  // One restart that went well is history, not news.
  if (past && times < 2) return []
  const facts = { ...factsOf(pod, container), exit: end.exitCode }
  const shared = { facts, subject: spec.name, since: finished, ...(past && { past }) }
  const kill = killedByProbe(events, end)
  if (kill !== undefined) return [{ ...shared, row: kill.row, times: kill.times, words: kill.words }]
  const row = crashRows.find((one) => one.fits({ reason: end.reason ?? '', exit: end.exitCode, init }))
  return row === undefined ? [] : [{ ...shared, row, times, words: said(endWords(end), state.waiting?.message) }]
}

/** True for a container that is started again whenever it ends. */
function restarts(pod: Pod, { spec, init }: Container): boolean {
  const policy = spec.restartPolicy ?? pod.spec?.restartPolicy ?? 'Always'
  return init ? false : policy === 'Always'
}

function killedByProbe(events: readonly KubeEvent[], end: Terminated): { row: Row; times: number; words: string[] } | undefined {
  const finished = timeOf(end.finishedAt) ?? 0
  const kills = events.flatMap((event) => {
    const found = match(probeKillRows, event.reason ?? '', event.message ?? '')
    return found === undefined ? [] : [{ event, row: found.row }]
  })
  const last = kills.find(({ event }) => eventTime(event) >= finished - killToEnd && eventTime(event) <= finished + 10_000)
  if (last === undefined) return undefined
  const times = kills.filter(({ row }) => row === last.row).reduce((sum, { event }) => sum + eventCount(event), 0)
  const unhealthy = events.find((event) => event.reason === 'Unhealthy')
  return { row: last.row, times, words: said(last.event.message, unhealthy?.message) }
}

function endWords({ reason = 'ended', exitCode, message }: Terminated): string {
  const words = message?.trim() ?? ''
  return words === '' ? t`${reason}, exit code ${exitCode}` : t`${reason}, exit code ${exitCode}: ${words}`
}

/** A container that runs and is not ready: the newest words of its probes. */
function probeSignals(pod: Pod, container: Container, events: readonly KubeEvent[]): Signal[] {
  const { state = {}, ready, started } = container.status
  const begun = timeOf(state.running?.startedAt)
  if (begun === undefined || ready === true) return []
  const event = events.find((one) => one.reason === 'Unhealthy' && eventTime(one) >= begun)
  if (event === undefined) return []
  const early = eventTime(event) - begun < probeGrace
  if (early && started !== false) return []
  const found = match(early ? probeRows.filter((row) => row.patience === 'normal') : probeRows, 'Unhealthy', event.message ?? '')
  if (found === undefined) return []
  return [
    {
      row: found.row,
      facts: factsOf(pod, container),
      subject: container.spec.name,
      since: Math.max(eventStart(event), begun),
      times: eventCount(event),
      words: said(event.message),
    },
  ]
}

function staleImage({ pod, expectedImageIds = {} }: PodEvidence, container: Container): Signal[] {
  const digest = (id: string | undefined): string | undefined => /[0-9a-f]{64}$/.exec(id ?? '')?.[0]
  const expected = digest(expectedImageIds[container.spec.name])
  const actual = digest(container.status.imageID)
  if (container.status.state?.running === undefined || expected === undefined || actual === undefined || expected === actual) return []
  const words = [t`It runs ${actual}, and ${expected} was built.`]
  return [
    {
      row: staleImageRow,
      facts: factsOf(pod, container),
      subject: container.spec.name,
      since: timeOf(container.status.state.running.startedAt),
      times: 1,
      words,
    },
  ]
}

function schedulingSignals(pod: Pod, events: readonly KubeEvent[]): Signal[] {
  if (pod.spec?.nodeName !== undefined) return []
  const condition = conditionOf(pod.status?.conditions, 'PodScheduled')
  const event = events.find((one) => one.reason === 'FailedScheduling')
  const message = unschedulable(condition) ?? event?.message
  if (message === undefined) return []
  const found = schedulingRows.flatMap((row) => {
    const groups = row.text === undefined ? undefined : groupsOf(row.text, message)
    return groups === undefined ? [] : [{ row, groups }]
  })
  // Two rows of one code are two readings of the same words, the first one the better.
  const distinct = found.filter(({ row }, index) => found.findIndex((other) => other.row.code === row.code) === index)
  const rest = schedulingRows.filter((row) => row.text === undefined).map((row) => ({ row, groups: noGroups }))
  const since = timeOf(condition?.lastTransitionTime) ?? (event === undefined ? undefined : eventStart(event))
  return (distinct.length > 0 ? distinct : rest).map(({ row, groups }) => ({
    row,
    facts: { ...factsOf(pod), groups },
    subject: '',
    since,
    times: 1,
    words: said(message),
  }))
}

function unschedulable(condition: Condition | undefined): string | undefined {
  return condition?.status === 'False' && condition.reason === 'Unschedulable' ? condition.message : undefined
}

/** Volumes and sandbox: nothing of them stands in the status, only in events, and these speak of now only while no sandbox stands. */
function preparationSignals(pod: Pod, events: readonly KubeEvent[]): Signal[] {
  const { phase, conditions, containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {}
  if (pod.spec?.nodeName === undefined || phase === 'Succeeded' || phase === 'Failed') return []
  const sandbox = conditionOf(conditions, 'PodReadyToStartContainers')
  const everStarted = [...initContainerStatuses, ...containerStatuses].some(
    ({ state = {}, lastState = {} }) => (state.running ?? state.terminated ?? lastState.terminated) !== undefined,
  )
  // Servers before 1.29 do not have the condition.
  if (sandbox === undefined ? everStarted : sandbox.status === 'True') return []
  const floor = (everStarted ? timeOf(sandbox?.lastTransitionTime) : undefined) ?? 0
  const newest = new Map<string, Signal>()
  for (const event of events) {
    if (eventTime(event) < floor) continue
    const found = match([...volumeRows, ...sandboxRows], event.reason ?? '', event.message ?? '')
    if (found === undefined || newest.has(found.row.code)) continue
    const facts = { ...factsOf(pod), groups: found.groups }
    newest.set(found.row.code, {
      row: found.row,
      facts,
      subject: '',
      since: Math.max(floor, eventStart(event)),
      times: eventCount(event),
      words: said(event.message),
    })
  }
  return [...newest.values()]
}

function failedSignals(pod: Pod, known: readonly Signal[]): Signal[] {
  const { phase, reason = '', message } = pod.status ?? {}
  if (phase !== 'Failed' || known.length > 0) return []
  const found = match(failedPodRows, reason, message ?? '')
  return found === undefined ? [] : [{ row: found.row, facts: factsOf(pod), subject: '', since: undefined, times: 1, words: said(reason, message) }]
}

function said(...words: (string | undefined)[]): string[] {
  return [...new Set(words.flatMap((word) => (word === undefined || word.trim() === '' ? [] : [word.trim()])))]
}
