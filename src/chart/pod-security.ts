import type { V1Container, V1PodSpec } from '@kubernetes/client-node'
import { LocoError } from '../base/error.ts'
import { nameOf, type RenderedObject } from './manifest.ts'

/** A field of an object that the level `restricted` of the Pod Security Standards does not allow. */
export interface PodSecurityViolation {
  /** `StatefulSet/loco-loco-emulator`. */
  object: string
  /** The field, below the pod's spec. */
  field: string
  rule: string
}

type Found = Omit<PodSecurityViolation, 'object'>

const volumeKinds = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret']
const safeSysctls = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
]
const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t']

/** What a namespace that enforces `restricted` (Kubernetes 1.34) would refuse in the pods that these objects make. Objects that make no pods pass. */
export function restrictedViolations(objects: readonly RenderedObject[]): PodSecurityViolation[] {
  return objects.flatMap((object) => {
    const pod = podSpecOf(object)
    return pod === undefined ? [] : podViolations(pod).map((found) => ({ object: nameOf(object), ...found }))
  })
}

/** @throws LOCO-CHT-030 when a namespace that enforces `restricted` would refuse these objects' pods */
export function assertRestricted(objects: readonly RenderedObject[]): void {
  const violations = restrictedViolations(objects)
  const first = violations[0]
  if (first === undefined) return
  throw new LocoError('LOCO-CHT-030', {
    what: `${first.object} breaks Pod Security: ${first.field} must be such that ${first.rule}.`,
    ...(violations.length > 1 ? { why: `There are ${violations.length - 1} more fields like that.` } : {}),
    fix: ['Take back the values or the change of the chart that set these fields.'],
    evidence: violations.map(({ object, field, rule }) => `${object} ${field}: ${rule}`),
  })
}

/** The pod that an object makes: of a Pod, of a controller's template, or of a CronJob's template of a template. */
export function podSpecOf(object: RenderedObject): V1PodSpec | undefined {
  const spec = object.spec as { template?: { spec?: V1PodSpec }; jobTemplate?: { spec?: { template?: { spec?: V1PodSpec } } } } | undefined
  if (object.kind === 'Pod') return object.spec as unknown as V1PodSpec
  return spec?.template?.spec ?? spec?.jobTemplate?.spec?.template?.spec
}

function podViolations(pod: V1PodSpec): Found[] {
  const found: Found[] = []
  const hold = (field: string, holds: boolean, rule: string): void => {
    if (!holds) found.push({ field, rule })
  }
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC'] as const) hold(field, pod[field] !== true, 'the node is not shared')
  hold('securityContext.runAsUser', pod.securityContext?.runAsUser !== 0, 'the user is not root')
  hold('securityContext.windowsOptions.hostProcess', pod.securityContext?.windowsOptions?.hostProcess !== true, 'it is no process of the node')
  for (const { name } of pod.securityContext?.sysctls ?? []) hold(`securityContext.sysctls ${name}`, safeSysctls.includes(name), 'only safe sysctls are set')
  for (const volume of pod.volumes ?? []) {
    const kinds = Object.keys(volume).filter((key) => key !== 'name')
    hold(
      `volumes ${volume.name}`,
      kinds.every((kind) => volumeKinds.includes(kind)),
      `it is one of ${volumeKinds.join(', ')}`,
    )
  }
  const containers = [...(pod.initContainers ?? []), ...pod.containers, ...((pod.ephemeralContainers ?? []) as V1Container[])]
  for (const container of containers) containerViolations(pod, container, (field, holds, rule) => hold(`containers ${container.name} ${field}`, holds, rule))
  return found
}

function containerViolations(pod: V1PodSpec, container: V1Container, hold: (field: string, holds: boolean, rule: string) => void): void {
  const own = container.securityContext
  const { allowPrivilegeEscalation, capabilities, privileged, procMount, runAsUser } = own ?? {}
  hold('privileged', privileged !== true, 'it is not privileged')
  hold('allowPrivilegeEscalation', allowPrivilegeEscalation === false, 'it is false')
  hold('capabilities.drop', capabilities?.drop?.includes('ALL') === true, 'it has ALL')
  hold(
    'capabilities.add',
    (capabilities?.add ?? []).every((name) => name === 'NET_BIND_SERVICE'),
    'it has nothing but NET_BIND_SERVICE',
  )
  hold('runAsNonRoot', (own?.runAsNonRoot ?? pod.securityContext?.runAsNonRoot) === true, 'it is true')
  hold('runAsUser', runAsUser !== 0, 'the user is not root')
  hold('procMount', procMount === undefined || procMount === 'Default', 'it is Default')
  hold('windowsOptions.hostProcess', own?.windowsOptions?.hostProcess !== true, 'it is no process of the node')
  const seccomp = (own?.seccompProfile ?? pod.securityContext?.seccompProfile)?.type
  hold('seccompProfile', seccomp === 'RuntimeDefault' || seccomp === 'Localhost', 'it is RuntimeDefault or Localhost')
  const appArmor = (own?.appArmorProfile ?? pod.securityContext?.appArmorProfile)?.type
  hold('appArmorProfile', appArmor !== 'Unconfined', 'it is not Unconfined')
  const seLinux = own?.seLinuxOptions ?? pod.securityContext?.seLinuxOptions
  hold('seLinuxOptions', seLinuxTypes.includes(seLinux?.type ?? '') && !seLinux?.user && !seLinux?.role, 'it has a container type and neither user nor role')
  for (const port of container.ports ?? []) hold(`ports ${port.containerPort} hostPort`, !port.hostPort, 'no port of the node is taken')
  const handlers = [container.startupProbe, container.readinessProbe, container.livenessProbe, container.lifecycle?.postStart, container.lifecycle?.preStop]
  hold(
    'probes and hooks',
    handlers.every((handler) => !handler?.httpGet?.host && !handler?.tcpSocket?.host),
    'they ask the pod and no other host',
  )
}
