import assert from 'node:assert/strict'
import { parse } from 'yaml'
import { binaryPaths } from '../../../src/sandbox/binaries/catalogue.ts'
import type { Part, PartContext } from '../../../src/sandbox/part.ts'
import { allParts } from '../../../src/sandbox/parts/all.ts'
import { plan, ports } from '../../../src/sandbox/plan.ts'
import { partNames } from '../../../src/sandbox/status.ts'

const context: PartContext = {
  paths: {
    root: '/state',
    run: '/run/node',
    cache: '/cache',
    kubeconfig: '/state/kubeconfig',
    dockerSocket: '/run/node/docker.sock',
    containerdSocket: '/run/node/containerd.sock',
    logs: '/state/logs',
    pki: '/state/pki',
    owner: { uid: 1000, gid: 1000, name: 'ada', home: '/home/ada' },
  },
  bin: binaryPaths('/cache', 'amd64'),
  resolvConf: '/etc/resolv.conf',
  kvm: true,
  cniPlugins: '/usr/lib/cni',
  own: { node: '/usr/bin/node', devices: '/lib/devices.cjs', csi: '/lib/csi.cjs' },
  additions: ['csi'],
  proxies: { HTTPS_PROXY: 'http://proxy:3128' },
}
const parts = new Map(allParts(context).map((part) => [part.name, part]))
const part = (name: string): Part => parts.get(name) as Part
const fileOf = (name: string, path: string): string => part(name).files?.find((file) => file.path === path)?.text ?? ''

/** Flags without which something was measured to go wrong, and why. */
const needed: [part: string, flag: string, why: string][] = [
  ['etcd', '--client-cert-auth', 'other users of the machine could read secrets'],
  ['etcd', '--data-dir=/state/etcd', 'objects survive a node that is off'],
  ['apiserver', '--kubelet-preferred-address-types=InternalIP', 'exec and logs would look up the name of the node'],
  ['apiserver', '--authorization-mode=Node,RBAC', ''],
  ['controller-manager', '--leader-elect=false', 'a restart would wait for the old lease'],
  ['kubelet', `--node-ip=${plan.gateway}`, 'the node would have no InternalIP'],
  ['kubelet', '--root-dir=/state/kubelet', 'the pods of a person’s own kubelet are elsewhere'],
  ['kube-proxy', '--proxy-mode=nftables', 'the rules are tables of their own, removable as a whole'],
  ['kube-proxy', '--conntrack-max-per-core=0', 'the machine’s settings are the person’s'],
  ['dockerd', '--config-file=/run/node/dockerd.json', 'the person’s daemon.json would be read'],
  ['dockerd', '--iptables=false', 'the firewall is the person’s'],
  ['dockerd', `--bridge=${plan.dockerBridge}`, 'docker0 is the person’s'],
]

describe('sandbox parts', () => {
  for (const [name, flag, why] of needed) it(`${name} has ${flag}${why === '' ? '' : `: ${why}`}`, () => assert.ok(part(name).argv.includes(flag)))

  it('every part waits only for parts and jobs that exist, and nobody waits for itself in the end', () => {
    const jobs = new Set(['node-images', 'objects', 'csi-objects'])
    const reach = (name: string, seen: string[]): void => {
      assert.ok(!seen.includes(name), [...seen, name].join(' → '))
      for (const other of parts.get(name)?.after ?? []) {
        assert.ok(parts.has(other) || jobs.has(other), `${name} waits for ${other}`)
        reach(other, [...seen, name])
      }
    }
    for (const name of parts.keys()) reach(name, [])
  })

  it('status lists exactly the parts', () => {
    assert.deepEqual(partNames(['csi'], true), [...parts.keys()])
    assert.deepEqual(
      partNames([], false),
      allParts({ ...context, kvm: false, additions: [] }).map(({ name }) => name),
    )
  })

  it('every port in the table belongs to a part', () => {
    assert.deepEqual(
      ports.filter((entry) => !parts.has(entry.part)),
      [],
    )
  })

  it('nothing is written outside the two folders', () => {
    const paths = [...parts.values()].flatMap(({ files = [] }) => files.map(({ path }) => path))
    assert.deepEqual(
      paths.filter((path) => !path.startsWith('/run/node/') && !path.startsWith('/state/')),
      [],
    )
  })

  it('the kubelet leaves the firewall alone, keeps images and finds the device plugin waiting', () => {
    const config = parse(fileOf('kubelet', '/run/node/kubelet.yaml')) as Record<string, unknown>
    assert.equal(config['makeIPTablesUtilChains'], false)
    assert.equal(config['imageGCHighThresholdPercent'], 100)
    assert.equal(config['cgroupRoot'], `/${plan.cgroup}`)
    assert.ok(part('kubelet').after.includes('devices'))
  })

  it('without /dev/kvm there is no device plugin, and the kubelet does not wait for it', () => {
    const without = allParts({ ...context, kvm: false })
    assert.ok(!without.some(({ name }) => name === 'devices'))
    assert.ok(!without.find(({ name }) => name === 'kubelet')?.after.includes('devices'))
  })

  it('the CSI driver is there when the kubelet looks for it, and keeps its data in the state', () => {
    assert.ok(part('kubelet').after.includes('csi-driver'))
    assert.deepEqual(part('csi-driver').argv, [
      ...['/usr/bin/node', '/lib/csi.cjs', '--node', plan.node, '--socket', '/run/node/csi.sock', '--data', '/state/csi', '--kubelet', '/state/kubelet'],
      ...['--door', '/state/kubelet/plugins_registry/csi.loco.local-reg.sock', '--registered', '/run/node/csi.registered'],
    ])
    const without = allParts({ ...context, additions: [] })
    assert.ok(!without.some(({ name }) => /csi|snapshot/.test(name)))
    assert.ok(!without.find(({ name }) => name === 'kubelet')?.after.includes('csi-driver'))
  })

  it('containerd keeps to its own places and opens devices to pods that are not root', () => {
    const toml = fileOf('containerd', '/run/node/containerd.toml')
    for (const line of [
      'root = "/state/containerd"',
      'address = "/run/node/containerd.sock"',
      'device_ownership_from_security_context = true',
      'restrict_oom_score_adj = true',
      'netns_mounts_under_state_dir = true',
    ]) {
      assert.ok(toml.includes(line), line)
    }
    const network = JSON.parse(fileOf('containerd', '/run/node/cni/10-loco.conflist')) as { plugins: { ipMasq?: boolean }[] }
    assert.equal(network.plugins[0]?.ipMasq, false)
  })

  it('only those that fetch images get the proxies', () => {
    assert.deepEqual(
      [...parts.values()].filter(({ env }) => env?.['HTTPS_PROXY'] !== undefined).map(({ name }) => name),
      ['containerd', 'dockerd'],
    )
  })
})
