import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { silentLogger } from '../../../src/base/logger.ts'
import { waitFor } from '../../../src/base/wait.ts'
import { type SandboxPaths, sandboxPaths } from '../../../src/sandbox/paths.ts'
import { Sandbox, type SandboxAccess } from '../../../src/sandbox/sandbox.ts'
import { skipBecause } from '../../skip.ts'
import { difference, type Listing, listing } from './listing.ts'

const execute = promisify(execFile)
const minute = 60_000

/** A pod that writes to its claim and to a folder of the node, notes how it was ended, and holds the KVM device where there is one. */
function writer(kvm: boolean, folder: string): object[] {
  const command = 'echo written >/node/file; echo started >>/data/log; trap "echo ended >>/data/log; exit 0" TERM; while :; do sleep 1 & wait; done'
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'writer' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Mi' } } },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'writer' },
      spec: {
        containers: [
          {
            name: 'main',
            image: 'docker.io/library/busybox:1',
            imagePullPolicy: 'Never',
            command: ['sh', '-c', command],
            ports: [{ containerPort: 8080, hostPort: 28_080 }],
            volumeMounts: [
              { name: 'data', mountPath: '/data' },
              { name: 'node', mountPath: '/node' },
            ],
            securityContext: { runAsUser: 1000, runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
            resources: kvm ? { limits: { 'devices.kubevirt.io/kvm': '1' } } : {},
          },
        ],
        volumes: [
          { name: 'data', persistentVolumeClaim: { claimName: 'writer' } },
          { name: 'node', hostPath: { path: folder, type: 'Directory' } },
        ],
      },
    },
  ]
}

