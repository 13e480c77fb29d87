import assert from 'node:assert/strict'
import { cgroupLayout, enabledControllers } from '../../../src/sandbox/cgroups.ts'
import { conflicts, parseListeners } from '../../../src/sandbox/listeners.ts'
import { mountsBelow, parseMounts } from '../../../src/sandbox/mounts.ts'
import { overlap, routeRefusals } from '../../../src/sandbox/network.ts'
import { isStatic, missingPackages, packages, packagesRefusal } from '../../../src/sandbox/packages.ts'
import { callerOf } from '../../../src/sandbox/paths.ts'
import { plan } from '../../../src/sandbox/plan.ts'
import { capabilityMask, type MachineFacts, ownerRefusal, refusals } from '../../../src/sandbox/preflight.ts'

const gibibyte = 1024 ** 3
const able: MachineFacts = {
  platform: 'linux',
  arch: 'amd64',
  uid: 0,
  capabilities: 0x1ffffffffffn,
  namespaces: ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'uts'],
  cgroups: { version: 2, hierarchies: ['/sys/fs/cgroup'], missing: [], writable: true },
  mountable: [],
  features: new Set(['overlay', 'nf_tables']),
  room: [{ folder: '/var/lib/loco-cluster', free: 50 * gibibyte, needed: 6 * gibibyte }],
}
const withoutResource = 0x1ffffffffffn & ~(1n << 24n)
const preflight: [what: string, change: Partial<MachineFacts>, codes: string[]][] = [
  ['a good machine', {}, []],
  ['macOS', { platform: 'darwin' }, ['LOCO-SBX-001']],
  ['an architecture without programs', { arch: undefined }, ['LOCO-SBX-001']],
  ['not root: nothing else is asked', { uid: 1000, capabilities: 0n, cgroups: undefined }, ['LOCO-SBX-002']],
  ['no cgroups at all', { cgroups: undefined }, ['LOCO-SBX-003']],
  ['none mounted, but all can be', { cgroups: undefined, mountable: ['cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'pids'] }, []],
  ['cgroups read-only', { cgroups: { version: 2, hierarchies: ['/sys/fs/cgroup'], missing: [], writable: false } }, ['LOCO-SBX-003']],
  ['no memory controller', { cgroups: { version: 2, hierarchies: ['/sys/fs/cgroup'], missing: ['memory'], writable: true } }, ['LOCO-SBX-003']],
  ['root of a container', { capabilities: 0xa80425fbn }, ['LOCO-SBX-004']],
  ['no CAP_SYS_RESOURCE is enough', { capabilities: withoutResource }, []],
  ['no network namespaces', { namespaces: ['cgroup', 'ipc', 'mnt', 'pid', 'uts'] }, ['LOCO-SBX-004']],
  ['no overlayfs', { features: new Set(['nf_tables']) }, ['LOCO-SBX-010']],
  ['disk full', { room: [{ folder: '/var', free: gibibyte, needed: 6 * gibibyte }] }, ['LOCO-SBX-006']],
  ['several things at once', { features: new Set(), room: [{ folder: '/var', free: 0, needed: 1 }] }, ['LOCO-SBX-010', 'LOCO-SBX-006']],
]

describe('preflight', () => {
  for (const [what, change, codes] of preflight) {
    it(what, () => {
      const found = refusals({ ...able, ...change })
      assert.deepEqual(
        found.map(({ code }) => code),
        codes,
      )
      for (const { fix } of found) assert.ok(fix.length > 0)
    })
  }

  it('reads capabilities', () => assert.equal(capabilityMask('Name:\tnode\nCapEff:\t000001fffeffffff\n'), 0x1fffeffffffn))
})

describe('owner', () => {
  const ada = { uid: 1000, gid: 1000, name: 'ada', home: '/home/ada' }
  const paths = { root: '/state', owner: ada } as Parameters<typeof ownerRefusal>[0]
  const mine = { uid: 1000, name: 'ada', root: '/state' }
  const cases: [what: string, state: typeof mine | undefined, running: typeof mine | undefined, code: string | undefined][] = [
    ['nothing there', undefined, undefined, undefined],
    ['mine, running', mine, mine, undefined],
    ['of somebody else', { ...mine, uid: 1001, name: 'bob' }, undefined, 'LOCO-SBX-008'],
    ['another root runs', undefined, { ...mine, root: '/other' }, 'LOCO-SBX-009'],
  ]
  for (const [what, state, running, code] of cases) it(what, () => assert.equal(ownerRefusal(paths, state, running)?.code, code))

  const passwd = 'root:x:0:0:root:/root:/bin/bash\nada:x:1000:1001:Ada:/home/ada:/bin/bash\n'
  const callers: [what: string, env: NodeJS.ProcessEnv, uid: number, expected: [number, number, string, string]][] = [
    ['root itself', { HOME: '/root' }, 0, [0, 0, 'root', '/root']],
    ['through sudo', { SUDO_UID: '1000', SUDO_GID: '1001', HOME: '/root' }, 0, [1000, 1001, 'ada', '/home/ada']],
    ['a user without an entry', { HOME: '/somewhere' }, 4242, [4242, 4242, 'uid 4242', '/somewhere']],
  ]
  for (const [what, env, uid, expected] of callers) {
    it(`caller: ${what}`, () => {
      const { uid: found, gid, name, home } = callerOf(env, { uid, gid: uid }, passwd)
      assert.deepEqual([found, gid, name, home], expected)
    })
  }
})

describe('mounts and cgroups', () => {
  const text = [
    'proc /proc proc rw 0 0',
    'tmpfs /sys/fs/cgroup tmpfs rw,mode=755 0 0',
    'cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0',
    'cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0',
    'tmpfs /state/kubelet/pods/1/volumes/secret tmpfs rw 0 0',
    'overlay /run/node/rootfs overlay rw 0 0',
    'nsfs /run/node/netns/cni\\040one nsfs rw 0 0',
    'tmpfs /state2 tmpfs rw 0 0',
  ].join('\n')

  it('those below our folders, last first, with spaces', () => {
    assert.deepEqual(mountsBelow(parseMounts(text), ['/run/node', '/state']), [
      '/run/node/netns/cni one',
      '/run/node/rootfs',
      '/state/kubelet/pods/1/volumes/secret',
    ])
  })

  it('version 1: what is mounted and what is missing', () => {
    assert.deepEqual(cgroupLayout(parseMounts(text), ''), {
      version: 1,
      hierarchies: ['/sys/fs/cgroup/memory', '/sys/fs/cgroup/cpu,cpuacct'],
      missing: ['cpuset', 'devices', 'pids'],
      writable: true,
    })
  })

  it('version 2, read-only in a container', () => {
    assert.deepEqual(cgroupLayout(parseMounts('cgroup2 /sys/fs/cgroup cgroup2 ro,nosuid 0 0'), 'cpuset cpu memory pids\n'), {
      version: 2,
      hierarchies: ['/sys/fs/cgroup'],
      missing: [],
      writable: false,
    })
  })

  it('none', () => assert.equal(cgroupLayout(parseMounts('proc /proc proc rw 0 0'), ''), undefined))
  it('controllers that could be mounted', () =>
    assert.deepEqual(enabledControllers('#subsys_name hierarchy num enabled\ncpu 1 2 1\nmisc 0 1 0\nmemory 3 4 1\n'), ['cpu', 'memory']))
})

describe('ports', () => {
  const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
  const row = (local: string, state: string, inode: string): string =>
    `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1\n`
  const cases: [what: string, local: string, state: string, want: { address: string; port: number }, taken: boolean][] = [
    ['loopback against loopback', '0100007F:094B', '0A', { address: '127.0.0.1', port: 2379 }, true],
    ['any address against loopback', '00000000:094B', '0A', { address: '127.0.0.1', port: 2379 }, true],
    ['loopback against any', '0100007F:192B', '0A', { address: '0.0.0.0', port: 6443 }, true],
    ['systemd-resolved on 127.0.0.53 leaves port 53 of the bridge free', '3500007F:0035', '0A', { address: plan.gateway, port: 53 }, false],
    ['IPv6 any takes IPv4 too', '00000000000000000000000000000000:280A', '0A', { address: plan.gateway, port: 10250 }, true],
    ['IPv4 in IPv6', '0000000000000000FFFF00000100007F:094B', '0A', { address: '127.0.0.1', port: 2379 }, true],
    ['a connection is not a listener', '0100007F:094B', '01', { address: '127.0.0.1', port: 2379 }, false],
    ['another port', '0100007F:094C', '0A', { address: '127.0.0.1', port: 2379 }, false],
    ['bound UDP', '00000000:0035', '07', { address: plan.gateway, port: 53 }, true],
  ]
  for (const [what, local, state, want, taken] of cases) {
    it(what, () => {
      const found = conflicts(parseListeners(header + row(local, state, '777')), [{ part: 'x', ...want }])
      assert.deepEqual(
        found.map(({ by }) => by.inode),
        taken ? ['777'] : [],
      )
    })
  }
})

describe('addresses', () => {
  const cases: [string, string, boolean][] = [
    ['10.213.0.0/16', '10.213.4.0/24', true],
    ['10.0.0.0/8', '10.96.0.0/16', true],
    ['10.96.0.10', '10.96.0.0/16', true],
    ['10.88.0.0/16', '10.213.0.0/16', false],
    ['192.168.0.0/16', '10.96.0.0/16', false],
    ['255.255.255.0/24', '255.255.255.255', true],
  ]
  for (const [a, b, expected] of cases) it(`${a} and ${b}`, () => assert.equal(overlap(a, b), expected))

  it('a route into our networks is refused; the default route and our own are not', () => {
    const refused = routeRefusals([
      { dst: 'default', dev: 'eth0' },
      { dst: '10.213.0.0/24', dev: plan.bridge },
      { dst: '10.96.0.0/12', dev: 'tun0' },
    ])
    assert.deepEqual(
      refused.map(({ code, what }) => [code, what.includes('tun0')]),
      [['LOCO-SBX-020', true]],
    )
  })
})

describe('packages', () => {
  const everything = (): boolean => true
  it('nothing is missing where all programs are', () => assert.deepEqual(missingPackages(everything), []))
  it('all are missing on an empty machine', () =>
    assert.deepEqual(
      missingPackages(() => false),
      Object.keys(packages),
    ))
  it('only the one whose program is missing', () =>
    assert.deepEqual(
      missingPackages((path) => !path.endsWith('/nft')),
      ['nftables'],
    ))
  it('CNI plugins of another packager do', () =>
    assert.deepEqual(
      missingPackages((path) => !path.startsWith('/usr/lib/cni')),
      [],
    ))
  it('no apt: refused with the programs named', () => assert.match(packagesRefusal(['nftables'], false)?.fix[0] ?? '', /nft$/))
  it('apt is there: not refused', () => assert.equal(packagesRefusal(['nftables'], true), undefined))

  const elf = (type: number): Buffer => {
    const bytes = Buffer.alloc(64 + 56)
    bytes.writeUInt32BE(0x7f454c46, 0)
    bytes.writeBigUInt64LE(64n, 32)
    bytes.writeUInt16LE(56, 54)
    bytes.writeUInt16LE(1, 56)
    bytes.writeUInt32LE(type, 64)
    return bytes
  }
  it('a program that asks for a loader is not static', () =>
    assert.deepEqual([isStatic(elf(1)), isStatic(elf(3)), isStatic(Buffer.from('#!/bin/sh'))], [true, false, false]))
})
