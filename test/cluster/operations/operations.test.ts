import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '../../../src/base/logger.ts'
import { waitFor } from '../../../src/base/wait.ts'
import { emulatorName } from '../../../src/contracts/names.ts'
import type { OperationEvent, ReportEvent } from '../../../src/contracts/operation.ts'
import { KubeClient } from '../../../src/kube/client.ts'
import { loadKubeconfig } from '../../../src/kube/kubeconfig.ts'
import { composeOperation } from '../../../src/operations/compose.ts'
import { listOperations, requestCancel } from '../../../src/operations/journals.ts'
import { leaseName } from '../../../src/operations/lease.ts'
import type { BootstrapOptions, OperationOptions } from '../../../src/operations/options.ts'
import { stateRoot } from '../../../src/operations/state-folder.ts'
import { sandboxPaths } from '../../../src/sandbox/paths.ts'
import { Sandbox, type SandboxProgress } from '../../../src/sandbox/sandbox.ts'
import { skipBecause } from '../../skip.ts'

/* The three operations on the sandbox that runs, in a namespace of their own. The image is that of the release: it is built if it is not there. */
describe('Bootstrap, Rebuild and Destroy, for real', function () {
  this.timeout(300_000)
  const namespace = `loco-test-${randomUUID().slice(0, 8)}`
  const state = mkdtempSync(join(tmpdir(), 'loco-state-'))
  const env = { ...process.env, XDG_STATE_HOME: state, SUDO_UID: undefined }
  const root = stateRoot(env)
  const never = new AbortController().signal
  const sandbox = (progress: (progress: SandboxProgress) => void = () => {}): Sandbox =>
    new Sandbox({ paths: sandboxPaths(process.env), log: silentLogger, progress })
  const fleet = { cluster: 'native', namespace, release: 'loco' } as const
  const bootstrap = (over: Partial<BootstrapOptions> = {}): BootstrapOptions => ({
    operation: 'bootstrap',
    ...fleet,
    values: [],
    set: [],
    replicas: 2,
    rebuildEmulators: false,
    only: [],
    timeout: 120_000,
    ...over,
  })
  let client: KubeClient

  before(async function () {
    const file = process.env['LOCO_TEST_KUBECONFIG']
    if (file === undefined || file === '') skipBecause(this, 'no cluster: LOCO_TEST_KUBECONFIG is not set')
    const access = await sandbox().access()
    if (access === undefined) skipBecause(this, 'the cluster is not the sandbox of this machine, which alone takes images')
    client = new KubeClient(await loadKubeconfig({ env: { KUBECONFIG: access.kubeconfig } }), access.context)
  })

  after(async () => {
    rmSync(state, { recursive: true, force: true })
    await client?.core.deleteNamespace({ name: namespace }).catch(() => {})
    client?.dispose()
  })

  interface Ran {
    report: ReportEvent
    events: OperationEvent[]
    /** `cluster=already build=done …` */
    outcomes: Record<string, string>
  }

  async function run(options: OperationOptions, over: { signal?: AbortSignal; event?: (event: OperationEvent) => void } = {}): Promise<Ran> {
    const events: OperationEvent[] = []
    const prepared = await composeOperation(options, { env, log: silentLogger, sandbox }, never)
    const sink = {
      emit: (event: OperationEvent) => {
        events.push(event)
        over.event?.(event)
      },
    }
    const report = await prepared.run({ sinks: [sink], signal: over.signal ?? never, force: never })
    const outcomes = Object.fromEntries(events.flatMap((event) => (event.kind === 'step-end' ? [[event.step, event.outcome]] : [])))
    return { report, events, outcomes }
  }
  const why = ({ report }: Ran): string => JSON.stringify([report.sentence, report.findings], null, 1)
  const succeeds = async (options: OperationOptions): Promise<Ran> => {
    const ran = await run(options)
    assert.equal(ran.report.exit, 0, why(ran))
    return ran
  }
  const podUids = async (): Promise<(string | undefined)[]> =>
    (await client.core.listNamespacedPod({ namespace })).items.map(({ metadata }) => metadata?.uid).sort()

  it('only the plan changes nothing', async () => {
    const prepared = await composeOperation(bootstrap(), { env, log: silentLogger, sandbox }, never)
    assert.equal((await prepared.run({ sinks: [], signal: never, force: never, planOnly: true })).exit, 0)
    await assert.rejects(client.core.readNamespace({ name: namespace }))
    assert.deepEqual(listOperations(root), [])
  })

  it('Bootstrap ends with every emulator showing a picture, and gives the namespace free', async () => {
    const { report } = await succeeds(bootstrap())
    assert.match(report.sentence, /The fleet is up/)
    await assert.rejects(client.coordination.readNamespacedLease({ namespace, name: leaseName }))
  })

  it('again: everything is already true, in seconds', async () => {
    const before = await podUids()
    const { outcomes, report } = await succeeds(bootstrap())
    for (const step of ['cluster', 'namespace', 'build', 'transfer', 'install', 'renew']) assert.equal(outcomes[step], 'already', step)
    assert.deepEqual(await podUids(), before)
    assert.ok(report.seconds < 30, `${report.seconds} s`) // the figure of the issue is 6 s on an idle machine; the bench measures it
  })

  it('a Service deleted behind its back is restored, and no pod is touched', async () => {
    const before = await podUids()
    await client.core.deleteNamespacedService({ namespace, name: emulatorName('loco') })
    const { outcomes } = await succeeds(bootstrap())
    assert.equal(outcomes['install'], 'done')
    await client.core.readNamespacedService({ namespace, name: emulatorName('loco') })
    assert.deepEqual(await podUids(), before)
  })

  it('two at once: the second is refused, the first is cancelled from outside and says what stands', async () => {
    let second: Promise<unknown> | undefined
    const ran = await run(bootstrap(), {
      event: (event) => {
        if (event.kind !== 'step-end' || event.step !== 'hold') return
        second = assert.rejects(run(bootstrap()), { code: 'LOCO-OPS-001' })
        requestCancel(root, event.op)
      },
    })
    await second
    assert.deepEqual([ran.report.exit, ran.report.outcome], [130, 'cancelled'], why(ran))
    assert.equal(listOperations(root)[0]?.state, 'cancelled')
    await succeeds(bootstrap())
  })

  it('a tag that no image has is named within seconds; the next good Bootstrap heals what it left', async () => {
    const begun = Date.now()
    const bad = await run(bootstrap({ replicas: 3, set: ['emulator.tag=nobody-built-this'] }))
    assert.equal(bad.report.outcome, 'failed')
    assert.match(bad.report.findings[0]?.code ?? '', /^LOCO-IMG-/, why(bad))
    assert.deepEqual(bad.report.findings[0]?.where, ['instance-2'])
    assert.ok(Date.now() - begun < 60_000)
    const before = await podUids()
    await succeeds(bootstrap({ replicas: 3 }))
    assert.equal((await podUids()).filter((uid) => before.includes(uid)).length, 2)
  })

  it('Rebuild with nothing changed restarts nothing', async () => {
    const before = await podUids()
    const { report } = await succeeds({ operation: 'rebuild', ...fleet, parts: ['emulator'], timeout: 120_000 })
    assert.match(report.sentence, /up to date/)
    assert.deepEqual(await podUids(), before)
  })

  it('Rebuild restarts exactly the pods that run another image, and only them', async () => {
    const old = await client.core.readNamespacedPod({ namespace, name: `${emulatorName('loco')}-1` })
    // The pod gets another image in place: the same container by another name would not count, so it must be one with another id.
    await client.core.patchNamespacedPod({
      namespace,
      name: `${emulatorName('loco')}-1`,
      body: [{ op: 'replace', path: '/spec/containers/0/image', value: 'docker.io/library/busybox:1' }],
    })
    await waitFor(
      async () =>
        (await client.core.readNamespacedPod({ namespace, name: `${emulatorName('loco')}-1` })).status?.containerStatuses?.[0]?.imageID !==
        old.status?.containerStatuses?.[0]?.imageID,
      () => new Error('the pod still runs its old image'),
      { timeout: 60_000 },
    )
    const before = await podUids()
    await succeeds({ operation: 'rebuild', ...fleet, parts: [], timeout: 120_000 })
    const after = await podUids()
    assert.equal(after.length, 3)
    assert.equal(after.filter((uid) => before.includes(uid)).length, 2)
  })

  it('Destroy keeps the disks; Bootstrap takes them up again; Destroy with data leaves nothing; twice is the same', async () => {
    const destroy = (deleteData: boolean): OperationOptions => ({ operation: 'destroy', ...fleet, deleteData, timeout: 60_000 })
    const kept = await succeeds(destroy(false))
    assert.equal(kept.report.kept.filter((one) => one.startsWith('claim')).length, 3, why(kept))
    assert.ok(kept.report.gone.includes('release loco'))
    const claims = (await client.core.listNamespacedPersistentVolumeClaim({ namespace })).items.map(({ metadata }) => metadata?.uid).sort()
    await succeeds(bootstrap({ replicas: 3 }))
    assert.deepEqual((await client.core.listNamespacedPersistentVolumeClaim({ namespace })).items.map(({ metadata }) => metadata?.uid).sort(), claims)
    await client.core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'of-a-person' } } })
    const mine = await succeeds(destroy(true))
    assert.match(mine.report.kept.join(), /ConfigMap\/of-a-person/)
    await client.core.deleteNamespacedConfigMap({ namespace, name: 'of-a-person' })
    const last = await succeeds(destroy(true))
    assert.deepEqual(last.report.gone, ['the namespace'])
    const again = await succeeds(destroy(true))
    assert.deepEqual([again.report.gone, again.report.kept], [[], []])
    await assert.rejects(client.core.readNamespace({ name: namespace }))
  })
})
