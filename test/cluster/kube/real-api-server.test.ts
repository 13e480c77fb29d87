import assert from 'node:assert/strict'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { V1Pod } from '@kubernetes/client-node'
import { LocoError } from '../../../src/base/error.ts'
import { waitFor } from '../../../src/base/wait.ts'
import { reviewAccess } from '../../../src/kube/access.ts'
import { KubeClient } from '../../../src/kube/client.ts'
import { execInPod } from '../../../src/kube/exec.ts'
import { type Kubeconfig, loadKubeconfig, parseKubeconfig } from '../../../src/kube/kubeconfig.ts'
import { streamLogs } from '../../../src/kube/logs.ts'
import { requestThroughPod } from '../../../src/kube/pod-http.ts'
import { openPortForward } from '../../../src/kube/portforward.ts'
import { Reflector } from '../../../src/kube/reflector.ts'
import type { Wire } from '../../../src/kube/wire.ts'
import { skipBecause } from '../../skip.ts'

const file = process.env['LOCO_TEST_KUBECONFIG']
/** An image that the node has already: nothing is pulled. */
const image = process.env['LOCO_TEST_IMAGE'] ?? 'docker.io/library/busybox:1'

/** A shell that ends on SIGTERM, so that deleting its pod takes no grace period. */
const script = (text: string): string[] => ['sh', '-c', `trap 'exit 0' TERM; ${text}; while :; do sleep 0.2; done`]

