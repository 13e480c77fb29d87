import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { waitFor } from '../../../src/base/wait.ts'
import { chart, helmBinary } from '../../chart/real-helm.ts'
import { skipBecause } from '../../skip.ts'
import { ProofFleet } from './fleet.ts'

/** What the original notes write, without a word of ours: `helm install loco ./helm/loco-chart -f values-….yaml -n loco`, once the images are on the node. */
describe('a plain helm install with each overlay', function () {
  this.timeout(5 * 60_000)
  const images = new ProofFleet('loco-plain-images')
  /** The node is this machine: folders of the node lie where the test takes them away. */
  const folder = mkdtempSync(join(tmpdir(), 'loco-plain-'))
  const overlays = readdirSync(chart).filter((name) => /^values-.*\.yaml$/.test(name))

  const helm = async (args: readonly string[]): Promise<{ code: number | null; said: string }> => {
    const env = { ...process.env, KUBECONFIG: process.env['LOCO_TEST_KUBECONFIG'] }
    const child = spawn(helmBinary() ?? 'helm', [...args, '--kube-context', 'loco-sandbox'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { code, said: stdout + stderr }
  }
  const succeed = async (...args: string[]): Promise<string> => {
    const { code, said } = await helm(args)
    assert.equal(code, 0, said)
    return said
  }

  before(async function () {
    if (!process.env['LOCO_TEST_KUBECONFIG']) skipBecause(this, 'no sandbox: LOCO_TEST_KUBECONFIG is not set')
    const { exit, report } = await images.operate(['bootstrap', '--replicas', '1', '--storage', 'ephemeral', '--timeout', '3m'])
    assert.equal(exit, 0, JSON.stringify(report.findings))
    await images.operate(['destroy', '--delete-data', '--yes'])
  })
  after(() => {
    images.dispose()
    rmSync(folder, { recursive: true, force: true })
  })

  for (const overlay of overlays) {
    it(`${overlay}: installed, well, and gone`, async () => {
      const { core } = await images.client()
      const namespace = `loco-plain-${overlay.replace(/^values-|\.yaml$/g, '')}`
      const release = ['loco', '--namespace', namespace]
      try {
        // One machine of the demo guest's size, without KVM: a node of a test has no more.
        const small = [
          '--set',
          'replicas=1,emulator.memoryMiB=32,emulator.kvm.enabled=false,helmTest.timeoutSeconds=90',
          '--set',
          `storage.hostPath.sharedDirectory=${join(folder, 'shared')}`,
        ]
        const said = await succeed('install', ...release, chart, '--create-namespace', '--values', join(chart, overlay), ...small)
        assert.match(said, /1 emulator of release loco/)
        assert.match(await succeed('test', ...release, '--timeout', '3m', '--logs'), /^well {2}instance-0 {2}200 healthy/m)
        await succeed('uninstall', ...release, '--wait')
      } finally {
        await core.deleteNamespace({ name: namespace }).catch(() => {})
        await waitFor(
          async () => !(await core.listNamespace()).items.some(({ metadata }) => metadata?.name === namespace),
          () => new Error(`the namespace ${namespace} is still there`),
          { timeout: 90_000, interval: 500 },
        )
        const { items } = await core.listPersistentVolume()
        for (const { metadata, spec } of items.filter((volume) => volume.spec?.claimRef?.namespace === namespace))
          if (spec?.persistentVolumeReclaimPolicy === 'Retain') await core.deletePersistentVolume({ name: metadata!.name! })
      }
    })
  }
})
