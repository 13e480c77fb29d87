import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { assertSameTarget } from '../../../src/cluster/same-target.ts'
import { resolveTarget } from '../../../src/cluster/target.ts'
import { targetWorld } from '../../../src/cluster/world.ts'
import { KubeClient } from '../../../src/kube/client.ts'
import { type Kubeconfig, loadKubeconfig } from '../../../src/kube/kubeconfig.ts'
import type { SandboxAccess } from '../../../src/sandbox/sandbox.ts'
import { skipBecause } from '../../skip.ts'

describe('the target, on the real sandbox', function () {
  this.timeout(30_000)
  let file: string
  let folder: string
  let kubeconfig: Kubeconfig
  let sandbox: SandboxAccess
  const want = { namespace: 'loco', release: 'loco' }

  before(async function () {
    const { LOCO_TEST_KUBECONFIG: given, LOCO_TEST_DOCKER_HOST: dockerHost = '' } = process.env
    if (!given) skipBecause(this, 'no sandbox: LOCO_TEST_KUBECONFIG is not set')
    file = given
    folder = mkdtempSync(join(tmpdir(), 'loco-target-'))
    kubeconfig = await loadKubeconfig({ env: { KUBECONFIG: file } })
    if (kubeconfig.currentContext !== 'loco-sandbox') skipBecause(this, 'the cluster of LOCO_TEST_KUBECONFIG is no sandbox')
    const client = new KubeClient(kubeconfig, 'loco-sandbox')
    const node = (await client.core.listNode({})).items[0]?.metadata?.name ?? ''
    client.dispose()
    const containerd = { address: '', namespace: 'k8s.io', ctr: 'ctr' } as const
    sandbox = { kubeconfig: file, context: 'loco-sandbox', dockerHost, containerd, bin: { kubectl: '', helm: '' }, node }
  })
  after(() => {
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  /** A copy of the sandbox's kubeconfig with changes, in a file of its own. */
  function changed(change: (config: { contexts: { name: string }[]; clusters: { cluster: { server: string } }[] }) => void): string {
    const config = parse(readFileSync(file, 'utf8'))
    change(config)
    const path = join(folder, `${Math.random()}.yaml`)
    writeFileSync(path, stringify(config), { mode: 0o600 })
    return path
  }

  function rename(contexts: { name: string }[], name: string): void {
    for (const context of contexts) context.name = name
  }

  it('auto is the running sandbox, proved, and it is still the same a moment later', async () => {
    const { target, cluster } = await resolveTarget({ cluster: 'auto', ...want }, targetWorld({ kubeconfig, sandbox, env: {} }))
    assert.equal(target.provider, 'native')
    assert.equal(cluster?.proof.length, 2)
    const client = new KubeClient(kubeconfig, target.context)
    await assertSameTarget(client, target)
    await assert.rejects(assertSameTarget(client, { ...target, clusterUid: 'another' }), { code: 'LOCO-ENV-014' })
    client.dispose()
  })

  it('the sandbox under another context name is still the sandbox', async () => {
    const renamed = await loadKubeconfig({ env: { KUBECONFIG: changed((config) => rename(config.contexts, 'mine')) } })
    const { target } = await resolveTarget({ cluster: 'auto', context: 'mine', ...want }, targetWorld({ kubeconfig: renamed, sandbox, env: {} }))
    assert.deepEqual([target.provider, target.context], ['native', 'mine'])
  })

  it('a context named like a kind cluster is not believed', async () => {
    const lying = await loadKubeconfig({ env: { KUBECONFIG: changed((config) => rename(config.contexts, 'kind-loco')) } })
    const world = targetWorld({ kubeconfig: lying, sandbox: undefined, env: {} })
    await assert.rejects(resolveTarget({ cluster: 'kind', ...want }, world), { code: 'LOCO-ENV-010' })
  })

  it('a named context that does not answer is an error; auto without a sandbox goes on without it', async () => {
    const dead = changed((config) => {
      for (const { cluster } of config.clusters) cluster.server = 'https://127.0.0.1:1'
    })
    const world = targetWorld({ kubeconfig: await loadKubeconfig({ env: { KUBECONFIG: dead } }), sandbox: undefined, env: {} })
    await assert.rejects(resolveTarget({ cluster: 'auto', context: 'loco-sandbox', ...want }, world), { name: 'LocoError' })
    assert.equal((await resolveTarget({ cluster: 'auto', ...want }, { ...world, currentContext: 'loco-sandbox' })).target.clusterUid, null)
  })
})
