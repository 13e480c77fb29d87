import { join } from 'node:path'
import type { Part, PartContext } from '../part.ts'
import { plan } from '../plan.ts'

/**
 * The Docker engine for builds, on the same containerd. It touches no firewall and no docker0: its bridge is ours, and so is the masquerading (network.ts).
 */
export function dockerd({ paths, proxies }: PartContext): Part {
  const file = join(paths.run, 'dockerd.json')
  return {
    name: 'dockerd',
    argv: [
      'dockerd',
      // Without it the engine would read the person's /etc/docker/daemon.json.
      `--config-file=${file}`,
      `--host=unix://${paths.dockerSocket}`,
      `--data-root=${join(paths.root, 'docker')}`,
      `--exec-root=${join(paths.run, 'docker')}`,
      `--pidfile=${join(paths.run, 'dockerd.pid')}`,
      `--containerd=${paths.containerdSocket}`,
      `--cgroup-parent=/${plan.cgroup}/docker`,
      '--exec-opt=native.cgroupdriver=cgroupfs',
      `--bridge=${plan.dockerBridge}`,
      '--iptables=false',
      '--ip-masq=false',
      '--ip-forward=false',
      '--shutdown-timeout=2',
    ],
    env: proxies,
    // With the containerd image store, the default from Docker 29 on, image ids are no config digests, by which nodes and engine are compared.
    files: [{ path: file, text: `${JSON.stringify({ features: { 'containerd-snapshotter': false } })}\n` }],
    after: ['containerd'],
    ready: { kind: 'http', url: 'http://docker/_ping', socket: paths.dockerSocket },
    patience: 60_000,
  }
}
