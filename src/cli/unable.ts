import { platform } from 'node:os'
import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'

/**
 * One screen for a machine that has no cluster and cannot hold the sandbox: what was found, what is missing, what to install.
 * @param refusals why the sandbox cannot be held here, at least one
 * @param elsewhere why the current context cannot be used either
 */
export function noClusterHere(refusals: readonly LocoError[], elsewhere: LocoError | undefined): LocoError {
  const install =
    platform() === 'linux'
      ? t('or install kind, minikube or k3d, start it, and run npm start again')
      : t('or install Docker Desktop with its Kubernetes, kind, minikube or k3d, start it, and run npm start again')
  const here = t`The sandbox: ${refusals.map((refusal) => refusal.what).join(' ')}`
  return new LocoError('LOCO-USE-007', {
    what: t('There is no cluster here to run the fleet on.'),
    why: elsewhere === undefined ? here : `${here} ${t`The kubeconfig: ${elsewhere.what}`}`,
    fix: [...new Set(refusals.flatMap((refusal) => refusal.fix)), install],
    evidence: refusals.map((refusal) => refusal.code),
  })
}
