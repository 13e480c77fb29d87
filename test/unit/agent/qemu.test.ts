import assert from 'node:assert/strict'
import { acceleratorsFor, endOfQemu, judgeKvm, type Kvm } from '../../../containers/qemu-softgpu/agent/qemu.ts'
import { type MachinePlan, macOf, qemuArgs } from '../../../containers/qemu-softgpu/agent/qemu-args.ts'

const plan: MachinePlan = {
  id: 'instance-3',
  ordinal: 3,
  memory: 64,
  cpu: 'pentium3',
  smp: 1,
  accel: ['kvm', 'tcg'],
  overlay: '/images/win98_instance_3.qcow2',
  vncPort: 5901,
  sockets: { control: '/run/loco/c.sock', probe: '/run/loco/p.sock' },
}
const line = (changes: Partial<MachinePlan> = {}): string => qemuArgs({ ...plan, ...changes }).join(' ')

describe('QEMU arguments', () => {
  const always = [
    '-nodefaults',
    '-machine pc',
    '-accel kvm -accel tcg,tb-size=32',
    '-cpu pentium3 -smp 1 -m 64',
    '-rtc base=localtime',
    'ide-hd,drive=disk0',
    '-netdev user,id=net0,restrict=on', // the guest must not reach the pod's loopback
    'ne2k_pci,netdev=net0,mac=52:54:00:10:00:03,romfile=',
    '-vga std',
    '-vnc 127.0.0.1:1,share=force-shared', // loopback only
    'name=opt/org.loco-cluster/instance,string=instance-3',
    'unix:/run/loco/c.sock,server=on,wait=off',
    'unix:/run/loco/p.sock,server=on,wait=off',
    '-no-shutdown -action panic=pause',
    '-sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny',
  ]
  for (const part of always) it(`hold ${part}`, () => assert.ok(line().includes(part), line()))

  it('double commas in paths', () => assert.ok(line({ overlay: '/images/a,b.qcow2' }).includes('file=/images/a,,b.qcow2,format=qcow2')))
  it('name one accelerator when only one may be used', () => assert.ok(!line({ accel: ['tcg'] }).includes('kvm')))

  const macs: [number, string][] = [
    [0, '52:54:00:10:00:00'],
    [8, '52:54:00:10:00:08'],
    [10, '52:54:00:10:00:0a'],
    [300, '52:54:00:10:01:2c'],
  ]
  for (const [ordinal, mac] of macs) it(`MAC of ${ordinal}`, () => assert.equal(macOf(ordinal), mac))
})

describe('accelerator', () => {
  const cases: [Parameters<typeof acceleratorsFor>[0], Kvm, string[] | 'refused'][] = [
    ['auto', 'usable', ['kvm', 'tcg']],
    ['auto', 'unusable', ['tcg']],
    ['auto', 'slow', ['tcg']], // kvm_pvm: 4.0 s to the boot sector, 0.24 s with TCG
    ['kvm', 'usable', ['kvm']],
    ['kvm', 'slow', ['kvm']],
    ['kvm', 'unusable', 'refused'],
    ['tcg', 'usable', ['tcg']],
  ]
  for (const [wanted, kvm, expected] of cases) {
    it(`${wanted} with KVM ${kvm} → ${expected}`, () => {
      if (expected === 'refused') assert.throws(() => acceleratorsFor(wanted, kvm), { code: 'LOCO-AGT-005' })
      else assert.deepEqual(acceleratorsFor(wanted, kvm), expected)
    })
  }
  const machines: [boolean, string, Kvm][] = [
    [true, 'flags\t\t: fpu vmx sse\n', 'usable'],
    [true, 'flags\t\t: fpu svm\n', 'usable'],
    [true, 'flags\t\t: fpu sse hypervisor\n', 'slow'],
    [true, 'vmx flags\t: vnmi\nflags\t\t: fpu vmx\n', 'usable'],
    [false, 'flags\t\t: fpu vmx\n', 'unusable'],
  ]
  for (const [opens, cpuinfo, expected] of machines)
    it(`${JSON.stringify(cpuinfo)} ${opens} → ${expected}`, () => assert.equal(judgeKvm(opens, cpuinfo), expected))
})

describe('the end of QEMU', () => {
  const cases: [number | null, NodeJS.Signals | null, string[], string][] = [
    [1, null, ['qemu-system-x86_64: -drive …: Failed to get "write" lock', 'Is another process using the image [/images/x.qcow2]?'], 'LOCO-AGT-009'],
    [1, null, ['qemu-system-x86_64: -cpu x: unable to find CPU model'], 'LOCO-AGT-003'],
    [null, 'SIGKILL', [], 'LOCO-AGT-003'],
    [0, null, [], 'LOCO-AGT-003'],
  ]
  for (const [code, signal, words, expected] of cases)
    it(`${code} ${signal} ${words[0] ?? ''}`, () => assert.equal(endOfQemu(code, signal, words).code, expected))
})
