import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { LocoError } from '../../../src/base/error.ts'
import { waitFor } from '../../../src/base/wait.ts'
import type { Pod } from '../../../src/diagnosis/evidence.ts'
import { lifeOf } from '../../../src/editor/actions/logs/container-life.ts'
import { openShell } from '../../../src/editor/actions/terminal/open-shell.ts'
import { endCommand } from '../../../src/editor/actions/terminal/shells.ts'
import { KubeClient } from '../../../src/kube/client.ts'
import { execInPod } from '../../../src/kube/exec.ts'
import { type ExecTerminal, openExecTerminal } from '../../../src/kube/exec-terminal.ts'
import { loadKubeconfig } from '../../../src/kube/kubeconfig.ts'
import { followLog, type LogPart, type LogSource } from '../../../src/kube/log-follow.ts'
import { streamLogs } from '../../../src/kube/logs.ts'
import { Reflector } from '../../../src/kube/reflector.ts'
import { skipBecause } from '../../skip.ts'

const file = process.env['LOCO_TEST_KUBECONFIG']
/** An image that the node has already: nothing is pulled. */
const image = process.env['LOCO_TEST_IMAGE'] ?? 'docker.io/library/busybox:1'

describe('terminals and followed logs, against a real kubelet', function () {
  this.timeout(90_000)
  let client: KubeClient
  const namespace = `loco-test-${randomUUID().slice(0, 8)}`

  before(async function () {
    if (file === undefined || file === '') skipBecause(this, 'no cluster: LOCO_TEST_KUBECONFIG is not set')
    const kubeconfig = await loadKubeconfig({ env: { KUBECONFIG: file } })
    client = new KubeClient(kubeconfig, kubeconfig.currentContext ?? '')
    await client.core.createNamespace({ body: { metadata: { name: namespace } } })
    // A pod is refused until the controller has made the account of its namespace.
    await waitFor(
      async () => (await client.core.listNamespacedServiceAccount({ namespace })).items.some((one) => one.metadata?.name === 'default'),
      () => new Error('no default service account'),
      { timeout: 20_000 },
    )
    await makePod('shell', 'trap "exit 0" TERM; while :; do sleep 0.2; done')
    await running('shell')
  })

  after(async () => {
    if (client === undefined) return
    await client.core.deleteNamespace({ name: namespace })
    client.dispose()
  })

  async function makePod(name: string, script: string): Promise<void> {
    const container = { name: 'main', image, imagePullPolicy: 'Never', command: ['sh', '-c', script] }
    await client.core.createNamespacedPod({
      namespace,
      body: { metadata: { name }, spec: { restartPolicy: 'Always', terminationGracePeriodSeconds: 1, containers: [container] } },
    })
  }
  const running = (name: string): Promise<true> =>
    waitFor(
      async () => (await client.core.readNamespacedPod({ namespace, name })).status?.containerStatuses?.[0]?.state?.running !== undefined || undefined,
      (last) => new Error(`pod ${name} does not run`, { cause: last }),
      { timeout: 40_000 },
    )

  describe('a terminal', () => {
    const target = { namespace, pod: 'shell', container: 'main' }
    const start = (command: readonly string[], size = { columns: 91, rows: 17 }): Promise<ExecTerminal> =>
      openExecTerminal(client, { ...target, command, size })
    const shell = (id = randomUUID()): Promise<ExecTerminal> =>
      openShell({ id, ...target, size: { columns: 91, rows: 17 }, signal: AbortSignal.timeout(20_000), start })
    const seen = new Map<ExecTerminal, string>()
    const says = async (terminal: ExecTerminal, words: RegExp): Promise<void> => {
      if (!seen.has(terminal)) {
        seen.set(terminal, '')
        terminal.on('data', (bytes: Buffer) => seen.set(terminal, seen.get(terminal) + bytes.toString('utf8')))
      }
      await waitFor(
        () => words.test(seen.get(terminal) ?? '') || undefined,
        () => new Error(`never said ${words}: ${JSON.stringify(seen.get(terminal))}`),
        { timeout: 10_000, interval: 20 },
      )
    }
    const processes = async (): Promise<string> => (await execInPod(client, { ...target, command: ['ps'] })).stdout.toString('utf8')

    it('has the size of the editor, follows it, and ends with the exit code', async () => {
      const terminal = await shell()
      terminal.write('stty size; echo "$TERM"\n')
      await says(terminal, /17 91\r\n.*xterm-256color/s)
      terminal.resize({ columns: 60, rows: 9 })
      terminal.write('echo äöü 漢字; stty size\n')
      await says(terminal, /äöü 漢字\r\n9 60\r\n/)
      terminal.write('exit 5\n')
      await once(terminal, 'end')
      assert.equal(terminal.exit, 5)
    })

    it('a shell that is closed in the middle of its work is ended with all that runs in it, and no other', async () => {
      const id = randomUUID()
      const [terminal, other] = [await shell(id), await shell()]
      terminal.write('sleep 4322 & echo "ready $((40 + 2))"; sleep 4321\n')
      other.write('echo "ready $((40 + 2))"; sleep 4323\n')
      await says(terminal, /ready 42/)
      await says(other, /ready 42/)
      assert.match(await processes(), /sleep 4321/)
      terminal.destroy()
      await execInPod(client, { ...target, command: endCommand(id) })
      const left = await processes()
      assert.doesNotMatch(left, /sleep 432[12]/)
      assert.match(left, /sleep 4323/)
      other.destroy()
    })

    it('a program that is not there cannot be started, a container without a shell says so', async () => {
      const [error] = (await once(await start(['/no/such/program']), 'error')) as [LocoError]
      assert.equal(error.code, 'LOCO-KUB-042')
      const without = openShell({
        id: randomUUID(),
        ...target,
        size: { columns: 80, rows: 24 },
        signal: AbortSignal.timeout(20_000),
        start: () => start(['/no/such/program']),
      })
      await assert.rejects(without, (thrown: LocoError) => thrown.code === 'LOCO-ACT-010')
    })

    it('ends with an error when its pod is deleted', async () => {
      await makePod('short', 'sleep 600')
      await running('short')
      const terminal = await openExecTerminal(client, { ...target, pod: 'short', command: ['sh'], size: { columns: 80, rows: 24 } })
      terminal.write('echo "ready $((40 + 2))"\n')
      await says(terminal, /ready 42/)
      const ended = Promise.race([once(terminal, 'error'), once(terminal, 'end')])
      await client.core.deleteNamespacedPod({ namespace, name: 'short', gracePeriodSeconds: 0 })
      await ended
    })
  })

  describe('a followed log', () => {
    let pods: Reflector<Pod>
    before(async () => {
      pods = new Reflector<Pod>({ client, path: `/api/v1/namespaces/${namespace}/pods` })
      pods.start()
    })
    after(() => pods?.dispose())

    const sourceOf = (name: string): LogSource => ({
      look: () => ({
        ...lifeOf(
          [...pods.items.values()].find(({ metadata }) => metadata?.name === name),
          name,
          'main',
        ),
        blind: undefined,
      }),
      changes: (listener) => pods.changes(() => listener()),
      open: (request) => streamLogs(client, { ...request, namespace, pod: name, container: 'main' }),
    })

    it('goes on over restarts of the container and another pod, without a line twice or lost', async () => {
      const script = 'for i in 1 2 3 4 5; do echo "$(cat /proc/sys/kernel/random/uuid) $i"; sleep 0.1; done'
      await makePod('restless', script)
      const end = new AbortController()
      const parts: LogPart[] = []
      const following = (async () => {
        for await (const part of followLog({ source: sourceOf('restless'), tailLines: 100, signal: end.signal })) parts.push(part)
      })().catch(() => {})
      const text = (): string => parts.map((part) => (part.kind === 'text' ? part.bytes.toString('utf8') : '')).join('')
      const lines = (): string[] =>
        text()
          .split('\n')
          .filter((line) => line !== '')
      const reach = (count: number): Promise<unknown> =>
        waitFor(
          () => lines().length >= count || undefined,
          () => new Error(`${lines().length} lines: ${JSON.stringify(parts.map((part) => (part.kind === 'text' ? part.bytes.toString() : part)))}`),
          { timeout: 60_000, interval: 50 },
        )
      await reach(10) // two runs
      await client.core.deleteNamespacedPod({ namespace, name: 'restless', gracePeriodSeconds: 0 })
      await waitFor(
        async () => (await client.core.listNamespacedPod({ namespace })).items.every(({ metadata }) => metadata?.name !== 'restless'),
        () => new Error('the pod stays'),
        { timeout: 30_000 },
      )
      const before = lines().length
      await makePod('restless', script)
      await reach(before + 5)
      end.abort()
      await following
      const runs = lines().map((line) => line.split(' ')[1])
      assert.deepEqual(
        runs,
        Array.from({ length: runs.length }, (_, index) => String((index % 5) + 1)),
      )
      assert.equal(new Set(lines()).size, lines().length, 'no line twice')
      const started = parts.filter((part) => part.kind === 'started').map((part) => (part.kind === 'started' ? part.newPod : undefined))
      assert.ok(started.includes(false) && started.includes(true), JSON.stringify(started))
    })

    it('of 50 MB the last lines come at once, and the rest as far as the node keeps it', async () => {
      await makePod('large', 'yes "$(printf %099d 0)" | head -n 500000; echo done; sleep 600')
      await running('large')
      const read = async (tailLines?: number): Promise<string> => {
        let text = ''
        const request = { namespace, pod: 'large', container: 'main', ...(tailLines !== undefined && { tailLines }) }
        for await (const piece of await streamLogs(client, request)) text += String(piece)
        return text
      }
      await waitFor(
        async () => (await read(1)) === 'done\n' || undefined,
        () => new Error('it never ends'),
        { timeout: 60_000, interval: 500 },
      )
      assert.equal((await read(1000)).split('\n').length, 1001)
      // A node keeps 10 MiB of a log unless it is told otherwise.
      assert.ok((await read()).endsWith(`${'0'.repeat(99)}\ndone\n`))
    })
  })
})
