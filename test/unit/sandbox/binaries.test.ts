import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '../../../src/base/logger.ts'
import { binaryNames, binaryPaths, productFolder, products, type Release } from '../../../src/sandbox/binaries/catalogue.ts'
import { ensureBinaries } from '../../../src/sandbox/binaries/ensure.ts'
import { atLeast, buildArguments, goFolder, goRefusal, goVersionIn } from '../../../src/sandbox/binaries/go.ts'
import { answers, fetchRelease, sumIn } from '../../../src/sandbox/binaries/release.ts'
import type { SandboxPaths } from '../../../src/sandbox/paths.ts'
import { versions } from '../../../src/sandbox/versions.ts'

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
const sum = 'a'.repeat(64)
const sums: [text: string, file: string, expected: string | undefined][] = [
  [sum, 'kubelet', sum], // dl.k8s.io: the sum alone
  [`${sum}\n`, 'kubelet', sum],
  [`${sum}  helm-v4.tar.gz\n`, 'helm-v4.tar.gz', sum],
  [`${'b'.repeat(64)}  other.tgz\n${sum} *build/it.tgz\n`, 'it.tgz', sum],
  [`${sum}  other.tgz`, 'it.tgz', undefined],
  ['<html>not found</html>', 'it.tgz', undefined],
  ['', 'it.tgz', undefined],
]

describe('programs of the sandbox', () => {
  it('every program comes from exactly one product', () => {
    const given = products().flatMap(({ binaries }) => binaries)
    assert.deepEqual([...given].sort(), [...binaryNames].sort())
    assert.deepEqual(Object.keys(binaryPaths('/c', 'amd64')).sort(), [...binaryNames].sort())
  })

  for (const { name, version, built, binaries } of products()) {
    it(`go/${name}/go.mod pins what the catalogue says, with sums`, () => {
      const mod = readFileSync(join(goFolder(name), 'go.mod'), 'utf8')
      assert.ok(mod.includes(` v${version}`), `v${version}`)
      const tools = [...mod.matchAll(/^(?:tool |\t)\S+\/\S+$/gm)]
      assert.equal(tools.length, binaries.length, tools.join())
      assert.ok(Object.values(built).every((binary) => binaries.includes(binary)))
      assert.ok(statSync(join(goFolder(name), 'go.sum')).size > 1_000)
    })
  }

  it('Go is told to change no pin and to say what it compiles', () => {
    const [kubernetes] = products()
    assert.ok(kubernetes)
    const args = buildArguments(kubernetes, '/out')
    assert.deepEqual([args[0], args[1], args.slice(-3)], ['build', '-v', ['-o', '/out/', 'tool']])
    assert.ok(args.join(' ').includes(`gitVersion=v${versions.kubernetes}`))
  })

  const newer: [string, string, boolean][] = [
    ['1.26.8', '1.26.0', true],
    ['1.26', '1.26.0', true],
    ['1.25.9', '1.26.0', false],
    ['2.0', '1.26', true],
    ['1.9', '1.21', false],
  ]
  for (const [have, want, expected] of newer)
    it(`Go ${have} ${expected ? 'does' : 'does not do'} for ${want}`, () => assert.equal(atLeast(have, want), expected))
  it('go line of a go.mod', () => assert.equal(goVersionIn('module x\n\ngo 1.26.0\n'), '1.26.0'))

  const gos: [what: string, go: Parameters<typeof goRefusal>[0], refused: boolean][] = [
    ['none', undefined, true],
    ['new enough', { command: 'go', version: '1.26.1', mayFetch: false }, false],
    ['old, but it fetches a newer one', { command: 'go', version: '1.22.0', mayFetch: true }, false],
    ['old and told to stay', { command: 'go', version: '1.22.0', mayFetch: false }, true],
    ['too old to fetch', { command: 'go', version: '1.19.8', mayFetch: true }, true],
  ]
  for (const [what, go, refused] of gos) it(`Go: ${what}`, () => assert.equal(goRefusal(go, '1.26.0')?.code, refused ? 'LOCO-SBX-007' : undefined))

  for (const [text, file, expected] of sums) it(`sum of ${file} in ${JSON.stringify(text.slice(0, 12))}…`, () => assert.equal(sumIn(text, file), expected))
})

