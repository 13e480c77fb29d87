import type { ReleaseChord } from '../../src/contracts/screen.ts'

/** Per chord the keys that have to be down together, by DOM `code`. The right Alt is AltGr on many keyboards (and says Ctrl as well): it never counts. */
const chords: Record<ReleaseChord, readonly (readonly string[])[]> = {
  'ctrl+alt': [['ControlLeft', 'ControlRight'], ['AltLeft']],
  'ctrl+shift': [
    ['ControlLeft', 'ControlRight'],
    ['ShiftLeft', 'ShiftRight'],
  ],
  rightctrl: [['ControlRight']],
}

/** Sees the keys go by and says when the release chord was pressed and let go with no other key in between: Ctrl+Alt+Del stays the machine's. */
export class ReleaseWatch {
  readonly #down = new Set<string>()
  #groups: readonly (readonly string[])[]
  #together = false
  #spoiled = false

  constructor(chord: ReleaseChord) {
    this.#groups = chords[chord]
  }

  setChord(chord: ReleaseChord): void {
    this.#groups = chords[chord]
    this.reset()
  }

  /** True when this key, let go, completes the chord. */
  key(code: string, down: boolean): boolean {
    if (!down) return this.#up(code)
    this.#down.add(code)
    if (!this.#groups.flat().includes(code)) this.#spoiled = true
    if (this.#groups.every((group) => group.some((one) => this.#down.has(one)))) this.#together = true
    return false
  }

  /** Forgets what is down: the page lost sight of the keyboard. */
  reset(): void {
    this.#down.clear()
    this.#together = false
    this.#spoiled = false
  }

  #up(code: string): boolean {
    this.#down.delete(code)
    if (this.#down.size > 0) return false
    const released = this.#together && !this.#spoiled
    this.reset()
    return released
  }
}
