import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { V1MicroTime } from '@kubernetes/client-node'
import type { LocoError } from '../../../src/base/error.ts'
import { waitFor } from '../../../src/base/wait.ts'
import { KubeClient } from '../../../src/kube/client.ts'
import { statusOf } from '../../../src/kube/errors.ts'
import { loadKubeconfig } from '../../../src/kube/kubeconfig.ts'
import { holderText, leaseName, OperationLease } from '../../../src/operations/lease.ts'
import { type Owner, thisProcess } from '../../../src/operations/owner.ts'
import { skipBecause } from '../../skip.ts'

const file = process.env['LOCO_TEST_KUBECONFIG']

describe('operation Lease, in a real cluster', function () {
  this.timeout(60_000)
  let client: KubeClient
  const namespace = `loco-test-${randomUUID().slice(0, 8)}`
  const signal = new AbortController().signal
  const lost: LocoError[] = []
  const leaseOf = (op: string): OperationLease => new OperationLease({ client, namespace, op, lost: (error) => lost.push(error) })

  before(async function () {
    if (file === undefined || file === '') skipBecause(this, 'no cluster: LOCO_TEST_KUBECONFIG is not set')
    const kubeconfig = await loadKubeconfig({ env: { KUBECONFIG: file } })
    client = new KubeClient(kubeconfig, kubeconfig.currentContext ?? '')
    await client.core.createNamespace({ body: { metadata: { name: namespace } } })
  })

  after(async () => {
    if (client === undefined) return
    await client.core.deleteNamespace({ name: namespace })
    client.dispose()
  })

  const held = (): ReturnType<typeof client.coordination.readNamespacedLease> => client.coordination.readNamespacedLease({ namespace, name: leaseName })
  /** The Lease as another holder would have left it. */
  async function leave(owner: Owner, renewed: Date): Promise<void> {
    const spec = { holderIdentity: holderText(owner, 'op-other'), leaseDurationSeconds: 15, renewTime: new V1MicroTime(renewed) }
    await client.coordination.createNamespacedLease({ namespace, body: { metadata: { name: leaseName }, spec } })
  }
  const clear = async (): Promise<unknown> => client.coordination.deleteNamespacedLease({ namespace, name: leaseName }).catch(() => {})
  afterEach(clear)

  it('is taken, names its holder, refuses a second one, and is gone when given back', async () => {
    const mine = leaseOf('op-1')
    await mine.acquire(signal)
    assert.match((await held()).spec?.holderIdentity ?? '', /op-1$/)
    await assert.rejects(leaseOf('op-2').acquire(signal), { code: 'LOCO-OPS-002' })
    await mine.release()
    await assert.rejects(held(), (error) => statusOf(error) === 404)
    const next = leaseOf('op-3')
    await next.acquire(signal)
    await next.release()
  })

  it('of a dead process of this machine is taken over at once', async () => {
    await leave({ ...thisProcess(), pid: 2 ** 30 }, new Date())
    const mine = leaseOf('op-1')
    await mine.acquire(signal)
    assert.match((await held()).spec?.holderIdentity ?? '', /op-1$/)
    await mine.release()
  })

  it('of another machine that was renewed just now is respected', async () => {
    await leave({ ...thisProcess(), host: 'elsewhere.example' }, new Date())
    await assert.rejects(leaseOf('op-1').acquire(signal), { code: 'LOCO-OPS-002' })
  })

  it('of another machine that has run out is watched, and taken when nobody renews it', async () => {
    await leave({ ...thisProcess(), host: 'elsewhere.example' }, new Date(Date.now() - 60_000))
    const mine = leaseOf('op-1')
    await mine.acquire(signal)
    await mine.release()
  })

  it('is renewed while held, and that somebody took it is told once', async () => {
    const mine = leaseOf('op-1')
    await mine.acquire(signal)
    const first = (await held()).spec?.renewTime
    const renewed = await waitFor(
      async () => String((await held()).spec?.renewTime) !== String(first),
      () => new Error('not renewed'),
      { timeout: 10_000 },
    )
    assert.ok(renewed)
    const seen = await held()
    const spec = { ...seen.spec, holderIdentity: holderText({ ...thisProcess(), host: 'elsewhere.example' }, 'op-other') }
    await client.coordination.replaceNamespacedLease({ namespace, name: leaseName, body: { ...seen, spec } })
    await waitFor(
      () => lost.length > 0,
      () => new Error('the loss was not told'),
      { timeout: 10_000 },
    )
    assert.deepEqual(
      lost.map((error) => error.code),
      ['LOCO-OPS-003'],
    )
    // What is somebody else's now is not taken away.
    await mine.release()
    assert.match((await held()).spec?.holderIdentity ?? '', /op-other$/)
  })
})
