import { join } from 'node:path'
import { LocoError } from '../../../src/base/error.ts'
import { emulatorId, ordinalOf, ports } from '../../../src/contracts/names.ts'
import { type BaseChoice, isBaseChoice } from './disk.ts'
import { type LogLevel, logLevels } from './log.ts'

export const accelerators = ['auto', 'kvm', 'tcg'] as const
export type Accelerator = (typeof accelerators)[number]

/** Everything the agent is told from outside (docs/agent.md has the table). Sizes in MiB, times in seconds. */
export interface Config {
  ordinal: number
  /** `instance-<ordinal>`. */
  id: string
  pod: string
  namespace: string
  /** A disk on the volume, preferred when it is there. */
  disk: string
  /** The disk inside the image. */
  builtinDisk: string
  /** Folder that all emulators share, and the disk in it. */
  artDir: string
  sharedDisk: string
  /** Folder for the overlay. */
  imagesDir: string
  /** True when `imagesDir` lies on a claim: what the guest writes survives the pod. */
  persistent: boolean
  /** What to do when the base disk is not the one that the overlay was made over: `fresh` for any other base, `fresh:<sha256>` for that one only. */
  baseChanged: BaseChoice
  /** Sockets. */
  runDir: string
  /** Pictures pass through here: memory where there is some, so that a picture a second writes to no disk. */
  pictureDir: string
  terminationLog: string
  healthPort: number
  vncPort: number
  qemu: { binary: string; memory: number; accel: Accelerator; cpu: string; smp: number }
  /** Seconds without any sign of life before the guest is asked by a key. */
  frozenAfter: number
  logLevel: LogLevel
  /** Content hash of the image. */
  version: string
}

/**
 * Reads the environment. An empty variable counts as not set, because that is how templates leave one out.
 * @throws LOCO-AGT-001 naming every variable that is wrong, not only the first.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const wrong: string[] = []
  const text = (name: string, fallback: string): string => env[name] || fallback
  const whole = (name: string, fallback: number, low: number, high: number): number => {
    const given = env[name]
    if (!given) return fallback
    const number = Number(given)
    if (/^\d+$/.test(given) && number >= low && number <= high) return number
    wrong.push(`${name}=${given}: must be a whole number from ${low} to ${high}.`)
    return fallback
  }
  const word = <T extends string>(name: string, fallback: T, words: readonly T[]): T => {
    const given = env[name]
    if (!given) return fallback
    const known = words.find((one) => one === given)
    if (known === undefined) wrong.push(`${name}=${given}: must be one of ${words.join(', ')}.`)
    return known ?? fallback
  }
  const baseChoice = (name: string): BaseChoice => {
    const given = env[name] || 'refuse'
    if (isBaseChoice(given)) return given
    wrong.push(`${name}=${given}: must be refuse, fresh, or fresh: with the SHA-256 of a base disk.`)
    return 'refuse'
  }
  const path = (name: string, fallback: string): string => {
    const given = text(name, fallback)
    if (!given.startsWith('/')) wrong.push(`${name}=${given}: must be an absolute path.`)
    return given
  }

  const pod = text('POD_NAME', '')
  const fromPod = pod === '' ? 0 : ordinalOf(pod)
  const ordinal = env['INSTANCE_INDEX'] ? whole('INSTANCE_INDEX', 0, 0, 9999) : fromPod
  if (ordinal === undefined) wrong.push(`POD_NAME=${pod}: ends in no number; set INSTANCE_INDEX.`)
  const cpu = text('QEMU_CPU', 'pentium3')
  if (!/^[\w.+,=-]+$/.test(cpu)) wrong.push(`QEMU_CPU=${cpu}: is not a CPU model as QEMU writes them.`)

  const runDir = path('LOCO_RUN_DIR', '/run/loco')
  const imagesDir = path('LOCO_IMAGES_DIR', '/images')
  const artDir = path('LOCO_ART_DIR', '/art')
  const config: Config = {
    ordinal: ordinal ?? 0,
    id: emulatorId(ordinal ?? 0),
    pod,
    namespace: text('POD_NAMESPACE', ''),
    disk: path('DISK', join(imagesDir, 'win98.qcow2')),
    builtinDisk: path('LOCO_BUILTIN_DISK', '/opt/builtin-images/win98.qcow2.builtin'),
    artDir,
    sharedDisk: join(artDir, 'win98.qcow2'),
    imagesDir,
    persistent: word('IMAGES_PERSISTENT', 'false', ['true', 'false']) === 'true',
    baseChanged: baseChoice('LOCO_BASE_CHANGED'),
    runDir,
    pictureDir: path('LOCO_PICTURE_DIR', '/dev/shm'),
    terminationLog: path('LOCO_TERMINATION_LOG', '/dev/termination-log'),
    healthPort: whole('HEALTH_PORT', ports.health, 1, 65535),
    vncPort: whole('VNC_PORT', ports.vnc, 5900, 65535),
    qemu: {
      binary: text('QEMU_BINARY', 'qemu-system-x86_64'),
      memory: whole('QEMU_MEMORY', 128, 4, 2047),
      accel: word('QEMU_ACCEL', 'auto', accelerators),
      cpu,
      smp: whole('QEMU_SMP', 1, 1, 8),
    },
    frozenAfter: whole('LOCO_FROZEN_AFTER', 15, 1, 3600),
    logLevel: word('LOG_LEVEL', 'info', logLevels),
    version: text('LOCO_IMAGE_HASH', 'unknown'),
  }
  if (wrong.length > 0) {
    throw new LocoError('LOCO-AGT-001', {
      what: wrong.length === 1 ? `A setting of the emulator is wrong: ${wrong[0]}` : `${wrong.length} settings of the emulator are wrong: ${wrong.join(' ')}`,
      fix: ['Correct emulator.env in your values file, then run loco bootstrap.'],
      evidence: wrong,
    })
  }
  return config
}
