import type { V1Container, V1PodSpec } from '@kubernetes/client-node'
import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import { nameOf, type RenderedObject } from './manifest.ts'

/** A field of an object that the level `restricted` of the Pod Security Standards does not allow. */
export interface PodSecurityViolation {
  /** `StatefulSet/loco-loco-emulator`. */
  object: string
  /** The field, below the pod's spec. */
  field: string
  /** What must be, one sentence. */
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
    what: t`${first.object} breaks Pod Security with ${first.field}.`,
    why: violations.length > 1 ? `${first.rule} ${t`The evidence lists ${violations.length} fields like that.`}` : first.rule,
    fix: [t('Take back the values or the change of the chart that set these fields.')],
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
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC'] as const) hold(field, pod[field] !== true, t('The node must not be shared.'))
  hold('securityContext.runAsUser', pod.securityContext?.runAsUser !== 0, t('The user must not be root.'))
  hold('securityContext.windowsOptions.hostProcess', pod.securityContext?.windowsOptions?.hostProcess !== true, t('It must not be a process of the node.'))
  for (const { name } of pod.securityContext?.sysctls ?? [])
    hold(`securityContext.sysctls ${name}`, safeSysctls.includes(name), t('Only safe sysctls may be set.'))
  for (const volume of pod.volumes ?? []) {
    const kinds = Object.keys(volume).filter((key) => key !== 'name')
    hold(
      `volumes ${volume.name}`,
      kinds.every((kind) => volumeKinds.includes(kind)),
      t`It must be one of ${volumeKinds.join(', ')}.`,
    )
  }
  const containers = [...(pod.initContainers ?? []), ...pod.containers, ...((pod.ephemeralContainers ?? []) as V1Container[])]
  for (const container of containers) containerViolations(pod, container, (field, holds, rule) => hold(`containers ${container.name} ${field}`, holds, rule))
  return found
}

function containerViolations(pod: V1PodSpec, container: V1Container, hold: (field: string, holds: boolean, rule: string) => void): void {
  const own = container.securityContext
  const { allowPrivilegeEscalation, capabilities, privileged, procMount, runAsUser } = own ?? {}
  hold('privileged', privileged !== true, t('It must not be privileged.'))
  hold('allowPrivilegeEscalation', allowPrivilegeEscalation === false, t('It must be false.'))
  hold('capabilities.drop', capabilities?.drop?.includes('ALL') === true, t('It must have ALL.'))
  hold(
    'capabilities.add',
    (capabilities?.add ?? []).every((name) => name === 'NET_BIND_SERVICE'),
    t('It may have nothing but NET_BIND_SERVICE.'),
  )
  hold('runAsNonRoot', (own?.runAsNonRoot ?? pod.securityContext?.runAsNonRoot) === true, t('It must be true.'))
  hold('runAsUser', runAsUser !== 0, t('The user must not be root.'))
  hold('procMount', procMount === undefined || procMount === 'Default', t('It must be Default.'))
  hold('windowsOptions.hostProcess', own?.windowsOptions?.hostProcess !== true, t('It must not be a process of the node.'))
  const seccomp = (own?.seccompProfile ?? pod.securityContext?.seccompProfile)?.type
  hold('seccompProfile', seccomp === 'RuntimeDefault' || seccomp === 'Localhost', t('It must be RuntimeDefault or Localhost.'))
  const appArmor = (own?.appArmorProfile ?? pod.securityContext?.appArmorProfile)?.type
  hold('appArmorProfile', appArmor !== 'Unconfined', t('It must not be Unconfined.'))
  const seLinux = own?.seLinuxOptions ?? pod.securityContext?.seLinuxOptions
  hold(
    'seLinuxOptions',
    seLinuxTypes.includes(seLinux?.type ?? '') && !seLinux?.user && !seLinux?.role,
    t('It must have a container type and neither user nor role.'),
  )
  for (const port of container.ports ?? []) hold(`ports ${port.containerPort} hostPort`, !port.hostPort, t('No port of the node may be taken.'))
  const handlers = [container.startupProbe, container.readinessProbe, container.livenessProbe, container.lifecycle?.postStart, container.lifecycle?.preStop]
  hold(
    t('probes and hooks'),
    handlers.every((handler) => !handler?.httpGet?.host && !handler?.tcpSocket?.host),
    t('They must ask the pod and no other host.'),
  )
}
