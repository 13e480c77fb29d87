import type { Claim, ContainerSpec, Pod } from '../../../diagnosis/evidence.ts'

/* More of the API server's objects than the diagnosis reads: the same objects, seen by somebody who shows them. */

type Quantities = Readonly<Record<string, string>>

export interface Probe {
  readonly httpGet?: { readonly path?: string; readonly port: number | string }
  readonly tcpSocket?: { readonly port: number | string }
  readonly exec?: { readonly command?: readonly string[] }
  readonly periodSeconds?: number
  readonly timeoutSeconds?: number
  readonly failureThreshold?: number
}

export interface FullContainer extends ContainerSpec {
  readonly resources?: { readonly requests?: Quantities; readonly limits?: Quantities }
  readonly startupProbe?: Probe
  readonly readinessProbe?: Probe
  readonly livenessProbe?: Probe
}

type PodSpec = NonNullable<Pod['spec']>
type PodStatus = NonNullable<Pod['status']>

export interface FullPod extends Omit<Pod, 'spec' | 'status'> {
  readonly spec?: Omit<PodSpec, 'containers' | 'initContainers'> & {
    readonly containers?: readonly FullContainer[]
    readonly initContainers?: readonly FullContainer[]
  }
  readonly status?: PodStatus & { readonly podIP?: string; readonly hostIP?: string; readonly qosClass?: string }
}

export interface FullClaim extends Omit<Claim, 'spec' | 'status'> {
  readonly spec?: NonNullable<Claim['spec']> & { readonly resources?: { readonly requests?: Quantities } }
  readonly status?: NonNullable<Claim['status']> & { readonly capacity?: Quantities }
}