describe('kube, against a real API server', function () {
  this.timeout(60_000)
  let kubeconfig: Kubeconfig
  let client: KubeClient
  const namespace = `loco-test-${randomUUID().slice(0, 8)}`
  const pods = `/api/v1/namespaces/${namespace}/pods`

  before(async function () {
    if (file === undefined || file === '') skipBecause(this, 'no cluster: LOCO_TEST_KUBECONFIG is not set')
    kubeconfig = await loadKubeconfig({ env: { KUBECONFIG: file } })
    client = new KubeClient(kubeconfig, kubeconfig.currentContext ?? '')
    await client.core.createNamespace({ body: { metadata: { name: namespace } } })
    // A pod is refused until the controller has made the account of its namespace.
    await waitFor(
      async () => (await client.core.listNamespacedServiceAccount({ namespace })).items.some((one) => one.metadata?.name === 'default'),
      () => new Error('no default service account'),
      { timeout: 20_000 },
    )
  })

  after(async () => {
    if (client === undefined) return
    await client.core.deleteNamespace({ name: namespace })
    client.dispose()
  })

  async function makePod(name: string, command: string[]): Promise<void> {
    await client.core.createNamespacedPod({
      namespace,
      body: {
        metadata: { name },
        spec: {
          restartPolicy: 'Always',
          terminationGracePeriodSeconds: 1,
          containers: [{ name: 'main', image, imagePullPolicy: 'Never', command }],
        },
      },
    })
  }
  const running = (name: string): Promise<true> =>
    waitFor(
      async () => (await client.core.readNamespacedPod({ namespace, name })).status?.containerStatuses?.[0]?.state?.running !== undefined || undefined,
      (last) => new Error(`pod ${name} does not run`, { cause: last }),
      { timeout: 40_000 },
    )
  const failure = (work: Promise<unknown>): Promise<LocoError> =>
    work.then(
      () => assert.fail('should have failed'),
      (error: unknown) => (error instanceof LocoError ? error : assert.fail(String(error))),
    )

  it('knows version and identity of the cluster', async () => {
    assert.match((await client.version()).gitVersion, /^v1\./)
    assert.match(await client.clusterUid(), /^[0-9a-f-]{36}$/)
  })

  it('a reflector sees a pod come and go', async () => {
    const reflector = new Reflector<Wire<V1Pod>>({ client, path: pods })
    const seen: string[] = []
    reflector.changes((changes) => {
      for (const { type, object } of changes) seen.push(`${type} ${object.metadata?.name}`)
    })
    reflector.start()
    const until = (wanted: string): Promise<true> =>
      waitFor(
        () => seen.includes(wanted) || undefined,
        () => new Error(`not seen: ${wanted}; seen: ${seen.join(', ')}; state ${JSON.stringify(reflector.state)}`),
        { timeout: 20_000, interval: 10 },
      )
    try {
      await waitFor(
        () => reflector.state.state === 'live' || undefined,
        () => new Error(`not live: ${JSON.stringify(reflector.state)}`),
        { timeout: 5000, interval: 10 },
      )
      await makePod('comes-and-goes', script(':'))
      await until('added comes-and-goes')
      await until('modified comes-and-goes')
      await client.core.deleteNamespacedPod({ namespace, name: 'comes-and-goes', gracePeriodSeconds: 0 })
      await until('deleted comes-and-goes')
      assert.equal(reflector.state.state, 'live')
      assert.ok([...reflector.items.values()].every((pod) => pod.metadata?.name !== 'comes-and-goes'))
    } finally {
      reflector.dispose()
    }
  })

  describe('streams', () => {
    before(async () => {
      // 7000 echoes, 7001 sends 5 MB of zeros and closes, 8080 serves a file. The kubelet connects to the pod's loopback.
      const services = [
        'while :; do nc -l -p 7000 -e cat; done &',
        'while :; do nc -l -p 7001 -e dd if=/dev/zero bs=1048576 count=5; done &',
        'mkdir /tmp/www; echo hello > /tmp/www/index.html; httpd -p 8080 -h /tmp/www',
        'echo first; echo second >&2',
      ]
      await makePod('serves', script(services.join('\n')))
      await running('serves')
      await waitFor(
        () => requestThroughPod(client, { ...pod, port: 8080, path: '/index.html' }),
        (last) => new Error('the services do not answer', { cause: last }),
        { timeout: 20_000 },
      )
    })
    const pod = { namespace, pod: 'serves' }

    it('a port-forward echoes 5 MB intact', async () => {
      const sent = randomBytes(5 * 1024 * 1024)
      const stream = await openPortForward(client, { ...pod, port: 7000 })
      const hash = createHash('sha256')
      let size = 0
      stream.write(sent)
      for await (const part of stream as AsyncIterable<Buffer>) {
        hash.update(part)
        size += part.length
        if (size >= sent.length) break
      }
      assert.equal(size, sent.length)
      assert.equal(hash.digest('hex'), createHash('sha256').update(sent).digest('hex'))
    })

    it('a port-forward ends when the pod closes, with everything that came before', async () => {
      const stream = await openPortForward(client, { ...pod, port: 7001 })
      let size = 0
      for await (const part of stream as AsyncIterable<Buffer>) size += part.length
      assert.equal(size, 5 * 1024 * 1024)
    })

    it('a port on which nothing listens is told with the words of the kubelet', async () => {
      const stream = await openPortForward(client, { ...pod, port: 9 })
      const error = await new Promise<LocoError>((resolve) => stream.once('error', (reason) => resolve(reason as LocoError)))
      assert.equal(error.code, 'LOCO-KUB-040')
      assert.match(error.evidence[0] ?? '', /refused/)
    })

    it('a pod that does not exist is told', async () => {
      assert.equal((await failure(openPortForward(client, { namespace, pod: 'nobody', port: 1 }))).code, 'LOCO-KUB-012')
    })

    it('HTTP through a pod', async () => {
      const answer = await requestThroughPod(client, { ...pod, port: 8080, path: '/index.html' })
      assert.deepEqual([answer.status, answer.body.toString()], [200, 'hello\n'])
      assert.equal((await requestThroughPod(client, { ...pod, port: 8080, path: '/absent' })).status, 404)
    })

    const commands: [string[], { stdout: string; stderr: string; exit: number }][] = [
      [['true'], { stdout: '', stderr: '', exit: 0 }],
      [['sh', '-c', 'echo out; echo err >&2; exit 3'], { stdout: 'out\n', stderr: 'err\n', exit: 3 }],
      [['printf', '%s', 'a b "c"'], { stdout: 'a b "c"', stderr: '', exit: 0 }],
      [['sh', '-c', 'kill -9 $$'], { stdout: '', stderr: '', exit: 137 }],
    ]
    for (const [command, expected] of commands) {
      it(`exec ${command.join(' ')} → ${expected.exit}`, async () => {
        const { stdout, stderr, exit } = await execInPod(client, { ...pod, container: 'main', command })
        assert.deepEqual({ stdout: stdout.toString(), stderr: stderr.toString(), exit }, expected)
      })
    }

    it('a program that is not there cannot be run', async () => {
      const error = await failure(execInPod(client, { ...pod, container: 'main', command: ['loco-no-such-program'] }))
      assert.equal(error.code, 'LOCO-KUB-042')
      assert.match(error.why ?? '', /not found/)
    })

    it('a large output of exec is whole', async () => {
      const { stdout } = await execInPod(client, { ...pod, container: 'main', command: ['dd', 'if=/dev/zero', 'bs=1048576', 'count=3'] })
      assert.equal(stdout.length, 3 * 1024 * 1024)
    })

    it('logs: the tail, and what is written while following', async () => {
      let text = ''
      for await (const part of await streamLogs(client, { ...pod, container: 'main' })) text += part
      assert.match(text, /first\n/)
      let tail = ''
      for await (const part of await streamLogs(client, { ...pod, container: 'main', tailLines: 1 })) tail += part
      assert.equal(tail.split('\n').length, 2)
      const following = await streamLogs(client, { ...pod, container: 'main', follow: true, tailLines: 0 })
      await execInPod(client, { ...pod, container: 'main', command: ['sh', '-c', 'echo written-later > /proc/1/fd/1'] })
      for await (const part of following) if (String(part).includes('written-later')) break
    })

    it('logs of a life that never was are told', async () => {
      const error = await failure(streamLogs(client, { ...pod, container: 'main', previous: true }))
      assert.equal(error.code, 'LOCO-KUB-015')
      assert.match(error.why ?? '', /previous terminated container/)
    })
  })

  it('logs of the life before the last restart', async () => {
    await makePod('restarts', ['sh', '-c', 'if [ -e /dev/shm/again ]; then sleep 300; fi; echo life-$HOSTNAME; sleep 1; exit 1'])
    await waitFor(
      async () => ((await client.core.readNamespacedPod({ namespace, name: 'restarts' })).status?.containerStatuses?.[0]?.restartCount ?? 0) >= 1,
      () => new Error('never restarted'),
      { timeout: 40_000 },
    )
    let text = ''
    for await (const part of await streamLogs(client, { namespace, pod: 'restarts', container: 'main', previous: true })) text += part
    assert.match(text, /life-restarts/)
  })

  describe('an account without rights', () => {
    let powerless: KubeClient
    before(async () => {
      const { status } = await client.core.createNamespacedServiceAccountToken({
        namespace,
        name: 'default',
        body: { spec: { audiences: [], expirationSeconds: 600 } },
      })
      const { context, cluster } = kubeconfig.resolve(kubeconfig.currentContext ?? '')
      const authority = cluster.caData === undefined ? { 'certificate-authority': cluster.caFile } : { 'certificate-authority-data': cluster.caData }
      const text = JSON.stringify({
        clusters: [{ name: 'c', cluster: { server: context.server, ...authority } }],
        users: [{ name: 'u', user: { token: status?.token } }],
        contexts: [{ name: 'powerless', context: { cluster: 'c', user: 'u' } }],
      })
      powerless = new KubeClient(parseKubeconfig(text, '/powerless'), 'powerless')
    })
    after(() => powerless?.dispose())

    it('is denied, with the words of the server', async () => {
      const reflector = new Reflector({ client: powerless, path: pods })
      reflector.start()
      try {
        await waitFor(
          () => reflector.state.state === 'denied' || undefined,
          () => new Error(`not denied: ${JSON.stringify(reflector.state)}`),
          { timeout: 5000, interval: 20 },
        )
        assert.equal(reflector.state.error?.code, 'LOCO-KUB-011')
        assert.match(reflector.state.error?.why ?? '', /cannot list resource "pods"/)
      } finally {
        reflector.dispose()
      }
      assert.equal((await failure(openPortForward(powerless, { namespace, pod: 'serves', port: 7000 }))).code, 'LOCO-KUB-011')
    })

    it('is told what it may do', async () => {
      const forward = { verb: 'create', resource: 'pods', subresource: 'portforward', namespace }
      assert.deepEqual([(await reviewAccess(powerless, [forward]))[0]?.allowed, (await reviewAccess(client, [forward]))[0]?.allowed], [false, true])
    })

    it('a token that is none is not known', async () => {
      const { context, cluster } = kubeconfig.resolve(kubeconfig.currentContext ?? '')
      const text = JSON.stringify({
        clusters: [
          { name: 'c', cluster: { server: context.server, 'insecure-skip-tls-verify': cluster.caData === undefined && cluster.caFile === undefined } },
        ],
        users: [{ name: 'u', user: { token: 'nonsense' } }],
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      })
      const stranger = new KubeClient(parseKubeconfig(text, '/stranger'), 'x')
      try {
        // Without the authority of the cluster its certificate is not trusted, and the token is never sent.
        assert.equal((await failure(stranger.clusterUid())).code, 'LOCO-KUB-031')
      } finally {
        stranger.dispose()
      }
    })
  })
})
