import type { ReleaseChord } from '../../src/contracts/screen.ts'
import { ReleaseWatch } from './release-watch.ts'

/**
 * Whether keys go to the machine: they do while the canvas has the focus. Sees each key before noVNC does, so that the release chord always works,
 * and lets go of every key that is down when the focus leaves: noVNC itself does so only when the whole window loses it.
 */
export class KeyCapture {
  readonly #changed: (captured: boolean) => void
  readonly #released: () => void
  readonly #watch: ReleaseWatch
  readonly #held = new Map<string, string>()
  #canvas: HTMLCanvasElement | undefined
  #captured = false

  /** `released`: the person pressed the chord; the focus has to go somewhere else. */
  constructor(chord: ReleaseChord, { changed, released }: { changed(captured: boolean): void; released(): void }) {
    this.#watch = new ReleaseWatch(chord)
    this.#changed = changed
    this.#released = released
    // On the window and on the way down: noVNC stops the events at its canvas.
    window.addEventListener('keydown', (event) => this.#key(event, true), true)
    window.addEventListener('keyup', (event) => this.#key(event, false), true)
  }

  get captured(): boolean {
    return this.#captured
  }

  setChord(chord: ReleaseChord): void {
    this.#watch.setChord(chord)
  }

  /** The canvas that stands for the machine from now on; undefined while there is none. */
  attach(canvas: HTMLCanvasElement | undefined): void {
    this.letGo()
    this.#canvas = canvas
    this.#set(false)
    canvas?.addEventListener('focus', () => this.#set(document.activeElement === canvas))
    canvas?.addEventListener('blur', () => {
      this.letGo()
      this.#set(false)
    })
  }

  /** Lets every key that is down go up at the machine. */
  letGo(): void {
    const held = [...this.#held]
    this.#held.clear()
    this.#watch.reset()
    // As events, because noVNC keeps its own list of keys that are down and sends nothing for keys it does not know.
    for (const [code, key] of held) this.#canvas?.dispatchEvent(new KeyboardEvent('keyup', { code, key, bubbles: true, cancelable: true }))
  }

  #key(event: KeyboardEvent, down: boolean): void {
    if (!event.isTrusted || event.target !== this.#canvas || this.#canvas === undefined) return
    if (down) this.#held.set(event.code, event.key)
    else this.#held.delete(event.code)
    // Not before noVNC has seen this key too, else the machine would miss that it went up; a microtask would run between the two.
    if (this.#watch.key(event.code, down)) setTimeout(this.#released)
  }

  #set(captured: boolean): void {
    if (captured === this.#captured) return
    this.#captured = captured
    this.#changed(captured)
  }
}
