import type { Part, PartContext } from '../part.ts'
import { apiserver } from './apiserver.ts'
import { containerd } from './containerd.ts'
import { controllerManager } from './controller-manager.ts'
import { coredns } from './coredns.ts'
import { csiDriver } from './csi-driver.ts'
import { csiProvisioner } from './csi-provisioner.ts'
import { csiSnapshotter } from './csi-snapshotter.ts'
import { devices } from './devices.ts'
import { dockerd } from './dockerd.ts'
import { etcd } from './etcd.ts'
import { kubeProxy } from './kube-proxy.ts'
import { kubelet } from './kubelet.ts'
import { localPathProvisioner } from './local-path-provisioner.ts'
import { scheduler } from './scheduler.ts'
import { snapshotController } from './snapshot-controller.ts'

/** Every part of the node, in the order in which `status` lists them. */
export function allParts(context: PartContext): Part[] {
  const parts = [etcd, apiserver, controllerManager, scheduler, containerd, dockerd, kubelet, kubeProxy, coredns, localPathProvisioner]
  const csi = [csiDriver, csiProvisioner, csiSnapshotter, snapshotController]
  return [...parts, ...(context.kvm ? [devices] : []), ...(context.additions.includes('csi') ? csi : [])].map((part) => part(context))
}
