import { t } from '@vscode/l10n'
import type { PlanEvent } from '../../contracts/operation.ts'
import type { Question } from '../confirm.ts'
import { operationName } from './title.ts'

/** The plan of an operation as a question: where it works, what it does step by step, and what is lost for good. */
export function questionOf({ operation, target, steps, losses, warnings = [] }: PlanEvent): Question {
  const { provider, context, server, namespace, release } = target
  const lost = losses.length === 0 ? [] : ['', t('This will be lost for good:'), ...losses.map((loss) => `  • ${loss}`)]
  const detail = [
    t`Cluster: ${context} (${provider}) at ${server}`,
    t`Namespace: ${namespace}`,
    t`Release: ${release}`,
    ...(warnings.length === 0 ? [] : ['', ...warnings]),
    ...lost,
    '',
    t('Steps:'),
    ...steps.map(({ title }, index) => `  ${index + 1}. ${title}`),
  ].join('\n')
  return { question: asked(operation, release, namespace, context), detail, yes: operationName(operation) }
}

function asked(operation: PlanEvent['operation'], release: string, namespace: string, context: string): string {
  switch (operation) {
    case 'bootstrap':
      return t`Bring up the fleet ${release} in namespace ${namespace} of ${context}?`
    case 'rebuild':
      return t`Rebuild the fleet ${release} in namespace ${namespace} of ${context}?`
    case 'destroy':
      return t`Take away the fleet ${release} in namespace ${namespace} of ${context}?`
    case 'migrate':
      return t`Move the disks of the fleet ${release} in namespace ${namespace} of ${context}?`
  }
}
