import { t } from '@vscode/l10n'
import { type Facts, type Row, seenTwice } from '../row.ts'

const claim = { layer: 'claim' } as const
const remake = (facts: Facts): string => t`A claim cannot change its class: kubectl -n ${facts.namespace} delete pvc ${facts.object}, then loco bootstrap`

/** Looked for in the newest event of a claim that is not bound. */
export const claimRows: readonly Row[] = [
  {
    ...claim,
    code: 'LOCO-PVC-001',
    reasons: ['ProvisioningFailed'],
    text: /storageclass\S* "?([^"\s]+)"? not found/i,
    patience: seenTwice,
    cause: (facts) => t`The storage class ${facts.groups[0]} does not exist.`,
    fix: (facts) => ['kubectl get storageclass', t('Choose one of them: --set storage.persistentVolume.storageClass=NAME'), remake(facts)],
  },
  {
    ...claim,
    code: 'LOCO-PVC-002',
    reasons: ['FailedBinding'],
    text: /no storage class is set/i,
    patience: seenTwice,
    cause: () => t('The claim names no storage class, and no class of the cluster is the default.'),
    fix: (facts) => ['kubectl get storageclass', t('Choose one of them: --set storage.persistentVolume.storageClass=NAME'), remake(facts)],
  },
  {
    ...claim,
    code: 'LOCO-PVC-003',
    reasons: ['ProvisioningFailed'],
    text: /only supports? ReadWriteOnce|access ?modes?.*not supported|unsupported access mode/i,
    patience: seenTwice,
    cause: (facts) => t`The storage class ${facts.storageClass} makes volumes for one node only, and the claim asks for a shared one.`,
    fix: (facts) => [t('Ask for ReadWriteOnce, or choose a class that can be shared (kubectl get storageclass).'), remake(facts)],
  },
  {
    ...claim,
    code: 'LOCO-PVC-004',
    reasons: ['ProvisioningFailed', 'FailedBinding'],
    patience: { seconds: 60 },
    cause: (facts) => t`The provisioner of storage class ${facts.storageClass} does not make the volume.`,
    fix: (facts) => [`kubectl -n ${facts.namespace} describe pvc ${facts.object}`, t('Look at the log of the provisioner.')],
  },
  {
    ...claim,
    code: 'LOCO-PVC-004',
    reasons: ['ExternalProvisioning'],
    patience: { seconds: 60 },
    cause: (facts) => t`The provisioner of storage class ${facts.storageClass} has not made the volume yet.`,
    fix: (facts) => [`kubectl -n ${facts.namespace} describe pvc ${facts.object}`, t('See whether the provisioner runs: kubectl get pods -A')],
  },
  {
    ...claim,
    code: 'LOCO-PVC-005',
    reasons: ['WaitForFirstConsumer', 'WaitForPodScheduled'],
    patience: 'normal',
    cause: () => t('The claim gets its volume when its pod is placed on a node.'),
    fix: () => [],
  },
]
