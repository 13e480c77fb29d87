import { t } from '@vscode/l10n'
import type { Row } from '../row.ts'

const node = { layer: 'node', code: 'LOCO-NOD-006' } as const
const patience = { seconds: 15, autoscaled: 60 } as const

/** Looked for in the conditions of a node; the reason of the list is `type=status`. */
export const nodeRows: readonly Row[] = [
  {
    ...node,
    reasons: ['Ready=False', 'Ready=Unknown'],
    patience,
    cause: (facts) => t`The node ${facts.object} does not report as ready.`,
    fix: (facts) => [`kubectl describe node ${facts.object}`, t('Start it again (sandbox: loco sandbox up).')],
  },
  {
    ...node,
    reasons: ['DiskPressure=True'],
    patience: 'never',
    cause: (facts) => t`The disk of node ${facts.object} is nearly full.`,
    fix: () => [t('Free space on the node: unused images first.')],
  },
  {
    ...node,
    reasons: ['MemoryPressure=True'],
    patience: 'never',
    cause: (facts) => t`The memory of node ${facts.object} runs short.`,
    fix: () => [t('Fewer emulators: --replicas N')],
  },
  {
    ...node,
    reasons: ['PIDPressure=True'],
    patience: 'never',
    cause: (facts) => t`The node ${facts.object} runs out of process numbers.`,
    fix: (facts) => [`kubectl describe node ${facts.object}`],
  },
  {
    ...node,
    reasons: ['NetworkUnavailable=True'],
    patience,
    cause: (facts) => t`The network of node ${facts.object} is not set up.`,
    fix: (facts) => [`kubectl describe node ${facts.object}`],
  },
]
