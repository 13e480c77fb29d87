import * as v from 'valibot'

/** How the picture of a machine fills its tab: one to one, as large as fits, the largest whole multiple that fits. */
export const scaling = v.picklist(['none', 'fit', 'integer'])
export type Scaling = v.InferOutput<typeof scaling>

export type ReleaseChord = 'ctrl+alt' | 'ctrl+shift' | 'rightctrl'

/** What the page obeys; sent at start and on each change. */
export interface ScreenOptions {
  readonly scaling: Scaling
  readonly viewOnly: boolean
  readonly releaseChord: ReleaseChord
  /** Show the measured frames, delay and rate. */
  readonly meter: boolean
}

/** What survives a reload of the window: which screen, and what was chosen in this tab against the settings. Never data. */
export const savedTab = v.object({
  /** The fleet as one word (`fleetKey`). */
  fleet: v.pipe(v.string(), v.maxLength(2048)),
  /** `instance-<ordinal>`. */
  emulator: v.pipe(v.string(), v.maxLength(64)),
  scaling: v.optional(scaling),
  viewOnly: v.optional(v.boolean()),
})
export type SavedTab = v.InferOutput<typeof savedTab>

/** Lies in the page as JSON, so that it can draw itself before the first message. */
export interface PageBoot {
  readonly saved: SavedTab
  readonly options: ScreenOptions
  /** Translations, when the editor does not speak English. */
  readonly texts?: unknown
}

/** What the page is told of the stream; sentences are for a person. */
export interface ShownState {
  readonly phase: 'waiting' | 'connecting' | 'live' | 'paused' | 'refused'
  readonly sentence?: string
  readonly code?: string
}

/** One key going down or up: an X keysym, and the DOM `code` of the key where one is known. */
export interface KeyEvent {
  readonly keysym: number
  readonly code: string
  readonly down: boolean
}

/** Host → page. `bytes` and `png` are whole buffers of their own: a view would carry all of its buffer. */
export type ToPage =
  | { readonly type: 'options'; readonly options: ScreenOptions; readonly saved: SavedTab }
  | { readonly type: 'state'; readonly state: ShownState }
  /** The last known picture, from before this page. */
  | { readonly type: 'lastPicture'; readonly png: Uint8Array<ArrayBuffer> }
  /** A connection begins: the bytes that follow are for a new RFB client. */
  | { readonly type: 'open'; readonly connection: number }
  | { readonly type: 'output'; readonly connection: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'meter'; readonly fps: number; readonly kbps: number; readonly delayMs: number | null }
  | { readonly type: 'keys'; readonly keys: readonly KeyEvent[] }
  /** Gives the keyboard back to the editor and stops typing. */
  | { readonly type: 'releaseKeys' }
  | { readonly type: 'takePicture'; readonly request: number }
  | { readonly type: 'copyPicture'; readonly request: number }

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const bytesUpTo = (limit: number) =>
  v.pipe(
    v.instance(Uint8Array),
    v.check(({ byteLength }) => byteLength <= limit),
  )
const png = bytesUpTo(32 * 1024 * 1024)

/** Commands of the host that the page has buttons for. */
export const pageCommand = v.picklist([
  'ctrlAltDelete',
  'ctrlEscape',
  'altTab',
  'typeClipboard',
  'savePicture',
  'copyPicture',
  'selectScaling',
  'toggleViewOnly',
  'reconnect',
])
export type PageCommand = v.InferOutput<typeof pageCommand>

const message = v.variant('type', [
  /** The page has drawn itself and listens. */
  v.object({ type: v.literal('ready') }),
  v.object({ type: v.literal('input'), connection: count, bytes: bytesUpTo(1024 * 1024) }),
  /** So many bytes of `output` were worked through. */
  v.object({ type: v.literal('consumed'), connection: count, bytes: count }),
  v.object({ type: v.literal('captured'), captured: v.boolean() }),
  /** A picture: asked for by `request`, or by itself because it changed. Without `png` there is none. */
  v.object({ type: v.literal('picture'), request: v.optional(count), png: v.optional(png) }),
  /** `problem`: why the clipboard did not take the picture. */
  v.object({ type: v.literal('copied'), request: count, problem: v.optional(v.string()) }),
  v.object({ type: v.literal('run'), command: pageCommand }),
  v.object({ type: v.literal('explain'), code: v.pipe(v.string(), v.maxLength(64)) }),
  /** The RFB client of the page gave up on what it was sent. */
  v.object({ type: v.literal('failed'), connection: count, reason: v.string() }),
])
export type FromPage = v.InferOutput<typeof message>

/** Page → host, with the generation of the page: a late word of a page that is gone must not count. */
export const pageEnvelope = v.object({ page: v.pipe(v.string(), v.maxLength(64)), message })
export type PageEnvelope = v.InferOutput<typeof pageEnvelope>
