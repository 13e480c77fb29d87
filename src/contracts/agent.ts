import * as v from 'valibot'
import { stage, verdictWord } from './fleet.ts'

const nullableNumber = v.nullable(v.number())

/** Why the folder that all emulators share cannot serve: `denied` also when the kubelet had to make it anew, because then it is root's. */
export const artTrouble = v.picklist(['missing', 'denied', 'read-only', 'full', 'unusable'])
export type ArtTrouble = v.InferOutput<typeof artTrouble>

/**
 * What the emulator agent answers on GET :8080/health (200 when alive and well, 503 when the guest is unhealthy): a superset of the original
 * system's JSON (its blocks video, audio, performance, network keep their field names; `null` where nothing is measured). `/ready` and `/startup`
 * answer the same document with their own code. `/events` sends it as SSE `data:` lines, at once on connect and then on each change.
 */
export const agentHealth = v.object({
  schema: v.literal('loco.agent.health/1'),
  timestamp: v.string(),
  overall_status: v.picklist(['healthy', 'degraded', 'unhealthy']),
  qemu_healthy: v.boolean(),
  video: v.object({
    vnc_available: v.boolean(),
    display_active: v.boolean(),
    estimated_frame_rate: nullableNumber,
    vnc_port: v.number(),
    display: v.string(),
  }),
  audio: v.object({
    pulse_running: v.boolean(),
    audio_devices: v.number(),
    alsa_devices: v.number(),
    estimated_level: nullableNumber,
    audio_backend: v.string(),
  }),
  performance: v.object({
    cpu_usage: nullableNumber,
    memory_usage: nullableNumber,
    load_average: nullableNumber,
    qemu_cpu: nullableNumber,
    qemu_memory: nullableNumber,
    qemu_pid: v.nullable(v.string()),
  }),
  network: v.object({
    bridge_up: v.boolean(),
    tap_up: v.boolean(),
    tx_packets: nullableNumber,
    rx_packets: nullableNumber,
    tx_errors: nullableNumber,
    rx_errors: nullableNumber,
  }),
  instance: v.object({ id: v.string(), ordinal: v.number(), pod: v.string() }),
  /** The agent's own judgement of its guest, from signals that any guest has. */
  guest: v.object({
    verdict: verdictWord,
    stage: v.nullable(stage),
    /** One sentence why; no clock in it. */
    sentence: v.string(),
    /** A published code (LOCO-GST-nnn) when something is wrong, else null. */
    code: v.nullable(v.string()),
    since: v.string(),
  }),
  qemu: v.object({
    version: v.nullable(v.string()),
    /** QMP run state: `running`, `paused`, `io-error`, `guest-panicked`, `shutdown` …; null while QMP does not answer. */
    status: v.nullable(v.string()),
    accel: v.nullable(v.picklist(['kvm', 'tcg'])),
    startedAt: v.nullable(v.string()),
    /** Guest resets seen since the agent started. */
    resets: v.number(),
  }),
  disk: v.object({
    source: v.nullable(v.picklist(['claim', 'shared', 'builtin'])),
    base: v.nullable(v.string()),
    baseSha256: v.nullable(v.string()),
    overlay: v.nullable(v.string()),
    /** True when the overlay lies on a claim: what the guest writes survives the pod. */
    persistent: v.boolean(),
    /**
     * Where a folder is shared: whether its disk is used or that of the image, why, and whether the emulator runs on a second overlay meanwhile.
     * Null where no folder is shared; an earlier agent does not tell it.
     */
    art: v.optional(v.nullable(v.object({ choice: v.picklist(['shared', 'builtin']), why: v.nullable(artTrouble), standby: v.boolean() })), null),
  }),
  picture: v.object({
    width: nullableNumber,
    height: nullableNumber,
    /** All pixels of one colour (black, blue …): never healthy. */
    uniform: v.nullable(v.boolean()),
    /** Hash of the last picture, for "has it changed". */
    hash: v.nullable(v.string()),
    /** When the first picture that was not uniform was seen, and when the picture last changed. */
    firstAt: v.nullable(v.string()),
    changedAt: v.nullable(v.string()),
  }),
  /** Build: content hash of the image the agent runs in. */
  agent: v.object({ version: v.string(), startedAt: v.string() }),
})
export type AgentHealth = v.InferOutput<typeof agentHealth>

/**
 * POST :8080/input/keys, from loopback only. `text` is typed on a US layout; `keys` are chords by QEMU's QKeyCode names
 * (`["ctrl+alt+delete", "ret"]`). Answer 200 `{typed: n}`, 400 with `{code, message}` for what cannot be typed, 403 from elsewhere, 503 without QMP.
 */
export const keysRequest = v.union([
  v.strictObject({ text: v.pipe(v.string(), v.minLength(1), v.maxLength(1024)) }),
  v.strictObject({ keys: v.pipe(v.array(v.pipe(v.string(), v.maxLength(64))), v.minLength(1), v.maxLength(64)) }),
])
export type KeysRequest = v.InferOutput<typeof keysRequest>

/** How an agent refuses. */
export const agentError = v.object({ code: v.string(), message: v.string() })
export type AgentError = v.InferOutput<typeof agentError>
