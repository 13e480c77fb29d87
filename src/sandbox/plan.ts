/**
 * The fixed numbers and names of the node. The ranges avoid those of Docker (172.17), podman (10.88), k3d, kind and minikube,
 * so that the sandbox can stand beside them.
 */
export const plan = {
  node: 'loco-node',
  /** The pods' bridge; the node's address is its gateway. */
  bridge: 'loco-cni0',
  gateway: '10.213.0.1',
  podNetwork: '10.213.0.0/16',
  /** What the one node hands out of it. */
  podRange: '10.213.0.0/24',
  serviceNetwork: '10.96.0.0/16',
  apiService: '10.96.0.1',
  dnsService: '10.96.0.10',
  /** The Docker engine's own bridge: docker0 is the person's. */
  dockerBridge: 'loco-docker0',
  dockerGateway: '10.214.0.1',
  dockerNetwork: '10.214.0.0/24',
  /** Parent of every cgroup of the sandbox; the parts themselves run in its child `parts`. */
  cgroup: 'loco-cluster',
  /** Our nftables table: masquerading, and no way in from other machines. */
  table: 'loco-cluster',
  cniName: 'loco-sandbox',
  storageClass: 'standard',
  kvmResource: 'devices.kubevirt.io/kvm',
  context: 'loco-sandbox',
} as const

/** Who listens where. `any`: an address of our own is not enough, the port must be free on every address. */
export const ports = [
  { part: 'etcd', port: 2379, address: '127.0.0.1' },
  { part: 'etcd', port: 2380, address: '127.0.0.1' },
  { part: 'apiserver', port: 6443, address: '0.0.0.0' },
  { part: 'kubelet', port: 10248, address: '127.0.0.1' },
  { part: 'kube-proxy', port: 10249, address: '127.0.0.1' },
  { part: 'kubelet', port: 10250, address: plan.gateway },
  { part: 'kube-proxy', port: 10256, address: '127.0.0.1' },
  { part: 'controller-manager', port: 10257, address: '127.0.0.1' },
  { part: 'scheduler', port: 10259, address: '127.0.0.1' },
  { part: 'csi-provisioner', port: 10271, address: '127.0.0.1' },
  { part: 'csi-snapshotter', port: 10272, address: '127.0.0.1' },
  { part: 'snapshot-controller', port: 10273, address: '127.0.0.1' },
  { part: 'coredns', port: 53, address: plan.gateway },
] as const satisfies readonly { part: string; port: number; address: string }[]

/** The image of a pod's own process, and a shell for helper pods: both made here of the distribution's static busybox. */
export const pauseImage = 'loco.local/pause:1'
export const busyboxImage = 'docker.io/library/busybox:1'
