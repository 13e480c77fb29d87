import { Duplex } from 'node:stream'
import { t } from '@vscode/l10n'
import type WebSocket from 'ws'
import { LocoError } from '../base/error.ts'
import { frame, openChannels, podPath, readChannel } from './channel-socket.ts'
import type { KubeClient } from './client.ts'
import { asKubeError } from './errors.ts'

export interface PodPort {
  namespace: string
  pod: string
  port: number
}

const dataChannel = 0
const errorChannel = 1
/** The server reads a message whole before it passes it on: pieces of this size keep memory small and the stream moving. */
const pieceSize = 64 * 1024

/**
 * A byte stream to a TCP port in a pod. Back-pressure holds both ways. When the pod, the kubelet or the API server closes, both ends of the stream
 * end: without error after a plain close, with a `LocoError` when the kubelet said why (LOCO-KUB-040) or the connection broke (-041).
 * `end()` sends what was written and keeps reading until the pod closes: the protocol knows no half-close. `destroy()` and the signal close at once.
 * @throws coded error when the stream cannot be opened. That nothing listens on the port comes later, as an error of the stream.
 */
export async function openPortForward(client: KubeClient, target: PodPort & { signal?: AbortSignal }): Promise<Duplex> {
  const { namespace, pod, port, signal } = target
  try {
    const path = podPath(namespace, pod, 'portforward', new URLSearchParams({ ports: String(port) }))
    return new PortForward(await openChannels(client, path, signal), target)
  } catch (error) {
    throw asKubeError(error, t`Could not open port ${port} of pod ${namespace}/${pod}.`)
  }
}

class PortForward extends Duplex {
  readonly #socket: WebSocket
  readonly #target: PodPort
  /** Channels whose first message, the port number, has come. */
  readonly #begun = new Set<number>()
  #reason = ''

  constructor(socket: WebSocket, target: PodPort & { signal?: AbortSignal }) {
    super({ allowHalfOpen: true })
    this.#socket = socket
    this.#target = target
    socket.on('message', (message) => this.#receive(message))
    socket.on('error', (error) => this.destroy(this.#broken(error.message)))
    socket.on('close', (code) => this.#closed(code))
    const abort = (): void =>
      void this.destroy(asKubeError(target.signal?.reason, t`Could not keep port ${target.port} of pod ${target.namespace}/${target.pod} open.`))
    target.signal?.addEventListener('abort', abort, { once: true })
    this.once('close', () => target.signal?.removeEventListener('abort', abort))
    // An error that comes while nobody listens yet must not end the process; `errored` keeps it.
    this.on('error', () => {})
    // Not at once: who awaits this stream attaches its own listeners first.
    setImmediate(() => socket.resume())
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const piece = chunk.subarray(0, pieceSize)
    // The socket calls back once the bytes left this process: that is the back-pressure.
    this.#socket.send(frame(dataChannel, piece), (error) => {
      if (error) done(this.#broken(error.message))
      else if (piece.length < chunk.length) this._write(chunk.subarray(pieceSize), 'buffer' as BufferEncoding, done)
      else done()
    })
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // A paused socket would never see the other side's farewell.
    this.#socket.resume()
    if (error) this.#socket.terminate()
    else this.#socket.close(1000)
    done(error)
  }

  #receive(message: WebSocket.RawData): void {
    const received = readChannel(message)
    if (received === undefined || this.destroyed) return
    let { data } = received
    if (!this.#begun.has(received.channel)) {
      this.#begun.add(received.channel)
      data = data.subarray(2)
    }
    if (data.length === 0) return
    if (received.channel === errorChannel) this.#reason += data.toString('utf8')
    else if (received.channel === dataChannel && !this.push(data)) this.#socket.pause()
    if (this.#reason !== '') this.destroy(this.#refused())
  }

  #closed(code: number): void {
    if (this.destroyed) return
    // 1000 is a farewell, 1005 one without a code (the kubelet's way); everything else is a connection that broke.
    if (code !== 1000 && code !== 1005) return void this.destroy(this.#broken(t`The WebSocket closed with code ${code}.`))
    this.push(null)
    // What the pod can no longer read must not wait in here for ever.
    if (this.writableFinished || this.writableLength === 0) this.end()
    else this.destroy(this.#broken(t('The pod closed while data was on its way to it.')))
  }

  #refused(): LocoError {
    const { namespace, pod, port } = this.#target
    return new LocoError('LOCO-KUB-040', {
      what: t`Port ${port} of pod ${namespace}/${pod} cannot be reached.`,
      why: /refused/i.test(this.#reason) ? t('Nothing in the pod listens on it.') : this.#reason.trim(),
      fix: [`kubectl -n ${namespace} get pod ${pod}`, `kubectl -n ${namespace} logs ${pod}`],
      evidence: [this.#reason.trim()],
    })
  }

  #broken(evidence: string): LocoError {
    const { namespace, pod, port } = this.#target
    return new LocoError('LOCO-KUB-041', {
      what: t`The stream to port ${port} of pod ${namespace}/${pod} broke.`,
      why: t('The pod, the kubelet or the API server went away, or the network did.'),
      fix: [`kubectl -n ${namespace} get pod ${pod}`],
      evidence: [evidence],
    })
  }
}
