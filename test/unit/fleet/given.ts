import { LocoError } from '../../../src/base/error.ts'
import type { AgentHealth } from '../../../src/contracts/agent.ts'
import type { Claim, Condition, Controller, KubeEvent, Node, Pod } from '../../../src/diagnosis/evidence.ts'
import type { AgentSight, Observation } from '../../../src/fleet/emulator.ts'

export const now = Date.parse('2026-11-20T12:00:00.000Z')
export const ago = (seconds: number): string => new Date(now - seconds * 1000).toISOString()

export const set = (replicas = 1, more: Partial<NonNullable<Controller['metadata']>> = {}): Controller => ({
  metadata: { name: 'loco-loco-emulator', namespace: 'loco', uid: 'set', ...more },
  spec: { replicas },
})

/** A placed pod that is being prepared. */
export function pod(ordinal = 0, more: Partial<NonNullable<Pod['status']>> = {}, spec: Partial<NonNullable<Pod['spec']>> = {}): Pod {
  return {
    metadata: { name: `loco-loco-emulator-${ordinal}`, namespace: 'loco', uid: `pod-${ordinal}`, creationTimestamp: ago(120) },
    spec: { nodeName: 'node', restartPolicy: 'Always', containers: [{ name: 'emulator', image: 'compose-emulator-0:abc' }], ...spec },
    status: {
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: ago(119) }],
      containerStatuses: [{ name: 'emulator', restartCount: 0, ready: false, state: { waiting: { reason: 'ContainerCreating' } } }],
      ...more,
    },
  }
}

/** Its container has run for so many seconds; ready or not. */
export function running({ ordinal = 0, seconds = 100, ready = true, restarts = 0, lastExit = undefined as number | undefined } = {}): Pod {
  const conditions: Condition[] = [
    { type: 'PodScheduled', status: 'True' },
    { type: 'PodReadyToStartContainers', status: 'True' },
    { type: 'Ready', status: ready ? 'True' : 'False' },
  ]
  const lastState = lastExit === undefined ? {} : { terminated: { exitCode: lastExit, reason: 'Error', finishedAt: ago(seconds + 1) } }
  const state = { running: { startedAt: ago(seconds) } }
  return pod(ordinal, {
    phase: 'Running',
    conditions,
    containerStatuses: [{ name: 'emulator', restartCount: restarts, ready, started: true, state, lastState }],
  })
}

export function waiting(reason: string, message?: string): Pod {
  return pod(0, {
    containerStatuses: [{ name: 'emulator', restartCount: 0, ready: false, state: { waiting: { reason, ...(message !== undefined && { message }) } } }],
  })
}

export function crashed(exit: number, restarts: number, reason = 'Error'): Pod {
  const state = { waiting: { reason: 'CrashLoopBackOff' } }
  const lastState = { terminated: { exitCode: exit, reason, finishedAt: ago(3) } }
  return pod(0, { phase: 'Running', containerStatuses: [{ name: 'emulator', restartCount: restarts, ready: false, state, lastState }] })
}

export function event(uid: string, reason: string, message: string, { seconds = 1, first = 60, container = true } = {}): KubeEvent {
  const involvedObject = { uid, ...(container && { fieldPath: 'spec.containers{emulator}' }) }
  return { involvedObject, reason, message, count: 3, firstTimestamp: ago(first), lastTimestamp: ago(seconds) }
}

export const claim = (ordinal = 0, phase = 'Pending'): Claim => ({
  metadata: { name: `disk-loco-loco-emulator-${ordinal}`, namespace: 'loco', uid: `claim-${ordinal}` },
  spec: { storageClassName: 'standard' },
  status: { phase },
})

export const node = (ready: string, seconds = 60): Node => ({
  metadata: { name: 'node' },
  status: {
    conditions: [
      { type: 'Ready', status: ready, reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.', lastTransitionTime: ago(seconds) },
    ],
  },
})

type Guest = AgentHealth['guest']
export function health(guest: Partial<Guest> = {}): AgentHealth {
  const overall = guest.verdict === 'unhealthy' ? 'unhealthy' : guest.verdict === undefined || guest.verdict === 'healthy' ? 'healthy' : 'degraded'
  return {
    schema: 'loco.agent.health/1',
    timestamp: ago(0),
    overall_status: overall,
    qemu_healthy: true,
    video: { vnc_available: true, display_active: true, estimated_frame_rate: null, vnc_port: 5901, display: ':1' },
    audio: { pulse_running: false, audio_devices: 0, alsa_devices: 0, estimated_level: null, audio_backend: 'none' },
    performance: { cpu_usage: null, memory_usage: null, load_average: null, qemu_cpu: null, qemu_memory: null, qemu_pid: '7' },
    network: { bridge_up: false, tap_up: false, tx_packets: null, rx_packets: null, tx_errors: null, rx_errors: null },
    instance: { id: 'instance-0', ordinal: 0, pod: 'loco-loco-emulator-0' },
    guest: { verdict: 'healthy', stage: 'P2', sentence: 'The guest shows a picture.', code: null, since: ago(90), ...guest },
    qemu: { version: '7.2.0', status: 'running', accel: 'tcg', startedAt: ago(100), resets: 0 },
    disk: { source: 'builtin', base: '/opt/builtin-images/demo.qcow2', baseSha256: null, overlay: '/images/x.qcow2', persistent: false, art: null },
    picture: { width: 640, height: 480, uniform: false, hash: 'aa', firstAt: ago(95), changedAt: ago(1) },
    agent: { version: 'abc', startedAt: ago(100) },
  }
}

export const answers = (guest: Partial<Guest> = {}): AgentSight => ({ state: 'answers', health: health(guest) })

export const unreachable = new LocoError('LOCO-KUB-041', { what: 'The stream broke.', fix: ['loco status'] })
export const forbidden = new LocoError('LOCO-KUB-011', { what: 'Could not open a port-forward.', why: 'pods/portforward is forbidden.' })
export const nonsense = new LocoError('LOCO-FLT-002', {
  what: 'The agent of pod loco/loco-loco-emulator-0 answers in a way that makes no sense.',
  why: 'It is not JSON.',
})

export interface Given {
  pods?: Pod[]
  set?: Controller | undefined
  claims?: Claim[]
  events?: KubeEvent[]
  nodes?: Node[]
  agent?: AgentSight
  freshness?: Observation['freshness']
  blindness?: LocoError
}

export function given(what: Given = {}, at = now): Observation {
  return {
    release: 'loco',
    namespace: 'loco',
    now: at,
    freshness: what.freshness ?? { state: 'live', since: ago(300) },
    ...(what.blindness !== undefined && { blindness: what.blindness }),
    set: 'set' in what ? what.set : set(),
    pods: what.pods ?? [],
    claims: what.claims ?? [],
    events: what.events ?? [],
    nodes: what.nodes ?? [],
    agents: what.agent === undefined ? new Map() : new Map([['pod-0', what.agent]]),
  }
}
