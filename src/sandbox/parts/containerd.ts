import { join } from 'node:path'
import type { Part, PartContext } from '../part.ts'
import { pauseImage, plan } from '../plan.ts'

/** The container runtime of the distribution, with a configuration, sockets and folders of its own. */
export function containerd({ paths, cniPlugins, proxies }: PartContext): Part {
  const cni = join(paths.run, 'cni')
  const config = `version = 2
root = "${join(paths.root, 'containerd')}"
state = "${join(paths.run, 'containerd')}"
disabled_plugins = ["io.containerd.internal.v1.restart"]
[grpc]
  address = "${paths.containerdSocket}"
[plugins."io.containerd.internal.v1.opt"]
  path = "${join(paths.root, 'containerd-opt')}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  # Works without CAP_SYS_RESOURCE.
  restrict_oom_score_adj = true
  # A device of a device plugin belongs to runAsUser:runAsGroup: pods that are not root can open /dev/kvm.
  device_ownership_from_security_context = true
  # Not /run/netns, which is shared with the person's own tools.
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${cniPlugins}"
    conf_dir = "${cni}"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        Root = "${join(paths.run, 'runc')}"
`
  // Masquerading is in our own nftables table: the bridge plugin would write into the person's iptables.
  const network = {
    cniVersion: '0.4.0',
    name: plan.cniName,
    plugins: [
      {
        type: 'bridge',
        bridge: plan.bridge,
        isGateway: true,
        ipMasq: false,
        hairpinMode: true,
        ipam: { type: 'host-local', dataDir: join(paths.run, 'cni-ipam'), ranges: [[{ subnet: plan.podRange }]], routes: [{ dst: '0.0.0.0/0' }] },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  }
  const file = join(paths.run, 'containerd.toml')
  return {
    name: 'containerd',
    argv: ['containerd', '--config', file],
    env: proxies,
    files: [
      { path: file, text: config },
      { path: join(cni, '10-loco.conflist'), text: JSON.stringify(network) },
    ],
    after: [],
    ready: { kind: 'unix', path: paths.containerdSocket },
    patience: 30_000,
  }
}
