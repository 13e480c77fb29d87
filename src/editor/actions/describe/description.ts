import { t } from '@vscode/l10n'
import { stringify } from 'yaml'
import type { AgentHealth } from '../../../contracts/agent.ts'
import type { Finding, Freshness } from '../../../contracts/fleet.ts'
import type { Claim, KubeEvent, Pod } from '../../../diagnosis/evidence.ts'
import type { Emulator } from '../../../fleet/emulator.ts'
import { verdictWords } from '../../../fleet/words.ts'
import { stageWords } from '../../fleet/words.ts'
import { agentPart } from './agent-part.ts'
import { eventLines, type MomentWords } from './events.ts'
import type { FullClaim, FullPod } from './full-objects.ts'
import { claimsPart, containersPart, podPart } from './pod-part.ts'

/** All that is known of an emulator. */
export interface Known {
  readonly emulator: Emulator
  readonly freshness: Freshness
  readonly pod: Pod | undefined
  readonly claims: readonly Claim[]
  readonly events: readonly KubeEvent[]
  /** What its agent says; why it says nothing; undefined while it was not asked. */
  readonly agent: AgentHealth | { readonly silent: string } | undefined
  readonly moment: MomentWords
}

/** Everything about an emulator as YAML, for a person to read and fold. Says at its top when it is not how things are now. Pure. */
export function describe(known: Known): string {
  const { emulator, freshness, pod, claims, events, agent, moment } = known
  const { id, verdict, stage, sentence, since, findings } = emulator
  const parts = {
    [t('Emulator')]: id,
    [t('Verdict')]: verdictWords(verdict),
    [t('Stage')]: stage === null ? undefined : `${stage} (${stageWords(stage)})`,
    [t('Why')]: sentence,
    [t('Since')]: moment(Date.parse(since)),
    [t('Findings')]: findings.length === 0 ? undefined : findings.map(findingPart),
    [t('Pod')]: pod === undefined ? undefined : podPart(pod as FullPod, moment),
    [t('Containers')]: pod === undefined ? undefined : containersPart(pod as FullPod, moment),
    [t('Claims')]: claims.length === 0 ? undefined : claimsPart(claims as readonly FullClaim[]),
    [t('Agent')]: agent === undefined ? undefined : 'silent' in agent ? agent.silent : agentPart(agent, moment),
    [t('Events')]: events.length === 0 ? undefined : eventLines(events, moment),
  }
  const blocks = Object.entries(parts).flatMap(([name, part]) => (part === undefined ? [] : [yamlOf({ [name]: part })]))
  return `${freshnessComment(freshness, moment)}${spaced(blocks)}`
}

function freshnessComment({ state, since }: Freshness, moment: MomentWords): string {
  if (state === 'live') return ''
  const at = moment(Date.parse(since))
  const words = {
    stale: t`The connection to the cluster is lost since ${at} and is being renewed. What follows is what was seen before.`,
    denied: t`The cluster has not let this account see its pods since ${at}. What follows is what was seen before.`,
    offline: t`The cluster cannot be reached since ${at}. What follows is what was seen before.`,
  }
  return `# ${words[state]}\n\n`
}

function findingPart({ code, title, cause, evidence, fix, severity }: Finding): object {
  const severities = { fatal: t('Waiting does not help.'), warning: t('It may still come right.'), info: t('It is normal.') }
  return {
    [t('Finding')]: `${title} (${code})`,
    [t('Cause')]: cause,
    [t('Outlook')]: severities[severity],
    [t('What to do')]: fix.length === 0 ? undefined : fix,
    [t('Evidence')]: evidence.length === 0 ? undefined : evidence,
  }
}

const yamlOf = (part: object): string => stringify(part, { lineWidth: 0 })

/** Blocks apart from each other, single lines together. */
function spaced(blocks: readonly string[]): string {
  const isLine = (block: string | undefined): boolean => block?.trimEnd().includes('\n') === false
  return blocks.map((block, index) => (index === 0 || (isLine(block) && isLine(blocks[index - 1])) ? block : `\n${block}`)).join('')
}
