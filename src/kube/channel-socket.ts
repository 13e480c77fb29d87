import type WebSocket from 'ws'
import type { KubeClient } from './client.ts'

/** Kubernetes' framing of several streams over one WebSocket: each message starts with one byte that names the stream. */
export interface ChannelMessage {
  channel: number
  data: Buffer
}

/** Newest first: the server takes the first that it knows. Version 5 can also close one stream; the rest is equal. */
const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io']

/**
 * Opens a pod's stream endpoint (`portforward`, `exec`, `attach`), paused: attach listeners, then `resume()`.
 * @throws what the network throws, `ApiAnswerError` when the server refuses
 */
export function openChannels(client: KubeClient, path: string, signal?: AbortSignal): Promise<WebSocket> {
  return client.transport.socket(path, protocols, signal)
}

/** A message of the server, taken apart; undefined for an empty one. */
export function readChannel(message: WebSocket.RawData): ChannelMessage | undefined {
  const bytes = Array.isArray(message) ? Buffer.concat(message) : Buffer.isBuffer(message) ? message : Buffer.from(message)
  const channel = bytes[0]
  return channel === undefined ? undefined : { channel, data: bytes.subarray(1) }
}

/** A message for the server. */
export function frame(channel: number, data: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(data.length + 1)
  bytes[0] = channel
  data.copy(bytes, 1)
  return bytes
}

/** Path of a pod's subresource, with its query. */
export function podPath(namespace: string, pod: string, subresource: string, query: URLSearchParams): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/${subresource}?${query}`
}
