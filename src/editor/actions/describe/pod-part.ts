import { t } from '@vscode/l10n'
import { type Condition, type ContainerStatus, type Terminated, timeOf } from '../../../diagnosis/evidence.ts'
import type { MomentWords } from './events.ts'
import type { FullClaim, FullContainer, FullPod, Probe } from './full-objects.ts'

/** A pod apart from its containers. Pure, as all here; what is not known is left out. */
export function podPart({ metadata, spec, status }: FullPod, moment: MomentWords): object {
  return {
    [t('Name')]: metadata?.name,
    [t('Phase')]: status?.phase,
    [t('Reason')]: status?.reason,
    [t('Message')]: status?.message,
    [t('Node')]: spec?.nodeName,
    [t('IP of the pod')]: status?.podIP,
    [t('IP of the node')]: status?.hostIP,
    [t('Made')]: at(metadata?.creationTimestamp, moment),
    [t('Is being deleted since')]: at(metadata?.deletionTimestamp, moment),
    [t('Quality of service')]: status?.qosClass,
    [t('Conditions')]: status?.conditions === undefined ? undefined : Object.fromEntries(status.conditions.map((one) => conditionEntry(one, moment))),
  }
}

/** The containers of a pod by name, init containers first. */
export function containersPart({ spec, status }: FullPod, moment: MomentWords): object {
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
  const containers: FullContainer[] = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]
  return Object.fromEntries(
    containers.map((container) => {
      const seen = statuses.find(({ name }) => name === container.name)
      return [container.name, containerPart(container, seen, moment)]
    }),
  )
}

/** Claims by name. */
export function claimsPart(claims: readonly FullClaim[]): object {
  return Object.fromEntries(
    claims.map(({ metadata, spec, status }) => [
      metadata?.name ?? '',
      {
        [t('Phase')]: status?.phase,
        [t('Storage class')]: spec?.storageClassName,
        [t('Size')]: status?.capacity?.['storage'] ?? spec?.resources?.requests?.['storage'],
        [t('Access')]: spec?.accessModes,
        [t('Volume')]: spec?.volumeName,
      },
    ]),
  )
}

function conditionEntry({ type, status, reason, message, lastTransitionTime }: Condition, moment: MomentWords): [string, string] {
  const since = at(lastTransitionTime, moment)
  const words = [status, ...(reason === undefined ? [] : [reason]), ...(message === undefined ? [] : [message])].join(': ')
  return [type, since === undefined ? words : t`${words} (since ${since})`]
}

function containerPart(container: FullContainer, seen: ContainerStatus | undefined, moment: MomentWords): object {
  const { image, ports, resources, startupProbe, readinessProbe, livenessProbe } = container
  const probes = { [t('Startup')]: startupProbe, [t('Readiness')]: readinessProbe, [t('Liveness')]: livenessProbe }
  const asked = Object.entries(probes).flatMap(([name, probe]) => (probe === undefined ? [] : [[name, probeWords(probe)] as const]))
  return {
    [t('Image')]: image,
    [t('Image id')]: seen?.imageID === '' ? undefined : seen?.imageID,
    [t('State')]: seen === undefined ? undefined : stateWords(seen, moment),
    [t('Ready')]: seen?.ready === undefined ? undefined : seen.ready ? t('yes') : t('no'),
    [t('Restarts')]: seen?.restartCount,
    [t('Run before')]: seen?.lastState?.terminated === undefined ? undefined : endWords(seen.lastState.terminated, moment),
    [t('Requests')]: resources?.requests,
    [t('Limits')]: resources?.limits,
    [t('Ports')]: ports === undefined ? undefined : ports.map(({ name, containerPort }) => (name === undefined ? containerPort : `${containerPort} (${name})`)),
    [t('Probes')]: asked.length === 0 ? undefined : Object.fromEntries(asked),
  }
}

function stateWords({ state }: ContainerStatus, moment: MomentWords): string {
  const { running, terminated, waiting } = state ?? {}
  if (running !== undefined) {
    const since = at(running.startedAt, moment)
    return since === undefined ? t('running') : t`running since ${since}`
  }
  if (terminated !== undefined) return endWords(terminated, moment)
  const { reason, message } = waiting ?? {}
  return [t('waiting'), ...(reason === undefined ? [] : [reason]), ...(message === undefined ? [] : [message])].join(': ')
}

function endWords({ exitCode, reason, message, finishedAt }: Terminated, moment: MomentWords): string {
  const when = at(finishedAt, moment)
  const end = when === undefined ? t`ended with code ${exitCode}` : t`ended with code ${exitCode} at ${when}`
  return [end, ...(reason === undefined ? [] : [reason]), ...(message === undefined ? [] : [message.trim()])].join(': ')
}

function probeWords({ httpGet, tcpSocket, exec, periodSeconds = 10, timeoutSeconds = 1, failureThreshold = 3 }: Probe): string {
  const asked =
    httpGet !== undefined
      ? t`GET ${httpGet.path ?? '/'} on port ${httpGet.port}`
      : tcpSocket !== undefined
        ? t`connection to port ${tcpSocket.port}`
        : (exec?.command ?? []).join(' ')
  return t`${asked}, every ${periodSeconds} s, answer within ${timeoutSeconds} s, given up after ${failureThreshold} failures`
}

function at(time: string | undefined, moment: MomentWords): string | undefined {
  const ms = timeOf(time)
  return ms === undefined ? undefined : moment(ms)
}
