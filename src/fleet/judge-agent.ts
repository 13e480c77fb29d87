import { t } from '@vscode/l10n'
import { isLocoCode, titleOf } from '../base/codes.ts'
import type { AgentHealth, ArtTrouble } from '../contracts/agent.ts'
import type { Finding } from '../contracts/fleet.ts'
import { emulatorId } from '../contracts/names.ts'
import { type ContainerStatus, conditionOf, type Pod, timeOf } from '../diagnosis/evidence.ts'
import type { AgentSight } from './emulator.ts'
import { findingOfError } from './finding-of-error.ts'
import type { Opinion } from './opinion.ts'
import type { PodSight } from './pod-sight.ts'

/** All in milliseconds. An agent that fell silent this shortly ago is still taken at its word: a stream breaks and comes back. */
const hiccup = 5_000
/** So long after the start of its container an agent may be out of reach without anybody being worried. */
const agentStart = 30_000
/** So long after the start of its container a well guest may lack the mark "ready" of Kubernetes, which asks in its own rhythm. */
const readyLag = 60_000

/** What is said of an emulator whose container runs. The agent knows its guest; Kubernetes only knows whether somebody answers. */
export function judgeAgent(sight: PodSight, container: ContainerStatus, agent: AgentSight = { state: 'connecting' }): Opinion {
  const { seen, findings } = sight
  const age = seen.now - (timeOf(container.state?.running?.startedAt) ?? seen.now)
  const looping = findings.find(({ severity }) => severity === 'fatal')
  if (agent.state === 'answers') return judgeGuest(sight, agent.health, age, looping)
  if (looping !== undefined) return { verdict: 'unhealthy', sentence: looping.cause, findings }
  if (agent.state === 'nonsense') {
    return {
      verdict: 'unknown',
      sentence: t('Its agent answers in a way that makes no sense.'),
      findings: [...findings, findingOfError(agent.error, 'warning')],
    }
  }
  if (agent.state === 'silent') {
    if (agent.last !== undefined && seen.now - agent.since < hiccup) return judgeGuest(sight, agent.last, age, looping)
    if (refusesForGood.has(agent.error.code)) {
      return { verdict: 'unknown', sentence: t('The cluster does not let this account reach its agent.'), findings: [...findings, unreachable(agent)] }
    }
    if (agent.last !== undefined || age >= agentStart) return silent(sight, agent)
  }
  if (age < agentStart) return { verdict: 'starting', sentence: t('Its container runs; its agent has not answered yet.'), findings }
  return { verdict: 'unknown', sentence: t('Its agent has not answered yet.'), findings }
}

/** Signs that no later try helps: not known, not allowed. */
const refusesForGood: ReadonlySet<string> = new Set(['LOCO-KUB-010', 'LOCO-KUB-011'])

/** Never `unhealthy`: that the agent cannot be heard says nothing of the guest. But if Kubernetes does not hear it either, it is not our way that is broken. */
function silent({ pod, findings }: PodSight, agent: AgentSight & { state: 'silent' }): Opinion {
  const all = [...findings, unreachable(agent)]
  if (isReady(pod))
    return { verdict: 'unknown', sentence: t('Its agent cannot be reached from here, though Kubernetes counts its pod as ready.'), findings: all }
  return { verdict: 'degraded', sentence: t('Its agent answers neither here nor to Kubernetes.'), findings: all }
}

function unreachable(agent: AgentSight & { state: 'silent' }): Finding {
  return findingOfError(agent.error, 'warning', 'LOCO-FLT-001')
}

/** The agent speaks English; what it says of a guest is a text of ours (scripts/l10n/messages.ts), or one of another version that stays as it is. */
function judgeGuest({ seen, ordinal, pod, findings }: PodSight, health: AgentHealth, age: number, looping: Finding | undefined): Opinion {
  const { verdict, stage, since } = health.guest
  const sentence = t(health.guest.sentence)
  const own = guestFinding(health, emulatorId(ordinal), seen.namespace)
  const art = artFinding(health)
  const all = [...(own === undefined ? [] : [own]), ...findings, ...(art === undefined ? [] : [art])]
  const said: Opinion = { verdict, stage, sentence, since, findings: all }
  if (verdict !== 'healthy') return said
  // Well at the moment, but it has ended again and again, or it runs what it should not: the guest's own word is not the last one.
  if (looping !== undefined) return { verdict: 'degraded', stage, sentence: looping.cause, findings: all }
  if (isReady(pod)) return said
  if (age < readyLag) return { verdict: 'starting', stage, sentence: t('The guest is well; Kubernetes does not count its pod as ready yet.'), findings: all }
  return { verdict: 'degraded', stage, sentence: t('The guest is well, but Kubernetes does not count its pod as ready.'), findings: all }
}

/** What the agent finds wrong with its guest. `fatal` for a guest that will not come right without a hand. */
function guestFinding({ guest, qemu, instance }: AgentHealth, id: string, namespace: string): Finding | undefined {
  if (guest.code === null) return undefined
  return {
    code: guest.code,
    title: isLocoCode(guest.code) ? titleOf(guest.code) : t('The agent reports a problem that this version does not know'),
    cause: t(guest.sentence),
    evidence: qemu.status === null ? [] : [`QEMU: ${qemu.status}`],
    fix: [`loco screen shot ${id} -o ${id}.png`, `kubectl -n ${namespace} delete pod ${instance.pod}`],
    severity: guest.verdict === 'unhealthy' ? 'fatal' : 'warning',
  }
}

/** The shared folder of the node that cannot serve: the emulator works all the same, on the disk in its image. */
function artFinding({ disk }: AgentHealth): Finding | undefined {
  if (disk.art === null || disk.art.choice === 'shared') return undefined
  const { why, standby } = disk.art
  return {
    code: 'LOCO-VOL-010',
    title: titleOf('LOCO-VOL-010'),
    cause: standby
      ? t`${artTroubles[why ?? 'unusable']()} The emulator runs on the disk in its image; what its guest wrote before is kept and comes back with the folder.`
      : t`${artTroubles[why ?? 'unusable']()} The emulator runs on the disk in its image.`,
    evidence: [`art: ${disk.art.choice}, ${why ?? ''}`, `base: ${disk.base ?? ''}`],
    fix: [
      why === 'full'
        ? t('Free space on the node, below storage.hostPath.sharedDirectory.')
        : t('Mend the folder storage.hostPath.sharedDirectory on the node (docs/storage.md), or run loco bootstrap, which makes it right.'),
      t('Then delete the pod of the emulator.'),
    ],
    severity: 'warning',
  }
}

const artTroubles: Record<ArtTrouble, () => string> = {
  missing: () => t('The shared folder is not there.'),
  denied: () => t('Emulators may not write to the shared folder, and it holds no disk for them.'),
  'read-only': () => t('The shared folder is read-only and holds no disk.'),
  full: () => t('The shared folder is full.'),
  unusable: () => t('The shared folder cannot be used.'),
}

function isReady(pod: Pod): boolean {
  return conditionOf(pod.status?.conditions, 'Ready')?.status === 'True'
}
