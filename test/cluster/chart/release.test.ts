import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { V1Pod } from '@kubernetes/client-node'
import type { LocoCode } from '../../../src/base/codes.ts'
import { silentLogger } from '../../../src/base/logger.ts'
import { waitFor } from '../../../src/base/wait.ts'
import { Helm } from '../../../src/chart/helm.ts'
import { podSpecOf } from '../../../src/chart/pod-security.ts'
import { upToDate } from '../../../src/chart/release.ts'
import { emulatorName, emulatorSelector } from '../../../src/contracts/names.ts'
import { KubeClient } from '../../../src/kube/client.ts'
import { loadKubeconfig } from '../../../src/kube/kubeconfig.ts'
import { chart, helmBinary } from '../../chart/real-helm.ts'
import { skipBecause } from '../../skip.ts'

/* Real helm against a real API server. Images are never pulled (policy Never, a tag that nobody has): pods stay without containers, which is enough here. */

const release = 'loco'
const values = { replicas: 2, emulator: { tag: 'none', imagePullPolicy: 'Never' }, storage: { persistentVolume: { size: '1Mi' } } }
const name = emulatorName(release)

/** Helm keeps a release as JSON, gzipped, in base64, in a Secret (base64 once more). */
const gunzipRecord = (data: string): { info: Record<string, unknown> } =>
  JSON.parse(gunzipSync(Buffer.from(Buffer.from(data, 'base64').toString(), 'base64')).toString())
const gzipRecord = (record: unknown): string => Buffer.from(gzipSync(JSON.stringify(record)).toString('base64')).toString('base64')

