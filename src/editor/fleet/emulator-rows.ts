import { t } from '@vscode/l10n'
import type { Finding } from '../../contracts/fleet.ts'
import { type Claim, type ContainerStatus, eventCount, type KubeEvent, type Pod } from '../../diagnosis/evidence.ts'
import type { Emulator } from '../../fleet/emulator.ts'
import { verdictWords } from '../../fleet/words.ts'
import type { EmulatorRef } from '../emulator-ref.ts'
import { type FleetSession, fleetKey } from '../fleets.ts'
import type { EmulatorRight } from './rights.ts'
import type { Row } from './row.ts'
import { stageWords } from './words.ts'

/** Icons by verdict: other shapes, not only other colours. */
const verdictIcons = {
  healthy: 'vm-active',
  starting: 'vm-connect',
  degraded: 'warning',
  unhealthy: 'error',
  stopped: 'vm-outline',
  unknown: 'question',
} as const
/** Events shown of one emulator. */
const lastEvents = 10

export const emulatorRowId = ({ fleet, emulator }: EmulatorRef): string => `emulator:${fleetKey(fleet)}/${emulator}`

/** The row of one emulator. `live`: what is said of it is true now. */
export function emulatorRow(ref: EmulatorRef, emulator: Emulator, { live, rights }: { live: boolean; rights: ReadonlySet<EmulatorRight> }): Row {
  const verdict = verdictWords(emulator.verdict)
  const stage = emulator.stage === null ? undefined : stageWords(emulator.stage)
  return {
    id: emulatorRowId(ref),
    kind: 'emulator',
    label: emulator.id,
    description: [verdict, ...(stage === undefined ? [] : [stage]), emulator.sentence].join(' · '),
    icon: { id: verdictIcons[emulator.verdict], color: live ? `loco.${emulator.verdict}` : 'loco.unknown' },
    contextValue: `;emulator;${[...rights].map((right) => `can-${right};`).join('')}`,
    children: 'collapsed',
    spoken: stage === undefined ? t`${emulator.id}, ${verdict}. ${emulator.sentence}` : t`${emulator.id}, ${verdict}, stage ${stage}. ${emulator.sentence}`,
    ref,
  }
}

/** What is known of one emulator beside its verdict: findings, containers, claims, last events. */
export function emulatorChildren(ref: EmulatorRef, { store, objects }: FleetSession, rights: ReadonlySet<EmulatorRight>): Row[] {
  const emulator = store.get(ref.emulator)
  if (emulator === undefined) return []
  const pod = emulator.pod === null ? undefined : objects.pod(emulator.pod)
  const claims = emulator.pod === null ? [] : objects.claims(emulator.pod)
  const events = emulator.pod === null ? [] : objects.events(emulator.pod)
  return [
    ...findingRows(ref, emulator.findings),
    ...containersOf(pod).map((container) => containerRow(ref, container, rights)),
    ...claims.map((claim) => claimRow(ref, claim)),
    ...(events.length === 0 ? [] : [eventsRow(ref)]),
  ]
}

/** What a row below an emulator holds. */
export function detailChildren(row: Row, { objects, store }: FleetSession): Row[] {
  if (row.kind === 'finding' && row.finding !== undefined) return findingChildren(row.id, row.finding)
  const pod = row.kind === 'events' && row.ref !== undefined ? store.get(row.ref.emulator)?.pod : undefined
  return pod === undefined || pod === null
    ? []
    : objects
        .events(pod)
        .slice(-lastEvents)
        .reverse()
        .map((event) => eventRow(row.id, event))
}

function findingRows(ref: EmulatorRef, findings: readonly Finding[]): Row[] {
  const icons = { fatal: { id: 'error', color: 'loco.unhealthy' }, warning: { id: 'warning', color: 'loco.degraded' }, info: { id: 'info' } }
  const times = new Map<string, number>()
  return findings.map((finding) => {
    const time = times.get(finding.code) ?? 0
    times.set(finding.code, time + 1)
    return {
      id: `${emulatorRowId(ref)}/finding/${finding.code}/${time}`,
      kind: 'finding',
      label: finding.title,
      description: finding.code,
      icon: icons[finding.severity],
      contextValue: ';finding;',
      children: 'collapsed',
      spoken: t`Finding ${finding.code}: ${finding.title}. ${finding.cause}`,
      tooltip: [finding.cause, ...finding.fix].join('\n'),
      ref,
      finding,
    }
  })
}

