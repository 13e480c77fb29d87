import { isAbsolute, normalize } from 'node:path'
import type { CapacityRange, VolumeCapability } from './messages.ts'
import { invalid, outOfRange } from './refusal.ts'

/** An id names a folder, so it is one plain path segment. What Kubernetes makes up (pvc-UUID, snapshot-UUID) always is. */
export function checkedId(id: string, what: string): string {
  if (id === '') throw invalid(`${what} is missing`)
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(id))
    throw invalid(`${what} ${JSON.stringify(id.slice(0, 64))} is not made of letters, digits, dots and dashes`)
  return id
}

/** A mount point that the kubelet names: below its own folder and without a way out of it. */
export function checkedTarget(path: string, kubelet: string): string {
  if (path === '') throw invalid('target path is missing')
  if (!isAbsolute(path) || normalize(path) !== path || !path.startsWith(`${kubelet}/`)) throw invalid(`target path ${path} is not below ${kubelet}`)
  return path
}

/** Flags that a bind mount takes. */
const mountFlags = ['ro', 'rw', 'noexec', 'exec', 'nosuid', 'suid', 'nodev', 'dev', 'noatime', 'atime', 'nodiratime', 'diratime', 'relatime', 'norelatime']
const accessModes = [
  'SINGLE_NODE_WRITER',
  'SINGLE_NODE_READER_ONLY',
  'SINGLE_NODE_SINGLE_WRITER',
  'SINGLE_NODE_MULTI_WRITER',
  'MULTI_NODE_READER_ONLY',
  'MULTI_NODE_SINGLE_WRITER',
  'MULTI_NODE_MULTI_WRITER',
]

/** Why a folder cannot serve a claim of this kind; undefined when it can. Every access mode can be kept: there is one node, and all its pods share its folders. */
export function capabilityRefusal({ block, mount, access_mode }: VolumeCapability): string | undefined {
  if (block) return 'volumes are folders: volumeMode Block is not possible'
  if (!mount) return 'the access type is missing'
  if (!accessModes.includes(access_mode?.mode ?? '')) return `access mode ${access_mode?.mode ?? 'UNKNOWN'} is not known`
  if (mount.fs_type !== '') return `volumes are folders without a file system of their own: fsType ${mount.fs_type} is not possible`
  const strange = mount.mount_flags.find((flag) => !mountFlags.includes(flag))
  return strange === undefined ? undefined : `mount option ${strange} is not possible for a folder`
}

/** @throws INVALID_ARGUMENT when there is no capability or one that a folder cannot have. */
export function checkCapabilities(capabilities: readonly VolumeCapability[]): void {
  if (capabilities.length === 0) throw invalid('volume capabilities are missing')
  for (const capability of capabilities) {
    const refusal = capabilityRefusal(capability)
    if (refusal !== undefined) throw invalid(refusal)
  }
}

/** The driver has no parameters: a misspelt one of another driver must not pass in silence. */
export function checkParameters(parameters: Readonly<Record<string, string>>): void {
  const names = Object.keys(parameters)
  if (names.length > 0) throw invalid(`unknown parameters: ${names.join(', ')}; this driver has none`)
}

const gibibyte = 1024 ** 3

/** Bytes that a new volume is said to have (nothing holds it to them). `source`: bytes of what it is a copy of. @throws OUT_OF_RANGE when the copy would not fit. */
export function sizeFor(range: CapacityRange | null, source: number | undefined): number {
  const { required_bytes: required, limit_bytes: limit } = range ?? { required_bytes: 0, limit_bytes: 0 }
  if (required < 0 || limit < 0 || (limit > 0 && required > limit)) throw invalid(`a size of at least ${required} and at most ${limit} bytes is not possible`)
  if (source !== undefined && ((required > 0 && required < source) || (limit > 0 && limit < source)))
    throw outOfRange(`the source has ${source} bytes, more than was asked for`)
  if (required > 0) return required
  return source ?? (limit > 0 ? Math.min(limit, gibibyte) : gibibyte)
}

/** True when a volume of `bytes` is what the range asks for. */
export function fits(bytes: number, range: CapacityRange | null): boolean {
  const { required_bytes: required, limit_bytes: limit } = range ?? { required_bytes: 0, limit_bytes: 0 }
  return bytes >= required && (limit === 0 || bytes <= limit)
}
