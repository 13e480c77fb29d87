import { t } from '@vscode/l10n'
import type { Facts, Row } from '../row.ts'

const probe = { layer: 'probe' } as const
const log = (facts: Facts): string => `kubectl -n ${facts.namespace} logs ${facts.object} -c ${facts.container}`

/** Looked for in events `Killing` that name a probe; `times` counts the kills. */
export const probeKillRows: readonly Row[] = [
  {
    ...probe,
    code: 'LOCO-PRB-001',
    reasons: ['Killing'],
    text: /failed startup probe/i,
    patience: { times: 2 },
    cause: (facts) => t`Container ${facts.container} did not start within the budget of its startup probe and was restarted.`,
    fix: (facts) => [t('Raise the budget: emulator.probes.startup in the values.'), `${log(facts)} --previous`],
  },
  {
    ...probe,
    code: 'LOCO-PRB-002',
    reasons: ['Killing'],
    text: /failed liveness probe/i,
    patience: { times: 2 },
    cause: (facts) => t`Container ${facts.container} stopped answering its liveness probe and was restarted.`,
    fix: (facts) => [`${log(facts)} --previous`],
  },
]

/** Looked for in the newest event `Unhealthy` of a running container that is not ready. The first two name why, so they come before the kind of probe. */
export const probeRows: readonly Row[] = [
  {
    ...probe,
    code: 'LOCO-PRB-004',
    reasons: ['Unhealthy'],
    text: /connection refused/i,
    patience: 'never',
    cause: (facts) => t`Nothing listens yet on the port that the probe of container ${facts.container} asks.`,
    fix: (facts) => [log(facts), t('Compare the port of the probe with the port of the program.')],
  },
  {
    ...probe,
    code: 'LOCO-PRB-005',
    reasons: ['Unhealthy'],
    text: /deadline exceeded|Client\.Timeout|timed out after/i,
    patience: 'never',
    cause: (facts) => t`Container ${facts.container} answers its probe too slowly.`,
    fix: (facts) => [`kubectl -n ${facts.namespace} top pod ${facts.object}`, t('Raise its processor limit or the time-out of the probe.')],
  },
  {
    ...probe,
    code: 'LOCO-PRB-001',
    reasons: ['Unhealthy'],
    text: /startup probe (?:failed|errored)/i,
    patience: 'normal',
    cause: (facts) => t`Container ${facts.container} has not finished starting.`,
    fix: (facts) => [log(facts)],
  },
  {
    ...probe,
    code: 'LOCO-PRB-002',
    reasons: ['Unhealthy'],
    text: /liveness probe (?:failed|errored)/i,
    patience: 'never',
    cause: (facts) => t`Container ${facts.container} does not answer its liveness probe.`,
    fix: (facts) => [log(facts)],
  },
  {
    ...probe,
    code: 'LOCO-PRB-003',
    reasons: ['Unhealthy'],
    text: /readiness probe (?:failed|errored)/i,
    patience: 'never',
    cause: (facts) => t`Container ${facts.container} says that it is not ready.`,
    fix: (facts) => [log(facts)],
  },
]
