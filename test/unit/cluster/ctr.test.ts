import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { ctrError, runCtr } from '../../../src/cluster/ctr.ts'
import { parseContainerTable, parseImageTable, readManifest } from '../../../src/cluster/ctr-tables.ts'

describe('tables of ctr', () => {
  it('images', () => {
    const table = [
      'REF                                 TYPE                                                 DIGEST                  SIZE      PLATFORMS   LABELS',
      'docker.io/library/busybox:1         application/vnd.docker.distribution.manifest.v2+json sha256:aaaa             2.0 MiB   linux/amd64 io.cri-containerd.image=managed',
      'sha256:bbbb                         application/vnd.docker.distribution.manifest.v2+json sha256:aaaa             2.0 MiB   linux/amd64 -',
      '',
    ].join('\n')
    assert.deepEqual(parseImageTable(table), [
      { name: 'docker.io/library/busybox:1', digest: 'sha256:aaaa' },
      { name: 'sha256:bbbb', digest: 'sha256:aaaa' },
    ])
    assert.deepEqual(parseImageTable('REF TYPE DIGEST SIZE PLATFORMS LABELS\n'), [])
  })

  it('containers, each image once, those without an image left out', () => {
    const table =
      'CONTAINER    IMAGE                          RUNTIME\nabc          docker.io/library/a:1          io.containerd.runc.v2\ndef          docker.io/library/a:1          io.containerd.runc.v2\nghi          -          io.containerd.runc.v2\n'
    assert.deepEqual(parseContainerTable(table), ['docker.io/library/a:1'])
  })

  it('a manifest names its configuration; an index its manifests, ours first', () => {
    assert.deepEqual(readManifest('{"config":{"digest":"sha256:c"},"layers":[]}', 'amd64'), { id: 'sha256:c' })
    const index = {
      manifests: [
        { digest: 'sha256:arm', platform: { architecture: 'arm64' } },
        { digest: 'sha256:amd', platform: { architecture: 'amd64' } },
      ],
    }
    assert.deepEqual(readManifest(JSON.stringify(index), 'amd64'), { manifests: ['sha256:amd', 'sha256:arm'] })
  })
})

describe('ctrError', () => {
  const containerd = { address: '/run/x/containerd.sock', namespace: 'k8s.io', ctr: 'ctr' }
  const cases: [words: string, code: string][] = [
    [
      'ctr: failed to dial "/run/x/containerd.sock": connection error: desc = "transport: error while dialing: dial unix /run/x/containerd.sock: connect: connection refused"',
      'LOCO-BLD-030',
    ],
    ['ctr: failed to dial "/run/x/containerd.sock": context deadline exceeded', 'LOCO-BLD-030'],
    ['ctr: failed to dial: dial unix /run/x/containerd.sock: connect: permission denied', 'LOCO-BLD-035'],
    ['ctr: failed to copy: write /var/lib/x: no space left on device: unknown', 'LOCO-BLD-033'],
    ['ctr: unrecognized image format', 'LOCO-BLD-031'],
    ['', 'LOCO-BLD-031'],
  ]
  for (const [words, code] of cases) it(`${words || 'silence'} → ${code}`, () => assert.equal(ctrError(containerd, ['images', 'ls'], 1, words).code, code))
})

describe('runCtr with a fake ctr', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'loco-fake-ctr-'))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))
  function fake(script: string): { address: string; namespace: string; ctr: string } {
    const ctr = join(folder, 'ctr')
    writeFileSync(ctr, `#!/bin/sh\n${script}\n`)
    chmodSync(ctr, 0o755)
    return { address: '/x.sock', namespace: 'k8s.io', ctr }
  }

  it('gives what it printed, and passes address and namespace', async () => {
    assert.equal((await runCtr(fake('echo "$@"'), ['images', 'ls'])).toString(), '--address /x.sock --namespace k8s.io images ls\n')
  })
  it('feeds its input', async () => {
    assert.equal((await runCtr(fake('cat'), ['images', 'import', '-'], { input: Readable.from([Buffer.from('archive')]) })).toString(), 'archive')
  })
  it('a program that ends before it read all says why itself', async () => {
    const endless = new Readable({
      read() {
        this.push(Buffer.alloc(65536))
      },
    })
    await assert.rejects(runCtr(fake('echo "no space left on device" >&2; exit 1'), ['images', 'import', '-'], { input: endless }), { code: 'LOCO-BLD-033' })
    assert.ok(endless.destroyed)
  })
  it('an input that breaks ends it', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('x')
        throw new Error('engine went away')
      })(),
    )
    await assert.rejects(runCtr(fake('cat > /dev/null; exec sleep 60'), ['images', 'import', '-'], { input: broken }), {
      code: 'LOCO-BLD-031',
      message: /engine went away/,
    })
  })
  it('no such program: LOCO-BLD-030', () =>
    assert.rejects(runCtr({ address: '/x', namespace: 'n', ctr: join(folder, 'absent') }, ['x']), { code: 'LOCO-BLD-030' }))
  it('an abort ends it with the reason of the person', async () => {
    const stop = new AbortController()
    const reason = new Error('enough')
    const running = runCtr(fake('exec sleep 60'), ['x'], { signal: stop.signal })
    stop.abort(reason)
    await assert.rejects(running, reason)
  })
})
