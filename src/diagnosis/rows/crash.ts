import { t } from '@vscode/l10n'
import type { Facts, Row } from '../row.ts'

const crash = { layer: 'crash' } as const
const again = { times: 2 } as const
const previousLog = (facts: Facts): string => `kubectl -n ${facts.namespace} logs ${facts.object} -c ${facts.container} --previous`

/** How a container ended: its reason, its exit code, and whether it is an init container. */
export interface End {
  reason: string
  exit: number
  init: boolean
}

/** Looked for in how a container ended last. The first whose `fits` holds wins. */
export const crashRows: readonly (Row & { fits(end: End): boolean })[] = [
  {
    ...crash,
    code: 'LOCO-RUN-004',
    fits: (end) => end.reason === 'OOMKilled',
    patience: again,
    cause: (facts) => t`Container ${facts.container} ran into its memory limit and was ended by the kernel.`,
    fix: (facts) => [t('Raise emulator.resources.limits.memory to the RAM of the guest plus 160Mi or more, or lower emulator.memoryMiB.'), previousLog(facts)],
  },
  {
    ...crash,
    code: 'LOCO-RUN-008',
    fits: (end) => end.init && end.exit !== 0,
    patience: again,
    cause: (facts) => t`The init container ${facts.container} ended with exit code ${facts.exit}, so the pod cannot start.`,
    fix: (facts) => [previousLog(facts)],
  },
  {
    ...crash,
    code: 'LOCO-RUN-003',
    fits: (end) => end.exit === 126 || end.exit === 127,
    patience: again,
    cause: ({ exit, container }) =>
      exit === 127
        ? t`A program that container ${container} starts is not in the image (exit code 127).`
        : t`A program that container ${container} starts is not executable (exit code 126).`,
    fix: (facts) => [previousLog(facts), t('Correct the path, the mode (0755) or the line ends of the script.')],
  },
  {
    ...crash,
    code: 'LOCO-RUN-006',
    fits: (end) => end.exit === 139 || end.exit === 134 || end.exit === 132,
    patience: again,
    cause: ({ exit, container }) =>
      exit === 139
        ? t`The program in container ${container} crashed with an invalid memory access (exit code 139).`
        : exit === 134
          ? t`The program in container ${container} crashed with an abort (exit code 134).`
          : t`The program in container ${container} crashed with an unknown processor instruction (exit code 132).`,
    fix: (facts) => [t('Try without KVM: --set emulator.accel=tcg'), previousLog(facts)],
  },
  {
    ...crash,
    code: 'LOCO-RUN-005',
    fits: (end) => end.exit === 137,
    patience: again,
    cause: (facts) => t`Container ${facts.container} was killed (exit code 137) without running into its memory limit.`,
    fix: (facts) => [`kubectl -n ${facts.namespace} describe pod ${facts.object}`, previousLog(facts)],
  },
  {
    ...crash,
    code: 'LOCO-RUN-007',
    fits: (end) => end.exit === 0 || end.exit === 143,
    patience: again,
    cause: (facts) => t`The main process of container ${facts.container} ends by itself (exit code ${facts.exit}), where it should go on.`,
    fix: (facts) => [previousLog(facts), t('Keep the main process in the foreground.')],
  },
  {
    ...crash,
    code: 'LOCO-RUN-002',
    fits: (end) => end.exit >= 1 && end.exit <= 125,
    patience: { times: 3 },
    cause: (facts) => t`The program in container ${facts.container} ended with an error (exit code ${facts.exit}).`,
    fix: (facts) => [previousLog(facts)],
  },
  {
    ...crash,
    code: 'LOCO-RUN-001',
    fits: () => true,
    patience: { times: 3 },
    cause: (facts) => t`Container ${facts.container} ends again and again (exit code ${facts.exit}).`,
    fix: (facts) => [previousLog(facts)],
  },
]

/** Looked for in the reason of a pod that failed for good. */
export const failedPodRows: readonly Row[] = [
  {
    layer: 'node',
    code: 'LOCO-NOD-001',
    reasons: ['Evicted'],
    patience: 'never',
    cause: () => t('The node evicted the pod because memory, disk or process numbers ran short.'),
    fix: (facts) => [
      `kubectl -n ${facts.namespace} describe pod ${facts.object}`,
      t('Free the resource that the evidence names, or raise the limit of the pod.'),
    ],
  },
  {
    layer: 'crash',
    code: 'LOCO-RUN-014',
    patience: { seconds: 60 },
    cause: () => t('The pod has failed for good.'),
    fix: (facts) => [`kubectl -n ${facts.namespace} describe pod ${facts.object}`, `kubectl -n ${facts.namespace} delete pod ${facts.object}`],
  },
]
