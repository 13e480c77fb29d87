import { t } from '@vscode/l10n'
import type { Facts, Row } from '../row.ts'

const scheduling = { layer: 'scheduling' } as const
/** On nodes that are what they are a pod that does not fit now will not fit later; where an autoscaler works, a node takes minutes to come. */
const soon = { seconds: 15, autoscaled: 300 } as const
const allocatable = 'kubectl describe nodes'
const fewer = (): string => t('Fewer emulators: --replicas N')
const claims = (facts: Facts): string => `kubectl -n ${facts.namespace} describe pvc`

/**
 * Looked for in the words of the scheduler (condition PodScheduled=False, event FailedScheduling). One message speaks of several nodes, so every row
 * that fits holds; the last one, without text, only when no other does.
 */
export const schedulingRows: readonly Row[] = [
  {
    ...scheduling,
    code: 'LOCO-SCH-012',
    text: /persistentvolumeclaim "([^"]+)" (not found|is being deleted)/i,
    patience: soon,
    cause: (facts) => (/found/i.test(facts.groups[1]) ? t`The claim ${facts.groups[0]} does not exist.` : t`The claim ${facts.groups[0]} is being deleted.`),
    fix: (facts) => [`kubectl -n ${facts.namespace} get pvc`],
  },
  {
    ...scheduling,
    code: 'LOCO-SCH-008',
    text: /unbound immediate PersistentVolumeClaims/i,
    patience: { seconds: 30 },
    symptom: true,
    cause: () => t('A claim of the pod is not bound to a volume.'),
    fix: (facts) => [claims(facts)],
  },
  {
    ...scheduling,
    code: 'LOCO-SCH-009',
    text: /volume node affinity conflict|didn't match PersistentVolume's node affinity/i,
    patience: soon,
    cause: () => t('The volume of the pod lies on a node where the pod may not or cannot run.'),
    fix: (facts) => ['kubectl get pv -o wide', t`If the data may go: kubectl -n ${facts.namespace} delete pvc CLAIM`],
  },
  {
    ...scheduling,
    code: 'LOCO-SCH-010',
    text: /didn't find available persistent volumes to bind/i,
    patience: soon,
    cause: () => t('No persistent volume fits the claim of the pod in size, access mode, class and place.'),
    fix: (facts) => ['kubectl get pv', claims(facts)],
  },
  {
    ...scheduling,
    code: 'LOCO-SCH-005',
    text: /Insufficient ([\w.-]+\/[\w.-]+)/,
    patience: soon,
    cause: (facts) => t`No node has a free unit of ${facts.groups[0]}.`,
    fix: (facts) => [
      ...(facts.groups[0].endsWith('/kvm') ? [t('Run without KVM: --set emulator.kvm.enabled=false')] : []),
      `kubectl get nodes -o custom-columns=NODE:.metadata.name,FREE:.status.allocatable`,
      fewer(),
    ],
  },
  {
    ...scheduling,
    code: 'LOCO-SCH-001',
    text: /Insufficient cpu/,
    patience: soon,
    cause: () => t('The nodes have less processor time left than the pod requests.'),
    fix: () => [fewer(), t('Lower the request: --set emulator.resources.requests.cpu=50m'), allocatable],
  },
  {
    ...scheduling,
    code: 'LOCO-SCH-002',
    text: /Insufficient memory/,
    patience: soon,
    cause: () => t('The nodes have less memory left than the pod requests.'),
    fix: () => [fewer(), t('Lower the RAM of the guest: --set emulator.memoryMiB=64'), allocatable],
  },
  {
    ...scheduling,
    code: 'LOCO-SCH-003',
    text: /Insufficient ephemeral-storage/,
    patience: soon,
    cause: () => t('The nodes have less local disk left than the pod requests.'),
    fix: () => [t('Put the disks on claims: --storage persistent'), allocatable],
  },
  {
    ...scheduling,
    code: 'LOCO-SCH-004',
    text: /Too many pods/,
    patience: soon,
    cause: () => t('The nodes hold as many pods as they may.'),
    fix: () => [fewer(), 'kubectl get pods -A'],
  },
  {
    ...scheduling,
    code: 'LOCO-SCH-006',
    text: /didn't match (?:Pod's )?node (?:affinity|selector)/i,
    patience: soon,
    cause: () => t('No node has the labels that node selector or affinity of the pod ask for.'),
    fix: () => ['kubectl get nodes --show-labels', t('Correct nodeSelector or affinity in the values.')],
  },
  {
    ...scheduling,
    code: 'LOCO-SCH-007',
    text: /(?:untolerated taint(?:\(s\))?|had taint) \{(node\.kubernetes\.io\/[^:}]+)/i,
    patience: { seconds: 60, autoscaled: 300 },
    cause: (facts) => t`The nodes take no pods at the moment: ${facts.groups[0]}.`,
    fix: () => ['kubectl get nodes', t('A node that was cordoned: kubectl uncordon NODE')],
  },
  {
    ...scheduling,
    code: 'LOCO-SCH-007',
    text: /(?:untolerated taint(?:\(s\))?|had taint) \{([^:}]+)/i,
    patience: soon,
    cause: (facts) => t`The nodes carry the taint ${facts.groups[0]}, which the pod does not tolerate.`,
    fix: () => [t('Add a toleration in the values (tolerations), or remove the taint: kubectl taint nodes NODE KEY-')],
  },
  {
    ...scheduling,
    code: 'LOCO-SCH-015',
    text: /didn't have free ports for the requested pod ports/i,
    patience: soon,
    cause: () => t('A port of the node that the pod asks for is taken.'),
    fix: () => [t('Remove hostPort, or stop what uses the port.')],
  },
  {
    ...scheduling,
    code: 'LOCO-SCH-020',
    patience: { seconds: 30, autoscaled: 300 },
    cause: () => t('The scheduler finds no node for the pod.'),
    fix: (facts) => [`kubectl -n ${facts.namespace} describe pod ${facts.object}`],
  },
]
