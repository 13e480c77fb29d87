import assert from 'node:assert/strict'
import type { LocoCode } from '../../src/base/codes.ts'
import { LocoError } from '../../src/base/error.ts'
import type { Helm } from '../../src/chart/helm.ts'
import { chart, realHelm } from './real-helm.ts'

const schema = 'LOCO-CHT-012'
const template = 'LOCO-CHT-013'

describe('chart: values that are refused', () => {
  let helm: Helm
  before(function () {
    helm = realHelm(this)
  })

  const cases: [values: Record<string, unknown>, code: LocoCode, tells: string][] = [
    [{ replicaCount: 3 }, schema, 'replicaCount: the chart has no such value'],
    [{ emulator: { diskPVC: 'win98-disk' } }, schema, 'emulator.diskPVC: the chart has no such value'],
    [{ storage: { persistentVolume: { class: 'a' } } }, schema, 'storage.persistentVolume.class'],
    [{ emulator: { probes: { startup: { initial: 1 } } } }, schema, 'emulator.probes.startup.initial'],
    [{ replicas: '3' }, schema, 'replicas: got string, want integer'],
    [{ replicas: -1 }, schema, 'replicas'],
    [{ replicas: 1.5 }, schema, 'replicas'],
    [{ emulator: { memoryMiB: 513 } }, schema, 'emulator.memoryMiB'],
    [{ emulator: { accel: 'hvf' } }, schema, 'emulator.accel'],
    [{ emulator: { imagePullPolicy: 'always' } }, schema, 'emulator.imagePullPolicy'],
    [{ emulator: { healthPort: 80 } }, schema, 'emulator.healthPort'],
    [{ emulator: { env: { QEMU_SMP: 1 } } }, schema, 'emulator.env.QEMU_SMP'],
    [{ emulator: { env: { '1A': 'x' } } }, schema, 'emulator.env.1A: the chart has no such value'],
    [{ emulator: { resources: { limits: { memory: '10GB' } } } }, schema, 'emulator.resources.limits.memory'],
    [{ emulator: { resources: { limits: { memory: 536870912 } } } }, schema, 'emulator.resources.limits.memory'],
    [{ emulator: { resources: null } }, schema, "missing property 'resources'"],
    [{ imageRepo: 'https://ghcr.io/acme' }, schema, 'imageRepo'],
    [{ imagePullSecrets: [{ name: 'a' }] }, schema, 'imagePullSecrets.0'],
    [{ rbac: { subjects: [{ kind: 'Person', name: 'ann' }] } }, schema, 'rbac.subjects.0.kind'],
    [{ storage: { strategy: 'hostPath' } }, schema, 'storage.strategy: value must be one of'],
    [{ storage: { strategy: { hostPath: { enabled: true } } } }, schema, 'storage.strategy: got object, want string'],
    [{ storage: { persistentVolume: { size: '10G b' } } }, schema, 'storage.persistentVolume.size'],
    [{ storage: { persistentVolume: { size: '-1Gi' } } }, schema, 'storage.persistentVolume.size'],
    [{ storage: { retention: { whenDeleted: 'Keep' } } }, schema, 'storage.retention.whenDeleted'],
    [{ storage: { hostPath: { sharedDirectory: 'art' } } }, schema, 'storage.hostPath.sharedDirectory'],
    [{ storage: { hostPath: { sharedDirectory: '/data/../etc' } } }, schema, 'storage.hostPath.sharedDirectory'],
    [{ storage: { strategy: 'hostpath', retention: { whenDeleted: 'Delete' } } }, template, 'Kubernetes deletes no folder of a node'],
    [{ storage: { strategy: 'hostpath', retention: { whenScaled: 'Delete' } } }, template, 'storage.retention says Delete'],
    [{ storage: { hostPath: { createdBy: 'me' } } }, schema, 'storage.hostPath.createdBy'],
    [{ storage: { hostPath: { node: 'Not A Node' } } }, schema, 'storage.hostPath.node'],
    [{ storage: { csiSnapshot: { states: ['Before the party'] } } }, schema, 'storage.csiSnapshot.states.0'],
    [{ emulator: { tag: 'latest' } }, template, 'emulator.tag is latest'],
    [{ emulator: { accel: 'kvm' } }, template, 'emulator.kvm.enabled is false'],
    [{ emulator: { env: { QEMU_MEMORY: '64' } } }, template, 'emulator.env.QEMU_MEMORY is set by the chart itself'],
    [{ emulator: { healthPort: 5901 } }, template, 'emulator.healthPort is 5901'],
    [{ emulator: { healthPort: 9000, servicePort: 9000 } }, template, 'emulator.healthPort is 9000'],
  ]
  for (const [values, code, tells] of cases) {
    it(`${JSON.stringify(values)} → ${code}`, async () => {
      await assert.rejects(helm.render({ chart, release: 'loco', namespace: 'loco', values: [values] }), (error) => {
        assert.ok(error instanceof LocoError, String(error))
        assert.equal(error.code, code, error.message)
        assert.ok(error.message.includes(tells), error.message)
        return true
      })
    })
  }

  it('a release name whose pods could not carry their labels', async () => {
    await assert.rejects(helm.render({ chart, release: 'a'.repeat(39), namespace: 'loco' }), {
      code: template,
      message: /is too long: it may have 38 characters/,
    })
  })
})
