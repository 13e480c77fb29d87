import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Part, PartContext } from '../part.ts'
import { plan } from '../plan.ts'

/** The folder of device plugins, which is this one whatever `--root-dir` says. */
export const devicePluginFolder = '/var/lib/kubelet/device-plugins'

/**
 * The node itself. It starts after the device plugin waits for it: pods that were there when the node was switched off are admitted in the first moment,
 * and a device that is not registered by then turns them down for good. A volume whose driver is not registered is only tried again, later.
 */
export function kubelet({ paths, bin, resolvConf, kvm, additions }: PartContext): Part {
  const config = {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: plan.gateway,
    authentication: { anonymous: { enabled: false }, webhook: { enabled: true }, x509: { clientCAFile: join(paths.pki, 'ca.crt') } },
    authorization: { mode: 'Webhook' },
    tlsCertFile: join(paths.pki, 'kubelet.crt'),
    tlsPrivateKeyFile: join(paths.pki, 'kubelet.key'),
    containerRuntimeEndpoint: `unix://${paths.containerdSocket}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${plan.cgroup}`,
    failCgroupV1: false,
    failSwapOn: false,
    // The firewall is the person's. Nothing here needs the kubelet's chains.
    makeIPTablesUtilChains: false,
    clusterDNS: [plan.dnsService],
    clusterDomain: 'cluster.local',
    resolvConf,
    podLogsDir: join(paths.root, 'pod-logs'),
    volumePluginDir: join(paths.root, 'kubelet-volume-plugins'),
    // Images that were carried here by hand cannot be pulled again: never collect them.
    imageGCHighThresholdPercent: 100,
    evictionHard: { 'nodefs.available': '1%', 'imagefs.available': '1%', 'memory.available': '100Mi' },
    // A resource or condition shows within a second; reports without news stay rare.
    nodeStatusUpdateFrequency: '1s',
    nodeStatusReportFrequency: '5m',
  }
  const file = join(paths.run, 'kubelet.yaml')
  return {
    name: 'kubelet',
    argv: [
      bin.kubelet,
      `--config=${file}`,
      `--kubeconfig=${join(paths.root, 'kubelet.kubeconfig')}`,
      `--hostname-override=${plan.node}`,
      `--node-ip=${plan.gateway}`,
      `--root-dir=${join(paths.root, 'kubelet')}`,
      `--cert-dir=${join(paths.root, 'kubelet-pki')}`,
    ],
    files: [{ path: file, text: stringify(config) }],
    after: ['apiserver', 'containerd', 'node-images', ...(kvm ? ['devices'] : []), ...(additions.includes('csi') ? ['csi-driver'] : [])],
    ready: { kind: 'node', name: plan.node },
    patience: 60_000,
  }
}