function findingChildren(id: string, finding: Finding): Row[] {
  const { cause, fix } = finding
  const row = (kind: 'cause' | 'fix', index: number, label: string, icon: string, spoken: string): Row => {
    return { id: `${id}/${kind}/${index}`, kind, label, icon: { id: icon }, contextValue: ';detail;', children: 'none', spoken, tooltip: label, finding }
  }
  return [row('cause', 0, cause, 'search', t`Cause: ${cause}`), ...fix.map((one, index) => row('fix', index, one, 'lightbulb', t`What to do: ${one}`))]
}

function containersOf(pod: Pod | undefined): readonly ContainerStatus[] {
  return [...(pod?.status?.initContainerStatuses ?? []), ...(pod?.status?.containerStatuses ?? [])]
}

function containerRow(ref: EmulatorRef, container: ContainerStatus, rights: ReadonlySet<EmulatorRight>): Row {
  const { name, restartCount = 0, state } = container
  const words = containerWords(container)
  const description = restartCount === 0 ? words : t`${words}, restarts: ${restartCount}`
  return {
    id: `${emulatorRowId(ref)}/container/${name}`,
    kind: 'container',
    label: name,
    description,
    icon: { id: state?.running === undefined ? 'debug-pause' : 'package' },
    contextValue: `;container;named;${rights.has('logs') ? 'can-logs;' : ''}`,
    children: 'none',
    spoken: t`Container ${name}: ${description}`,
    tooltip: container.image ?? name,
    ref,
    container: name,
    name,
  }
}

function containerWords({ state }: ContainerStatus): string {
  if (state?.running !== undefined) return t('running')
  const { terminated, waiting } = state ?? {}
  if (terminated !== undefined) return t`ended with code ${terminated.exitCode}`
  return waiting?.reason === undefined ? t('waiting') : t`waiting: ${waiting.reason}`
}

function claimRow(ref: EmulatorRef, { metadata, spec, status }: Claim): Row {
  const name = metadata?.name ?? ''
  const phase = status?.phase ?? t('unknown')
  const description = spec?.storageClassName === undefined ? phase : t`${phase}, class ${spec.storageClassName}`
  return {
    id: `${emulatorRowId(ref)}/claim/${name}`,
    kind: 'claim',
    label: name,
    description,
    icon: { id: 'database' },
    contextValue: ';claim;named;',
    children: 'none',
    spoken: t`Claim ${name}: ${description}`,
    tooltip: spec?.volumeName === undefined ? name : t`${name} is bound to the volume ${spec.volumeName}.`,
    name,
  }
}

function eventsRow(ref: EmulatorRef): Row {
  return {
    id: `${emulatorRowId(ref)}/events`,
    kind: 'events',
    label: t('Last events'),
    icon: { id: 'list-unordered' },
    contextValue: ';events;',
    children: 'collapsed',
    spoken: t('Last events'),
    tooltip: t('What Kubernetes told of the pod and its claims, newest first.'),
    ref,
  }
}

function eventRow(id: string, event: KubeEvent): Row {
  const { reason = '', message = '', type } = event
  const count = eventCount(event)
  return {
    id: `${id}/${event.metadata?.uid ?? event.metadata?.name ?? reason}`,
    kind: 'event',
    label: count === 1 ? reason : `${reason} ×${count}`,
    description: message,
    icon: type === 'Warning' ? { id: 'warning', color: 'loco.degraded' } : { id: 'circle-small' },
    contextValue: ';event;',
    children: 'none',
    spoken: t`Event ${reason}: ${message}`,
    tooltip: message,
  }
}
