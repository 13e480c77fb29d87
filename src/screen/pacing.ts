/** How a person looks at a screen: with the focus, beside something else, or not at all. */
export type ScreenPace = 'focused' | 'visible' | 'hidden'

export interface Pacing {
  /** Frames a second that are asked for. QEMU looks at its screen about 33 times a second at most. */
  focusedRate: number
  visibleRate: number
  /** Milliseconds after which a hidden screen gives up its connection. */
  disconnectAfterMs: number
  /** Bytes that may be on their way: asked for and not here yet, or here and not drawn yet. */
  byteBudget: number
}

export const defaultPacing: Pacing = { focusedRate: 30, visibleRate: 5, disconnectAfterMs: 5 * 60_000, byteBudget: 512 * 1024 }
