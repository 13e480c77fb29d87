/**
 * What the diagnosis reads: the shapes of the Kubernetes API as far as they are used, with times as ISO text, so that an object as the API server
 * sends it (and a fixture that was saved from one) fits as it is.
 */
export interface ObjectMeta {
  name?: string
  namespace?: string
  uid?: string
  creationTimestamp?: string
  deletionTimestamp?: string
}

export interface Condition {
  type: string
  status: string
  reason?: string
  message?: string
  lastTransitionTime?: string
}

export interface Terminated {
  exitCode: number
  signal?: number
  reason?: string
  message?: string
  startedAt?: string
  finishedAt?: string
}

export interface ContainerState {
  waiting?: { reason?: string; message?: string }
  running?: { startedAt?: string }
  terminated?: Terminated
}

export interface ContainerStatus {
  name: string
  image?: string
  imageID?: string
  ready?: boolean
  started?: boolean
  restartCount?: number
  state?: ContainerState
  lastState?: ContainerState
}

export interface ContainerSpec {
  name: string
  image?: string
  restartPolicy?: string
  ports?: { name?: string; containerPort: number }[]
}

export interface Pod {
  metadata?: ObjectMeta
  spec?: {
    nodeName?: string
    restartPolicy?: string
    containers?: ContainerSpec[]
    initContainers?: ContainerSpec[]
    volumes?: { name: string; persistentVolumeClaim?: { claimName: string } }[]
  }
  status?: {
    phase?: string
    reason?: string
    message?: string
    startTime?: string
    conditions?: Condition[]
    containerStatuses?: ContainerStatus[]
    initContainerStatuses?: ContainerStatus[]
  }
}

/** An event of core/v1 or events.k8s.io seen through core/v1. */
export interface KubeEvent {
  metadata?: ObjectMeta
  involvedObject?: { kind?: string; name?: string; uid?: string; fieldPath?: string }
  type?: string
  reason?: string
  message?: string
  count?: number
  firstTimestamp?: string | null
  lastTimestamp?: string | null
  eventTime?: string | null
  series?: { count?: number; lastObservedTime?: string }
}

export interface Claim {
  metadata?: ObjectMeta
  spec?: { storageClassName?: string; accessModes?: string[]; volumeName?: string }
  status?: { phase?: string }
}

/** A StatefulSet. */
export interface Controller {
  metadata?: ObjectMeta
  spec?: { replicas?: number; ordinals?: { start?: number } }
  status?: { replicas?: number; readyReplicas?: number }
}

export interface Node {
  metadata?: ObjectMeta
  spec?: { unschedulable?: boolean }
  status?: { conditions?: Condition[] }
}

/** Milliseconds of an ISO time; undefined for none or nonsense. */
export function timeOf(text: string | null | undefined): number | undefined {
  if (text === undefined || text === null) return undefined
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}

/** When an event was last seen, in milliseconds: of a series its last, else lastTimestamp, else eventTime, else when it was made. */
export function eventTime(event: KubeEvent): number {
  return timeOf(event.series?.lastObservedTime) ?? timeOf(event.lastTimestamp) ?? timeOf(event.eventTime) ?? timeOf(event.metadata?.creationTimestamp) ?? 0
}

/** When an event was seen for the first time, in milliseconds. */
export function eventStart(event: KubeEvent): number {
  return timeOf(event.firstTimestamp) ?? timeOf(event.eventTime) ?? timeOf(event.metadata?.creationTimestamp) ?? eventTime(event)
}

/** How often an event was seen. */
export function eventCount(event: KubeEvent): number {
  return event.series?.count ?? event.count ?? 1
}

/** The events of one object, by its UID and never by its name (a name comes back with another life), newest first. */
export function eventsOf(object: { metadata?: ObjectMeta }, events: readonly KubeEvent[]): KubeEvent[] {
  const uid = object.metadata?.uid
  return events.filter((event) => uid !== undefined && event.involvedObject?.uid === uid).sort((a, b) => eventTime(b) - eventTime(a))
}

export function conditionOf(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type)
}
