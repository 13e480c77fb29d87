import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { contextArchive } from '../../../src/images/archive.ts'
import { type BuiltImage, buildImage, findImage, planImage } from '../../../src/images/build.ts'
import { DockerEngine } from '../../../src/images/engine.ts'
import type { ImagePart } from '../../../src/images/parts.ts'
import type { ImageProgress } from '../../../src/images/progress.ts'
import { type FakeEngine, fakeEngine, json } from './fake-engine.ts'

const inspected = (id: string): object => ({ Id: id, RepoTags: [], Created: '2026-01-01T00:00:00Z', Size: 10, Config: { Labels: {} } })
const lines = (response: ServerResponse, ...messages: object[]): true => {
  response.writeHead(200)
  for (const message of messages) response.write(`${JSON.stringify(message)}\r\n`)
  response.end()
  return true
}

describe('building against a fake engine', () => {
  let folder: string
  let part: ImagePart
  let engine: FakeEngine | undefined
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'loco-build-'))
    writeFileSync(join(folder, 'Dockerfile'), 'FROM busybox:1\nRUN true\n')
    part = { name: 'test', repositories: ['t-0', 't-1'], version: '1', context: { folder, ignore: [], injected: {} } }
  })
  afterEach(async () => {
    await engine?.close()
    engine = undefined
    rmSync(folder, { recursive: true, force: true })
  })

  async function build(onBuild: (response: ServerResponse) => boolean, signal?: AbortSignal, heard: ImageProgress[] = []): Promise<BuiltImage> {
    engine = await fakeEngine((path, _, response) => {
      if (path === '/images/busybox:1/json') return json(response, 200, inspected('sha256:base'))
      if (path === '/images/json') return json(response, 200, [])
      if (path === '/images/sha256:made/json') return json(response, 200, inspected('sha256:made'))
      if (path === '/images/sha256:made/tag') return json(response, 201, {})
      return path === '/build' && onBuild(response)
    })
    const options = { part, docker: new DockerEngine(engine.host), progress: (one: ImageProgress) => void heard.push(one), ...(signal && { signal }) }
    return buildImage(await planImage(options), options)
  }

  it('one build, four names, progress by steps', async () => {
    const heard: ImageProgress[] = []
    const image = await build(
      (response) => lines(response, { stream: 'Step 1/2 : FROM busybox:1\n' }, { stream: 'Step 2/2 : RUN true\n' }, { aux: { ID: 'sha256:made' } }),
      undefined,
      heard,
    )
    assert.equal(image.id, 'sha256:made')
    assert.equal(image.built, true)
    assert.deepEqual(
      heard.map(({ done, total }) => `${done}/${total}`),
      ['1/2', '2/2'],
    )
    const tag = `c-${image.hash.slice(0, 12)}`
    assert.deepEqual(image.refs, [`t-0:${tag}`, 't-0:1', `t-1:${tag}`, 't-1:1'])
    assert.equal(engine?.requests.filter((one) => one.includes('/tag')).length, 4)
    const sent = new URL(`http://x${engine?.requests.find((one) => one.startsWith('POST /build'))?.slice(5)}`).searchParams
    assert.equal(sent.get('networkmode'), 'host')
    assert.deepEqual(JSON.parse(sent.get('labels') ?? ''), {
      'org.loco-cluster.part': 'test',
      'org.loco-cluster.content-hash': image.hash,
      'org.loco-cluster.version': '1',
    })
  })

  const failures: [what: string, onBuild: (response: ServerResponse) => boolean, code: string][] = [
    [
      'a step that fails',
      (response) => lines(response, { stream: 'Step 2/2 : RUN false\n' }, { errorDetail: { message: 'returned a non-zero code: 1' } }),
      'LOCO-BLD-010',
    ],
    ['an end without a word', (response) => lines(response, { stream: 'Step 1/2 : FROM busybox:1\n' }), 'LOCO-BLD-019'],
    ['nonsense instead of messages', (response) => Boolean(response.end('<html>gateway</html>')), 'LOCO-BLD-019'],
    [
      'a Dockerfile that it cannot read',
      (response) => json(response, 400, { message: 'dockerfile parse error line 2: unknown instruction: RUNN' }),
      'LOCO-BLD-017',
    ],
    ['a fault of the engine', (response) => json(response, 503, { message: 'overloaded' }), 'LOCO-ENV-005'],
    [
      'an engine that goes away',
      (response) => {
        response.writeHead(200)
        response.write('{"stream":"Step 1/2 : FROM busybox:1\\n"}\n', () => response.destroy())
        return true
      },
      'LOCO-ENV-005',
    ],
  ]
  for (const [what, onBuild, code] of failures) it(`${what}: ${code}`, () => assert.rejects(build(onBuild), { code }))

  it('an abort in the middle ends the request with the reason of the person', async () => {
    const stop = new AbortController()
    const reason = new Error('enough')
    let closed: Promise<void> | undefined
    const building = build((response) => {
      closed = new Promise((resolve) => response.once('close', resolve))
      response.writeHead(200)
      response.write('{"stream":"Step 1/2 : FROM busybox:1\\n"}\n', () => stop.abort(reason))
      return true
    }, stop.signal)
    await assert.rejects(building, reason)
    await closed
  })

  it('a base image that nobody has: LOCO-BLD-011', async () => {
    engine = await fakeEngine(
      (path, _, response) => path === '/images/create' && json(response, 404, { message: 'pull access denied for busybox, repository does not exist' }),
    )
    await assert.rejects(planImage({ part, docker: new DockerEngine(engine.host) }), { code: 'LOCO-BLD-011' })
  })

  it('a registry that is not reachable: LOCO-BLD-012', async () => {
    engine = await fakeEngine(
      (path, _, response) =>
        path === '/images/create' &&
        json(response, 500, { message: 'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host' }),
    )
    await assert.rejects(planImage({ part, docker: new DockerEngine(engine.host) }), { code: 'LOCO-BLD-012' })
  })

  it('an image under all its names is found without a build', async () => {
    const answers: Record<string, object> = { '/images/busybox:1/json': inspected('sha256:base') }
    engine = await fakeEngine((path, _, response) => {
      const value = answers[path]
      return value !== undefined && json(response, 200, value)
    })
    const docker = new DockerEngine(engine.host)
    const plan = await planImage({ part, docker })
    answers['/images/json'] = [{ Id: 'sha256:made', RepoTags: plan.refs, Labels: {}, Created: 1, Size: 10 }]
    assert.equal((await findImage(plan, docker))?.id, 'sha256:made')
    assert.equal((await buildImage(plan, { docker })).built, false)
    answers['/images/json'] = [{ Id: 'sha256:made', RepoTags: plan.refs.slice(1), Labels: {}, Created: 1, Size: 10 }]
    assert.equal(await findImage(plan, docker), undefined)
  })

  it('all names are asked for in one archive', async () => {
    engine = await fakeEngine((path, _, response) => path === '/images/get' && Boolean(response.end('archive')))
    const stream = await new DockerEngine(engine.host).save(['a:1', 'b:1'])
    assert.equal(await text(stream), 'archive')
    assert.deepEqual(engine.requests, ['GET /images/get?names=a%3A1&names=b%3A1'])
  })

  it('a file is read out of an image that is not run, and nothing of that is left', async () => {
    const archive = await buffer(contextArchive([{ path: 'sum', kind: 'file', content: Buffer.from('abc  disk\n') }]))
    engine = await fakeEngine((path, request, response) => {
      if (path === '/containers/create') return json(response, 201, { Id: 'c1', Warnings: [] })
      if (path === '/containers/c1/archive') return Boolean(response.end(request.url?.includes('there') ? archive : ''))
      return request.method === 'DELETE' && json(response, 204, {})
    })
    const docker = new DockerEngine(engine.host)
    assert.equal((await docker.readFile('sha256:made', '/there/sum'))?.toString(), 'abc  disk\n')
    assert.equal(await docker.readFile('sha256:made', '/empty'), undefined)
    assert.deepEqual(
      engine.requests.map((one) => one.split('?')[0]),
      Array(2).fill(['POST /containers/create', 'GET /containers/c1/archive', 'DELETE /containers/c1']).flat(),
    )
  })

  it('no socket: LOCO-ENV-003; nobody behind it: LOCO-ENV-001', async () => {
    await assert.rejects(new DockerEngine(`unix://${join(folder, 'absent.sock')}`).version(), { code: 'LOCO-ENV-003' })
    writeFileSync(join(folder, 'dead.sock'), '')
    await assert.rejects(new DockerEngine(`unix://${join(folder, 'dead.sock')}`).version(), { code: 'LOCO-ENV-001' })
  })
})
