/** What the page uses of noVNC 1.7, which brings no types. */
declare module '@novnc/novnc' {
  /** What noVNC takes instead of a WebSocket; it looks for these as own properties and assigns the handlers. */
  export interface RawChannel {
    binaryType: string
    protocol: string
    readyState: 'connecting' | 'open' | 'closing' | 'closed'
    onopen: (() => void) | null
    onmessage: ((event: { data: ArrayBuffer | Uint8Array }) => void) | null
    onerror: ((event: unknown) => void) | null
    onclose: ((event: { code?: number; reason?: string }) => void) | null
    /** `bytes` is a view of a buffer that is used again: copy it. */
    send(bytes: Uint8Array): void
    close(): void
  }

  // biome-ignore lint/style/noDefaultExport: it is how noVNC exports it.
  export default class RFB extends EventTarget {
    constructor(target: HTMLElement, channel: RawChannel, options?: { shared?: boolean })
    viewOnly: boolean
    focusOnClick: boolean
    scaleViewport: boolean
    showDotCursor: boolean
    background: string
    compressionLevel: number
    disconnect(): void
    focus(options?: FocusOptions): void
    blur(): void
    sendKey(keysym: number, code: string, down?: boolean): void
  }
}
