import { t } from '@vscode/l10n'
import { type Facts, type Row, seenTwice } from '../row.ts'

const config = { layer: 'config' } as const
const describe = (facts: Facts): string => `kubectl -n ${facts.namespace} describe pod ${facts.object}`
const cannotRun = /exec:? ["/].*(?:executable file not found|permission denied|no such file or directory|exec format error)/is

/** Looked for in a container's waiting reason, and in the reason of its last end where the runtime never got the process to run. */
export const configRows: readonly Row[] = [
  {
    ...config,
    code: 'LOCO-CFG-003',
    reasons: ['CreateContainerConfigError'],
    text: /couldn't find key (\S+) in (\S+) (\S+)/i,
    patience: { seconds: 10 },
    cause: (facts) => t`The ${facts.groups[1]} ${nameIn(facts.groups[2])} has no key ${facts.groups[0]}, which container ${facts.container} needs.`,
    fix: (facts) => [`kubectl -n ${facts.namespace} describe ${facts.groups[1].toLowerCase()} ${nameIn(facts.groups[2])}`],
  },
  {
    ...config,
    code: 'LOCO-CFG-001',
    reasons: ['CreateContainerConfigError'],
    text: /configmaps? "?([^"\s]+)"? not found/i,
    patience: { seconds: 10 },
    cause: (facts) => t`The ConfigMap ${facts.groups[0]} does not exist in namespace ${facts.namespace}; container ${facts.container} needs it.`,
    fix: (facts) => [`kubectl -n ${facts.namespace} get configmap`, t('Or install the release again: loco bootstrap')],
  },
  {
    ...config,
    code: 'LOCO-CFG-002',
    reasons: ['CreateContainerConfigError'],
    text: /secrets? "?([^"\s]+)"? not found/i,
    patience: { seconds: 10 },
    cause: (facts) => t`The Secret ${facts.groups[0]} does not exist in namespace ${facts.namespace}; container ${facts.container} needs it.`,
    fix: (facts) => [`kubectl -n ${facts.namespace} get secret`, t('Or install the release again: loco bootstrap')],
  },
  {
    ...config,
    code: 'LOCO-CFG-004',
    reasons: ['CreateContainerConfigError'],
    text: /runAsNonRoot|non-numeric user|breaks non-root policy/i,
    patience: seenTwice,
    cause: (facts) => t`The image ${facts.image} runs as root, or names its user by a word, and the pod may not run as root.`,
    fix: () => [t('Set a numeric runAsUser in the pod, or a numeric USER in the image.')],
  },
  {
    ...config,
    code: 'LOCO-CFG-011',
    reasons: ['CreateContainerConfigError'],
    patience: { seconds: 20 },
    cause: (facts) => t`The configuration of container ${facts.container} cannot be prepared.`,
    fix: (facts) => [describe(facts)],
  },
  {
    ...config,
    code: 'LOCO-CFG-005',
    reasons: ['CreateContainerError'],
    patience: { seconds: 20 },
    cause: (facts) => t`The container runtime refuses to create container ${facts.container}.`,
    fix: (facts) => [t('A missing /dev/kvm: --set emulator.kvm.enabled=false'), describe(facts)],
  },
  {
    ...config,
    code: 'LOCO-CFG-006',
    reasons: ['RunContainerError', 'StartError', 'ContainerCannotRun'],
    text: cannotRun,
    patience: seenTwice,
    cause: (facts) => t`The command of container ${facts.container} is not in the image ${facts.image} or cannot be run there.`,
    fix: (facts) => [t('Correct command and entrypoint; a script needs mode 0755 and Unix line ends.'), describe(facts)],
  },
  {
    ...config,
    code: 'LOCO-CFG-008',
    reasons: ['ContainerCannotRun'],
    patience: seenTwice,
    cause: (facts) => t`Docker cannot run container ${facts.container}.`,
    fix: (facts) => [describe(facts)],
  },
  {
    ...config,
    code: 'LOCO-CFG-007',
    reasons: ['StartError', 'RunContainerError'],
    patience: seenTwice,
    cause: (facts) => t`The container runtime cannot start the process of container ${facts.container}.`,
    fix: (facts) => [describe(facts)],
  },
]

/** `name` of `namespace/name`. */
function nameIn(path: string | undefined): string {
  return path?.split('/').pop() ?? ''
}
