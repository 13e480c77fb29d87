import type { KeyEvent } from '../../contracts/screen.ts'

/** X keysym and DOM `code` of the keys that a browser or the editor keeps for itself. */
const keys = {
  ctrl: { keysym: 0xffe3, code: 'ControlLeft' },
  alt: { keysym: 0xffe9, code: 'AltLeft' },
  del: { keysym: 0xffff, code: 'Delete' },
  esc: { keysym: 0xff1b, code: 'Escape' },
  tab: { keysym: 0xff09, code: 'Tab' },
} as const

/** Keys pressed one after the other and let go the other way round. */
const chord = (...names: readonly (keyof typeof keys)[]): KeyEvent[] => [
  ...names.map((name) => ({ ...keys[name], down: true })),
  ...names.toReversed().map((name) => ({ ...keys[name], down: false })),
]

export const chords = { ctrlAltDelete: chord('ctrl', 'alt', 'del'), ctrlEscape: chord('ctrl', 'esc'), altTab: chord('alt', 'tab') } as const
