import type { Claim, ContainerState, ContainerStatus, Controller, KubeEvent, Node, Pod } from '../../../src/diagnosis/evidence.ts'

/** The moment at which all cases are looked at; ten minutes after the pod was made. */
export const now = Date.parse('2026-11-20T12:10:00Z')
export const ago = (seconds: number): string => new Date(now - seconds * 1000).toISOString()

export const image = 'compose-emulator-0:abc'

/** An event of the pod (or of the object with that UID), seen `times` from `first` to `last` seconds ago. */
export function event(reason: string, message: string, { uid = 'pod-1', container = 'emulator', first = 60, last = 1, times = 5 } = {}): KubeEvent {
  return {
    involvedObject: { uid, ...(container !== '' && { fieldPath: `spec.containers{${container}}` }) },
    reason,
    message,
    count: times,
    firstTimestamp: ago(first),
    lastTimestamp: ago(last),
    eventTime: null,
  }
}

/** A placed pod with one container in the given state. */
export function pod(status: Partial<ContainerStatus> & { state?: ContainerState } = {}, more: Partial<NonNullable<Pod['status']>> = {}): Pod {
  return {
    metadata: { name: 'loco-loco-emulator-0', namespace: 'loco', uid: 'pod-1', creationTimestamp: ago(600) },
    spec: { nodeName: 'node', restartPolicy: 'Always', containers: [{ name: 'emulator', image }] },
    status: {
      phase: 'Pending',
      conditions: [
        { type: 'PodScheduled', status: 'True', lastTransitionTime: ago(600) },
        { type: 'PodReadyToStartContainers', status: 'True', lastTransitionTime: ago(590) },
      ],
      containerStatuses: [{ name: 'emulator', image, ready: false, restartCount: 0, ...status }],
      ...more,
    },
  }
}

export const waiting = (reason: string, message?: string): Pod => pod({ state: { waiting: { reason, ...(message !== undefined && { message }) } } })

/** A pod whose sandbox does not stand yet. */
export function preparing(): Pod {
  return pod(
    { state: { waiting: { reason: 'ContainerCreating' } } },
    { conditions: [{ type: 'PodReadyToStartContainers', status: 'False', lastTransitionTime: ago(600) }] },
  )
}

export function unplaced(message: string, seconds = 60): Pod {
  const base = pod()
  return {
    ...base,
    spec: { containers: [{ name: 'emulator', image }] },
    status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message, lastTransitionTime: ago(seconds) }] },
  }
}

/** A container that ended `exit` for the `crashes`th time and waits to be started again. */
export function crashed(exit: number, { reason = exit === 0 ? 'Completed' : 'Error', crashes = 3, message = undefined as string | undefined } = {}): Pod {
  return pod(
    {
      restartCount: crashes - 1,
      state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 20s restarting failed container=emulator pod=loco-loco-emulator-0_loco(pod-1)' } },
      lastState: { terminated: { exitCode: exit, reason, finishedAt: ago(5), ...(message !== undefined && { message }) } },
    },
    { phase: 'Running' },
  )
}

export function running(status: Partial<ContainerStatus> = {}, seconds = 60): Pod {
  return pod({ started: true, state: { running: { startedAt: ago(seconds) } }, ...status }, { phase: 'Running' })
}

export const claim = (more: Partial<NonNullable<Claim['spec']>> = {}, phase = 'Pending'): Claim => ({
  metadata: { name: 'disk-loco-loco-emulator-0', namespace: 'loco', uid: 'claim-1' },
  spec: { storageClassName: 'standard', ...more },
  status: { phase },
})

export const controller: Controller = { metadata: { name: 'loco-loco-emulator', namespace: 'loco', uid: 'set-1' }, spec: { replicas: 3 } }

export const node = (type: string, status: string, message = '', seconds = 60): Node => ({
  metadata: { name: 'node' },
  status: { conditions: [{ type, status, message, reason: 'Kubelet', lastTransitionTime: ago(seconds) }] },
})
