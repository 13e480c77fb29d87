import type { Part, PartContext } from '../part.ts'
import { plan } from '../plan.ts'
import { devicePluginFolder } from './kubelet.ts'

/** The device plugin that hands /dev/kvm to pods. It starts before the kubelet and registers in the moment the kubelet's socket appears. */
export function devices({ own }: PartContext): Part {
  return {
    name: 'devices',
    argv: [own.node, own.devices, '--folder', devicePluginFolder, '--device', `${plan.kvmResource}=/dev/kvm`],
    after: [],
    ready: { kind: 'process' },
    patience: 10_000,
  }
}