/** A fake publisher on loopback: what is not in its table is 404; `cut` ends the connection half-way. */
describe('release archives, from a fake publisher', () => {
  let folder: string
  let server: Server
  let base: string
  const files = new Map<string, Buffer | 'cut' | 'silent'>()

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'loco-release-'))
    server = createServer((request, response) => {
      const content = files.get(request.url ?? '')
      if (content === undefined) response.writeHead(404).end('no such file')
      else if (content === 'silent') return
      else if (content === 'cut') {
        response.writeHead(200, { 'Content-Length': '1000' })
        response.write('half')
        setImmediate(() => response.destroy())
      } else response.writeHead(200, { 'Content-Length': String(content.length) }).end(content)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => {
    server.closeAllConnections()
    server.close()
    rmSync(folder, { recursive: true })
  })
  beforeEach(() => files.clear())

  const target = (name: string): string => join(folder, name)
  const plain: Omit<Release, 'url' | 'sumUrl'> = { binary: 'kubelet' }
  const release = (member?: string): Release => ({ ...plain, url: `${base}/it`, sumUrl: `${base}/it.sha256`, ...(member === undefined ? {} : { member }) })
  const archive = (member: string, content: string): Buffer => {
    const scratch = mkdtempSync(join(folder, 'tar-'))
    mkdirSync(join(scratch, member, '..'), { recursive: true })
    writeFileSync(join(scratch, member), content)
    return execFileSync('tar', ['-C', scratch, '-cz', '.'.concat('/', member).slice(2)])
  }

  it('a bare program: checked, executable, nothing beside it', async () => {
    const bytes = Buffer.from('#!/bin/true\n')
    files.set('/it', bytes).set('/it.sha256', Buffer.from(sha256(bytes)))
    await fetchRelease(release(), target('bare'))
    assert.deepEqual(readdirSync(target('bare')), ['kubelet'])
    assert.equal(statSync(join(target('bare'), 'kubelet')).mode & 0o777, 0o755)
  })

  it('a program in an archive', async () => {
    const bytes = archive('linux-amd64/kubelet', 'program')
    files.set('/it', bytes).set('/it.sha256', Buffer.from(`${sha256(bytes)}  it`))
    await fetchRelease(release('linux-amd64/kubelet'), target('packed'))
    assert.deepEqual(readdirSync(target('packed')), ['kubelet'])
    assert.equal(readFileSync(join(target('packed'), 'kubelet'), 'utf8'), 'program')
  })

  const bad: [what: string, set: () => void, code: string, options?: object][] = [
    ['a checksum that differs', () => files.set('/it', Buffer.from('evil')).set('/it.sha256', Buffer.from(sum)), 'LOCO-SBX-016'],
    ['no checksum for the file', () => files.set('/it', Buffer.from('x')).set('/it.sha256', Buffer.from(`${sum}  other`)), 'LOCO-SBX-017'],
    ['no checksum at all', () => files.set('/it', Buffer.from('x')), 'LOCO-SBX-017'],
    ['no file', () => files.set('/it.sha256', Buffer.from(sum)), 'LOCO-SBX-017'],
    ['a connection that breaks', () => files.set('/it', 'cut').set('/it.sha256', Buffer.from(sum)), 'LOCO-SBX-017'],
    ['a publisher that says nothing', () => files.set('/it.sha256', 'silent'), 'LOCO-SBX-017', { answerWithin: 100 }],
  ]
  for (const [what, set, code, options] of bad) {
    it(`${what}: refused, and nothing is left`, async () => {
      set()
      await assert.rejects(fetchRelease(release(), target('bad'), options), { code })
      assert.deepEqual(existsSync(target('bad')) ? readdirSync(target('bad')) : [], [])
    })
  }

  it('nobody there is known at once', async () => {
    assert.equal(await answers('http://127.0.0.1:1', 1_000), false)
    assert.equal(await answers(base, 1_000), true)
  })

  it('the whole way: fetched where releases are, said so, and found in the cache afterwards', async () => {
    const hosts = { kubernetes: `${base}/k`, github: `${base}/g`, helm: `${base}/h` }
    const cache = target('cache')
    const path = (url: string): string => url.slice(base.length)
    for (const product of products(hosts)) {
      for (const { binary, url, sumUrl, member } of product.releases('amd64')) {
        const bytes = member === undefined ? Buffer.from(binary) : archive(member, binary)
        files.set(path(url), bytes).set(path(sumUrl), Buffer.from(`${sha256(bytes)}  ${url.split('/').at(-1)}`))
      }
    }
    // The one without a release is there already.
    const built = products().find(({ name }) => name === 'local-path-provisioner')
    assert.ok(built)
    mkdirSync(productFolder(cache, built, 'amd64'), { recursive: true })
    writeFileSync(join(productFolder(cache, built, 'amd64'), 'local-path-provisioner'), '')

    const said: string[] = []
    const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, name: 'me', home: folder }
    const paths = { cache, owner } as SandboxPaths
    const options = { paths, arch: 'amd64' as const, additions: [], env: process.env, log: silentLogger, hosts }
    const bin = await ensureBinaries({ ...options, tell: ({ sentence }) => said.push(sentence) })
    assert.equal(readFileSync(bin.helm, 'utf8'), 'helm')
    assert.equal(readFileSync(bin['kube-proxy'], 'utf8'), 'kube-proxy')
    assert.ok(said.includes(`Fetching kubernetes ${versions.kubernetes} from its publisher.`))
    said.length = 0
    files.clear()
    assert.deepEqual(await ensureBinaries({ ...options, tell: ({ sentence }) => said.push(sentence) }), bin)
    assert.deepEqual(said, [])
  })
})
