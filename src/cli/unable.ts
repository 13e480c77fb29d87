import { platform } from 'node:os'
import { LocoError } from '../base/error.ts'

/**
 * One screen for a machine that has no cluster and cannot hold the sandbox: what was found, what is missing, what to install.
 * @param refusals why the sandbox cannot be held here, at least one
 * @param elsewhere why the current context cannot be used either
 */
export function noClusterHere(refusals: readonly LocoError[], elsewhere: LocoError | undefined): LocoError {
  const local = platform() === 'linux' ? 'kind, minikube or k3d' : 'Docker Desktop with its Kubernetes, kind, minikube or k3d'
  return new LocoError('LOCO-USE-007', {
    what: 'There is no cluster here to run the fleet on.',
    why: `The sandbox: ${refusals.map((refusal) => refusal.what).join(' ')}${elsewhere === undefined ? '' : ` The kubeconfig: ${elsewhere.what}`}`,
    fix: [...new Set(refusals.flatMap((refusal) => refusal.fix)), `or install ${local}, start it, and run npm start again`],
    evidence: refusals.map((refusal) => refusal.code),
  })
}
