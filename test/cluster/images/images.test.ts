import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { waitFor } from '../../../src/base/wait.ts'
import { buildImage, planImage } from '../../../src/images/build.ts'
import { type EnsuredImage, ensureImage } from '../../../src/images/ensure.ts'
import { pruneImages } from '../../../src/images/prune.ts'
import { transferImage } from '../../../src/images/transfer.ts'
import { KubeClient } from '../../../src/kube/client.ts'
import { loadKubeconfig } from '../../../src/kube/kubeconfig.ts'
import { skipBecause } from '../../skip.ts'
import { measureNineBuilds } from './nine-builds.ts'
import { type ImageRig, imageRig } from './rig.ts'

describe('images, real Docker engine and real node', function () {
  this.timeout(150_000)
  let rig: ImageRig
  /** Different in every run, so that no cache of an earlier run helps. */
  const salt = randomBytes(8).toString('hex')

  before(function () {
    rig = imageRig(this)
  })
  after(async () => {
    await rig?.clean()
  })
  const ensure = (): Promise<EnsuredImage> => ensureImage({ part: rig.part, docker: rig.docker, store: rig.store })

  describe('an image that does not change', () => {
    let first: EnsuredImage
    before(async () => {
      rig.file('greeting', salt)
      rig.dockerfile('COPY greeting /greeting\nRUN dd if=/dev/urandom of=/bulk bs=1M count=4\nCMD ["sleep", "3600"]')
      first = await ensure()
    })

    it('is built once and sent once, under all its names', async () => {
      assert.equal(first.built, true)
      assert.ok(first.transferredBytes > 4 * 1024 * 1024, `${first.transferredBytes} bytes`)
      // Nine names with two tags each from one archive: the bulk went over once.
      assert.ok(first.transferredBytes < 2 * 4 * 1024 * 1024 + 6 * 1024 * 1024, `${first.transferredBytes} bytes`)
      const [onNode] = (await rig.store.list()).filter(({ id }) => id === first.id)
      const tag = `c-${first.hash.slice(0, 12)}`
      assert.deepEqual(onNode?.refs.toSorted(), rig.part.repositories.flatMap((name) => [`${name}:0.1.0`, `${name}:${tag}`]).toSorted())
    })

    it('has the same id in the engine and on the node', async () => {
      assert.equal((await rig.docker.image(first.ref))?.id, first.id)
      assert.equal(await rig.store.id(first.ref), first.id)
      assert.equal(await rig.store.has(first.id), true)
    })

    it('costs nothing the second time: no build, 0 bytes, at most a second', async () => {
      const again = await ensure()
      assert.deepEqual({ built: again.built, bytes: again.transferredBytes, id: again.id }, { built: false, bytes: 0, id: first.id })
      assert.ok(again.seconds <= 1, `${again.seconds} s`)
    })

    it('a name that went missing on the node is only named again', async () => {
      const [gone = ''] = rig.part.repositories.map((name) => `${name}:0.1.0`)
      await rig.store.remove([gone])
      assert.equal(await rig.store.has(gone), false)
      const plan = await planImage({ part: rig.part, docker: rig.docker })
      const image = await buildImage(plan, { docker: rig.docker })
      const seen = await transferImage({ image, docker: rig.docker, store: rig.store })
      assert.deepEqual([seen.how, seen.bytes], ['named', 0])
      assert.equal(await rig.store.id(gone), first.id)
    })

    it('a name that went missing in the engine is only named again', async () => {
      await rig.docker.remove(`${rig.part.repositories[3]}:0.1.0`)
      assert.equal((await ensure()).built, false)
      assert.equal((await rig.docker.image(`${rig.part.repositories[3]}:0.1.0`))?.id, first.id)
    })

    it('runs in a pod that may not pull, and the pod names the same id', async function () {
      const file = process.env['LOCO_TEST_KUBECONFIG']
      if (!file) skipBecause(this, 'no sandbox: LOCO_TEST_KUBECONFIG is not set')
      const kubeconfig = await loadKubeconfig({ env: { KUBECONFIG: file } })
      const client = new KubeClient(kubeconfig, kubeconfig.currentContext ?? '')
      const namespace = `loco-images-${salt.slice(0, 6)}`
      await client.core.createNamespace({ body: { metadata: { name: namespace } } })
      try {
        const containers = [{ name: 'main', image: first.ref, imagePullPolicy: 'Never' }]
        const spec = { containers, terminationGracePeriodSeconds: 0, automountServiceAccountToken: false }
        // The namespace's own account is made a moment after the namespace.
        await waitFor(
          () => client.core.createNamespacedPod({ namespace, body: { metadata: { name: 'one' }, spec } }),
          (last) => new Error('The pod was not accepted.', { cause: last }),
          { timeout: 10_000 },
        )
        const id = await waitFor(
          async () => (await client.core.readNamespacedPod({ namespace, name: 'one' })).status?.containerStatuses?.[0]?.imageID || undefined,
          (last) => new Error('The pod did not start.', { cause: last }),
          { timeout: 60_000 },
        )
        assert.equal(id, first.id)
        assert.ok((await rig.store.usage()).has(first.id), 'the image counts as used')
      } finally {
        await client.core.deleteNamespace({ name: namespace })
        await waitFor(
          async () => !(await rig.store.usage()).has(first.id),
          () => new Error('The container of the test pod did not go.'),
          { timeout: 30_000 },
        )
        client.dispose()
      }
    })

    it('after a change the older image can be pruned from both sides, and only that', async () => {
      rig.file('greeting', `${salt} changed`)
      const second = await ensure()
      assert.notEqual(second.id, first.id)
      const seen = await pruneImages({ part: rig.part, docker: rig.docker, store: rig.store, keep: new Set([second.id]) })
      assert.deepEqual(seen, { removed: [first.id], inUse: [] })
      assert.equal(await rig.store.has(first.id), false)
      assert.equal(await rig.docker.image(first.id), undefined)
      assert.equal(await rig.store.id(second.ref), second.id)
    })
  })

  it('a step that fails is named with its last lines', async () => {
    rig.dockerfile(`RUN echo ${salt} && echo the reason && false`)
    await assert.rejects(ensure(), (error: Error & { code: string; evidence: string[] }) => {
      assert.equal(error.code, 'LOCO-BLD-010')
      assert.match(error.message, /step 4 of \d+ \(RUN echo/)
      assert.ok(error.evidence.includes('the reason'), error.evidence.join('\n'))
      return true
    })
  })

  it('a file that is copied and missing, and a Dockerfile that makes no sense, have codes of their own', async () => {
    rig.dockerfile('COPY absent /absent')
    await assert.rejects(ensure(), { code: 'LOCO-BLD-016' })
    rig.dockerfile('RUNN true')
    await assert.rejects(ensure(), { code: 'LOCO-BLD-017' })
  })

  it('the comparison for the bench: one build beside several, and nothing of it stays', async () => {
    rig.dockerfile('RUN dd if=/dev/urandom of=/bulk bs=1M count=1')
    // Three names tell as much as nine here, in a third of the time.
    const part = { ...rig.part, repositories: rig.part.repositories.slice(0, 3) }
    const { oneBuild, nineBuilds } = await measureNineBuilds(part, rig.docker, () => {})
    assert.deepEqual([oneBuild.builds, nineBuilds.builds], [1, 3])
    assert.ok(nineBuilds.archiveBytes > oneBuild.archiveBytes + 2 * 1024 * 1024, `${oneBuild.archiveBytes} beside ${nineBuilds.archiveBytes} bytes`)
    assert.deepEqual(await rig.docker.labelled({ 'org.loco-cluster.part': `${rig.part.name}-bench` }), [])
  })

  it('an abort stops the build in the engine, too', async () => {
    const mark = `sleep 6${randomBytes(3).readUIntBE(0, 3)}`
    rig.dockerfile(`RUN ${mark}`)
    const stop = new AbortController()
    const reason = new Error('enough')
    const before = new Set(await rig.docker.containers())
    const running = async (): Promise<string[]> => (await rig.docker.containers()).filter((name) => !before.has(name))
    const building = ensureImage({ part: rig.part, docker: rig.docker, store: rig.store, signal: stop.signal })
    const ended = assert.rejects(building, reason)
    await waitFor(
      async () => (await running()).length > 0,
      () => new Error('The step never ran.'),
      { timeout: 20_000 },
    )
    stop.abort(reason)
    await ended
    await waitFor(
      async () => (await running()).length === 0,
      () => new Error('The step still runs after the abort.'),
      { timeout: 15_000 },
    )
  })
})
