import { t } from '@vscode/l10n'
import { type Row, seenTwice } from '../row.ts'

const controller = { layer: 'controller', reasons: ['FailedCreate', 'FailedUpdate'] } as const

/** Looked for in the events of a StatefulSet that has not made all of its pods: it has no condition that would say so. */
export const controllerRows: readonly Row[] = [
  {
    ...controller,
    code: 'LOCO-CTL-001',
    text: /exceeded quota: ([^\s,]+)/i,
    patience: seenTwice,
    cause: (facts) => t`The quota ${facts.groups[0]} of namespace ${facts.namespace} is used up.`,
    fix: (facts) => [`kubectl -n ${facts.namespace} describe quota ${facts.groups[0]}`, t('Fewer emulators: --replicas N')],
  },
  {
    ...controller,
    code: 'LOCO-CTL-002',
    text: /violates PodSecurity "([^"]+)"/i,
    patience: seenTwice,
    cause: (facts) => t`The namespace ${facts.namespace} enforces the pod security level ${facts.groups[0].replace(/:.*/, '')}, which the pod does not meet.`,
    fix: () => [t('The evidence names each field: take back what your values change in securityContext.'), 'loco bootstrap'],
  },
  {
    ...controller,
    code: 'LOCO-CTL-003',
    text: /denied the request/i,
    patience: seenTwice,
    cause: () => t('A policy of the cluster (an admission webhook) refuses the pod.'),
    fix: () => [t('Meet the policy that the evidence names, or ask its owner.')],
  },
  {
    ...controller,
    code: 'LOCO-CTL-003',
    text: /failed calling webhook "?([^":\s]+)/i,
    patience: { seconds: 60 },
    cause: (facts) => t`The admission webhook ${facts.groups[0]} cannot be asked, so no pod can be made.`,
    fix: () => ['kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations', t('See whether the service of the webhook runs.')],
  },
  {
    ...controller,
    code: 'LOCO-CTL-004',
    text: /service ?account.*not found/i,
    patience: { seconds: 10 },
    cause: (facts) => t`The service account of the pod does not exist in namespace ${facts.namespace}.`,
    fix: (facts) => [`kubectl -n ${facts.namespace} get serviceaccounts`, 'loco bootstrap'],
  },
  {
    ...controller,
    code: 'LOCO-CTL-010',
    patience: { seconds: 30 },
    cause: (facts) => t`The controller ${facts.object} cannot make the pod.`,
    fix: (facts) => [`kubectl -n ${facts.namespace} describe statefulset ${facts.object}`],
  },
]
