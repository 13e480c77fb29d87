import assert from 'node:assert/strict'
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../../src/base/clock.ts'
import { silentLogger } from '../../../src/base/logger.ts'
import { packageRoot } from '../../../src/base/package-root.ts'
import { waitFor } from '../../../src/base/wait.ts'
import { loadKubeconfig } from '../../../src/kube/kubeconfig.ts'
import { bootstrap } from '../../../src/operations/bootstrap.ts'
import { OperationLease } from '../../../src/operations/lease.ts'
import type { BootstrapOptions } from '../../../src/operations/options.ts'
import type { Place, Site } from '../../../src/operations/ports.ts'
import { RealPlace } from '../../../src/operations/real-place.ts'
import { runOperation } from '../../../src/operations/runner.ts'
import { sandboxPaths } from '../../../src/sandbox/paths.ts'
import { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { skipBecause } from '../../skip.ts'
import { ProofFleet } from '../journey/fleet.ts'

const shared = '/var/lib/loco-test-hook'

/** A Bootstrap that cannot make folders of the node itself, as on clusters other than the sandbox: everything real, but the way to the node taken away. */
describe('a Bootstrap where a hook of the chart makes the folders', function () {
  this.timeout(5 * 60_000)
  const fleet = new ProofFleet('loco-hook')
  let place: RealPlace | undefined

  before(async function () {
    if (!process.env['LOCO_TEST_KUBECONFIG']) skipBecause(this, 'no sandbox: LOCO_TEST_KUBECONFIG is not set')
    if (process.getuid?.() !== 0) skipBecause(this, 'folders of the node can be looked at by root only')
    await fleet.operate(['destroy', '--delete-data', '--yes'])
  })
  after(async () => {
    if (!process.env['LOCO_TEST_KUBECONFIG'] || process.getuid?.() !== 0) return
    place?.dispose()
    await fleet.operate(['destroy', '--delete-data', '--yes'])
    rmSync(shared, { recursive: true, force: true })
    fleet.dispose()
  })

  it('the hook runs in a namespace of its own, which is gone afterwards; the fleet’s namespace stays strict', async () => {
    const client = await fleet.client()
    const target = {
      ...{ provider: 'native', context: client.context, server: client.server, clusterUid: await client.clusterUid() },
      ...{ namespace: fleet.namespace, release: 'loco' },
    }
    const log = silentLogger
    const real = new RealPlace({
      ...{ target, why: 'A test says so.', env: process.env, log, clock: systemClock },
      kubeconfig: await loadKubeconfig({ env: { KUBECONFIG: process.env['LOCO_TEST_KUBECONFIG'] } }),
      sandbox: (progress) => new Sandbox({ paths: sandboxPaths(process.env), log, progress }),
      hold: (one) => new OperationLease({ client: one, namespace: fleet.namespace, op: 'test', lost: () => {}, clock: systemClock, log }),
    })
    place = real
    let site: Site | undefined
    const away = (found: Site | undefined): Site | undefined => found && { ...found, folders: undefined }
    const blind: Place = {
      target,
      why: real.why,
      reach: async (signal) => away(await real.reach(signal)),
      start: (listener, signal) => real.start(listener, signal),
    }
    const options: BootstrapOptions = {
      ...{ operation: 'bootstrap', cluster: 'native', namespace: fleet.namespace, release: 'loco', values: [], only: [] },
      ...{ set: [`storage.hostPath.sharedDirectory=${shared}`], storage: 'hostpath', replicas: 1, rebuildEmulators: false, timeout: 180_000 },
    }
    const never = new AbortController().signal
    const reached = async (found: Site): Promise<void> => {
      site = found
    }
    const report = await runOperation({
      ...{ id: 'test', operation: 'bootstrap', target, losses: [], sinks: [], signal: never, force: never, proveTarget: async () => {} },
      ...bootstrap(options, { place: blind, chart: join(packageRoot(), 'helm', 'loco-chart'), reached }),
    })
    await site?.hold.release()
    assert.equal(report.exit, 0, JSON.stringify(report.findings))
    const disk = statSync(`${shared}/disks/${fleet.namespace}/loco/0`)
    assert.deepEqual([disk.uid, (disk.mode & 0o777).toString(8)], [10001, '700'])
    const { metadata } = await client.core.readNamespace({ name: fleet.namespace })
    assert.equal(metadata?.labels?.['pod-security.kubernetes.io/enforce'], 'restricted')
    await waitFor(
      async () => !(await client.core.listNamespace()).items.some((one) => one.metadata?.name === `${fleet.namespace}-node-work`),
      () => new Error('the namespace of the hook is still there'),
      { timeout: 60_000 },
    )
  })
})
