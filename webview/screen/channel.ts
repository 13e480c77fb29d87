import type { RawChannel } from '@novnc/novnc'

/** What noVNC takes for a WebSocket: already open, its bytes come from and go to the host. */
export function rawChannel(send: (bytes: Uint8Array<ArrayBuffer>) => void): RawChannel {
  const channel: RawChannel = {
    binaryType: 'arraybuffer',
    protocol: '',
    readyState: 'open',
    onopen: null,
    onmessage: null,
    onerror: null,
    onclose: null,
    send: (bytes) => send(bytes.slice()),
    close() {
      channel.readyState = 'closed'
      // Not from within the call: noVNC enters the state in which it expects this only after it.
      queueMicrotask(() => channel.onclose?.({}))
    },
  }
  return channel
}
