import type { V1Namespace, V1Node, V1PersistentVolumeClaim, V1Service, V1StorageClass } from '@kubernetes/client-node'
import { parseQuantity } from '../../values/quantity.ts'
import type { ClaimFacts, ClusterFacts, NodeFacts, StorageClassFacts } from '../../values/types.ts'

type PodSecurity = NonNullable<ClusterFacts['namespaces']>[number]['podSecurity']

/** A quantity as the API server writes it; 0 where there is none. */
const quantity = (text: string | undefined): number => parseQuantity(text) ?? 0

/** What everybody has is no device. */
const usual = /^(cpu|memory|pods|ephemeral-storage|hugepages-.*|attachable-volumes-.*)$/

export function nodeFacts({ metadata, spec, status }: V1Node): NodeFacts {
  const allocatable = status?.allocatable ?? {}
  const ready = (status?.conditions ?? []).some(({ type, status: value }) => type === 'Ready' && value === 'True')
  const barred = (spec?.taints ?? []).some(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute')
  return {
    name: metadata?.name ?? '',
    schedulable: ready && spec?.unschedulable !== true && !barred,
    labels: metadata?.labels ?? {},
    allocatable: {
      cpu: quantity(allocatable['cpu']),
      memory: quantity(allocatable['memory']),
      ...(allocatable['ephemeral-storage'] === undefined ? {} : { ephemeralStorage: quantity(allocatable['ephemeral-storage']) }),
      devices: Object.keys(allocatable).filter((name) => !usual.test(name) && quantity(allocatable[name]) > 0),
    },
    images: (status?.images ?? []).flatMap(({ names }) => names ?? []),
  }
}

export function storageClassFacts({ metadata, provisioner, volumeBindingMode, allowVolumeExpansion }: V1StorageClass): StorageClassFacts {
  return {
    name: metadata?.name ?? '',
    isDefault: metadata?.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true',
    provisioner,
    binding: volumeBindingMode === 'WaitForFirstConsumer' ? 'WaitForFirstConsumer' : 'Immediate',
    expandable: allowVolumeExpansion === true,
  }
}

export function claimFacts({ metadata, spec, status }: V1PersistentVolumeClaim): ClaimFacts {
  return {
    name: metadata?.name ?? '',
    storageClass: spec?.storageClassName,
    request: quantity(spec?.resources?.requests?.['storage']),
    modes: spec?.accessModes ?? [],
    phase: status?.phase ?? '',
  }
}

export function namespaceFacts({ metadata }: V1Namespace): { name: string; podSecurity: PodSecurity } {
  const level = metadata?.labels?.['pod-security.kubernetes.io/enforce']
  // Without the label the cluster's own default counts, which nobody can read; it is `privileged` unless somebody changed it.
  return { name: metadata?.name ?? '', podSecurity: level === 'restricted' || level === 'baseline' ? level : 'privileged' }
}

/** Node ports in use, by the Services that have them. */
export function nodePortsOf(services: readonly V1Service[]): ReadonlyMap<number, string> {
  const used = new Map<number, string>()
  for (const { metadata, spec } of services) {
    const name = `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`
    for (const { nodePort } of spec?.ports ?? []) if (nodePort !== undefined) used.set(nodePort, name)
    if (spec?.healthCheckNodePort !== undefined) used.set(spec.healthCheckNodePort, name)
  }
  return used
}
