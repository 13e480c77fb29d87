import type { FromPage, PageEnvelope, SavedTab, ToPage } from '../../src/contracts/screen.ts'

declare function acquireVsCodeApi(): { postMessage(message: unknown): void; setState(state: unknown): void }

const api = acquireVsCodeApi()
/** This very page: the host takes no word of one that is gone. */
const page = crypto.randomUUID()

/** Tells the host. Byte arrays have to be whole buffers of their own: a view would send all of its buffer. */
export function tell(message: FromPage): void {
  api.postMessage({ page, message } satisfies PageEnvelope)
}

/** What the window keeps of this tab over a reload. */
export function keep(saved: SavedTab): void {
  api.setState(saved)
}

/** Hears what the host says. */
export function onTold(hear: (message: ToPage) => void): void {
  window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => hear(data))
}