describe('a sandbox of its own', function () {
  this.timeout(5 * minute)
  const kvm = existsSync('/dev/kvm')
  let paths: SandboxPaths
  let sandbox: Sandbox
  let untouched: Listing
  let access: SandboxAccess
  let folder: string

  const kubectl = async (...args: string[]): Promise<string> => (await execute(access.bin.kubectl, ['--kubeconfig', access.kubeconfig, ...args])).stdout
  const apply = async (objects: readonly object[]): Promise<void> => {
    const child = execute(access.bin.kubectl, ['--kubeconfig', access.kubeconfig, 'apply', '-f', '-'])
    child.child.stdin?.end(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }))
    await child
  }
  const pidsOf = async (): Promise<[string, number | null][]> => (await sandbox.status()).parts.map(({ name, pid }) => [name, pid])
  const writerLog = (): Promise<string> => kubectl('exec', 'writer', '--', 'cat', '/data/log')
  const writerRuns = (times: number): Promise<string | undefined | false> =>
    waitFor(
      async () => {
        const log = await writerLog()
        return log.split('\n').filter((line) => line === 'started').length >= times && log
      },
      (last) => new Error(`the pod did not start ${times} times: ${last}`),
      { timeout: minute },
    )

  before(async function () {
    if (process.env['LOCO_TEST_MAY_HURT'] !== '1')
      skipBecause(this, 'tests that hurt a sandbox run only where the test run may start one of its own (LOCO_TEST_MAY_HURT=1)')
    const root = mkdtempSync(join(tmpdir(), 'loco-sandbox-'))
    folder = mkdtempSync(join(tmpdir(), 'loco-node-folder-'))
    chownSync(folder, 1000, 1000)
    paths = sandboxPaths({ ...process.env, LOCO_SANDBOX_ROOT: root })
    sandbox = new Sandbox({ paths, log: silentLogger, progress: () => undefined })
    if (existsSync(paths.run)) skipBecause(this, 'a sandbox was running before the tests')
    const refusals = await sandbox.preflight()
    if (refusals.length > 0) skipBecause(this, `this machine cannot hold the sandbox: ${refusals.map(({ message }) => message).join(' ')}`)
    untouched = listing()
    access = await sandbox.up()
  })

  after(async () => {
    if (paths === undefined) return
    await sandbox.down({ purge: true })
    for (const left of [paths.root, folder]) rmSync(left, { recursive: true, force: true })
  })

  it('up again changes nothing', async () => {
    const pids = await pidsOf()
    assert.deepEqual(await sandbox.up(), access)
    assert.deepEqual(await pidsOf(), pids)
    assert.equal((await sandbox.status()).state, 'up')
  })

  it('two at once: the second finds the work of the first done', async () => {
    assert.deepEqual(await Promise.all([sandbox.up(), sandbox.up()]), [access, access])
  })

  it('another root is refused, and the owner is named', async () => {
    const other = new Sandbox({ paths: { ...paths, root: `${paths.root}-other` }, log: silentLogger, progress: () => undefined })
    await assert.rejects(other.up(), { code: 'LOCO-SBX-009' })
    assert.deepEqual(
      (await other.preflight()).map(({ code }) => code),
      ['LOCO-SBX-009'],
    )
  })

  it('the kubeconfig belongs to the caller alone', async () => {
    const { stdout } = await execute('stat', ['-c', '%a %u', access.kubeconfig])
    assert.equal(stdout.trim(), `600 ${paths.owner.uid}`)
  })

  it('a claim of the default class waits for its first pod, then holds what the pod writes', async () => {
    assert.match(
      await kubectl('get', 'storageclass', 'standard', '-o', 'jsonpath={.volumeBindingMode} {.reclaimPolicy} {.metadata.annotations}'),
      /^WaitForFirstConsumer Delete .*is-default-class":"true"/,
    )
    await apply(writer(kvm, folder).slice(0, 1))
    assert.equal(await kubectl('get', 'pvc', 'writer', '-o', 'jsonpath={.status.phase}'), 'Pending')
    await apply(writer(kvm, folder))
    assert.equal(await writerRuns(1), 'started\n')
  })

  it('pods resolve names of the cluster', async () => {
    const answer = await kubectl('exec', 'writer', '--', 'nslookup', 'kubernetes.default.svc.cluster.local')
    assert.match(answer, /Address: 10\.96\.0\.1/)
  })

  it('a pod that is not root can open /dev/kvm', async function () {
    if (!kvm) skipBecause(this, 'this machine has no /dev/kvm')
    await kubectl('exec', 'writer', '--', 'sh', '-c', ': <>/dev/kvm')
  })

  it('pod security labels are enforced', async () => {
    await kubectl('create', 'namespace', 'strict')
    await kubectl('label', 'namespace', 'strict', 'pod-security.kubernetes.io/enforce=restricted')
    await assert.rejects(kubectl('-n', 'strict', 'run', 'loose', '--image=busybox:1'), /violates PodSecurity "restricted/)
  })

  it('the kubelet gives container metrics', async () => {
    const summary = JSON.parse(await kubectl('get', '--raw', `/api/v1/nodes/${access.node}/proxy/stats/summary`)) as {
      node: { memory?: { usageBytes: number } }
    }
    assert.ok((summary.node.memory?.usageBytes ?? 0) > 0)
  })

  it('down leaves nothing but its state on the machine', async () => {
    await sandbox.down()
    assert.deepEqual(difference(untouched, listing()), [])
    const status = await sandbox.status()
    assert.equal(status.state, 'down')
    assert.equal(status.kept?.path, paths.root)
    assert.ok((status.kept?.bytes ?? 0) > 1_000_000)
  })

  it('up after down is the node back: the same pod, its claim and its data', async () => {
    await sandbox.up()
    assert.equal(await writerRuns(2), 'started\nended\nstarted\n')
    assert.equal(await kubectl('get', 'pod', 'writer', '-o', 'jsonpath={.status.phase}'), 'Running')
    assert.match(await kubectl('get', 'namespace', 'strict', '-o', 'name'), /strict/)
  })

  it('every part killed one by one: up heals it, pods run on', async () => {
    for (const [name, pid] of await pidsOf()) {
      assert.ok(pid !== null, name)
      process.kill(pid, 'SIGKILL')
      await waitFor(
        async () => (await sandbox.status()).parts.some((part) => part.name === name && part.state === 'failed'),
        () => new Error(`${name} lives`),
        { timeout: 5_000 },
      )
      assert.equal((await sandbox.status()).state, 'broken', name)
      await sandbox.up()
      assert.equal((await sandbox.status()).state, 'up', name)
    }
    assert.match(await writerLog(), /started/)
  })

  it('everything killed at once: up heals it, the pod starts again', async () => {
    const runs = (await writerLog()).split('\n').filter((line) => line === 'started').length
    for (const [, pid] of await pidsOf()) if (pid !== null) process.kill(pid, 'SIGKILL')
    await sandbox.up()
    assert.equal((await sandbox.status()).state, 'up')
    await writerRuns(runs + 1)
  })

  it('everything killed at once: down leaves nothing', async () => {
    for (const [, pid] of await pidsOf()) if (pid !== null) process.kill(pid, 'SIGKILL')
    await sandbox.down()
    assert.deepEqual(difference(untouched, listing()), [])
  })

  it('a start that is cancelled is taken back', async () => {
    const cancel = new AbortController()
    const rising = sandbox.up({ signal: cancel.signal })
    await waitFor(
      async () => (await sandbox.status()).parts.some(({ state }) => state === 'running'),
      () => new Error('nothing starts'),
      { timeout: minute, interval: 20 },
    )
    cancel.abort()
    await assert.rejects(rising, { name: 'AbortError' })
    assert.deepEqual(difference(untouched, listing()), [])
  })

  it('purge takes the state too, and is happy to find nothing', async () => {
    await sandbox.down({ purge: true })
    assert.equal(existsSync(paths.root), false, 'claims with their data are gone')
    assert.equal(readFileSync(join(folder, 'file'), 'utf8'), 'written\n', 'a folder of the node outlives the cluster')
    await sandbox.down({ purge: true })
    assert.deepEqual(difference(untouched, listing()), [])
    assert.equal((await sandbox.status()).kept, null)
  })
})
