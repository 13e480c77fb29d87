import type { AgentHealth } from '../../../src/contracts/agent.ts'
import type { ArtChoice } from './art.ts'
import type { Config } from './config.ts'
import type { GuestRecord } from './guest.ts'
import type { Disk } from './overlay.ts'
import type { Judgement } from './verdict.ts'

/** Everything the health document is made of, at one moment. Times in milliseconds, memory in bytes. */
export interface Moment {
  now: number
  agentStartedAt: number
  qemuStartedAt: number | null
  config: Config
  /** Undefined where no folder is shared. */
  art: ArtChoice | undefined
  disk: Disk | undefined
  judgement: Judgement
  since: number
  record: GuestRecord
  accel: 'kvm' | 'tcg' | null
  qemuVersion: string | null
  qemu: { pid: number | null; cpuPercent: number | null; resident: number | null }
  machine: { memory: number; load: number }
}

const overall = { healthy: 'healthy', starting: 'degraded', degraded: 'degraded', stopped: 'degraded', unknown: 'degraded', unhealthy: 'unhealthy' } as const

/** The health document: what is not measured is null, never a constant that looks like a figure. */
export function healthDocument(moment: Moment): AgentHealth {
  const { config, art, disk, judgement, record, qemu, machine } = moment
  const answers = judgement.stage !== 'P0' && record.status !== null
  const look = record.look
  return {
    schema: 'loco.agent.health/1',
    timestamp: iso(moment.now),
    overall_status: overall[judgement.verdict],
    qemu_healthy: qemu.pid !== null && judgement.code !== 'LOCO-GST-001',
    video: {
      vnc_available: answers,
      display_active: look !== undefined && look.blank === undefined,
      estimated_frame_rate: null,
      vnc_port: config.vncPort,
      display: 'vnc',
    },
    audio: { pulse_running: false, audio_devices: 0, alsa_devices: 0, estimated_level: null, audio_backend: 'none' },
    performance: {
      cpu_usage: null,
      memory_usage: null,
      load_average: machine.load,
      qemu_cpu: qemu.cpuPercent,
      qemu_memory: qemu.resident === null ? null : Math.round((qemu.resident / machine.memory) * 1000) / 10,
      qemu_pid: qemu.pid === null ? null : String(qemu.pid),
    },
    // User-mode network without a way out: there is no bridge, and QEMU counts no packets for it.
    network: { bridge_up: false, tap_up: false, tx_packets: null, rx_packets: null, tx_errors: null, rx_errors: null },
    instance: { id: config.id, ordinal: config.ordinal, pod: config.pod },
    guest: {
      verdict: judgement.verdict,
      stage: judgement.stage,
      sentence: judgement.sentence,
      code: judgement.code,
      since: iso(moment.since),
    },
    qemu: {
      version: moment.qemuVersion,
      status: judgement.code === 'LOCO-GST-001' ? null : record.status,
      accel: moment.accel,
      startedAt: moment.qemuStartedAt === null ? null : iso(moment.qemuStartedAt),
      resets: record.resets,
    },
    disk: {
      source: disk?.base.source ?? null,
      base: disk?.base.path ?? null,
      baseSha256: disk?.sha256 ?? null,
      overlay: disk?.overlay ?? null,
      persistent: config.persistent,
      art: art === undefined ? null : { choice: art.choice, why: art.why, standby: disk?.standby ?? false },
    },
    picture: {
      width: look?.width ?? null,
      height: look?.height ?? null,
      uniform: look === undefined ? null : look.blank !== undefined && look.blank !== 'crash',
      hash: look?.hash ?? null,
      firstAt: record.firstPictureAt === null ? null : iso(record.firstPictureAt),
      changedAt: record.pictureChangedAt === null ? null : iso(record.pictureChangedAt),
    },
    agent: { version: config.version, startedAt: iso(moment.agentStartedAt) },
  }
}

/** How the probes are answered: `/health` (live), `/ready`, `/startup`, each 200 or 503. */
export function probeStatus(probe: 'health' | 'ready' | 'startup', judgement: Judgement, record: GuestRecord, draining: boolean): 200 | 503 {
  switch (probe) {
    case 'startup':
      return record.firstPictureAt === null ? 503 : 200
    case 'ready':
      return !draining && record.pictured && (judgement.verdict === 'healthy' || judgement.verdict === 'degraded') ? 200 : 503
    case 'health':
      return judgement.verdict === 'unhealthy' ? 503 : 200
  }
}

const iso = (at: number): string => new Date(at).toISOString()
