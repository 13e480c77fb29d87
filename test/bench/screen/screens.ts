import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import WebSocket, { WebSocketServer } from 'ws'
import { Emitter } from '../../../src/base/emitter.ts'
import type { ScreenPace } from '../../../src/screen/pacing.ts'
import { ScreenSession } from '../../../src/screen/session.ts'
import { encodingsMessage, FakeViewer, novncEncodings, requestMessage } from '../../fakes/fake-viewer.ts'
import { NovncReader } from '../../fakes/novnc-reader.ts'
import { readStrip, type Strip } from '../../guest/strip.ts'
import { delayed } from './delayed.ts'

/** A screen as somebody who measures uses it. */
export interface BenchScreen {
  name: string
  /** What the viewer sees now. */
  strip(): Strip | undefined
  send(message: Uint8Array): void
  /** Called whenever the viewer has drawn. */
  onDrawn(listener: () => void): void
  /** How it is looked at; a plain client knows no difference. */
  setPace?(pace: ScreenPace): void
  /** Bytes that the viewer got so far. */
  bytes(): number
  dispose(): void
}

export type MakeScreen = (vncPort: number, delayMs: number) => Promise<BenchScreen>

async function reach(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  return socket
}

/** Ours: the session, its viewer as a page would be. */
export const ours: MakeScreen = async (vncPort, delayMs) => {
  const session = new ScreenSession({
    source: { pod: 'bench', reason: undefined, changes: new Emitter<void>().event },
    connect: async () => delayed(await reach(vncPort), delayMs),
  })
  const viewer = new FakeViewer(session)
  session.setPace('focused')
  session.setDriver(true)
  return {
    name: 'ours',
    strip: () => (viewer.reader === undefined ? undefined : readStrip(viewer.reader.picture)),
    send: (message) => viewer.send(message),
    onDrawn: (listener) => {
      viewer.drawn = listener
    },
    setPace: (pace) => session.setPace(pace),
    bytes: () => viewer.bytes,
    dispose: () => session.dispose(),
  }
}

/** The rival: asks again when the last picture is drawn, as noVNC does, over a WebSocket relay that passes bytes. */
export const plain: MakeScreen = async (vncPort, delayMs) => {
  const relay = await plainRelay(vncPort, delayMs)
  const socket = new WebSocket(`ws://127.0.0.1:${relay.port}`, { perMessageDeflate: false })
  let [bytes, drawn]: [number, () => void] = [0, () => {}]
  let reader: NovncReader | undefined
  let kept = Buffer.alloc(0)
  const wanted = novncEncodings.filter((number) => number !== -312 && number !== -313)
  const greet = async (): Promise<void> => {
    const size = kept.length >= 42 ? 42 + kept.readUInt32BE(38) : Number.POSITIVE_INFINITY
    if (kept.length < size || reader !== undefined) return
    const [width, height] = [kept.readUInt16BE(18), kept.readUInt16BE(20)]
    reader = await NovncReader.make(width, height)
    socket.send(Buffer.from('0000000020180001' + '00ff00ff00ff' + '000810' + '000000', 'hex'))
    socket.send(encodingsMessage(wanted.filter((number) => number !== (0xc0a1e5ce | 0))))
    socket.send(requestMessage(false, width, height))
  }
  socket.on('message', (piece: Buffer) => {
    bytes += piece.length
    if (reader === undefined) {
      kept = Buffer.concat([kept, piece])
      // Sent when the server has begun to speak; it reads them in order.
      if (kept.length === 12) socket.send(Buffer.concat([Buffer.from('RFB 003.008\n'), Buffer.of(1, 1)]))
      void greet()
      return
    }
    const before = reader.updates
    reader.feed(piece)
    for (let n = before; n < reader.updates; n++) socket.send(requestMessage(true, reader.display.width, reader.display.height))
    if (reader.updates > before) drawn()
  })
  await once(socket, 'open')
  return {
    name: 'plain',
    strip: () => (reader === undefined ? undefined : readStrip(reader.picture)),
    send: (message) => socket.send(message),
    onDrawn: (listener) => {
      drawn = listener
    },
    bytes: () => bytes,
    dispose: () => {
      socket.terminate()
      relay.server.close()
    },
  }
}

/** A relay between WebSocket and TCP with nothing of its own; the way to the server as far as ours has it. */
async function plainRelay(vncPort: number, delayMs: number): Promise<{ port: number; server: Server }> {
  const server = createServer()
  const sockets = new WebSocketServer({ server, perMessageDeflate: false })
  sockets.on('connection', (socket) => {
    const early: Buffer[] = []
    let far: Duplex | undefined
    socket.on('message', (message: Buffer) => (far === undefined ? early.push(message) : far.write(message)))
    void reach(vncPort).then((stream) => {
      far = delayed(stream, delayMs)
      far.on('data', (piece: Buffer) => socket.send(piece))
      for (const message of early) far.write(message)
      socket.on('close', () => far?.destroy())
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, server }
}
