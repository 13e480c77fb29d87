import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { LocoError } from '../../../src/base/error.ts'
import { keepWholeLog, logFileName } from '../../../src/editor/actions/logs/whole-log.ts'
import { KubeClient } from '../../../src/kube/client.ts'
import { streamLogs } from '../../../src/kube/logs.ts'
import { FakeApiServer } from '../../fakes/fake-api-server.ts'

describe('a whole log in a file', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'loco-log-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const keep = (open: () => Promise<Readable>, signal = new AbortController().signal): ReturnType<typeof keepWholeLog> =>
    keepWholeLog({ open, folder: join(folder, 'logs'), name: 'a.log', signal, progress: () => {} })

  it('50 MB come whole from a fake API server', async () => {
    const server = new FakeApiServer()
    await server.start()
    const client = new KubeClient(server.kubeconfig(), 'fake')
    try {
      const piece = Buffer.from(`${'x'.repeat(99)}\n`.repeat(655))
      server.intercept = (_request, response, url) => {
        if (!url.pathname.endsWith('/log')) return false
        Readable.from(Array.from({ length: 800 }, () => piece)).pipe(response)
        return true
      }
      const { bytes, lines, file } = await keep(() => streamLogs(client, { namespace: 'loco', pod: 'p', container: 'c' }))
      assert.equal(bytes, 52_400_000)
      assert.equal(lines, 524_000)
      assert.equal(statSync(file).size, bytes)
    } finally {
      client.dispose()
      await server.stop()
    }
  })

  it('is never all in memory: no more is fetched than the disk has room for in a moment', async () => {
    let fetched = 0
    let most = 0
    const piece = Buffer.alloc(64 * 1024)
    const log = new Readable({
      read() {
        fetched += piece.length
        this.push(fetched > 20 * 1024 * 1024 ? null : piece)
      },
    })
    await keepWholeLog({
      open: async () => log,
      folder,
      name: 'a.log',
      signal: new AbortController().signal,
      progress: (written) => {
        most = Math.max(most, fetched - written)
      },
    })
    assert.ok(most < 1024 * 1024, `${most} bytes were held`)
  })

  it('one that breaks off or is cancelled leaves nothing behind, and the earlier one as it was', async () => {
    await keep(async () => Readable.from([Buffer.from('first\n')]))
    const breaking = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from('second\n')
      throw new LocoError('LOCO-KUB-023', { what: 'broken' })
    }
    await assert.rejects(
      keep(async () => Readable.from(breaking())),
      (error: LocoError) => error.code === 'LOCO-KUB-023',
    )
    const end = new AbortController()
    const forever = new Readable({ read: () => {} })
    const keeping = keep(async () => forever, end.signal)
    end.abort()
    await assert.rejects(keeping)
    assert.deepEqual(readdirSync(join(folder, 'logs')), ['a.log'])
    assert.equal(statSync(join(folder, 'logs', 'a.log')).size, 'first\n'.length)
  })

  it('a folder that cannot be made is LOCO-ACT-012', async () => {
    writeFileSync(join(folder, 'logs'), 'a file in its place')
    await assert.rejects(
      keep(async () => Readable.from([Buffer.from('x')])),
      (error: LocoError) => error.code === 'LOCO-ACT-012' && error.message.includes('a.log'),
    )
  })

  it('its name is one on every system', () => assert.equal(logFileName(['pod-0', 'a:b*c/d\\e']), 'pod-0.a_b_c_d_e.log'))
})
