import { t } from '@vscode/l10n'
import { type Facts, type Row, seenTwice } from '../row.ts'

const describe = (facts: Facts): string => `kubectl -n ${facts.namespace} describe pod ${facts.object}`
const mount = { layer: 'volume', reasons: ['FailedMount'] } as const

/** Looked for in the events of a pod whose containers have not been created. */
export const volumeRows: readonly Row[] = [
  {
    ...mount,
    code: 'LOCO-VOL-001',
    text: /(configmap|secret) "([^"]+)" not found|references non-existent (config|secret) key/i,
    patience: { seconds: 10 },
    cause: (facts) =>
      facts.groups[1] === ''
        ? t('A key that the pod mounts is not in its ConfigMap or Secret.')
        : facts.groups[0].toLowerCase() === 'secret'
          ? t`The Secret ${facts.groups[1]}, which the pod mounts, does not exist in namespace ${facts.namespace}.`
          : t`The ConfigMap ${facts.groups[1]}, which the pod mounts, does not exist in namespace ${facts.namespace}.`,
    fix: (facts) => [`kubectl -n ${facts.namespace} get configmap,secret`, t('Or install the release again: loco bootstrap')],
  },
  {
    ...mount,
    code: 'LOCO-VOL-002',
    text: /hostPath type check failed: (\S+) is not an? (.+)/i,
    patience: { seconds: 10 },
    cause: (facts) => t`The path ${facts.groups[0]} on the node is not a ${facts.groups[1].trim()}.`,
    fix: (facts) => [t('Create it on the node, or use the type DirectoryOrCreate.'), describe(facts)],
  },
  {
    ...mount,
    code: 'LOCO-VOL-007',
    text: /driver name (\S+) not found in the list of registered CSI drivers/i,
    patience: { seconds: 30 },
    cause: (facts) => t`The storage driver ${facts.groups[0]} does not run on the node.`,
    fix: () => ['kubectl get csidrivers,csinodes', t('Install the driver, or choose another storage class.')],
  },
  {
    ...mount,
    code: 'LOCO-VOL-003',
    text: /unmounted volumes=|unattached volumes=|timed out waiting for the condition/i,
    patience: 'never',
    symptom: true,
    cause: () => t('The node waits for the volumes of the pod.'),
    fix: (facts) => [describe(facts)],
  },
  {
    ...mount,
    code: 'LOCO-VOL-009',
    patience: { seconds: 60 },
    cause: () => t('A volume of the pod cannot be mounted.'),
    fix: (facts) => [describe(facts)],
  },
  {
    layer: 'volume',
    code: 'LOCO-VOL-006',
    reasons: ['FailedAttachVolume'],
    text: /Multi-Attach error/i,
    patience: { seconds: 60 },
    cause: () => t('The volume of the pod is still in use on another node.'),
    fix: (facts) => [`kubectl -n ${facts.namespace} get pods -o wide`, t('Delete the pod that holds the volume.')],
  },
  {
    layer: 'volume',
    code: 'LOCO-VOL-007',
    reasons: ['FailedAttachVolume'],
    patience: { seconds: 30 },
    cause: () => t('A volume of the pod cannot be attached: its storage driver does not answer.'),
    fix: () => ['kubectl get csidrivers,volumeattachments'],
  },
]

/** Looked for in the events of a pod whose sandbox does not stand. */
export const sandboxRows: readonly Row[] = [
  {
    layer: 'sandbox',
    code: 'LOCO-POD-003',
    reasons: ['FailedCreatePodSandBox'],
    text: /no runtime for "([^"]+)" is configured|RuntimeHandler "([^"]+)" not supported/i,
    patience: seenTwice,
    cause: (facts) => t`The node has no container runtime named ${facts.groups[0] || facts.groups[1]}.`,
    fix: () => [t('Remove runtimeClassName, or install the runtime on the node.')],
  },
  {
    layer: 'sandbox',
    code: 'LOCO-POD-002',
    reasons: ['FailedCreatePodSandBox'],
    text: /cannot allocate memory|OOM-killed|memory limit too low/i,
    patience: seenTwice,
    cause: () => t('The memory limit of the pod is below what the container runtime itself needs.'),
    fix: () => [t('Raise emulator.resources.limits.memory.')],
  },
  {
    layer: 'sandbox',
    code: 'LOCO-POD-001',
    reasons: ['FailedCreatePodSandBox', 'NetworkNotReady'],
    text: /cni|network/i,
    patience: { seconds: 30 },
    cause: () => t('The network plugin of the node cannot make the network of the pod.'),
    fix: () => ['kubectl -n kube-system get pods -o wide', t('On the sandbox: loco sandbox up')],
  },
  {
    layer: 'sandbox',
    code: 'LOCO-POD-004',
    reasons: ['FailedCreatePodSandBox'],
    patience: { seconds: 30 },
    cause: () => t('The container runtime cannot make the sandbox of the pod.'),
    fix: (facts) => [describe(facts)],
  },
]