describe('chart and helm on a real cluster', () => {
  let client: KubeClient
  let helm: Helm
  let binary: string
  let kubeconfig: string
  let scratch: string
  let namespace: string
  let count = 0
  const made: string[] = []

  before(async function () {
    const file = process.env['LOCO_TEST_KUBECONFIG'] ?? ''
    const found = helmBinary()
    if (file === '') return skipBecause(this, 'no cluster: LOCO_TEST_KUBECONFIG is not set')
    if (found === undefined) return skipBecause(this, 'no helm: LOCO_HELM is not set and PATH has none')
    binary = found
    kubeconfig = file
    const known = await loadKubeconfig({ env: { KUBECONFIG: kubeconfig } })
    client = new KubeClient(known, process.env['LOCO_TEST_CONTEXT'] ?? known.currentContext ?? '')
    helm = new Helm({ binary, kubeconfig, context: client.context, log: silentLogger })
    scratch = mkdtempSync(join(tmpdir(), 'loco-chart-'))
  })

  beforeEach(async () => {
    namespace = `chart-test-${process.pid}-${count++}`
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted', 'pod-security.kubernetes.io/enforce-version': 'latest' }
    await client.core.createNamespace({ body: { metadata: { name: namespace, labels } } })
    made.push(namespace)
    // The default account is made by a controller, and pods may come first.
    await waitFor(
      () => client.core.readNamespacedServiceAccount({ name: 'default', namespace }),
      () => new Error('no default account'),
      { timeout: 20_000, interval: 100 },
    )
  })

  afterEach(async () => {
    if (client !== undefined) await client.core.deleteNamespace({ name: namespace, gracePeriodSeconds: 0 })
  })

  after(async () => {
    if (client === undefined) return
    const left = async (): Promise<string[]> =>
      (await client.core.listNamespace()).items.map(({ metadata }) => metadata?.name ?? '').filter((one) => made.includes(one))
    await waitFor(
      async () => (await left()).length === 0,
      (last) => new Error('namespaces of the test are still there', { cause: last }),
      { timeout: 120_000, interval: 500 },
    )
    client.dispose()
    rmSync(scratch, { recursive: true, force: true })
  })

  const request = (more: Record<string, unknown> = {}, folder = chart) => ({ release, namespace, chart: folder, values: [values, more] })
  const pods = async (): Promise<V1Pod[]> => (await client.core.listNamespacedPod({ namespace, labelSelector: emulatorSelector(release) })).items
  const podsAre = (number: number): Promise<V1Pod[]> =>
    waitFor(
      async () => {
        const found = await pods()
        return found.length === number && found
      },
      () => new Error(`there are not ${number} pods`),
      { timeout: 30_000 },
    )

  it('installs where restricted is enforced: the pods are let in, and claims are made; uninstalling leaves the claims', async () => {
    const planned = await helm.dryRun(request())
    assert.equal(planned.exists, false)
    assert.equal(await helm.release({ release, namespace }), undefined)
    const state = await helm.upgrade(request())
    assert.deepEqual([state.status, state.revision, state.name, state.namespace, state.chart], ['deployed', 1, release, namespace, 'loco-0.1.0'])
    assert.deepEqual(state.values, values)
    await podsAre(2)
    const claims = await waitFor(
      async () => {
        const { items } = await client.core.listNamespacedPersistentVolumeClaim({ namespace, labelSelector: emulatorSelector(release) })
        return items.length === 2 && items
      },
      () => new Error('no claims'),
      { timeout: 20_000 },
    )
    assert.deepEqual(claims.map(({ metadata }) => metadata!.name).sort(), [`disk-${name}-0`, `disk-${name}-1`])
    assert.equal(await helm.uninstall({ release, namespace }), true)
    assert.equal(await helm.uninstall({ release, namespace }), false)
    await podsAre(0)
    assert.equal((await client.core.listNamespacedPersistentVolumeClaim({ namespace })).items.length, 2)
  })

  for (const strategy of ['ephemeral', 'persistent']) {
    it(`the server takes every object of ${strategy} (dry run), and the pod itself`, async () => {
      const objects = await helm.render(request({ storage: { strategy } }))
      for (const object of objects) {
        if (object.kind === 'StatefulSet')
          await client.apps.createNamespacedStatefulSet({ namespace, dryRun: 'All', fieldValidation: 'Strict', body: object as never })
        if (object.kind === 'Service') await client.core.createNamespacedService({ namespace, dryRun: 'All', fieldValidation: 'Strict', body: object as never })
        if (object.kind === 'ServiceAccount')
          await client.core.createNamespacedServiceAccount({ namespace, dryRun: 'All', fieldValidation: 'Strict', body: object as never })
      }
      const pod = structuredClone(podSpecOf(objects.find(({ kind }) => kind === 'StatefulSet')!)!)
      if (strategy === 'persistent') pod.volumes!.push({ name: 'disk', persistentVolumeClaim: { claimName: 'disk' } })
      pod.serviceAccountName = 'default'
      await client.core.createNamespacedPod({ namespace, dryRun: 'All', fieldValidation: 'Strict', body: { metadata: { name: 'try' }, spec: pod } })
    })
  }

  it('tells when an upgrade would change nothing, and puts back what was changed behind its back', async () => {
    const first = await helm.upgrade(request())
    assert.equal(upToDate(first, await helm.dryRun(request())), true)
    assert.equal(upToDate(first, await helm.dryRun(request({ replicas: 1 }))), false)
    await client.core.deleteNamespacedService({ name, namespace })
    await client.apps.patchNamespacedStatefulSetScale({ name, namespace, body: [{ op: 'replace', path: '/spec/replicas', value: 0 }] })
    const second = await helm.upgrade(request())
    assert.deepEqual([second.status, second.revision], ['deployed', 2])
    assert.equal((await client.core.readNamespacedService({ name, namespace })).spec!.clusterIP, 'None')
    assert.equal((await client.apps.readNamespacedStatefulSet({ name, namespace })).spec!.replicas, 2)
  })

  it('upgrades the tag without touching a pod', async () => {
    await helm.upgrade(request())
    const before = (await podsAre(2)).map(({ metadata }) => metadata!.uid)
    const state = await helm.upgrade(request({ emulator: { tag: 'other' } }))
    assert.equal(state.revision, 2)
    const { spec } = await client.apps.readNamespacedStatefulSet({ name, namespace })
    assert.equal(spec!.template.spec!.containers[0]!.image, 'compose-emulator-0:other')
    assert.deepEqual(
      (await pods()).map(({ metadata }) => metadata!.uid),
      before,
    )
  })

  /** The chart with a job that never ends before it: helm waits in the pending state, like one that takes long. */
  const neverDone = (): string => {
    const folder = join(scratch, 'never-done')
    cpSync(chart, folder, { recursive: true })
    writeFileSync(
      join(folder, 'templates', 'hook.yaml'),
      `apiVersion: batch/v1
kind: Job
metadata:
  name: never-done
  namespace: {{ .Release.Namespace }}
  annotations: { helm.sh/hook: "pre-install,pre-upgrade", helm.sh/hook-delete-policy: before-hook-creation }
spec:
  template:
    spec:
      restartPolicy: Never
      securityContext: { runAsNonRoot: true, runAsUser: 1, seccompProfile: { type: RuntimeDefault } }
      containers:
        - { name: a, image: "none:none", imagePullPolicy: Never, securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } } }
`,
    )
    return folder
  }
  const statusIs = (status: string): Promise<unknown> =>
    waitFor(
      async () => (await helm.history({ release, namespace })).at(-1)?.status === status,
      () => new Error(`the release is not ${status}`),
      { timeout: 30_000, interval: 100 },
    )
  /** A helm that is killed while the release is in that pending state. */
  const killedIn = async (status: string): Promise<void> => {
    const file = join(scratch, 'values.json')
    writeFileSync(file, JSON.stringify(values))
    const args = ['upgrade', '--install', release, neverDone(), '--namespace', namespace, '--kube-context', client.context, '--values', file]
    const child: ChildProcess = spawn(binary, args, { env: { ...process.env, KUBECONFIG: kubeconfig }, stdio: 'ignore' })
    try {
      await statusIs(status)
    } finally {
      child.kill('SIGKILL')
      await new Promise((resolve) => (child.exitCode === null && child.signalCode === null ? child.once('exit', resolve) : resolve(undefined)))
    }
  }

  it('a killed installation blocks, is healed, and the next one goes through', async () => {
    await killedIn('pending-install')
    await assert.rejects(helm.upgrade(request()), { code: 'LOCO-CHT-021' })
    const planned = await helm.dryRun(request())
    // What an upgrade would write down: hooks are not in it.
    assert.deepEqual([planned.exists, planned.objects.filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] !== undefined)], [true, []])
    assert.ok(planned.objects.some(({ kind }) => kind === 'StatefulSet'))
    assert.deepEqual(await helm.heal({ release, namespace }), { way: 'drop', from: 'pending-install' })
    assert.equal(await helm.release({ release, namespace }), undefined)
    assert.equal((await helm.upgrade(request())).status, 'deployed')
    assert.deepEqual(await helm.heal({ release, namespace }), { way: 'none' })
  })

  it('a killed upgrade is rolled back to the last whole revision, and its pods stay', async () => {
    await helm.upgrade(request())
    const before = (await podsAre(2)).map(({ metadata }) => metadata!.uid)
    await killedIn('pending-upgrade')
    assert.deepEqual(await helm.heal({ release, namespace }), { way: 'rollback', to: 1, from: 'pending-upgrade' })
    assert.equal((await helm.release({ release, namespace }))!.status, 'deployed')
    assert.deepEqual(
      (await pods()).map(({ metadata }) => metadata!.uid),
      before,
    )
    assert.equal((await helm.upgrade(request({ replicas: 1 }))).status, 'deployed')
  })

  it('healing a killed installation keeps pods and claims, even where the claims would go with the StatefulSet', async () => {
    const risky = { storage: { retention: { whenDeleted: 'Delete' } } }
    await helm.upgrade(request(risky))
    const before = (await podsAre(2)).map(({ metadata }) => metadata!.uid)
    // As after a kill between the last object and the last record: all objects are there, and the record says pending-install.
    const record = (await client.core.listNamespacedSecret({ namespace, labelSelector: 'owner=helm' })).items[0]!
    const text = gunzipRecord(record.data!['release']!)
    record.data!['release'] = gzipRecord({ ...text, info: { ...text.info, status: 'pending-install' } })
    record.metadata!.labels!['status'] = 'pending-install'
    await client.core.replaceNamespacedSecret({ name: record.metadata!.name!, namespace, body: record })
    assert.deepEqual(await helm.heal({ release, namespace }), { way: 'drop', from: 'pending-install' })
    await helm.upgrade(request(risky))
    await waitFor(
      async () => (await pods()).every(({ metadata }) => metadata!.ownerReferences?.[0]?.kind === 'StatefulSet' && metadata!.deletionTimestamp === undefined),
      () => new Error('the pods were not taken over'),
      { timeout: 20_000 },
    )
    assert.deepEqual(
      (await pods()).map(({ metadata }) => metadata!.uid),
      before,
    )
    assert.equal(
      (await client.core.listNamespacedPersistentVolumeClaim({ namespace })).items.filter(({ metadata }) => metadata!.deletionTimestamp === undefined).length,
      2,
    )
  })

  it('an aborted upgrade leaves no helm and no pending release', async () => {
    await helm.upgrade(request())
    const abort = new AbortController()
    const call = helm.upgrade({ ...request({}, neverDone()), signal: abort.signal })
    call.catch(() => {})
    await statusIs('pending-upgrade')
    abort.abort(new Error('stop it'))
    await assert.rejects(call, /stop it/)
    assert.equal((await helm.history({ release, namespace })).at(-1)!.status, 'failed')
    assert.equal((await helm.upgrade(request())).status, 'deployed')
  })

  it('somebody else’s object is not taken over', async () => {
    await client.core.createNamespacedServiceAccount({ namespace, body: { metadata: { name } } })
    const refused = { code: 'LOCO-CHT-022', message: new RegExp(`ServiceAccount ${name}`) }
    await Promise.all([assert.rejects(helm.dryRun(request()), refused), assert.rejects(helm.upgrade(request()), refused)])
  })

  const changes: [what: string, change: Record<string, unknown>][] = [
    ['another strategy', { storage: { strategy: 'ephemeral' } }],
    ['bigger claims', { storage: { persistentVolume: { size: '2Mi' } } }],
  ]
  for (const [what, change] of changes) {
    it(`${what} on an installed release is named as what it is`, async () => {
      await helm.upgrade(request())
      await assert.rejects(helm.upgrade(request(change)), { code: 'LOCO-CHT-023' })
      assert.equal((await helm.upgrade(request())).status, 'deployed') // and taking it back heals
    })
  }

  it('no namespace', async () => {
    await assert.rejects(helm.upgrade({ ...request(), namespace: 'no-such-namespace' }), { code: 'LOCO-KUB-012' })
  })

  it('a person without rights, and one with the Role of the chart', async () => {
    await client.core.createNamespacedServiceAccount({ namespace, body: { metadata: { name: 'visitor' } } })
    const subjects = [{ kind: 'ServiceAccount', name: 'player', namespace }]
    await helm.upgrade(request({ rbac: { subjects } }))
    const { status } = await client.core.createNamespacedServiceAccountToken({ name: 'visitor', namespace, body: { spec: { audiences: [] } } as never })
    const known = await loadKubeconfig({ env: { KUBECONFIG: kubeconfig } })
    const cluster = known.resolve(client.context).cluster
    const file = join(scratch, 'visitor')
    writeFileSync(
      file,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [
          {
            name: 'c',
            cluster: {
              server: cluster.server,
              ...(cluster.caData ? { 'certificate-authority-data': cluster.caData } : { 'certificate-authority': cluster.caFile }),
            },
          },
        ],
        users: [{ name: 'u', user: { token: status!.token } }],
        contexts: [{ name: 'visitor', context: { cluster: 'c', user: 'u' } }],
      }),
      { mode: 0o600 },
    )
    const visitor = new Helm({ binary, kubeconfig: file, context: 'visitor', log: silentLogger })
    const code: LocoCode = 'LOCO-KUB-011'
    await assert.rejects(visitor.release({ release, namespace }), { code })
    await assert.rejects(visitor.upgrade(request()), { code })

    const may = async (verb: string, resource: string, subresource?: string): Promise<boolean> => {
      const body = {
        spec: { user: `system:serviceaccount:${namespace}:player`, resourceAttributes: { namespace, verb, resource, ...(subresource ? { subresource } : {}) } },
      }
      return (await client.authorization.createSubjectAccessReview({ body })).status!.allowed
    }
    assert.deepEqual(
      await Promise.all([may('watch', 'pods'), may('get', 'pods', 'log'), may('create', 'pods', 'portforward'), may('get', 'pods', 'portforward')]),
      [true, true, true, true],
    )
    assert.deepEqual(await Promise.all([may('delete', 'pods'), may('create', 'pods', 'exec'), may('get', 'secrets')]), [false, false, false])
  })
})
