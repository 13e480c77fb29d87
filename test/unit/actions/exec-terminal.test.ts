import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { LocoError } from '../../../src/base/error.ts'
import { waitFor } from '../../../src/base/wait.ts'
import { openShell } from '../../../src/editor/actions/terminal/open-shell.ts'
import { KubeClient } from '../../../src/kube/client.ts'
import { type ExecTerminal, openExecTerminal } from '../../../src/kube/exec-terminal.ts'
import { FakeApiServer, type FakeStream } from '../../fakes/fake-api-server.ts'

const size = { columns: 100, rows: 30 }
const target = { namespace: 'loco', pod: 'p', container: 'emulator', command: ['/bin/sh'], size }
const success = JSON.stringify({ metadata: {}, status: 'Success' })
const exitCode = (code: number): string =>
  JSON.stringify({ status: 'Failure', reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message: String(code) }] } })
const noProgram = JSON.stringify({ status: 'Failure', reason: 'InternalError', message: 'exec: "/bin/sh": stat /bin/sh: no such file or directory', code: 500 })

describe('a terminal in a container, against a fake API server', () => {
  let server: FakeApiServer
  let client: KubeClient
  const streams: FakeStream[] = []
  const got: { channel: number; text: string }[] = []

  beforeEach(async () => {
    server = new FakeApiServer()
    server.protocol = 'v5.channel.k8s.io'
    await server.start()
    client = new KubeClient(server.kubeconfig(), 'fake')
    streams.length = 0
    got.length = 0
    kubelet()
  })
  afterEach(async () => {
    client.dispose()
    await server.stop()
  })

  const kubelet = (play: (stream: FakeStream) => void = () => {}): void => {
    server.onStream = (stream) => {
      streams.push(stream)
      stream.onData((channel, data) => got.push({ channel, text: data.toString('utf8') }))
      play(stream)
    }
  }
  const heard = (channel: number): Promise<string> =>
    waitFor(
      () => got.filter((one) => one.channel === channel).at(-1)?.text,
      () => new Error(`nothing on channel ${channel}`),
      { timeout: 2000, interval: 2 },
    )
  const read = async (terminal: ExecTerminal): Promise<string> => {
    const parts: Buffer[] = []
    for await (const part of terminal as AsyncIterable<Buffer>) parts.push(part)
    return Buffer.concat(parts).toString('utf8')
  }

  it('asks for a terminal and says how large it is, at once and when it changes', async () => {
    const terminal = await openExecTerminal(client, target)
    assert.deepEqual(JSON.parse(await heard(4)), { Width: 100, Height: 30 })
    const query = streams[0]?.query
    assert.deepEqual(
      [query?.get('tty'), query?.get('stdin'), query?.get('stdout'), query?.get('stderr'), query?.getAll('command')],
      ['true', 'true', 'true', null, ['/bin/sh']],
    )
    got.length = 0
    terminal.resize({ columns: 60, rows: 10 })
    assert.deepEqual(JSON.parse(await heard(4)), { Width: 60, Height: 10 })
    terminal.destroy()
  })

  it('carries what is typed and what is printed, and ends with the exit code', async () => {
    kubelet((stream) =>
      stream.onData((channel, data) => {
        if (channel !== 0) return
        stream.send(1, data)
        stream.send(3, exitCode(7))
        stream.socket.close()
      }),
    )
    const terminal = await openExecTerminal(client, target)
    terminal.write('äöü')
    assert.equal(await read(terminal), 'äöü')
    assert.equal(terminal.exit, 7)
  })

  it('sends a large paste whole, in pieces', async () => {
    const terminal = await openExecTerminal(client, target)
    terminal.write('x'.repeat(100_000))
    await waitFor(
      () => got.filter(({ channel }) => channel === 0).reduce((sum, { text }) => sum + text.length, 0) === 100_000,
      () => new Error('not all came'),
      { timeout: 2000, interval: 5 },
    )
    assert.ok(got.every(({ text }) => text.length <= 32 * 1024))
    terminal.destroy()
  })

  it('the end of what is typed closes its channel (version 5)', async () => {
    const terminal = await openExecTerminal(client, target)
    terminal.end()
    assert.equal(await heard(255), '\u0000')
    terminal.destroy()
  })

  it('a good end is exit code 0', async () => {
    kubelet((stream) => {
      stream.send(3, success)
      stream.socket.close()
    })
    const terminal = await openExecTerminal(client, target)
    assert.equal(await read(terminal), '')
    assert.equal(terminal.exit, 0)
  })

  it('a program that is not there is LOCO-KUB-042, a stream that breaks -041', async () => {
    kubelet((stream) => {
      stream.send(3, noProgram)
      stream.socket.close()
    })
    const [missing] = (await once(await openExecTerminal(client, target), 'error')) as [LocoError]
    assert.equal(missing.code, 'LOCO-KUB-042')
    assert.match(missing.message, /no such file/)
    kubelet((stream) => stream.socket.terminate())
    const [broken] = (await once(await openExecTerminal(client, target), 'error')) as [LocoError]
    assert.equal(broken.code, 'LOCO-KUB-041')
  })

  it('destroying it closes the stream', async () => {
    const terminal = await openExecTerminal(client, target)
    const closed = once(streams[0]!.socket, 'close')
    terminal.destroy()
    await closed
  })

  it('holds the pod back while nobody reads', async () => {
    const terminal = await openExecTerminal(client, target)
    const { socket, send } = streams[0]!
    for (let index = 0; index < 400; index++) send(1, Buffer.alloc(64 * 1024))
    await waitFor(
      () => terminal.readableLength > 0,
      () => new Error('nothing came'),
      { timeout: 2000 },
    )
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.ok(terminal.readableLength <= 256 * 1024, `${terminal.readableLength} bytes are held`)
    assert.ok(socket.bufferedAmount > 1024 * 1024, 'the server still holds the rest')
    terminal.destroy()
  })

  describe('openShell', () => {
    const open = (signal = AbortSignal.timeout(2000)): Promise<ExecTerminal> =>
      openShell({
        id: 'id-1',
        pod: 'p',
        container: 'emulator',
        size,
        signal,
        start: (command, dimensions, end) => openExecTerminal(client, { ...target, command, size: dimensions, signal: end }),
      })

    it('takes the first shell that can be started', async () => {
      kubelet((stream) => {
        if (stream.query.get('command') === '/busybox/sh') return stream.send(1, '$ ')
        stream.send(3, noProgram)
        stream.socket.close()
      })
      const shell = await open()
      assert.equal(String(shell.read()), '$ ')
      assert.deepEqual(
        streams.map(({ query }) => query.get('command')),
        ['/bin/sh', '/busybox/sh'],
      )
      shell.destroy()
    })

    it('says so when there is none', async () => {
      kubelet((stream) => {
        stream.send(3, noProgram)
        stream.socket.close()
      })
      await assert.rejects(open(), (error: LocoError) => error.code === 'LOCO-ACT-010' && error.evidence.every((words) => /no such file/.test(words)))
    })

    it('does not go on to the next shell when it is the way that breaks', async () => {
      kubelet((stream) => stream.socket.terminate())
      await assert.rejects(open(), (error: LocoError) => error.code === 'LOCO-KUB-041')
      assert.equal(streams.length, 1)
    })

    it('gives up when it is closed meanwhile', async () => {
      const end = new AbortController()
      const opening = open(end.signal)
      await waitFor(
        () => streams[0],
        () => new Error('no stream'),
        { timeout: 2000, interval: 2 },
      )
      end.abort()
      await assert.rejects(opening)
    })
  })
})
