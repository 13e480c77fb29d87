import assert from 'node:assert/strict'
import { readConfig } from '../../../containers/qemu-softgpu/agent/config.ts'
import { LocoError } from '../../../src/base/error.ts'

describe('agent configuration', () => {
  it('works with nothing set', () => {
    const config = readConfig({})
    assert.equal(config.id, 'instance-0')
    assert.equal(config.disk, '/images/win98.qcow2')
    assert.equal(config.healthPort, 8080)
    assert.equal(config.vncPort, 5901)
    assert.deepEqual(config.qemu, { binary: 'qemu-system-x86_64', memory: 128, accel: 'auto', cpu: 'pentium3', smp: 1 })
    assert.equal(config.persistent, false)
  })

  const ordinals: [string, NodeJS.ProcessEnv, number][] = [
    ['the last number of the pod name', { POD_NAME: 'loco-loco-emulator-7' }, 7],
    ['two digits', { POD_NAME: 'loco-loco-emulator-12' }, 12],
    ['INSTANCE_INDEX before the pod name', { POD_NAME: 'loco-loco-emulator-7', INSTANCE_INDEX: '2' }, 2],
    ['INSTANCE_INDEX for a pod without a number', { POD_NAME: 'emulator-x7k2p', INSTANCE_INDEX: '4' }, 4],
    ['an empty variable is one that is not set', { POD_NAME: '', INSTANCE_INDEX: '' }, 0],
  ]
  for (const [name, env, ordinal] of ordinals) {
    it(`ordinal: ${name}`, () => assert.equal(readConfig(env).ordinal, ordinal))
  }

  const wrong: [NodeJS.ProcessEnv, RegExp][] = [
    [{ HEALTH_PORT: '80800' }, /HEALTH_PORT=80800/],
    [{ HEALTH_PORT: 'http' }, /HEALTH_PORT=http/],
    [{ QEMU_MEMORY: '-1' }, /QEMU_MEMORY=-1/],
    [{ QEMU_MEMORY: '128Mi' }, /QEMU_MEMORY=128Mi/],
    [{ QEMU_ACCEL: 'hvf' }, /must be one of auto, kvm, tcg/],
    [{ QEMU_CPU: 'pentium3 -monitor stdio' }, /QEMU_CPU/],
    [{ DISK: 'win98.qcow2' }, /absolute path/],
    [{ POD_NAME: 'emulator-abc' }, /set INSTANCE_INDEX/],
    [{ IMAGES_PERSISTENT: 'yes' }, /IMAGES_PERSISTENT=yes/],
  ]
  for (const [env, expected] of wrong) {
    it(`refuses ${JSON.stringify(env)}`, () => {
      assert.throws(
        () => readConfig(env),
        (error) => error instanceof LocoError && error.code === 'LOCO-AGT-001' && expected.test(error.message),
      )
    })
  }

  it('names everything that is wrong at once', () => {
    assert.throws(() => readConfig({ HEALTH_PORT: 'x', QEMU_SMP: '99' }), /HEALTH_PORT.*QEMU_SMP/)
  })
})
